create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table p (a integer, b text) partition by list (a);
create foreign table t partition of p for values in (1, 2) server s options (x '1');
alter foreign table t alter b options (add n 'x');
