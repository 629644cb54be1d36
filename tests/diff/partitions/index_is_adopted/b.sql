create table p (a int, b int) partition by list (a); create table x partition of p for values in (1); create index x_own on x (b); alter table x add constraint x_uq unique (a, b);
create index p_b on p (b); alter table p add constraint p_uq unique (a, b);
