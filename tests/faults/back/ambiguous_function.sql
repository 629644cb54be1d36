-- The way back names a function by its name alone, and there are two.
-- found: back: line 1: 42725 function name "price" is not unique
-- [base]
create function price(item int) returns int language sql as 'select item';
-- [faulty]
create or replace function price(item text) returns int language sql as 'select 1';
-- [faulty down]
drop function price;
-- [twin]
create or replace function price(item text) returns int language sql as 'select 1';
-- [twin down]
drop function price(text);
