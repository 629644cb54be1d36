create table p (id int);
create table c (word int) inherits (p);
