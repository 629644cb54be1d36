create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer default 1, b integer generated always as (a * 2) stored) server s;
