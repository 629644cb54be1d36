create table t(a int, b int); create table log(a int);
create rule r as on update to t do also insert into log values (new.b);
create view v as select a, b from t;
create rule w as on delete to v do instead delete from t where b = old.b;
