-- A function that the migration only changed is dropped.
-- found: back: function public.tax(numeric) missing
-- [base]
create function tax(amount numeric) returns numeric language sql immutable as 'select amount * 0.19';
-- [faulty]
create or replace function tax(amount numeric) returns numeric language sql immutable as 'select amount * 0.16';
-- [faulty down]
drop function tax(numeric);
-- [twin]
create or replace function tax(amount numeric) returns numeric language sql immutable as 'select amount * 0.16';
-- [twin down]
create or replace function tax(amount numeric) returns numeric language sql immutable as 'select amount * 0.19';
