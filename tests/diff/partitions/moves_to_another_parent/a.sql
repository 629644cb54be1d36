create table p (a int) partition by list (a); create table q (a int) partition by list (a); create index on p (a); create index on q (a);
create table x partition of p for values in (1);
