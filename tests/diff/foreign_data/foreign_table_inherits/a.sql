create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table parent (a integer);
create foreign table t () inherits (parent) server s;
create foreign table u (a integer) server s;
