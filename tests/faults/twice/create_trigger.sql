-- A trigger is made without `or replace`.
-- found: twice: line 4: 42710 trigger "touch" for relation "notes" already exists
-- [base]
create table notes (id bigint primary key, changed_at timestamptz);
-- [faulty]
create or replace function touch() returns trigger language plpgsql as $$
begin new.changed_at := now(); return new; end
$$;
create trigger touch before update on notes for each row execute function touch();
-- [twin]
create or replace function touch() returns trigger language plpgsql as $$
begin new.changed_at := now(); return new; end
$$;
create or replace trigger touch before update on notes for each row execute function touch();
