create table p(a bigint); create table c(b int) inherits (p); create table pp(k int, v bigint) partition by range (k); create table pp1 partition of pp for values from (0) to (9);
