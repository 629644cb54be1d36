-- A schema of all that makes rows hard to make up.
create type mood as enum ('sad', 'ok', 'happy');
create type address as (street text, no int, at point);
create domain email as text check (value ~ '^[a-zA-Z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$');
create domain pos as int not null check (value > 0) check (value < 1000);
create domain pos2 as pos check (value % 2 = 0);
create type frange as range (subtype = float8);
create table types (a smallint, b int, c bigint, d numeric(3,2), e numeric(20), f real, g double precision,
    h money, i boolean, j char(3), k varchar(2), l text, m bytea, n date, o timestamp(0), p timestamptz, q time,
    r timetz, s interval year to month, s2 interval, t uuid, u json, v jsonb, w inet, x cidr, y macaddr,
    z macaddr8, aa bit(3), bb bit varying(9), cc xml, dd tsvector, ee tsquery, ff point, gg line, hh lseg, ii box,
    jj path, kk polygon, ll circle, mm oid, nn regclass, oo regtype, pp pg_lsn, qq int4range, rr numrange,
    ss tstzrange, tt daterange, uu int4multirange, vv tstzmultirange, ww mood, xx address, yy mood[], zz address[],
    ab int[][], ac text[], ag email, ah pos2, ai "char", aj name, ak frange, al datemultirange, an jsonpath,
    ao regrole, ap email[], aq interval(3), ar numeric, at pg_snapshot, au int2vector, av oidvector, aw xid8,
    ax regconfig, ay numeric(2,2), az numeric(5,-2), ba timestamptz[], bb2 frange[] ,
    bc numeric(1));
