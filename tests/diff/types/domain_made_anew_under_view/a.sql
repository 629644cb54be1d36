create domain d as int; create table t(x d); create view v as select x::d y, x + 1 z from t; insert into t values (1);
