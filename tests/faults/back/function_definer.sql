-- A function comes back without `security definer` and its search path.
-- found: back: function public.balance(bigint) changed
-- [base]
create table accounts (id bigint primary key, balance int);
create function balance(bigint) returns int language sql security definer set search_path = public as 'select balance from accounts where id = $1';
-- [faulty]
create or replace function balance(bigint) returns int language sql security definer set search_path = public as 'select coalesce(balance, 0) from accounts where id = $1';
-- [faulty down]
create or replace function balance(bigint) returns int language sql as 'select balance from accounts where id = $1';
-- [twin]
create or replace function balance(bigint) returns int language sql security definer set search_path = public as 'select coalesce(balance, 0) from accounts where id = $1';
-- [twin down]
create or replace function balance(bigint) returns int language sql security definer set search_path = public as 'select balance from accounts where id = $1';
