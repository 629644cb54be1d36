create table a (id int, constraint ck check (id > 0)); create table c () inherits (a); create table d () inherits (a);
