create table o (id int primary key); create table p (a int, b int, c int, constraint old check (b > 0)) partition by list (a); create table x partition of p for values in (1); create table y partition of p default;
alter table p add constraint u unique (a, b);
