create table t(a text);
create view v as select a collate "C" as a from t;
