create table one (n int, sum int, constraint positive check (sum > 0));
create table two (n int, sum int, constraint positive check (sum > 0));
create table child (extra text) inherits (two);
