-- A text becomes an enum that does not have all the words.
-- run: verify 2 --with-data
-- found: data: line 4: 22P02 invalid input value for enum state
-- [base]
create table orders (id bigint primary key, state text not null);
-- [faulty]
do $$ begin
  if to_regtype('state') is null then create type state as enum ('open', 'paid'); end if;
end $$;
alter table orders alter column state type state using state::text::state;
-- [twin]
do $$ begin
  if to_regtype('state') is null then create type state as enum ('open', 'paid'); end if;
end $$;
alter table orders alter column state type state using case when state::text = 'paid' then 'paid' else 'open' end::state;
