-- Attaching reads the table, unless a check says what the bounds say.
-- run: plan --local
-- found: line 1: scans public.logs_2024
-- found: line 1: may fail
-- [base]
create table logs (day date not null) partition by range (day);
create table logs_2024 (day date not null);
create table logs_2025 (day date not null, check (day >= '2025-01-01' and day < '2026-01-01'));
-- [faulty]
alter table logs attach partition logs_2024 for values from ('2024-01-01') to ('2025-01-01');
-- [twin]
alter table logs attach partition logs_2025 for values from ('2025-01-01') to ('2026-01-01');
