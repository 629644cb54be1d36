create table t(a int, b text);
create view v as select a, b from t;
alter view v alter a set default 2;
create view w as select a, b from t;
alter view w alter b set default 'y';
