-- A new partition has the rows of the default one read, and of no other.
-- run: plan --local
-- found: line 1: scans public.logs_rest
-- found: line 1: may fail
-- [base]
create table logs (id integer, day date not null) partition by range (day);
create table logs_1 partition of logs for values from ('2024-01-01') to ('2025-01-01');
create table logs_rest partition of logs default;
create table days (id integer, day date not null) partition by range (day);
create table days_1 partition of days for values from ('2024-01-01') to ('2025-01-01');
-- [faulty]
create table logs_2 partition of logs for values from ('2025-01-01') to ('2026-01-01');
-- [twin]
create table days_2 partition of days for values from ('2025-01-01') to ('2026-01-01');
