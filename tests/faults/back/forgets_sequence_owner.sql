-- A sequence stays owned by the column, and would go with it.
-- found: back: sequence public.ticket_numbers changed
-- [base]
create sequence ticket_numbers;
create table tickets (id bigint primary key, number bigint);
-- [faulty]
alter table tickets alter column number set default nextval('ticket_numbers');
alter sequence ticket_numbers owned by tickets.number;
-- [faulty down]
alter table tickets alter column number drop default;
-- [twin]
alter table tickets alter column number set default nextval('ticket_numbers');
alter sequence ticket_numbers owned by tickets.number;
-- [twin down]
alter table tickets alter column number drop default;
alter sequence ticket_numbers owned by none;
