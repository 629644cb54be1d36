create function ok(b text) returns boolean language sql immutable as $$ select b <> '' $$;
create function word() returns text language sql as $$ select 'y' $$;
create domain filled as text default word() check (ok(value));
create table t (a filled);
