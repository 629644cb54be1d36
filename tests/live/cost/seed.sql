create schema shop;
create domain shop.positive as integer check (value > 0);
create domain shop.word as text;
create type shop.mood as enum ('sad', 'glad');
create table shop.users (
  id bigint primary key,
  email text,
  name varchar(50),
  code char(4),
  old text,
  age integer not null default 0,
  score numeric(10, 2),
  born timestamp,
  feeling shop.mood,
  label shop.word,
  doc json,
  total integer generated always as (length(email)) stored,
  constraint users_age_check check (age >= 0)
);
create unique index users_email_key on shop.users (email);
create index users_name_idx on shop.users (name);
create table shop.orders (
  id bigint primary key,
  user_id bigint constraint orders_user_fk references shop.users,
  buyer_id bigint,
  state text,
  amount integer,
  note varchar(100),
  constraint orders_note_check check (note is not null)
);
alter table shop.orders add constraint orders_state_check check (state is not null) not valid;
alter table shop.orders add constraint orders_buyer_fk foreign key (buyer_id) references shop.users not valid;
create table shop.plain (id integer not null, other integer);
create unique index plain_id_idx on shop.plain (id);
create unique index plain_other_idx on shop.plain (other);
create unlogged table shop.cache (key text, value text);
create table shop.logs (id bigint, at date not null) partition by range (at);
create table shop.logs_2024 partition of shop.logs for values from ('2024-01-01') to ('2025-01-01');
create table shop.logs_rest partition of shop.logs default;
create table shop.logs_2025 (id bigint, at date not null);
create table shop.logs_2026 (id bigint, at date not null, constraint fits check (at >= '2026-01-01' and at < '2027-01-01'));
create table shop.parent (id integer, what text);
create table shop.child (more text) inherits (shop.parent);
create materialized view shop.sums as select state, sum(amount) as sum from shop.orders group by state;
create unique index sums_state_idx on shop.sums (state);
create view shop.names as select id, label as called from shop.users;
create function shop.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger users_touch before update on shop.users for each row execute function shop.touch();
create policy own on shop.users using (true);
create sequence shop.counter;
create table shop.regions (
  id integer primary key,
  code varchar(10) not null unique,
  name text,
  number integer not null default nextval('shop.counter')
);
create table shop.shops (
  id bigint primary key,
  region_id integer constraint shops_region_fk references shop.regions,
  region_code varchar(10) constraint shops_code_fk references shop.regions (code),
  parent_id bigint constraint shops_parent_fk references shop.shops,
  title varchar(40),
  mail varchar(80),
  price numeric(10, 2),
  opened timestamp,
  closed timestamptz(3),
  net inet,
  flags bit(4),
  tags varchar(10)[],
  constraint shops_title_check check (title <> '') no inherit,
  constraint shops_mail_check check (mail is not null)
);
create index shops_title_idx on shop.shops (lower(title));
create index shops_price_idx on shop.shops (price) where price > 0;
create index shops_opened_idx on shop.shops (opened);
create unique index shops_mail_idx on shop.shops (mail);
create materialized view shop.per_region as select region_id, count(*) as shops from shop.shops group by region_id;
create table shop.events (
  id bigint not null,
  at date not null,
  region_id integer constraint events_region_fk references shop.regions,
  what text,
  primary key (id, at)
) partition by range (at);
create table shop.events_2024 partition of shop.events for values from ('2024-01-01') to ('2025-01-01');
create table shop.events_2025 partition of shop.events for values from ('2025-01-01') to ('2026-01-01');
create table shop.events_2026 (id bigint not null, at date not null, region_id integer, what text);
create index events_what_idx on shop.events (what);
create table shop.marks (event_id bigint, event_at date, constraint marks_event_fk foreign key (event_id, event_at) references shop.events);
create trigger events_touch before update on shop.events for each row execute function shop.touch();

insert into shop.users (id, email, name, code, old, age, score, born, feeling, label, doc)
  select n, 'user' || n || '@example.org', 'user ' || n, 'c', n::text, n, n, '2020-01-01', 'glad', 'w', '{}'
  from generate_series(1, 200) n;
insert into shop.orders (id, user_id, buyer_id, state, amount, note)
  select n, n, n, 'new', n, 'note ' || n from generate_series(1, 200) n;
insert into shop.plain select n, n from generate_series(1, 200) n;
insert into shop.cache select n::text, 'v' from generate_series(1, 200) n;
insert into shop.logs select n, date '2024-01-01' + n % 300 from generate_series(1, 200) n;
insert into shop.logs_2025 select n, date '2025-01-01' + n % 300 from generate_series(1, 200) n;
insert into shop.logs_2026 select n, date '2026-01-01' + n % 300 from generate_series(1, 200) n;
insert into shop.parent select n, 'p' from generate_series(1, 200) n;
insert into shop.child select n, 'c', 'm' from generate_series(1, 200) n;
insert into shop.regions select n, 'c' || n, 'r' from generate_series(1, 200) n;
insert into shop.shops (id, region_id, region_code, parent_id, title, mail, price, opened, closed, net, flags, tags)
  select n, n, 'c' || n, 1, 't', 'm' || n, n, '2020-01-01', '2020-01-01', '10.0.0.1', '1010', '{a}' from generate_series(1, 200) n;
insert into shop.events select n, date '2024-01-01' + n, n, 'w' || n from generate_series(1, 200) n;
insert into shop.events select n, date '2025-01-01' + n, n, 'w' || n from generate_series(1, 200) n;
insert into shop.marks select n, date '2025-01-01' + n from generate_series(1, 200) n;
