create table t (a int);
create schema s;
create table s.x (a int, b int);
create index x_a on s.x (a);
create index x_ab on s.x ((a + b), b);
