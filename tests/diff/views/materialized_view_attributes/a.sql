create table t(a int, b text);
create materialized view m as select a, b from t;
create materialized view n with (fillfactor=50, toast.autovacuum_enabled=false) as select a, b from t with no data;
alter materialized view n alter b set storage external, alter b set statistics 9, alter b set (n_distinct=5), alter b set compression pglz;
create materialized view o as select a from t;
