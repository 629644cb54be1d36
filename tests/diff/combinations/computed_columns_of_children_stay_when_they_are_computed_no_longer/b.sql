create table p (id int, c boolean);
create table c () inherits (p);
create view v as select c from c where c;
