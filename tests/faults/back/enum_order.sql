-- An enum comes back with its values in another order: comparisons change.
-- found: back: type public.severity changed
-- [base]
create type severity as enum ('low', 'high', 'critical');
-- [faulty]
drop type if exists severity;
-- [faulty down]
create type severity as enum ('critical', 'high', 'low');
-- [twin]
drop type if exists severity;
-- [twin down]
create type severity as enum ('low', 'high', 'critical');
