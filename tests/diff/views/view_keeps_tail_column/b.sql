create table t(a int, b int);
create view v as select a, b as n from t;
create view w as select n from v;
