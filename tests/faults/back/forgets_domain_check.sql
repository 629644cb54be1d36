-- A domain keeps the check that was added to it.
-- found: back: constraint
-- [base]
create domain email as text;
create table users (id bigint primary key, email email);
-- [faulty]
alter domain email drop constraint if exists has_at;
alter domain email add constraint has_at check (value like '%@%');
alter domain email set default 'nobody@example.org';
-- [faulty down]
alter domain email drop default;
-- [twin]
alter domain email drop constraint if exists has_at;
alter domain email add constraint has_at check (value like '%@%');
alter domain email set default 'nobody@example.org';
-- [twin down]
alter domain email drop default;
alter domain email drop constraint has_at;
