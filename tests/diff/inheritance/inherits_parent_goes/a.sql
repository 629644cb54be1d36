create table a (id int, x int); create table c (own int) inherits (a);
