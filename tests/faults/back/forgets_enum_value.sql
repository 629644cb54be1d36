-- A value of an enum stays: PostgreSQL has no statement that drops one.
-- found: back: type public.state changed
-- [base]
create type state as enum ('open', 'closed');
create table tickets (id bigint primary key, state state not null default 'open');
-- [faulty]
alter type state add value if not exists 'waiting' before 'closed';
-- [faulty down]
update tickets set state = 'open' where state = 'waiting';
-- [twin]
alter type state add value if not exists 'waiting' before 'closed';
-- [twin down]
alter type state rename to state_old;
create type state as enum ('open', 'closed');
alter table tickets alter column state drop default;
alter table tickets alter column state type state using state::text::state;
alter table tickets alter column state set default 'open';
drop type state_old;
