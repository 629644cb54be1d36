-- Statements on the seeded tables, one a paragraph. Behind `-- fails:` stands a row that makes the statement fail; `-- fails` is
-- said of one that the seeded rows make fail. Without either no row does. `-- since: N`: before PostgreSQL N it is otherwise.
-- `-- planned`: whether the other table of a foreign key is read whole or by its index is the planner's to say.

alter table shop.users add column x text

alter table shop.users add column x text default 'a' not null

alter table shop.users add column x timestamptz default now()

alter table shop.users add column x uuid default gen_random_uuid()

alter table shop.users add column x double precision default random()

alter table shop.users add column x bigserial

alter table shop.users add column x bigint generated always as identity

alter table shop.users add column x integer generated always as (age + 1) stored

alter table shop.users add column x shop.word

alter table shop.users add column x shop.positive

-- fails
alter table shop.orders add column x text not null

alter table shop.users add column x integer check (x > 0)

-- fails
alter table shop.orders add column x integer default 0 check (x > 0)

alter table shop.users add column x text unique

-- fails
alter table shop.plain add column x text default 'a' unique

alter table shop.plain add column x bigint references shop.users

-- fails
alter table shop.plain add column x bigint default 0 references shop.users

alter table shop.users drop column old

alter table shop.users drop column total

alter table shop.orders drop column user_id

alter table shop.users alter column age type bigint

-- fails: insert into shop.users (id, age) values (999, 1000000)
alter table shop.users alter column age type smallint

alter table shop.users alter column name type varchar(80)

alter table shop.users alter column name type text

-- fails: insert into shop.users (id, name) values (999, 'more than twenty letters')
alter table shop.users alter column name type varchar(20)

alter table shop.users alter column name type varchar(20) using name::varchar(20)

alter table shop.orders alter column note type varchar(200)

alter table shop.orders alter column note type varchar(200) collate "C"

alter table shop.users alter column code type text

alter table shop.users alter column score type numeric(12, 2)

alter table shop.users alter column score type numeric(12, 4)

-- fails: insert into shop.users (id, score) values (999, 12345678)
alter table shop.users alter column score type numeric(9, 2)

alter table shop.users alter column score type numeric(10, 1)

alter table shop.users alter column born type timestamptz

alter table shop.users alter column born type timestamp(3)

alter table shop.users alter column born type date

alter table shop.users alter column feeling type text

-- fails: insert into shop.users (id, old) values (999, 'not a number')
alter table shop.users alter column old type integer using old::integer

-- fails: insert into shop.users (id, old) values (999, 'not a number')
alter table shop.users alter column old type integer using (old::integer + 1)

alter table shop.users alter column doc type jsonb

-- fails: alter table shop.orders drop constraint orders_state_check; insert into shop.orders (id, note) values (999, 'n'); alter table shop.orders add constraint orders_state_check check (state is not null) not valid
alter table shop.orders validate constraint orders_state_check

-- fails: insert into shop.users (id, email) values (999, null)
alter table shop.users alter column email set not null

alter table shop.orders alter column note set not null

alter table shop.users alter column age drop not null

alter table shop.users alter column age drop default

alter table shop.users alter column old set default 'x'

alter table shop.users alter column old set statistics 100

alter table shop.users alter column total drop expression

-- fails: insert into shop.orders (id, buyer_id, state, note) values (999, 12345, 'x', 'n')
alter table shop.orders validate constraint orders_buyer_fk

-- fails: insert into shop.plain values (12345, 12345)
alter table shop.plain add constraint plain_fk foreign key (other) references shop.users

alter table shop.plain add constraint plain_fk foreign key (other) references shop.users not valid

-- fails: insert into shop.plain values (-1, -1)
alter table shop.plain add constraint plain_check check (other > 0)

alter table shop.plain add constraint plain_check check (other > 0) not valid

-- fails: insert into shop.orders (id, state, note) values (998, 'x', 'twice'), (999, 'x', 'twice')
alter table shop.orders add constraint orders_note_key unique (note)

alter table shop.plain add constraint plain_key unique using index plain_other_idx

alter table shop.plain add constraint plain_pkey primary key using index plain_id_idx

-- fails: insert into shop.plain values (999, null)
alter table shop.plain add constraint plain_pkey primary key using index plain_other_idx

-- fails: insert into shop.cache values (null, 'v')
alter table shop.cache add primary key (key)

alter table shop.plain add primary key (id)

-- fails: insert into shop.cache values ('1', 'twice')
alter table shop.cache add constraint cache_excl exclude using btree (key with =)

alter table shop.users drop constraint users_age_check

alter table shop.orders drop constraint orders_user_fk

alter table shop.orders drop constraint orders_pkey

alter table shop.users rename column name to called

alter table shop.users rename to people

alter table shop.orders rename constraint orders_note_check to noted

alter table shop.users set schema public

alter table shop.users set (fillfactor = 70)

