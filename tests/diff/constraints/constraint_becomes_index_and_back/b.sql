create table t (a int not null, b int not null, constraint ib unique (b));
create unique index u on t (a);
comment on constraint ib on t is 'c'; comment on index u is 'i'; comment on index ib is 'behind';
alter table t replica identity using index u;
