create table t(a int, b int, c int);
create view v as select a, b + c as n from t;
create view w as select n from v;
