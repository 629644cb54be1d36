create schema s; create table t (id int primary key, a int check (a > 0), b int default 1); create sequence q;
