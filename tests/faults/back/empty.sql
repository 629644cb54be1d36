-- The way back says that there is nothing to do.
-- found: back: table public.tags extra
-- [base]
create table notes (id bigint primary key);
-- [faulty]
create table if not exists tags (id bigint primary key);
-- [faulty down]
do $$ begin raise notice 'nothing to do'; end $$;
-- [twin]
create table if not exists tags (id bigint primary key);
-- [twin down]
drop table tags;
