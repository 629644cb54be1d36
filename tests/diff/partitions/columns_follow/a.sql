create table p (a int, b int, c text default 'x') partition by list (a); create table x partition of p for values in (1); create table y partition of p for values in (2) partition by list (b); create table y1 partition of y for values in (1);
create view v as select c from y1; create index on p (c);
