
create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for pr_app server s options ("user" 'u', x '1');
create user mapping for public server s;
