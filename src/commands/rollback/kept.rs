//! What an earlier rollback has kept, and the script that brings it back.

use crate::db::Session;
use crate::error::Failure;
use crate::report::Target;
use crate::text::quote_literal;

/// Something in the trash of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTrash {
    /// Refinery's version of the migration that had been rolled back.
    pub key: i64,
    /// The newest migration that was rolled back with it: as the schema was then it comes back.
    pub newest: i64,
    /// The migration as in its file name.
    pub version: String,
    /// The table that it was taken from.
    pub table: (String, String),
    /// The columns; empty where it is the whole table.
    pub columns: Vec<String>,
    /// The table that holds it.
    pub held: String,
    /// The SQL that brings it back; none where nobody could tell which row is which.
    pub restore: Option<String>,
    /// Whether all that was rolled back is applied again.
    pub is_applied: bool,
}

/// Reads what is kept and has not come back yet, in the order in which it is brought back.
pub async fn in_trash(session: &Session) -> Result<Vec<InTrash>, Failure> {
    let there = session.rows("select pg_catalog.to_regclass('dbctl_trash.kept') is not null").await?;
    if there.first().and_then(|row| row.get(0)) != Some("t") {
        return Ok(Vec::new());
    }
    let rows = session
        .rows(
            "select k.key, k.version, k.of_schema, k.of_table, pg_catalog.array_to_json(k.of_columns), k.held_in, k.restore, \
             (select count(*) from dbctl.schema_history h where h.version in (k.key, k.newest_key)) = \
             case when k.key = k.newest_key then 1 else 2 end, k.newest_key \
             from dbctl_trash.kept k where k.restored_at is null order by k.key, k.restore_order, k.id",
        )
        .await?;
    let text = |row: &tokio_postgres::SimpleQueryRow, at: usize| row.get(at).unwrap_or_default().to_owned();
    let one = |row: &tokio_postgres::SimpleQueryRow| InTrash {
        key: text(row, 0).parse().unwrap_or_default(),
        version: text(row, 1),
        table: (text(row, 2), text(row, 3)),
        columns: row.get(4).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
        held: text(row, 5),
        restore: row.get(6).map(str::to_owned),
        is_applied: row.get(7) == Some("t"),
        newest: text(row, 8).parse().unwrap_or_default(),
    };
    Ok(rows.iter().map(one).collect())
}

/// What can be brought back now that migrations are applied again; where nobody may look, nothing is said.
pub async fn remark(session: &Session, target: &Target) -> Option<String> {
    let kept = in_trash(session).await.unwrap_or_default();
    let now: Vec<String> = kept.iter().filter(|it| it.is_applied && it.restore.is_some()).map(InTrash::what).collect();
    let flag = crate::report::target_flag(&target.name);
    (!now.is_empty()).then(|| {
        format!("an earlier rollback has kept {}: `dbctl rollback{flag} --restore` brings them back", now.join("; "))
    })
}

/// A script that brings back what is kept, for psql; the migrations have to be applied again before.
pub fn script(kept: &[InTrash], target: &Target) -> String {
    let mut text = format!(
        "-- Brings back what a rollback of {} has kept in dbctl_trash, in one transaction.\n\
         -- Run it once the migrations are applied again: `dbctl migrate`, then\n\
         --   psql -X -v ON_ERROR_STOP=1 -f THIS_FILE \"$URL\"\n\
         -- `dbctl rollback --restore` does the same.\n\
         \\set ON_ERROR_STOP on\n\nbegin;\n",
        target.describe().replace(['\n', '\r'], " ")
    );
    text.push_str(&guard(kept, target));
    for one in kept {
        text.push('\n');
        text.push_str(&one.heading());
        match &one.restore {
            Some(restore) => text.push_str(restore),
            None => text.push_str("-- its table has no key: which row each value belongs to is for a person to say\n"),
        }
    }
    text.push_str("\ncommit;\n");
    text
}

/// Stops the script on another database, and where a migration is not applied again.
fn guard(kept: &[InTrash], target: &Target) -> String {
    let of = |it: &InTrash| [(it.key, it.version.clone()), (it.newest, it.newest.to_string())];
    let keys: std::collections::BTreeMap<i64, String> =
        kept.iter().rev().flat_map(|it| of(it).into_iter().rev()).collect();
    let raise = |text: String| format!("    raise exception using message = {};\n  end if;\n", quote_literal(&text));
    let mut text = format!(
        "do $dbctl$\nbegin\n  if current_database() <> {} then\n{}",
        quote_literal(&target.database),
        raise(format!("this was made for database `{}`, and this is another: nothing was changed", target.database))
    );
    for (key, version) in keys {
        text.push_str(&format!(
            "  if not exists (select from dbctl.schema_history where version = {key}) then\n{}",
            raise(format!("migration {version} is not applied again yet: nothing was changed"))
        ));
    }
    text + "end\n$dbctl$;\n"
}

impl InTrash {
    /// What it is, as people read it.
    pub fn what(&self) -> String {
        let (schema, table) = &self.table;
        if self.columns.is_empty() {
            format!("table {schema}.{table}")
        } else {
            format!("{} of {schema}.{table}", self.columns.join(", "))
        }
    }

    fn heading(&self) -> String {
        let what = format!("{}, from dbctl_trash.{}, of migration {}", self.what(), self.held, self.version);
        format!("-- {}\n", what.replace(['\n', '\r'], " "))
    }
}
