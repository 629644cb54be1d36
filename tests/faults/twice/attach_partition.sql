-- A partition is attached without looking.
-- found: twice: line 2: 42809 "readings_2025" is already a partition
-- [base]
create table readings (day date not null, value int) partition by range (day);
-- [faulty]
create table if not exists readings_2025 (day date not null, value int);
alter table readings attach partition readings_2025 for values from ('2025-01-01') to ('2026-01-01');
-- [twin]
create table if not exists readings_2025 partition of readings for values from ('2025-01-01') to ('2026-01-01');
