-- A comment is removed where it had been another one.
-- found: back: table public.users changed: comment on table
-- [base]
create table users (id bigint primary key);
comment on table users is 'people who can sign in';
-- [faulty]
comment on table users is 'accounts';
-- [faulty down]
comment on table users is null;
-- [twin]
comment on table users is 'accounts';
-- [twin down]
comment on table users is 'people who can sign in';
