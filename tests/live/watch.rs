//! A schema followed through what is run on it: what was read again is what a whole reading gives.

use std::time::Duration;

use dbctl::catalog::{Catalog, Id, Kind, Scope};
use dbctl::db::catalog::read;
use dbctl::db::watch::{Counters, Pair, Touched, Watch};
use dbctl::db::{ConnectOptions, Endpoint, Session};

use crate::support::Database;

/// One migration after another; each changes what the others are written in terms of.
const STEPS: &[&str] = &[
    "create table orders (id bigint primary key, note text not null default '', amount numeric check (amount > 0))",
    "create table lines (id bigint generated always as identity, order_id bigint references orders on delete cascade)",
    "create index on orders (lower(note)) where amount > 1; comment on table orders is 'what was ordered'",
    "create view big as select o.id, o.note, l.id as line from orders o join lines l on l.order_id = o.id",
    "create function total(id bigint) returns numeric begin atomic select sum(amount) from orders where note = 'x'; end",
    "alter table orders enable row level security; create policy mine on orders using (note = current_user)",
    "alter table orders rename column note to remark",
    "alter table orders rename to purchases; alter index orders_pkey rename to purchases_key",
    "create schema app; alter table purchases set schema app; grant usage on schema app to public",
    "alter schema app rename to shop",
    "alter table shop.purchases add column line bigint; comment on column shop.purchases.line is 'more'",
    "create type mood as enum ('sad', 'ok'); alter table lines add column mood mood default 'ok'",
    "alter type mood rename value 'ok' to 'fine'; alter type mood add value 'great'",
    "create type pair as (a int, b text); create table pairs (p pair, q pair[]); alter type pair rename attribute a to first",
    "create domain positive as int constraint above check (value > 0); create table d (v positive default 1)",
    "alter domain positive rename to over_nothing; comment on constraint above on domain over_nothing is 'so'",
    "create table log (at date, what text) partition by range (at); create index on log (what)",
    "create table log_1 partition of log for values from ('2020-01-01') to ('2021-01-01')",
    "alter table log detach partition log_1; alter table log rename to journal",
    "create table parent (a int, b int); create table child (c int) inherits (parent)",
    "alter table parent rename column b to bb; alter table child no inherit parent",
    "create sequence counter owned by lines.order_id; alter sequence counter owned by none",
    "comment on table shop.purchases is null; comment on schema shop is 'where it is sold'",
    "create function stamp() returns trigger language plpgsql as 'begin return new; end'; \
     create trigger stamp before update of mood on lines for each row execute function stamp()",
    "alter function stamp() rename to stamped; create or replace function total(id bigint) returns numeric \
     language sql as 'select 1.0'",
    "grant select on lines to public; grant update (order_id) on lines to public",
    "alter default privileges grant select on tables to public; create table given (a int)",
    "create publication of_lines for table lines; create rule none as on delete to d do instead nothing",
    "alter table lines replica identity full; alter table lines alter column id set statistics 300",
    "create materialized view sums as select count(*) as n from lines; create unique index on sums (n)",
    "create temp table passing (a int); drop table passing; create table made (a int); drop table made",
    "do $$ begin begin create table a (b int); raise 'no'; exception when others then create table b (a int); end; end $$",
    "create table swap_a (a int); create table swap_b (b int); alter table swap_a rename to swap_c; \
     alter table swap_b rename to swap_a; alter table swap_c rename to swap_b",
    "alter table lines drop column mood cascade; drop type mood",
    "drop view big; drop table shop.purchases cascade",
    "drop schema shop cascade; drop table d, child, parent",
];

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn session(database: &Database) -> Session {
    let endpoint = Endpoint::from_url(&database.url.clone().into(), &|_: &str| None).unwrap();
    let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: false };
    Session::open(&endpoint, &options).await.unwrap()
}

async fn whole(session: &Session) -> Catalog {
    read(session, |id| Scope::default().contains(id)).await.unwrap()
}

/// What two schemas have is in their pair as it is in them, and what differs is in it.
fn is_of(pair: &Pair, from: &Catalog, to: &Catalog, step: &str) {
    for (part, whole) in [(&pair.from, from), (&pair.to, to)] {
        for (id, entry) in &part.entries {
            assert_eq!(
                (whole.get(id), whole.needs.get(id)),
                (Some(entry), part.needs.get(id)),
                "{id} in the pair of {step}"
            );
        }
    }
    for id in from.entries.keys().chain(to.entries.keys()) {
        let is_same = (from.get(id), from.needs.get(id)) == (to.get(id), to.needs.get(id));
        let is_there = (pair.from.get(id), pair.to.get(id)) == (from.get(id), to.get(id));
        assert!(is_same || is_there, "{id} differs and is not in the pair of {step}");
    }
}

