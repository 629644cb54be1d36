
create foreign data wrapper w;
create server s foreign data wrapper w;
create user mapping for pr_app server s options ("user" 'v');
create user mapping for "odd user" server s options ("user" 'o');