do $$ declare c text; begin for c in select attname from pg_attribute where attrelid = 'types'::regclass and attnum > 0 loop execute format('alter table types alter %I set not null', c); end loop; end $$;
create table uniq_types (a smallint unique, b mood, c boolean, d char(2) unique, e varchar(1) unique, f date unique, g timestamptz unique, h numeric(2) unique, i inet unique, j bit(8) unique, k time unique, l interval unique, m "char" unique, unique (b, c), n money unique, o real unique, p jsonb unique, q int[] unique, r daterange unique, exclude using gist (r with &&));
-- circles
create table c1 (id int generated always as identity primary key, c2 int not null); create table c2 (id serial primary key, c1 int references c1);
alter table c1 add foreign key (c2) references c2;
create table d1 (id int primary key, d2 int not null); create table d2 (id int primary key, d1 int not null references d1 deferrable);
alter table d1 add foreign key (d2) references d2 deferrable initially deferred;
create table self (id bigint generated always as identity primary key, boss bigint not null references self, peer bigint references self);
create table tree (tenant int, id int, parent int, primary key (tenant, id), foreign key (tenant, parent) references tree);
-- tenant
create table tenants (id uuid primary key default gen_random_uuid(), slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{2,30}$'), plan text not null default 'free' check (plan in ('free','pro')));
create table users (tenant_id uuid not null references tenants, id bigint generated always as identity, email email not null, primary key (tenant_id, id), unique (email));
create unique index on users (lower(email::text));
create table projects (tenant_id uuid not null references tenants, id serial, owner bigint not null, name text not null check (char_length(name) between 3 and 10), primary key (tenant_id, id), foreign key (tenant_id, owner) references users);
create table tasks (id serial primary key, tenant_id uuid not null, project_id int not null, assignee bigint, state text check (state = any (array['open','done'])), done_at timestamptz, started_at timestamptz, ended_at timestamptz,
 foreign key (tenant_id, project_id) references projects, foreign key (tenant_id, assignee) references users,
 check ((state = 'done') = (done_at is not null)), check (ended_at > started_at), check (started_at >= '2030-01-01'));
create table member (tenant_id uuid, user_id bigint, project_id int, role text check (role in ('a','b')), is_lead boolean not null, primary key (tenant_id, user_id, project_id), foreign key (tenant_id, user_id) references users, foreign key (tenant_id, project_id) references projects);
create unique index one_lead on member (tenant_id) where is_lead;
create table poly (id int primary key, task int references tasks, project_t uuid, project int, foreign key (project_t, project) references projects match full, note text, check (num_nonnulls(task, project, note) = 1));
create table msg (id int primary key, a bigint not null, b bigint not null, t uuid not null, foreign key (t, a) references users, foreign key (t, b) references users, check (a <> b));
create table pair (a bigint not null, b bigint not null, t uuid not null, foreign key (t, a) references users, foreign key (t, b) references users, check (a < b), unique (a, b));
create table slot (s timestamptz not null, e timestamptz not null check (e > s), exclude using gist (tstzrange(s, e) with &&));
create table nums (a numeric(5,4) check (a >= 0 and a <= 1) unique, b int check (b between 100 and 200) unique, c int check (c % 5 = 0) unique, d double precision check (d > -1 and d < 1), e int check (e in (10, 20, 30)), f int not null check (f < 0), g smallint check (g <> 0), lat numeric(9,6) not null check (lat between -90 and 90), pct numeric(5,2) check (pct > 0 and pct <= 100), year int check (year >= 1900 and year <= 2100), h int check (h = power(2, 4)));
create table texts (a text not null check (length(a) = 64) unique, b char(2) check (b ~ '^[A-Z]{2}$') unique, c text check (c like 'https://%' and length(c) < 30), d text check (d ~* '^#[0-9a-f]{6}$') unique, e text check (e = lower(e)), f text check (f = upper(f)), g text check (trim(g) <> '' and g = trim(g)), h text check (octet_length(h) <= 3), i text not null check (i ~ '^\+[1-9]\d{1,14}$'), j text check (j !~ '\s' and j !~ '[A-Z]'), k text check (k similar to '[0-9]{3}-[0-9]{4}'), l text check (position('@' in l) > 1), m text check (split_part(m, '.', 1) = 'a'), n text check (n is null), o text check (o::int > 5), p text check (p = any (string_to_array('x,y', ','))), q text[] check (cardinality(q) between 1 and 3), r text[] not null check (r <@ array['a','b','c'] and array_length(r, 1) >= 2), s text check (left(s, 3) = 'abc' and right(s, 1) = 'z'), t text check (substring(t from 1 for 2) = 'T-'), v text check (v ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'), w text check (encode(decode(w, 'hex'), 'hex') = w), x text check (x ~ '^\d+$'), y bytea not null check (octet_length(y) = 32), z varchar(5) check (length(z) > 3));
create table js (a jsonb not null check (jsonb_typeof(a) = 'array'), b jsonb check (b ? 'kind' and b ->> 'kind' in ('x','y')), c json check (c is not null and json_typeof(c) = 'object'), d jsonb not null check (jsonb_array_length(d) > 0), e jsonb check (e @> '{"v": 1}'), f jsonb check ((f ->> 'n')::int > 100), g jsonb check (g = '{}'));
create table dates (a date check (a < '2000-01-01') unique, b date not null check (extract(dow from b) = 1), c timestamptz check (c > now()), d date check (d = date_trunc('month', d)), e interval check (e > '1 hour' and e < '2 days'), f time check (f between '09:00' and '17:00'), g timestamptz check (g <= now()), h date, i date, check (h <= i), j daterange check (lower(j) < upper(j)), k timestamptz, l timestamptz check (l > k + interval '1 year'));
create table gen (a int not null, b int generated always as (a * 2) stored, check (b > 20), unique (b));
create table gen2 (first text not null, last text not null, full_name text generated always as (first || ' ' || last) stored unique);
create function is_ok(t text) returns boolean language sql immutable as $$ select t in ('alpha', 'beta') or t like 'v-%' $$;
create table fn (a text not null check (is_ok(a)), b text unique check (is_ok(b)));
-- partitions
create table ev (id bigserial, at timestamptz not null, kind text not null, primary key (id, at, kind)) partition by range (at);
create table ev24 partition of ev for values from ('2020-01-01') to ('2020-02-01') partition by list (kind);
create table ev24a partition of ev24 for values in ('click', 'view'); create table ev24b partition of ev24 for values in ('buy');
create table hp (id int primary key) partition by hash (id); create table hp0 partition of hp for values with (modulus 3, remainder 1);
create table lp (id serial, r text) partition by list (lower(r)); create table lp1 partition of lp for values in ('eu'); create table lp2 partition of lp for values in ('us');
create table ip (a int not null, b int not null, unique (a, b)) partition by range (a, b); create table ip1 partition of ip for values from (100, 1) to (100, 50);
create table ref_ev (id int primary key, ev_id bigint, ev_at timestamptz, ev_kind text, foreign key (ev_id, ev_at, ev_kind) references ev);
-- inheritance
create table par (id int primary key, n text not null); create table chi (extra int not null, unique (id)) inherits (par);
-- triggers
create table accounts (id serial primary key, name text not null); create table profiles (account_id int primary key references accounts, nick text);
create function mk() returns trigger language plpgsql as $$ begin insert into profiles (account_id, nick) values (new.id, 'x'); return new; end $$;
create trigger mk after insert on accounts for each row execute function mk();
create table ro (a int); create function no() returns trigger language plpgsql as $$ begin raise exception 'read only'; end $$; create trigger no before insert on ro for each row execute function no();
create table skip (a int); create function sk() returns trigger language plpgsql as $$ begin return null; end $$; create trigger sk before insert on skip for each row execute function sk();
create table orders (id int primary key, total int not null); create table lines (order_id int not null references orders, n int, primary key (order_id, n));
create function has_lines() returns trigger language plpgsql as $$ begin if not exists (select from lines where order_id = new.id) then raise exception 'order without lines'; end if; return null; end $$;
create constraint trigger has_lines after insert on orders deferrable initially deferred for each row execute function has_lines();
create table st (id serial primary key, state text not null); create function stf() returns trigger language plpgsql as $$ begin if new.state not in ('new', 'old') then raise exception 'bad state %', new.state; end if; return new; end $$; create trigger stf before insert on st for each row execute function stf();
-- existing rows
create table lk (code text primary key check (code in ('x', 'y', 'z')), label text not null unique); insert into lk values ('x', 'X'), ('y', 'Y');
create table uses_lk (id int generated by default as identity primary key, code text not null references lk); insert into uses_lk (id, code) values (1, 'x'), (2, 'y'), (5, 'x');
create table lk2 (code text primary key, check (false) not valid); alter table lk2 drop constraint lk2_check; insert into lk2 values ('only'); alter table lk2 add check (false) not valid;
create table uses_lk2 (id int primary key, code text not null references lk2);
create table nulls1 (a int, unique nulls not distinct (a)); create table nocols (); create table onlyid (id serial primary key);
create table "We ird""s" ("a b" int primary key, "C" text check ("C" in ('p', 'q')), "dbctl_o0" text); create table refw (x int references "We ird""s");
create table identity_only (id int generated always as identity);
create view vv as select * from tenants; create rule r as on insert to onlyid do also notify x;
create table enumkey (m mood primary key); create table boolkey (b boolean primary key, n int unique);
create table one (id int primary key default 1 check (id = 1)); create table one_b (id boolean primary key default true check (id));
create table uq3 (a mood, b boolean, c int references one, unique (a, b, c));
create table deep (a text not null, b text not null, c text not null, d text not null, e text not null, f text not null, g text not null, check (a in ('1','2') and b in ('3','4') or c = 'x' and d = 'y' or e > f and g <> a));
