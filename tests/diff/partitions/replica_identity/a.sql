create table p (a int not null) partition by list (a); create table x partition of p for values in (1); create unique index p_a on p (a);
