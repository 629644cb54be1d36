create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table p (a integer, b text) partition by list (a);
create foreign table t (a integer, b text) server s;
create foreign table u partition of p default server s;
