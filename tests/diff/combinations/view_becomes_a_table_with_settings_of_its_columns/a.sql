create table t (id int, a text);
create view v as select id, a from t;
