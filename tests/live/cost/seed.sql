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
