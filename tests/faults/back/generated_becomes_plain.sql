-- A generated column comes back as one that nobody fills.
-- found: back: column public.boxes.volume changed
-- [base]
create table boxes (a int, b int, volume int generated always as (a * b) stored);
-- [faulty]
alter table boxes drop column if exists volume;
-- [faulty down]
alter table boxes add column volume int;
-- [twin]
alter table boxes drop column if exists volume;
-- [twin down]
alter table boxes add column volume int generated always as (a * b) stored;
