-- A backfill fires a trigger that refuses it.
-- run: verify 2 --with-data
-- found: data: line 2: P0001 closed periods are not changed
-- [base]
create table postings (id bigint primary key, amount int not null);
create function closed() returns trigger language plpgsql as $$ begin raise exception 'closed periods are not changed'; end $$;
create trigger closed before update on postings for each row execute function closed();
-- [faulty]
alter table postings add column if not exists currency text;
update postings set currency = 'eur' where currency is null;
-- [twin]
alter table postings add column if not exists currency text default 'eur';
