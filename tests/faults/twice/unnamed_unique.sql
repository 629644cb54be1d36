-- `unique` in an `add column` that is guarded, but a second one behind it that has no name.
-- found: twice: constraint users_handle_key1 on public.users extra
-- [base]
create table users (id bigint primary key);
-- [faulty]
alter table users add column if not exists handle text;
alter table users add unique (handle);
-- [twin]
alter table users add column if not exists handle text unique;
