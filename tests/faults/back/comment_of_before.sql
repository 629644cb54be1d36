-- A comment is removed where it had been another one.
-- found: back: comment table public.users missing
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
