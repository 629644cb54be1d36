//! Made-up rows: what a schema of all kinds takes, whose rows they are, and what is said where there are none.

use std::collections::{BTreeMap, BTreeSet};

use dbctl::catalog::{Catalog, Id, Kind};
use dbctl::db::fill::{Filled, fill};
use dbctl::db::{ConnectOptions, Endpoint, Session};
use dbctl::seed::Wanted;
use tokio::runtime::{Builder, Runtime};

use crate::support::Database;

/// A database, and dbctl's own session on it.
struct Place {
    database: Database,
    runtime: Runtime,
    session: Session,
}

impl Place {
    fn with(sql: &str) -> Self {
        let database = Database::new();
        database.run(sql);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let endpoint = Endpoint::from_url(&database.url.as_str().into(), &|_| None).unwrap();
        let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: false };
        let session = runtime.block_on(Session::open(&endpoint, &options)).unwrap();
        Self { database, runtime, session }
    }

    fn catalog(&self) -> Catalog {
        self.runtime.block_on(dbctl::db::catalog::read(&self.session, |_| true)).unwrap()
    }

    fn fill(&self, wanted: &Wanted) -> Filled {
        let catalog = self.catalog();
        self.runtime.block_on(fill(&self.session, &catalog, wanted)).unwrap()
    }

    /// All that is in a table.
    fn rows(&self, table: &str) -> Vec<String> {
        self.database.values(&format!("select t::text from {table} t order by 1"))
    }

    /// The number that a query answers.
    fn number(&self, sql: &str) -> u32 {
        self.database.value(sql).parse().unwrap()
    }
}

fn id(name: &str) -> Id {
    Id::new(Kind::Table, "public", name)
}

fn wanted(groups: usize, rows: usize) -> Wanted {
    Wanted { groups, rows, alike: false, fixed: BTreeMap::new(), tables: None }
}

/// What is said of tables that are not wholly filled.
fn missing(filled: &Filled) -> Vec<String> {
    let said =
        filled.tables.iter().filter_map(|it| Some(format!("{} {:?}: {}", it.table.name, it.groups, it.why.as_ref()?)));
    let mut said: Vec<String> = said.collect();
    said.sort();
    said
}

#[test]
fn a_schema_of_all_kinds_is_filled_but_for_what_nothing_fits() {
    let place = Place::with(include_str!("schema.sql"));
    let filled = place.fill(&wanted(2, 3));
    let expected = [
        "boolkey [1, 1]: unique key `boolkey_pkey` leaves no more rows",
        "enumkey [2, 1]: unique key `enumkey_pkey` leaves no more rows",
        "lk [1, 0]: unique key `lk_pkey` leaves no more rows",
        "lk2 [0, 0]: check `lk2_check` refuses all values tried: `false`",
        "one [1, 0]: unique key `one_pkey` leaves no more rows",
        "one_b [1, 0]: unique key `one_b_pkey` leaves no more rows",
        "pair [1, 1]: unique key `pair_a_b_key` leaves no more rows",
        "ro [0, 0]: PL/pgSQL function no() line 1 at RAISE refuses all rows tried: read only",
        "skip [0, 0]: a trigger or rule keeps its rows out",
    ];
    assert_eq!(missing(&filled), expected);
    // Rows say what they are known by, and are there.
    for table in filled.tables.iter().filter(|it| !it.keys.is_empty() && !it.keys[0].is_empty()) {
        assert_eq!(table.keys.len(), table.rows);
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        for key in &table.keys {
            let is = |(name, value): &(String, String)| format!("{} is not distinct from {value}", quoted(name));
            let condition: Vec<String> = key.iter().map(is).collect();
            let sql = format!("select count(*) from {} where {}", quoted(&table.table.name), condition.join(" and "));
            assert!(place.number(&sql) > 0, "{sql}");
        }
    }
    // What numbers itself goes on behind the rows.
    place.database.run("insert into tasks (tenant_id, project_id) select tenant_id, id from projects limit 1");
    place.database.run("insert into uses_lk (code) values ('x')");
}

#[test]
fn the_same_schema_gets_the_same_rows() {
    let tables = "tenants projects types texts deep";
    let rows = || {
        let place = Place::with(include_str!("schema.sql"));
        place.fill(&wanted(1, 2));
        tables.split(' ').map(|it| place.rows(it)).collect::<Vec<_>>()
    };
    assert_eq!(rows(), rows());
}

#[test]
fn a_group_is_a_tenant_with_all_that_is_his() {
    let place = Place::with(
        "create table tenants (id uuid primary key, name text not null);
         create table users (tenant_id uuid references tenants, id int, primary key (tenant_id, id));
         create table notes (id serial primary key, author uuid not null, n int not null, reader int, boss int references notes,
             foreign key (author, n) references users, foreign key (author, reader) references users);
         create table a (id int primary key, b int);
         create table b (id int primary key, a int not null references a, owner uuid not null references tenants);
         alter table a add foreign key (b) references b;
         create function welcome() returns trigger language plpgsql as
             'begin insert into notes (author, n) values (new.tenant_id, new.id); return null; end';
         create trigger welcome after insert on users for each row execute function welcome()",
    );
    let names = |group: &str| format!("'00000000-0000-4000-8000-00000000000{group}'");
    let fixed = [((id("tenants"), "id".to_owned()), vec![names("a"), names("b")])].into();
    let filled = place.fill(&Wanted { fixed, ..wanted(2, 3) });
    let counts: BTreeMap<&str, &[usize]> =
        filled.tables.iter().map(|it| (it.table.name.as_str(), it.groups.as_slice())).collect();
    // A given key is given once, and its tenant has all the rest; a trigger's rows count.
    let expected = [("a", [3, 3]), ("b", [3, 3]), ("notes", [3, 3]), ("tenants", [1, 1]), ("users", [3, 3])];
    assert_eq!(counts, expected.iter().map(|(name, counts)| (*name, counts.as_slice())).collect());
    assert_eq!(place.database.values("select count(*) from users group by tenant_id"), ["3", "3"]);
    assert_eq!(
        place.number("select count(*) from a join b on b.id = a.b join b c on c.a = a.id where b.owner <> c.owner"),
        0
    );
    assert!(place.number("select count(*) from a where b is not null") > 0);
}

#[test]
fn tables_that_are_needed_are_filled_and_rows_that_are_there_are_used() {
    let sql = "create table kinds (code text primary key check (code = 'only')); insert into kinds values ('only');
        create table owners (id int generated always as identity primary key, kind text not null references kinds);
        create table things (id int primary key, owner int not null references owners); create table other (id int)";
    let place = Place::with(sql);
    let tables = Some(BTreeSet::from([id("things")]));
    let filled = place.fill(&Wanted { tables, ..wanted(1, 2) });
    let names: Vec<&str> = filled.tables.iter().map(|it| it.table.name.as_str()).collect();
    assert_eq!(names, ["owners", "things"]);
    assert!(missing(&filled).is_empty());
    assert_eq!(place.number("select count(*) from kinds"), 1);
    // Of three rows the last is the odd one: null where that may be.
    let place = Place::with("create table t (id int primary key, a int, b text not null default '')");
    place.fill(&wanted(1, 3));
    assert_eq!(place.database.values("select a is null from t order by id"), ["f", "f", "t"]);
    assert_eq!(place.database.values("select count(distinct b) from t"), ["2"]);
}
