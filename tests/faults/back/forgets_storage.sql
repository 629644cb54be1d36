-- A storage parameter stays.
-- found: back: table public.sessions changed
-- [base]
create table sessions (id bigint primary key, seen timestamptz);
-- [faulty]
alter table sessions set (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70);
-- [faulty down]
alter table sessions reset (fillfactor);
-- [twin]
alter table sessions set (autovacuum_vacuum_scale_factor = 0.01, fillfactor = 70);
-- [twin down]
alter table sessions reset (fillfactor, autovacuum_vacuum_scale_factor);
