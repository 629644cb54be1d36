create table p (a int) partition by list (a); create table p1 partition of p for values in (1, 2); create table p2 partition of p for values in (3); create index p_a on p (a);
