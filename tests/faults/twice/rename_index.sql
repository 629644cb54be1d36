-- An index is renamed without `if exists`.
-- found: twice: line 1: 42P01 relation "i1" does not exist
-- [base]
create table users (id bigint primary key, email text);
create index i1 on users (email);
-- [faulty]
alter index i1 rename to users_email_idx;
-- [twin]
alter index if exists i1 rename to users_email_idx;
