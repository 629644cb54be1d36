create type ty as (a bigint, b text, c date); create table t of ty (a not null, b default 'y', primary key (a)); create view v as select b, c from t;
