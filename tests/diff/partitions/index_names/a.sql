create table p (a int, b int) partition by list (a); create table x partition of p for values in (1); create index p_a on p (a); create unique index p_u on p (a, b);
