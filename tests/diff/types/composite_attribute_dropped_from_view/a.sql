create type c as (a int, b text); create table t(id int, c c); create view v as select (c).a x, (c).b y from t; insert into t values (1,row(1,'x')::c);
