create table a (id int, n text, constraint ca check (id > 0)); create table b (x int); create table c (id int, n text, x int, constraint ca check (id > 0)) inherits (a, b);
create table d (id int, n text, constraint ca check (id > 0));
