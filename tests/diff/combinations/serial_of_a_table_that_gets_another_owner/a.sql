create table t (a text, id int);
alter table t owner to keeper;
