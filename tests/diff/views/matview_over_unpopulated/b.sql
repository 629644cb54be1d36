create table t (a int, b text);
create materialized view m1 as select a, b from t where a > 1 with no data;
create materialized view m2 as select a from m1 where a > 2 with no data;
