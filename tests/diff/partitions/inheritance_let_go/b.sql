create table a (x int, y int, constraint ac check (x > 0)); create table b (x int, y int, constraint ac check (x > 0)); create table c (k int) inherits (b);
