create foreign data wrapper w options (a '3', c '2'); create server s type 't' version '2' foreign data wrapper w options (host 'hh', dbname 'd'); create user mapping for public server s options (user 'u2');
create foreign table ft (id bigint options (column_name 'xx'), a varchar(9) not null, c date, constraint c check (id > 1)) server s options (table_name 'tt2');
create view v as select id, a, c from ft; grant select, insert on ft to public; comment on column ft.a is 'aa'; alter foreign table ft alter column a set statistics 10;
create function tg() returns trigger language plpgsql as $$ begin return new; end $$; create trigger tr after insert on ft for each row execute function tg();
