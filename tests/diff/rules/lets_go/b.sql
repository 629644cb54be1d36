create table t(a int); create table log(a int, c int);
create rule r as on update to t do also insert into log(c) values (new.a);
create view v as select a from t;
create rule w as on delete to v do instead delete from t where a = old.a;
