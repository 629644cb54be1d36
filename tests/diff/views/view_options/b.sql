create table t(a int, b int);
create view v1 with (security_invoker=on, security_barrier=false) as select a from t;
create view v2 with (security_barrier=false) as select a from t;
create view v3 as select a from t with cascaded check option;
create view v4 as select a from t;
create view v5 with (security_barrier) as select a, b from t where a > 0 with local check option;
create view v6 as select a from t where a > 1 with local check option;
