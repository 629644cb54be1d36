
create foreign data wrapper w;
create server s type 'x' foreign data wrapper w;
create user mapping for public server s options ("user" 'u');
create foreign table t (a integer options (n 'x') check (a > 0), b text) server s;
comment on column t.b is 'stays';
grant select on t to pr_app;
grant select (b) on t to "odd user";
