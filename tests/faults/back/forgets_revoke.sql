-- Everybody may run the function again: what was revoked is not given back.
-- found: back: function public.secret() changed: grant execute
-- [base]
create function secret() returns int language sql as 'select 42';
-- [faulty]
revoke execute on function secret() from public;
-- [faulty down]
grant execute on function secret() to pg_monitor;
revoke execute on function secret() from pg_monitor;
-- [twin]
revoke execute on function secret() from public;
-- [twin down]
grant execute on function secret() to public;
