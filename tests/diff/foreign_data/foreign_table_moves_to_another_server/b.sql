create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create foreign table t (a integer options (n 'x'), constraint c check (a > 0)) server s2;
comment on column t.a is 'a';
grant select (a) on t to pr_app;
