create table t(a varchar(9), b varchar(9));
create view v as select a from t where a in ('x', 'y');
create materialized view m as select a from t where b not in ('x', 'it''s', 'a],b');
