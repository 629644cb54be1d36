create type ty as (a int, b text); create table t of ty (a not null, b default 'x', primary key (a)); create view v as select b from t; insert into t values (1,'x');
