create function ok(a text) returns boolean language sql immutable as $$ select a <> '' $$;
create function word() returns text language sql as $$ select 'x' $$;
create domain filled as text default word() check (ok(value));
create table t (a filled);
