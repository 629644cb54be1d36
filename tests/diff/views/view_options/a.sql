create table t(a int);
create view v1 as select a from t;
create view v2 with (security_barrier, security_invoker) as select a from t;
create view v3 as select a from t with local check option;
create view v4 as select a from t with cascaded check option;
create view v5 with (security_invoker=true) as select a from t with cascaded check option;
create view v6 as select a from t;
