create foreign data wrapper w options (a '1', b '2'); create server s type 't' version '1' foreign data wrapper w options (host 'h', port '1'); create user mapping for public server s options (user 'u');
create foreign table ft (id int options (column_name 'x') not null, a text, b int default 3, constraint c check (id > 0)) server s options (table_name 'tt', schema_name 'ss');
create view v as select id, a from ft; grant select on ft to public; comment on column ft.a is 'a'; grant usage on foreign server s to public; alter foreign table ft alter column a set statistics 9;
create function tg() returns trigger language plpgsql as $$ begin return new; end $$; create trigger tr before insert on ft for each row execute function tg();
