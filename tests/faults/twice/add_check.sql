-- A named check is added; `add constraint` has no `if not exists`.
-- found: twice: line 1: 42710 constraint "amount_is_positive" for relation "payments" already exists
-- [base]
create table payments (id bigint primary key, amount numeric(12, 2) not null);
-- [faulty]
alter table payments add constraint amount_is_positive check (amount > 0);
-- [twin]
alter table payments drop constraint if exists amount_is_positive;
alter table payments add constraint amount_is_positive check (amount > 0);
