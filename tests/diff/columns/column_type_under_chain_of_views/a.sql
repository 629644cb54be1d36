create table t(a int, b varchar(10)); create view v as select a, b from t; create view w as select a from v; create rule r as on insert to w do instead nothing;
