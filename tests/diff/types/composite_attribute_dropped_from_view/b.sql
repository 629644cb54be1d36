create type c as (a int); create table t(id int, c c); create view v as select (c).a x from t;
