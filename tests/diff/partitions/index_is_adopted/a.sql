create table p (a int, b int) partition by list (a); create table x partition of p for values in (1); create index x_own on x (b); alter table x add constraint x_uq unique (a, b);
