-- A case a paragraph: statements that make what is there, then the statement behind `-- then`. Each has a schema of its own.
-- `no` in place of `then`: no sequence is known, and the reason is said. `none`: there is nothing to spell out.

create table t (id int primary key, a int not null default 7 check (a > 0), b text);
create index t_a on t (a);
create unique index t_ab on t (b, a desc) where a > 3;
create index t_expr on t ((a + 1), lower(b)) with (fillfactor = 70);
comment on column t.a is 'it''s';
comment on index t_a is 'i';
comment on constraint t_a_check on t is 'c';
grant select (a), update (a) on t to public;
alter table t alter column a set statistics 400;
alter table t alter column a set (n_distinct = 5);
-- then
alter table t alter column a type bigint

create table t (id int primary key, v text);
create table u (id int primary key, t int references t on delete cascade, w int);
alter table u add constraint u_w foreign key (w) references t deferrable initially deferred;
comment on constraint u_w on u is 'kept';
-- then
alter table t alter column id type bigint

create table t (id serial primary key, up int references t, x int);
alter table t add constraint later foreign key (x) references t not valid;
-- then
alter table t alter column id type bigint

create table t (id int generated always as identity (start with 5 increment by 3 cache 10 cycle) primary key, v text);
comment on sequence t_id_seq is 'numbers';
-- then
alter table t alter column id type bigint

create table t (id int, v text, unique (id, v) deferrable initially deferred, constraint "K x" unique (v) include (id));
alter table t replica identity default;
-- then
alter table t alter column id type bigint, alter column v type varchar(30)

create table t (id int not null, "Col" varchar(10) not null default 'x', "order" int);
create unique index t_col on t ("Col");
alter table t replica identity using index t_col;
alter table t cluster on t_col;
create statistics t_stat on id, "Col" from t;
-- then
alter table t alter column "Col" type char(3)

create table t (id int, new_a int, a text default '1', constraint pair check (new_a > 0 or a <> 'x'));
-- then
alter table t drop constraint pair, alter column a drop default, alter column a type int using case when t.a ~ '^\d+$' then cast(a as int) else coalesce(new_a, length(a)) end, alter column a set default 4, alter column a set not null

create table t (id int, created timestamp not null default now(), "a time" timestamp);
-- then
alter table t alter column created type timestamptz using created at time zone 'UTC', alter column "a time" type double precision using extract(epoch from t."a time"), add column zz int

create table t (id int, n text, zone int);
create function touch() returns trigger language plpgsql as $$ begin new.n := new.n || 'x'; return new; end $$;
create trigger zz_touch before update on t for each row execute function touch();
-- then
alter table t alter column n type varchar(40) collate "C" using upper(n) || '$$'

create table t (id int, n int not null default 0);
-- then
alter table t alter column n drop not null, alter column n drop default, alter column n type boolean using n <> 0

create table t (e varchar(3), constraint named check (e in ('a', 'b')));
-- then
alter table t drop constraint named, alter column e type varchar(2)

create table t (e varchar(3), constraint named check (e in ('a', 'b')));
-- no
alter table t drop constraint named, alter column e type varchar(2), add constraint named check (e in ('a', 'b', 'c'))

create table t (id int, v text);
create view v as select v from t;
-- no
alter table t alter column v type varchar(4)

create table t (id int, a int, g int generated always as (a * 2) stored);
-- no
alter table t alter column a type bigint

create table t (id int, a int, exclude (a with =));
-- no
alter table t alter column a type bigint

create table t (id int, v int) partition by range (id);
-- no
alter table t alter column v type bigint

create table p (id int, v int);
create table t () inherits (p);
-- no
alter table p alter column v type bigint

create table t (id int, owner int);
create policy own on t using (owner = 1);
-- no
alter table t alter column owner type bigint

create table t (id int, a int);
create function f() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger g before update of a on t for each row execute function f();
-- no
alter table t alter column a type bigint

-- since: 15
create table t (id int, a int);
create publication instead_p for table t (a);
-- no
alter table t alter column a type bigint

create table t (id int primary key, c int);
create table u (id int primary key, t int, constraint fk foreign key (t) references t);
-- then
alter table u drop constraint fk, add constraint fk foreign key (t) references t on delete cascade deferrable initially deferred

create table t (a int, constraint c check (a > 0));
-- then
alter table t drop constraint c, add constraint c check (a > 1) no inherit, add column more text

create table t (a int, b int, constraint u unique (a));
-- then
alter table t drop constraint u, add constraint u unique (a, b)

-- since: 15
create table t (a int, b int);
-- then
alter table t add constraint u unique nulls not distinct (a) include (b) with (fillfactor = 60) deferrable initially deferred

create table t (a int, b int);
-- then
alter table t add primary key (a, b)

create table t (a int, b int);
-- then
alter table t add column c int, add constraint u unique (c)

create table t (a int, b int);
-- then
alter table t add check (a > 0), alter column b set default 4, add column d1 date default current_date

create table t (a int, b int);
-- then
alter table t alter column a set not null

create table t (a int);
-- then
alter table t add column nw int not null

create table t (a int);
create table u (id int primary key);
-- then
alter table t add column n int constraint here check (n > 0) no inherit constraint "Uq" unique deferrable initially deferred references u (id) on delete set null deferrable not null

create table t (a int);
-- then
alter table t add column r double precision not null default random() /* any */ check (r >= 0), -- one
  add column c int default 3 not null check (c > 0)

create table t (a int);
create table u (id int primary key);
insert into u values (3);
-- then
alter table t add column u int default 3 references u

create table t (a int);
-- none
alter table t add column s serial

create table t (a int, b text);
create index i1 on t (a);
create index i2 on t (b);
-- then
drop index i1, i2

create table t (a int, b text);
-- then
create index if not exists i on t (lower(b), a) -- the
  where b <> 'two  blanks';

create table t (a int, "Old one" text not null default 'q', c int, constraint k check ("Old one" <> ''));
create index i on t ("Old one");
create view v as select "Old one" from t;
-- then
alter table t rename column "Old one" to new_one

-- since: 15
create table t (a int primary key);
create table u (t int references t);
-- then
alter table t rename to tt

-- since: 15
create table t (a int);
create schema if not exists instead_other;
-- then
alter table t set schema instead_other

create table t (a int);
create index i on t (a);
-- then
reindex table t

create table t (id int, a int);
create table u (id int, a int) inherits (t);
-- no
alter table only t add constraint c check (a > 0) no inherit

create table t (a int primary key, b text);
create view v as select t.*, count(*) over () from t group by a;
-- no
alter table t alter column a type bigint

create type mood as enum ('ok', 'bad');
create table "T a" ("select" varchar(5) default 'ok', b int);
create index "T a_select" on "T a" ("select") include (b);
-- then
alter table "T a" alter column "select" drop default, alter column "select" type mood using "T a"."select"::mood, alter column "select" set default 'bad'

create table t (a int, b int, c int, unique (a, b));
create unique index t_c on t (c);
create table u (a int, b int, c int references t (c), foreign key (a, b) references t (a, b) match full on update cascade);
-- then
alter table t alter column a type bigint, alter column c type bigint

create table u (id smallint primary key);
create table t (a smallint references u on delete set null deferrable);
create index t_a on t using hash (a);
-- then
alter table t alter column a type int
