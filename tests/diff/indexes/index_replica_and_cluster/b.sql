create table t (a int not null, b int not null);
create unique index t_a on t (a); create unique index t_b on t (b) include (a);
alter table t replica identity using index t_b; alter table t cluster on t_a;
