create table p(a int); create table c(b int) inherits (p); create table pp(k int, v int) partition by range (k); create table pp1 partition of pp for values from (0) to (9);
