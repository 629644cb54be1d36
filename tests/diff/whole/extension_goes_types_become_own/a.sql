create extension citext; create table t (id int, c citext not null default 'x'); create index i on t (c); create view v as select c from t; insert into t values (1, 'A');
