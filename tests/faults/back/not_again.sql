-- The way back restores the schema and leaves rows with which the migration does not run again.
-- found: again: line 1: 23502 column "state" of relation "orders" contains null values
-- [base]
create table orders (id bigint primary key, state text);
insert into orders values (1, 'open'), (2, 'none');
-- [faulty]
alter table orders alter column state set not null;
-- [faulty down]
alter table orders alter column state drop not null;
update orders set state = null where state = 'none';
-- [twin]
alter table orders alter column state set not null;
-- [twin down]
alter table orders alter column state drop not null;
