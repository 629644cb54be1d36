-- The function that a trigger calls is not dropped, nor is the trigger: the down file ends too early.
-- found: back: function public.touch() extra
-- found: back: trigger touch on public.notes extra
-- [base]
create table notes (id bigint primary key);
-- [faulty]
alter table notes add column if not exists changed_at timestamptz;
create or replace function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create or replace trigger touch before update on notes for each row execute function touch();
-- [faulty down]
alter table notes drop column changed_at;
-- [twin]
alter table notes add column if not exists changed_at timestamptz;
create or replace function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create or replace trigger touch before update on notes for each row execute function touch();
-- [twin down]
drop trigger touch on notes;
drop function touch();
alter table notes drop column changed_at;
