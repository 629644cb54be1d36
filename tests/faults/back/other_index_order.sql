-- An index comes back with its columns the other way round.
-- found: back: index public.events_who_when changed
-- [base]
create table events (who bigint, at timestamptz);
create index events_who_when on events (who, at desc);
-- [faulty]
drop index if exists events_who_when;
-- [faulty down]
create index events_who_when on events (at desc, who);
-- [twin]
drop index if exists events_who_when;
-- [twin down]
create index events_who_when on events (who, at desc);
