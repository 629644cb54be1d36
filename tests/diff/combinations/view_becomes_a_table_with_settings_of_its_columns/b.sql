create table t (id int, a text);
create table v (id int, a text);
alter table v alter column id set statistics 7;
alter table v alter column a set storage external;
