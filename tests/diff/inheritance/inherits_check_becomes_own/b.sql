create table a (id int); create table c (constraint ck check (id > 0)) inherits (a); create table d () inherits (a);
