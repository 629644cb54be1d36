create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer) server s options (z '3', x '2');
