create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer options (n 'x', m 'y'), b text, gone text) server s;
