create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table t (a integer);
