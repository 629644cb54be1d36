-- A unique constraint over a flag.
-- run: verify 2 --with-data
-- found: data: line 2: 23505 could not create unique index "one_main"
-- [base]
create table addresses (id bigint primary key, customer int not null, main boolean not null);
-- [faulty]
alter table addresses drop constraint if exists one_main;
alter table addresses add constraint one_main unique (main);
-- [twin]
alter table addresses drop constraint if exists one_main;
alter table addresses add constraint one_main unique (main, id);
