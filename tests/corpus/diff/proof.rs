//! The power of the proof: a plan with a step left out is noticed without the model, a complete one is not.

use std::path::Path;

use dbctl::catalog::{Catalog, Census, Scope, Unlikeness};
use dbctl::db::catalog::read_with_census;
use dbctl::db::{ConnectOptions, Endpoint, Session};
use dbctl::diff::{Options, Step, plan};

use super::{find, in_threads, judge};
use crate::support::{Database, corpus};

/// Every how many-th case of the corpora is taken, because each of its steps is left out once.
const EVERY: usize = 25;

/// What many kinds of objects may change in.
const OWN: (&str, &str) = (
    "create type mood as enum ('sad', 'ok');
     create table parent (id int primary key, name text, mood mood default 'ok');
     create table child (id int primary key, parent_id int references parent, amount numeric(8, 2));
     create function twice(a int) returns int language sql as 'select 2 * a';
     create view names as select id, name from parent;
     comment on table parent is 'old';
     create sequence counter;",
    "create type mood as enum ('sad', 'soso', 'ok');
     create table parent (id bigint primary key, name text not null default '', mood mood default 'sad', extra jsonb);
     create table child (id int primary key, parent_id bigint references parent on delete cascade, amount numeric(10, 2),
         constraint positive check (amount > 0));
     create index child_parent on child (parent_id) include (amount) where amount > 10;
     create unique index parent_name on parent (lower(name));
     create function twice(a int) returns int language sql immutable parallel safe set work_mem = '8MB' as 'select a + a';
     create function stamp() returns trigger language plpgsql as 'begin return new; end';
     create trigger stamp before update of name on parent for each row when (old.name <> new.name) execute function stamp();
     create view names with (security_invoker) as select id, name, extra from parent;
     create rule keep as on delete to names do instead nothing;
     alter table child enable row level security; alter table child force row level security;
     create policy mine on child for select using (amount > 1);
     create statistics both_of (dependencies) on id, parent_id from child;
     alter table child alter column amount set statistics 500;
     alter table child alter column amount set (n_distinct = 5);
     alter table child set (fillfactor = 70); alter table child replica identity full; alter table child cluster on child_pkey;
     comment on table parent is 'new'; comment on column parent.extra is 'more'; comment on policy mine on child is 'p';
     grant select on parent to public; grant update (name) on parent to public; revoke execute on function twice from public;
     alter default privileges in schema public grant select on tables to public;
     create sequence counter increment 5 cache 10 owned by child.id;
     create domain positive_int as int check (value > 0); create type span as range (subtype = float8);
     create materialized view totals as select parent_id, sum(amount) from child group by 1; create index on totals (parent_id);
     alter table child disable trigger user; create publication all_of_it for table child;",
);

/// What became of a case.
#[derive(Default)]
struct Outcome {
    /// Rows that the complete plan leaves otherwise.
    false_alarms: Vec<String>,
    /// Left-out steps that `pg_dump` sees.
    seen: usize,
    /// Those of them that the proof misses.
    missed: Vec<String>,
}

#[test]
fn a_step_that_is_left_out_is_noticed_without_the_model() {
    let Some(pg_dump) = judge::pg_dump() else { return };
    let own = run(&pg_dump, OWN.0, OWN.1, "own").unwrap();
    let back = run(&pg_dump, OWN.1, OWN.0, "own, back").unwrap();
    let mut outcomes = vec![own, back];
    if let Some(folder) = corpus("diff") {
        let mut cases = Vec::new();
        find(&folder, &mut cases);
        let some: Vec<_> = cases.into_iter().step_by(EVERY).collect();
        let outcomes_of_cases = in_threads(&some, |case| {
            run(&pg_dump, &case.scripts.a, &case.scripts.b, &format!("{}/{}", case.suite, case.name))
        });
        outcomes.extend(outcomes_of_cases.into_iter().flatten());
    }
    let seen: usize = outcomes.iter().map(|it| it.seen).sum();
    let missed: Vec<&String> = outcomes.iter().flat_map(|it| &it.missed).collect();
    let alarms: Vec<&String> = outcomes.iter().flat_map(|it| &it.false_alarms).collect();
    eprintln!("proof: {seen} steps left out in {} plans, {} not noticed", outcomes.len(), missed.len());
    assert!(missed.is_empty() && alarms.is_empty() && seen > 40, "missed {missed:#?}\nfalse alarms {alarms:#?}");
}

/// Leaves out each step of a plan once; nothing where a schema or the whole plan does not run here.
fn run(pg_dump: &Path, from: &str, to: &str, name: &str) -> Option<Outcome> {
    let load = |sql: &str| {
        let database = Database::new();
        database.session().try_run(sql).is_ok().then_some(database)
    };
    let (before, after) = (load(from)?, load(to)?);
    let ((a, _), (b, wanted)) = (read(&before), read(&after));
    let steps = plan(&a, &b, Options::default()).steps;
    let all: Vec<&Step> = steps.iter().collect();
    let whole = apply(&before, &all)?;
    let (dump, census) = (judge::dump(pg_dump, &whole.url, &[]), read(&whole).1);
    let Unlikeness { rows, .. } = census.compare(&wanted, false);
    let mut outcome =
        Outcome { false_alarms: rows.iter().map(|row| format!("{name}: {row}")).collect(), ..Outcome::default() };
    for left_out in &steps {
        let rest: Vec<&Step> = steps.iter().filter(|step| !std::ptr::eq(*step, left_out)).collect();
        // What the others cannot do without fails by itself.
        let Some(partial) = apply(&before, &rest) else { continue };
        if judge::dump(pg_dump, &partial.url, &[]) == dump {
            continue;
        }
        outcome.seen += 1;
        let found = read(&partial).1.compare(&census, false);
        if found.rows.is_empty() && found.orders.is_empty() {
            outcome.missed.push(format!("{name}: {}", left_out.sql));
        }
    }
    Some(outcome)
}

fn apply(before: &Database, steps: &[&Step]) -> Option<Database> {
    let copy = before.copy();
    let session = copy.session();
    session.run("set check_function_bodies = off");
    let ran = steps.iter().all(|step| session.try_run(&step.sql).is_ok());
    drop(session);
    ran.then_some(copy)
}

fn read(database: &Database) -> (Catalog, Census) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let endpoint = Endpoint::from_url(&database.url.clone().into(), &|_: &str| None).unwrap();
        let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: true };
        let session = Session::open(&endpoint, &options).await.unwrap();
        let scope = Scope { managed: true, ..Scope::default() };
        let (catalog, census) = read_with_census(&session, |id| scope.contains(id)).await.unwrap();
        (catalog, census.unwrap())
    })
}
