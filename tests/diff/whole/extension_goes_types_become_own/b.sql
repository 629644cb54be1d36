create table t (id int, c text not null default 'x'); create index i on t (c); create view v as select c from t;
