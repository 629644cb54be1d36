-- A new parameter makes a second function; the way back drops the one that was there.
-- found: back: function public.price(integer) missing
-- found: back: function public.price(integer, text) extra
-- found: again: function public.price(integer) missing
-- [base]
create function price(item int) returns int language sql as 'select item';
-- [faulty]
create or replace function price(item int, currency text) returns int language sql as 'select item';
-- [faulty down]
drop function price(int);
-- [twin]
create or replace function price(item int, currency text) returns int language sql as 'select item';
-- [twin down]
drop function price(int, text);
