//! Made-up rows for other projects' schemas: the end states of their histories, and the schemas of the cases of `diff`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use dbctl::catalog::Scope;
use dbctl::db::fill::{FilledTable, fill};
use dbctl::db::{ConnectOptions, Endpoint, Session};
use dbctl::seed::Wanted;

use crate::support::{Client, Database, Project, corpus, files_under};

/// How many of a hundred tables have to have rows: of those that lack some, triggers and wrappers take no row at all.
const WANTED: usize = 96;
/// Every how many-th case of `diff` is taken, unless `DBCTL_TEST_DIFF_ALL` is set.
const EVERY: usize = 6;

/// What became of tables, by schema.
type Outcome = Vec<(String, FilledTable)>;

#[test]
fn histories_of_other_projects_are_filled() {
    let mut outcome = Outcome::new();
    for (name, config) in [
        ("prisma/hoppscotch", ""),
        ("prisma/langfuse", ""),
        ("rollback/concourse", "[project]\nsame_version = \"by-name\""),
        ("rollback/crates.io", ""),
        ("rollback/docs.rs", ""),
        ("rollback/keto", ""),
        ("rollback/kratos", ""),
    ] {
        let Some(folder) = corpus(name) else { return };
        let database = Database::new();
        let project = Project::new().file("dbctl.toml", config);
        let words = format!("migrate --local --url {} --migrations", database.url);
        project.dbctl_with(&words, folder.to_str().unwrap()).ok();
        filled(name, &database.url, &mut outcome);
    }
    for name in ["supabase/basejump", "supabase/nextbase", "supabase/subscription-payments"] {
        let Some(folder) = corpus(name) else { return };
        let project = Project::new().file("dbctl.toml", "[local]\nplatform = \"supabase\"\n");
        project.dbctl_with("migrate --local --migrations", folder.to_str().unwrap()).ok();
        let url = project.dbctl("db url").ok().stdout.trim().to_owned();
        filled(name, &url, &mut outcome);
    }
    judge(&outcome);
}

#[test]
fn the_schemas_of_diff_are_filled() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let folders = std::iter::once(own).chain(corpus("diff"));
    let cases: Vec<PathBuf> = folders.flat_map(|it| files_under(&it)).filter(|it| it.ends_with("b.sql")).collect();
    let every = if std::env::var_os("DBCTL_TEST_DIFF_ALL").is_some() { 1 } else { EVERY };
    let cases: Vec<PathBuf> = cases.into_iter().step_by(every).collect();
    let outcome = Mutex::new(Outcome::new());
    let half = cases.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        for part in cases.chunks(half) {
            scope.spawn(|| part.iter().for_each(|case| of_case(case, &outcome)));
        }
    });
    judge(&outcome.into_inner().unwrap());
}

fn of_case(case: &Path, outcome: &Mutex<Outcome>) {
    let sql = fs_err::read_to_string(case).unwrap();
    // A subscription holds its database, and rows are not its matter.
    if sql.to_ascii_lowercase().contains("create subscription") {
        return;
    }
    let database = Database::new();
    if database.session().try_run(&sql).is_ok() {
        let mut own = Outcome::new();
        filled(&case.parent().unwrap().to_string_lossy(), &database.url, &mut own);
        outcome.lock().unwrap().extend(own);
    }
}

/// Fills a database with two groups, and sees that none of their rows refers to another group's.
fn filled(name: &str, url: &str, outcome: &mut Outcome) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let endpoint = Endpoint::from_url(&url.into(), &|_| None).unwrap();
    let options = ConnectOptions { application_name: "dbctl test".to_owned(), read_only: false };
    let scope = Scope::default();
    let wanted = Wanted { groups: 2, rows: 5, alike: true, fixed: BTreeMap::new(), tables: None };
    let (catalog, filled) = runtime.block_on(async {
        let session = Session::open(&endpoint, &options).await.unwrap();
        let catalog = dbctl::db::catalog::read(&session, |id| scope.contains(id)).await.unwrap();
        let filled = fill(&session, &catalog, &wanted).await.unwrap();
        (catalog, filled)
    });
    let session = Client::open(url);
    for table in &filled.tables {
        let Some(of) = dbctl::seed::Table::read(&catalog, &table.table) else { continue };
        for key in &of.foreign {
            let Some(to) = filled.tables.iter().find(|it| it.table == key.to) else { continue };
            let pairs: Vec<String> =
                key.columns.iter().zip(&key.references).map(|(a, b)| format!("x.{a:?} = y.{b:?}")).collect();
            let (here, there) = (of_groups(table, "x"), of_groups(to, "y"));
            let sql = format!(
                "select 1 from {} x, {} y where {} and {here} <> {there} limit 1",
                table.table.qualified(),
                key.to.qualified(),
                pairs.join(" and ")
            );
            assert!(
                session.values(&sql).is_empty(),
                "{name}: rows of {} lead to another group by {}",
                table.table,
                key.name
            );
        }
    }
    outcome.extend(filled.tables.into_iter().map(|it| (name.to_owned(), it)));
}

/// The number of a row's group, or null.
fn of_groups(table: &FilledTable, alias: &str) -> String {
    let mut keys = table.keys.iter();
    let mut cases = String::new();
    for (group, count) in table.groups.iter().enumerate() {
        for key in keys.by_ref().take(*count).filter(|it| !it.is_empty()) {
            let parts: Vec<String> =
                key.iter().map(|(name, value)| format!("{alias}.{name:?} is not distinct from {value}")).collect();
            cases += &format!("when {} then {group} ", parts.join(" and "));
        }
    }
    if cases.is_empty() { "null::int".to_owned() } else { format!("case {cases}end") }
}

fn judge(outcome: &Outcome) {
    // No row fits a partitioned table without partitions.
    let fillable = || outcome.iter().filter(|(_, it)| it.why.as_deref() != Some("it has no partition"));
    let (all, count) = (fillable().count(), fillable().filter(|(_, it)| it.rows > 0).count());
    let reasons: Vec<String> = fillable()
        .filter_map(|(name, it)| Some(format!("{name}: {} {:?}: {}", it.table, it.groups, it.why.as_ref()?)))
        .collect();
    eprintln!("seed: {count} of {all} tables have rows\n{}", reasons.join("\n"));
    assert!(count * 100 >= all * WANTED, "{reasons:#?}");
}
