-- An index comes back, and the table does not remember that it is clustered on it.
-- found: back: table public.t changed: alter table public.t cluster on i
-- [base]
create table t (a int);
create index i on t (a);
alter table t cluster on i;
-- [faulty]
drop index if exists i;
-- [faulty down]
create index i on t (a);
-- [twin]
drop index if exists i;
-- [twin down]
create index i on t (a);
alter table t cluster on i;
