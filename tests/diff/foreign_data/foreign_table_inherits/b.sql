create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table parent (a integer);
create foreign table t (a integer) server s;
create foreign table u (b text) inherits (parent) server s;
