-- A sequence is set on by a step each time.
-- found: twice: rows of sequence public.numbers: another value: 2001 comes next, and not 1001
-- [base]
create sequence numbers;
-- [faulty]
select setval('numbers', nextval('numbers') + 999);
-- [twin]
select setval('numbers', greatest(1000, (select last_value from numbers)));
