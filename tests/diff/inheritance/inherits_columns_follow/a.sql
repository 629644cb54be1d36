create table a (id int, n text, o text, gone int); create table c (own int) inherits (a); create table d () inherits (c); create view v as select id from d;
create table k (gone int) inherits (a);
