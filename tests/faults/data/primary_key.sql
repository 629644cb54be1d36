-- A primary key over a column that may be empty, and hold a value twice: that is what the server meets first.
-- run: verify 2 --with-data
-- found: data: line 2: 23505 could not create unique index "imports_pkey"
-- [base]
create table imports (id bigint not null unique, reference text);
-- [faulty]
alter table imports drop constraint if exists imports_pkey;
alter table imports add constraint imports_pkey primary key (reference);
-- [twin]
alter table imports drop constraint if exists imports_pkey;
alter table imports add constraint imports_pkey primary key (id);
