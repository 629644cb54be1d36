-- A domain gets a check that columns of it do not fulfil.
-- run: verify 2 --with-data
-- found: data: line 2: 23514 column "email" of table "users" contains values that violate the new constraint
-- [base]
create domain email as text;
create table users (id bigint primary key, email email not null);
-- [faulty]
alter domain email drop constraint if exists looks_like_one;
alter domain email add constraint looks_like_one check (value like '%_@_%._%' and length(value) > 200);
-- [twin]
alter domain email drop constraint if exists looks_like_one;
alter domain email add constraint looks_like_one check (value like '%_@_%._%' and length(value) > 200) not valid;
