create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a bigint options (n 'z', o 'y') not null, b varchar(5) default 'q', new integer options (k 'v')) server s;
