create table a (id int); create table c (x int) inherits (a); create table d () inherits (a);
