create table t(a bigint, b varchar(20)); create view v as select a, b from t; create view w as select a from v; create rule r as on insert to w do instead nothing;
