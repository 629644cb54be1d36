create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer, constraint c check (a > 1) not valid, constraint d check (a < 9)) server s;
