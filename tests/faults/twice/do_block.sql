-- A DO block makes a type and does not expect it to be there.
-- found: twice: line 1: 42710 type "mood" already exists
-- [base]
create table people (id bigint primary key);
-- [faulty]
do $$ begin
  create type mood as enum ('sad', 'ok', 'happy');
end $$;
alter table people add column if not exists mood mood;
-- [twin]
do $$ begin
  create type mood as enum ('sad', 'ok', 'happy');
exception when duplicate_object then null;
end $$;
alter table people add column if not exists mood mood;
