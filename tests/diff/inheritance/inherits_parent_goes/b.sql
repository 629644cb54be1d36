create table c (id int, x int, own int);
