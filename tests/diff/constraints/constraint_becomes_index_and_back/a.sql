create table t (a int, b int, constraint u unique (a));
create unique index ib on t (b);
comment on constraint u on t is 'c'; comment on index ib is 'i';
alter table t replica identity full;
