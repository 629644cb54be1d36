create table p (a int primary key, b int, check (b > 0)) partition by list (a); create table x partition of p for values in (1); create index on p (b);
