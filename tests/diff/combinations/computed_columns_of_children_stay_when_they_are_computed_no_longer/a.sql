create table p (id int, b int, c boolean generated always as (b > 0) stored);
create table c () inherits (p);
create view v as select c from c;
