create table t(a int, c int);
create view v as select * from t;
create view w as select a, c from v;
grant select on w to public;
