-- Dropping a table takes its trigger along, but not the function.
-- found: back: function public.stamp() extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
create table if not exists notes (id bigint primary key, at timestamptz);
create or replace function stamp() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
create or replace trigger stamp before insert on notes for each row execute function stamp();
-- [faulty down]
drop table notes;
-- [twin]
create table if not exists notes (id bigint primary key, at timestamptz);
create or replace function stamp() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
create or replace trigger stamp before insert on notes for each row execute function stamp();
-- [twin down]
drop table notes;
drop function stamp();
