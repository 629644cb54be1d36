create table t(a varchar(9), b varchar(9));
create view v as select a, b from t where a in ('x', 'z') or b not in ('x', 'y', a);
create materialized view m as select a from t where b not in ('x', 'it''s', 'a],c');
create view n as select a from t where a in (b, 'y');
create rule r as on update to t where old.a in ('k', 'l') do instead nothing;
