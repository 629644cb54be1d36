//! The judge of a plan: `pg_dump --schema-only` of what the plan left, against that of what was wanted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Client, Database, not_run};

/// How near the result comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// The same text, statement by statement.
    Exact,
    /// The same but for the order of columns in a table.
    ColumnOrder,
    /// The same but for owners, grants and comments.
    Extras,
    /// Something else: the statements that only one side has.
    Differs(String),
    /// The SQL fails: what the server said.
    Fails(String),
}

/// What was made again although it kept its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Remade {
    /// Tables and columns: their data are lost.
    pub(super) data: Vec<String>,
    /// Everything else.
    pub(super) others: Vec<String>,
}

/// `pg_dump` of the test server's version, or nothing after saying so.
pub(super) fn pg_dump() -> Option<PathBuf> {
    let found = pg_dump_of(&Database::new().session());
    if found.is_none() {
        not_run("tests that compare schemas: there is no pg_dump of the server's version");
    }
    found
}

/// `pg_dump` of a server's version.
pub(super) fn pg_dump_of(server: &Client) -> Option<PathBuf> {
    let version: u32 = server.values("show server_version_num").first()?.parse().ok()?;
    let major = version / 10_000;
    let candidates = [PathBuf::from(format!("/usr/lib/postgresql/{major}/bin/pg_dump")), PathBuf::from("pg_dump")];
    let fits = |program: &&PathBuf| {
        let said = Command::new(program).arg("--version").output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(&format!(" {major}.")))
    };
    candidates.iter().find(fits).cloned()
}

