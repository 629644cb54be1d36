create table t(a int, b text);
create materialized view m with (fillfactor=60, autovacuum_enabled=false) as select a, b from t;
alter materialized view m alter b set storage external, alter b set statistics 9, alter b set (n_distinct=5), alter b set compression pglz;
comment on materialized view m is 'm'; comment on column m.a is 'a';
create materialized view n with (fillfactor=70) as select a, b from t;
alter materialized view n alter b set statistics 7, alter b set (n_distinct=6), alter b set compression pglz, alter b set storage main;
create materialized view o as select a, b from t;
alter materialized view o alter b set storage external, alter b set compression pglz;
