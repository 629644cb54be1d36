create table a (x int, y int, constraint ac check (x > 0)); create table b () inherits (a); create table c (k int) inherits (b);
insert into b values (1,1); insert into c values (1,2,3);
