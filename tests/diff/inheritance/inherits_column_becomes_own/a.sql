create table a (id int, x int); create table c () inherits (a); create table d () inherits (a);