alter table shop.users enable row level security

alter table shop.users disable trigger users_touch

alter table shop.users replica identity full

alter table shop.cache set logged

alter table shop.cache set unlogged

alter table shop.plain set unlogged

-- since: 15
alter table shop.users set access method heap

-- fails: insert into shop.logs_2025 values (1, '2020-01-01')
alter table shop.logs attach partition shop.logs_2025 for values from ('2025-01-01') to ('2026-01-01')

alter table shop.logs detach partition shop.logs_2024

alter table shop.logs add column x text

alter table shop.logs add column x uuid default gen_random_uuid()

-- fails: insert into shop.logs values (99999999999, '2024-01-01')
alter table shop.logs alter column id type integer

alter table shop.parent add column x text

-- fails: insert into shop.child values (1, 'more than ten letters', '')
alter table shop.parent alter column what type varchar(10)

alter table shop.child no inherit shop.parent

-- fails: insert into shop.logs values (1, '2027-05-05')
create table shop.logs_2027 partition of shop.logs for values from ('2027-01-01') to ('2028-01-01')

create index on shop.users (age)

-- fails: insert into shop.users (id, age) values (998, 7), (999, 7)
create unique index on shop.users (age)

create index on shop.logs (id)

create index on only shop.logs (id)

create index on shop.sums (sum)

drop index shop.users_name_idx

reindex table shop.users

reindex index shop.users_name_idx

refresh materialized view shop.sums

refresh materialized view concurrently shop.sums

cluster shop.users using users_pkey

truncate shop.cache

truncate shop.users cascade

lock table shop.users in share mode

update shop.orders set amount = 1

update shop.orders set amount = 1 where id = 7

delete from shop.cache

delete from shop.cache where key = '1'

-- fails: insert into shop.plain values (5000, 5000)
insert into shop.plain (id, other) values (5000, 6000)

insert into shop.cache values ('a', 'b')

drop table shop.cache

drop table shop.users cascade

drop table shop.logs_2024

drop table shop.logs

drop view shop.names

drop function shop.touch cascade

drop trigger users_touch on shop.users

drop policy own on shop.users

create trigger t before insert on shop.users for each row execute function shop.touch()

create trigger t before insert on shop.logs for each row execute function shop.touch()

create policy p on shop.users using (true)

create table shop.later (id bigint references shop.users)

create view shop.more as select * from shop.users

create or replace view shop.names as select id, label as called, email from shop.users

alter type shop.mood rename value 'sad' to 'blue'

-- fails: insert into shop.users (id, label) values (999, 'bad')
alter domain shop.word add constraint good check (value <> 'bad')

alter domain shop.word add constraint good check (value <> 'bad') not valid

comment on table shop.users is 'people'

comment on column shop.users.name is 'called'

analyze shop.users

grant select on shop.users to public

do $$ begin alter table shop.users add column x uuid default gen_random_uuid(); end $$

create table shop.copy as select * from shop.plain

create rule r as on insert to shop.plain do nothing

alter table shop.plain alter column id add generated always as identity

-- fails: insert into shop.users (id, old) values (999, null)
alter table shop.users add column x text, alter column old set not null

-- fails
alter table shop.orders add column x text default null not null

drop materialized view shop.sums

drop schema shop cascade

create table shop.heir (id integer, what text) inherits (shop.parent)

create statistics shop.stats on age, name from shop.users

drop rule if exists r on shop.users

alter view shop.names rename to labels

alter index shop.users_name_idx rename to by_name

alter table shop.users alter column feeling type text using feeling::text

alter table shop.plain alter column other type numeric

alter table shop.plain alter column other type double precision

-- fails: insert into shop.orders (id, amount, state, note) values (999, -5, 'x', 'n')
alter table shop.orders add check (amount > 0), add column y text

alter table shop.users rename constraint users_age_check to aged

alter table shop.users force row level security

alter table shop.logs disable row level security

alter table shop.regions alter column id type integer

alter table shop.regions alter column id type bigint

alter table shop.regions alter column code type varchar(20)

alter table shop.regions alter column code type text

alter table shop.shops alter column region_code set data type text

alter table shop.shops alter column region_code type varchar(20), alter column closed type date

alter table shop.regions alter column code type varchar(20), alter column number type bigint

-- fails: insert into shop.shops (id, region_code, mail) values (999, 'c999', 'm')
alter table shop.shops alter column region_code type varchar(20) using trim(region_code)

alter table shop.shops alter column id type numeric

alter table shop.events alter column region_id type bigint

alter table shop.events alter column id type numeric

-- fails: insert into shop.marks values (99999999999, '2025-01-01')
-- planned
-- since: 15
alter table shop.marks alter column event_id type integer

-- fails: insert into shop.shops (id, region_id, mail) values (999, 12345, 'm')
alter table shop.shops drop constraint shops_region_fk, add constraint shops_region_fk foreign key (region_id) references shop.regions on delete cascade

