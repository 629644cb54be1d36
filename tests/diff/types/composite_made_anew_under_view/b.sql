create type c as (a bigint, b text); create table t(id int, c c); create view v as select (c).a x, c from t;