/// The statements of a schema's dump, sorted: the order of objects does not count. `more` are words for `pg_dump`.
pub(super) fn dump(pg_dump: &Path, url: &str, more: &[&str]) -> Vec<String> {
    let output = Command::new(pg_dump).args(["--schema-only", "--dbname", url]).args(more).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut blocks: Vec<String> = Vec::new();
    let mut block = String::new();
    for line in text.lines() {
        let is_frame = ["--", "\\restrict", "\\unrestrict", "SET ", "SELECT pg_catalog.set_config"];
        if is_frame.iter().any(|begin| line.starts_with(begin)) {
            blocks.push(std::mem::take(&mut block));
        } else {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks.push(block);
    let mut blocks: Vec<String> = blocks.iter().map(|it| privileges_sorted(it.trim())).collect();
    blocks.retain(|it| !it.is_empty());
    blocks.sort();
    blocks
}

/// The privileges on an object in alphabetical order: they stand in the order in which they were granted.
fn privileges_sorted(block: &str) -> String {
    let mut lines: Vec<&str> = block.lines().collect();
    if lines.iter().all(|line| line.starts_with("GRANT ")) {
        lines.sort_unstable();
    }
    lines.join("\n")
}

/// Compares what is wanted with what there is.
pub(super) fn compare(wanted: &[String], got: &[String]) -> Verdict {
    if wanted == got {
        return Verdict::Exact;
    }
    let sorted = |blocks: &[String]| {
        let mut blocks: Vec<String> = blocks.iter().map(|it| columns_sorted(it)).collect();
        blocks.sort();
        blocks
    };
    if sorted(wanted) == sorted(got) {
        return Verdict::ColumnOrder;
    }
    let plain = |blocks: &[String]| {
        let is_extra = |line: &&str| {
            ["GRANT ", "REVOKE ", "COMMENT ON ", "ALTER DEFAULT PRIVILEGES "].iter().any(|it| line.starts_with(it))
                || line.contains(" OWNER TO ")
        };
        let one = |block: &String| block.lines().filter(|line| !is_extra(line)).collect::<Vec<_>>().join("\n");
        let mut blocks: Vec<String> = blocks.iter().map(one).filter(|it| !it.trim().is_empty()).collect();
        blocks.sort();
        blocks
    };
    if plain(&sorted(wanted)) == plain(&sorted(got)) {
        return Verdict::Extras;
    }
    let only = |one: &[String], other: &[String], sign: &str| {
        one.iter().filter(|it| !other.contains(it)).map(|it| format!("{sign} {it}\n")).collect::<Vec<_>>().concat()
    };
    Verdict::Differs(only(wanted, got, "wanted") + &only(got, wanted, "got"))
}

/// A `CREATE TABLE` with its columns in alphabetical order.
fn columns_sorted(block: &str) -> String {
    if !block.starts_with("CREATE TABLE") && !block.starts_with("CREATE UNLOGGED TABLE") {
        return block.to_owned();
    }
    let (mut columns, mut rest) = (Vec::new(), Vec::new());
    for line in block.lines() {
        match line.strip_prefix("    ") {
            Some(column) => columns.push(column.trim_end_matches(',').to_owned()),
            None => rest.push(line),
        }
    }
    columns.sort();
    format!("{}\n{}", columns.join("\n"), rest.join("\n"))
}

/// What every object is known by inside a database. Computed columns lose nothing, and no table becomes a partitioned one:
/// that is told apart here.
pub(super) fn identities(session: &Client) -> BTreeMap<String, String> {
    session
        .values(IDENTITIES)
        .iter()
        .filter_map(|row| row.rsplit_once('=').map(|(name, id)| (name.to_owned(), id.to_owned())))
        .collect()
}

const IDENTITIES: &str = "
select kind || ' ' || name || '=' || id from (
    select case when relkind = 'r' then 'table' when relkind = 'p' then 'partitioned table' when relkind = 'v' then 'view' when relkind = 'm' then 'matview'
                when relkind in ('i', 'I') then 'index' when relkind = 'S' then 'sequence' else 'relation' end as kind,
           oid::regclass::text as name, oid::text as id
    from pg_class where oid >= 16384 and relkind <> 't' and relnamespace::regnamespace::text !~ '^pg_'
    union all
    select case when c.relkind = 'r' then 'column' else 'partitioned column' end,
           attrelid::regclass || '.' || attname, attrelid::text || '/' || attnum
    from pg_attribute join pg_class c on c.oid = attrelid
    where attrelid >= 16384 and attnum > 0 and not attisdropped and c.relkind in ('r', 'p') and attgenerated = ''
    union all
    select 'routine', oid::regprocedure::text, oid::text from pg_proc where oid >= 16384
    union all
    select 'type', oid::regtype::text, oid::text from pg_type where oid >= 16384 and typtype in ('e', 'd', 'r')
    union all
    select 'constraint', conname || ' on ' || conrelid::regclass || contypid::regtype, oid::text
    from pg_constraint where oid >= 16384 and contype <> 't'
    union all
    select 'trigger', tgname || ' on ' || tgrelid::regclass, oid::text
    from pg_trigger where oid >= 16384 and not tgisinternal
    union all
    select 'policy', polname || ' on ' || polrelid::regclass, oid::text from pg_policy where oid >= 16384
    union all
    select 'rule', rulename || ' on ' || ev_class::regclass, oid::text
    from pg_rewrite where oid >= 16384 and rulename <> '_RETURN'
    union all
    select 'statistics', stxnamespace::regnamespace || '.' || stxname, oid::text from pg_statistic_ext
    union all
    select 'publication', pubname::text, oid::text from pg_publication
    union all
    select 'schema', nspname::text, oid::text from pg_namespace where oid >= 16384 and nspname !~ '^pg_'
) as it order by 1";

/// What has kept its name and not its identity.
pub(super) fn remade(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Remade {
    let mut remade = Remade::default();
    for (name, id) in before {
        if after.get(name).is_some_and(|now| now != id) {
            // A partitioned table holds no rows: they stay in its partitions.
            let is_data = ["table ", "column "].iter().any(|it| name.starts_with(it));
            if is_data { &mut remade.data } else { &mut remade.others }.push(name.clone());
        }
    }
    remade
}