alter table shop.shops drop constraint shops_region_fk, add constraint shops_region_fk foreign key (region_id) references shop.regions not valid

alter table shop.shops drop constraint if exists nothing

alter table shop.parent drop constraint if exists nothing

alter table shop.shops drop constraint shops_parent_fk

alter table shop.marks drop constraint marks_event_fk

alter table shop.events drop constraint events_region_fk

alter table shop.regions drop constraint regions_code_key cascade

alter table shop.regions drop constraint regions_pkey cascade

alter table shop.events drop constraint events_pkey cascade

alter table shop.regions drop column code cascade

alter table shop.orders drop column amount cascade

-- since: 15
alter table shop.marks drop column event_id

-- fails: insert into shop.marks values (12345, '2025-01-01')
-- planned
alter table shop.marks add foreign key (event_id, event_at) references shop.events

alter table shop.events alter constraint events_region_fk deferrable

alter table shop.events validate constraint events_region_fk

alter table shop.shops add column x integer default null references shop.regions

-- fails
alter table shop.events add column x integer default 0 references shop.regions

alter table shop.shops alter column title type varchar(50)

alter table shop.shops alter column price type numeric(12, 2)

alter table shop.shops alter column opened type timestamp(6)

alter table shop.shops alter column closed type timestamptz(2)

alter table shop.shops alter column closed type timestamptz(4)

alter table shop.shops alter column flags type varbit

alter table shop.shops alter column tags type varchar(20)[]

alter table shop.regions alter column name type varchar

alter table shop.events alter column what type varchar

set local timezone = 'UTC'; alter table shop.shops alter column opened type timestamptz

set local time zone 'UTC'; alter table shop.shops alter column closed type timestamp(6)

-- since: 15
truncate shop.marks; alter table shop.marks drop column event_id

drop materialized view shop.per_region

drop materialized view shop.per_region; create materialized view shop.per_region as select 1 as one

drop view shop.names; create view shop.names as select 1 as one

drop index shop.events_what_idx

drop index shop.sums_state_idx

drop trigger events_touch on shop.events

drop sequence shop.counter cascade

drop domain shop.word cascade

drop type shop.mood cascade

drop table shop.regions cascade

drop table shop.shops cascade

drop table shop.events cascade

drop table shop.events_2024 cascade

-- since: 15
drop table shop.marks

drop table shop.parent cascade

truncate shop.regions cascade

truncate shop.events cascade

truncate only shop.parent

lock table only shop.events in share mode

alter sequence shop.counter restart with 5

alter sequence shop.counter rename to numbers

cluster shop.sums using sums_state_idx

refresh materialized view shop.per_region with no data

alter materialized view shop.sums rename to totals

alter materialized view shop.sums set (fillfactor = 70)

alter view shop.names set (security_barrier = true)

create or replace view shop.names as select id, label as called from shop.users

create trigger t instead of insert on shop.names for each row execute function shop.touch()

comment on view shop.names is 'called'

alter table shop.marks rename to signs; create index on shop.signs (event_id)

alter table shop.regions rename to areas; alter table shop.areas alter column id type bigint

-- fails: insert into shop.events_2026 values (1, '2020-01-01')
-- since: 15
alter table shop.events attach partition shop.events_2026 for values from ('2026-01-01') to ('2027-01-01')

-- fails: insert into shop.marks values (1, '2024-01-02')
alter table shop.events detach partition shop.events_2024

-- since: 15
create table shop.x partition of shop.events for values from ('2027-01-01') to ('2028-01-01')

create table shop.x (a bigint, b date, foreign key (a, b) references shop.events)

alter table shop.shops add constraint shops_mail_key unique using index shops_mail_idx

alter table shop.shops alter column mail set not null

-- fails: insert into shop.shops (id, mail) values (999, 'm')
alter table shop.shops add constraint priced check (price is not null), alter column price set not null

alter table shop.events add column x bigint generated always as (id + 1) stored

alter table shop.regions alter column id add generated by default as identity

alter table shop.shops alter column title set storage main

alter table shop.shops alter column title set (n_distinct = 5)

alter table shop.events enable trigger events_touch

create trigger t after update on shop.events for each statement execute function shop.touch()

alter table shop.parent set unlogged

-- fails: insert into shop.parent values (null, 'p')
alter table shop.parent add primary key (id)

-- fails: insert into shop.parent values (-1, 'p')
alter table shop.parent add constraint c check (id > 0) no inherit

alter table only shop.parent drop column what

create index on shop.parent (id)

alter type shop.mood add value 'calm'

create index on shop.events (region_id)

create publication watched for table shop.shops; alter publication watched add table shop.users

analyze shop.events

reindex table shop.sums

alter table shop.users alter column name type text, alter column age type bigint

alter table shop.shops add column x uuid default gen_random_uuid(), alter column parent_id type bigint

alter table shop.events add unique (id, at, what)
