create table t (a int not null, b int);
alter table t add constraint t_a unique (a);
create unique index t_b on t (b);