#[test]
fn what_is_followed_is_what_a_whole_reading_gives() {
    let database = Database::new();
    in_runtime(async {
        let (run, other) = (session(&database).await, session(&database).await);
        let mut watch = Watch::begin(session(&database).await, Scope::default()).await.unwrap();
        let counters = Counters::of(&run).await.unwrap();
        let mut before = whole(&other).await;
        for (number, step) in STEPS.iter().enumerate() {
            let was = watch.now();
            counters.begin(&run).await.unwrap();
            run.batch(step).await.unwrap();
            let touched = Touched::read(&run, &counters).await.unwrap();
            let peeked = watch.peek(&run, Some(&touched)).await.unwrap();
            assert_eq!(watch.now(), was, "a peek is a branch: {step}");
            run.batch("commit").await.unwrap();
            // Now and then nobody knows what was touched.
            let touched = Some(&touched).filter(|_| number % 5 != 4);
            let now = watch.look(touched).await.unwrap();
            let after = whole(&other).await;
            assert_eq!(watch.whole(now), after, "after {step}");
            assert_eq!(watch.whole(peeked), after, "in the transaction of {step}");
            assert!(watch.is_same(peeked, now), "{step}");
            assert_eq!(watch.is_same(was, now), before == after, "{step}");
            is_of(&watch.pair(was, now), &before, &after, step);
            is_of(&watch.pair(now, was), &after, &before, step);
            assert_eq!(watch.look(None).await.unwrap(), now, "nothing was done after {step}");
            before = after;
        }
        assert!(watch.recheck().await.unwrap());
    });
}

#[test]
fn what_a_transaction_takes_back_and_does_again_is_seen_in_it_only() {
    let database = Database::new();
    database.run("create table orders (id bigint primary key); create table lines (order_id bigint references orders)");
    in_runtime(async {
        let run = session(&database).await;
        let mut watch = Watch::begin(session(&database).await, Scope::default()).await.unwrap();
        let there = watch.now();
        let counters = Counters::of(&run).await.unwrap();
        run.batch("begin; set search_path = nowhere; set local role pg_monitor; reset role").await.unwrap();
        run.batch("drop table public.lines").await.unwrap();
        let down = watch.peek(&run, Some(&Touched::read(&run, &counters).await.unwrap())).await.unwrap();
        let settings = run.query("select current_setting('search_path')", &[]).await.unwrap();
        assert_eq!(settings[0].get::<_, &str>(0), "nowhere", "a peek leaves the transaction as it was");
        run.batch("create table public.lines (order_id bigint references public.orders)").await.unwrap();
        let up = watch.peek(&run, Some(&Touched::read(&run, &counters).await.unwrap())).await.unwrap();
        run.batch("rollback").await.unwrap();
        assert!(!watch.is_same(there, down) && watch.is_same(there, up) && watch.now() == there);
        let lines = Id::new(Kind::Table, "public", "lines");
        let pair = watch.pair(there, down);
        assert!(pair.from.get(&lines).is_some() && pair.to.get(&lines).is_none());
        assert!(pair.renamed.is_empty() && watch.recheck().await.unwrap());
    });
}

#[test]
fn a_copy_is_looked_at_as_what_the_database_has_become() {
    let database = Database::new();
    database.run("create table orders (id bigint primary key); create type mood as enum ('sad', 'ok')");
    in_runtime(async {
        let mut watch = Watch::begin(session(&database).await, Scope::default()).await.unwrap();
        let there = watch.now();
        watch.pause();
        // The session ends when its task runs; the server waits for it.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let copy = database.copy();
        watch.resume(session(&database).await);
        let on_copy = session(&copy).await;
        on_copy
            .batch("alter table orders rename to bought; alter type mood rename value 'ok' to 'fine'")
            .await
            .unwrap();
        on_copy.batch("create index concurrently on bought (id)").await.unwrap();
        let seen = watch.peek(&on_copy, None).await.unwrap();
        assert_eq!(watch.whole(seen), whole(&on_copy).await);
        let renamed: Vec<String> = watch.pair(there, seen).renamed.iter().map(|(a, b)| format!("{a} > {b}")).collect();
        assert!(renamed.contains(&"table public.orders > table public.bought".to_owned()), "{renamed:?}");
        let (ok, fine) = (Id::part(Kind::Enum, "public", "mood", "ok"), Id::part(Kind::Enum, "public", "mood", "fine"));
        assert!(watch.pair(there, seen).renamed.contains(&(ok, fine)));
        assert_eq!(watch.look(None).await.unwrap(), there);
    });
}
