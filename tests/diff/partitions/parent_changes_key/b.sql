create table p (a int, b int) partition by range (b); create table x partition of p for values from (1) to (2); create index p_b on p (b); create view v as select * from p;
