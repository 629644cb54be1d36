create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer default 2, b integer generated always as (a * 3) stored) server s;
