create domain d as bigint; create table t(x d); create view v as select x::d y, x + 1 z from t;
