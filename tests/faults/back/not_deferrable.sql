-- A deferrable key comes back as one that is checked at once.
-- found: back: constraint slots_position_key on public.slots changed
-- [base]
create table slots (id bigint primary key, position int, constraint slots_position_key unique (position) deferrable initially deferred);
-- [faulty]
alter table slots drop constraint if exists slots_position_key;
-- [faulty down]
alter table slots add constraint slots_position_key unique (position) deferrable;
-- [twin]
alter table slots drop constraint if exists slots_position_key;
-- [twin down]
alter table slots add constraint slots_position_key unique (position) deferrable initially deferred;
