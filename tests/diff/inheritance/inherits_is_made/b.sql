create table a (id int not null default 1, n text, constraint ca check (id > 0), constraint own check (id < 9) no inherit); create table b (x int, n text);
create table c (extra int, constraint cc check (extra > 0)) inherits (a, b);
create table d (n text default 'd', constraint ca check (id > 0)) inherits (a);
create table e () inherits (c);
alter table only e alter column id set default 7; alter table e alter column n drop not null; alter table d alter column id drop default; alter table c alter column n set storage external; alter table c alter x set not null; alter table only c alter id set statistics 50;
create index on c (id); alter table c add primary key (id); comment on column c.id is 'inherited';
