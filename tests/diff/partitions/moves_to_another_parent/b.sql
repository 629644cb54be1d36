create table p (a int) partition by list (a); create table q (a int) partition by list (a); create index on p (a); create index on q (a);
create table x (a int); create index x_a_idx on x (a); alter table q attach partition x for values in (2);
