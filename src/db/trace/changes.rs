//! What a statement makes, changes and drops, as event triggers of the shadow database tell it.

use std::collections::{BTreeSet, HashSet};

use super::super::{Error, Session};
use crate::report::{PlanChange, PlanFate};
use crate::sql::Statement;

/// What the notices that tell it begin with.
const TOLD: &str = "dbctl changes: ";

/// What PostgreSQL's event triggers do not see, because it belongs to the whole server.
const OF_SERVER: [&str; 4] = ["ROLE", "USER", "DATABASE", "TABLESPACE"];

/// One object: the command, the kind, the name, its catalog, its oid there and, of a column, its number.
type Told = (String, String, String, u32, u32, i32);

/// What was told of a statement.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// What it made, changed and dropped.
    pub(super) changes: Vec<PlanChange>,
    /// The columns that it dropped, each with the oid of its table and its number there.
    pub(super) columns: Vec<(PlanChange, u32, i32)>,
    /// The tables that `alter table` wrote anew.
    pub(super) rewritten: BTreeSet<u32>,
    /// Whether anything would have been told: nothing is where the role may not make event triggers.
    pub(super) is_told: bool,
}

/// Listens to what a shadow database tells.
pub(super) struct Changes {
    /// Objects from this oid on are new, at least to the trial.
    mark: u32,
    /// Which of them have been made already.
    made: HashSet<(u32, u32)>,
    is_told: bool,
}

impl Changes {
    /// Lets the database of a session tell what changes; only a superuser may, and nobody else is told anything.
    pub(super) async fn listen(session: &Session) -> Result<Self, Error> {
        let is_told = match session.batch(include_str!("../../../sql/trace/changes.sql")).await {
            Ok(()) => true,
            Err(Error::Server(error)) if error.sqlstate == "42501" => {
                tracing::info!("the shadow's role may not make event triggers: what changes is not told");
                false
            }
            Err(error) => return Err(error),
        };
        let sql = "select coalesce(max(oid), 0::oid) from pg_catalog.pg_event_trigger";
        let rows = session.query(sql, &[]).await?;
        Ok(Self { mark: rows.first().map_or(0, |row| row.get(0)), made: HashSet::new(), is_told })
    }

    /// What was told of something that did not come to pass.
    pub(super) fn forget(session: &mut Session) {
        drop(session.notices());
    }

    /// What was told of a statement; `gone` are the relations that it dropped with all that belongs to them.
    pub(super) fn of_statement(&mut self, session: &mut Session, statement: &Statement, gone: &BTreeSet<u32>) -> Heard {
        let notices = session.notices();
        let texts = notices.iter().filter_map(|notice| notice.message.strip_prefix(TOLD));
        let mut told: Vec<Told> =
            texts.filter_map(|text| serde_json::from_str::<Vec<Told>>(text).ok()).flatten().collect();
        let is_rewrite = |it: &Told| it.0 == "REWRITE";
        let rewritten = told.iter().filter(|it| is_rewrite(it)).map(|it| it.4).collect();
        told.retain(|it| !is_rewrite(it));
        let mut heard = Heard { rewritten, is_told: self.is_told, ..Heard::default() };
        if told.is_empty() {
            heard.changes.extend(of_server(statement));
            return heard;
        }
        let is_dropped = |it: &Told| it.0 == "DROP";
        let dropped: Vec<String> = told
            .iter()
            .filter(|it| is_dropped(it) && it.1.ends_with("table"))
            .map(|it| format!(" on {}", it.2))
            .collect();
        for it in &told {
            // A foreign key has triggers that nobody has made; it is told itself.
            let belongs = is_dropped(it)
                && (it.1 == "trigger" && it.2.trim_start_matches('"').starts_with("RI_ConstraintTrigger_")
                    || dropped.iter().any(|table| it.2.ends_with(table.as_str()))
                    || it.1 == "index" && gone.contains(&it.4));
            if belongs {
                continue;
            }
            let change = PlanChange { what: self.fate(it), kind: it.1.clone(), name: it.2.clone() };
            // One command may tell of an object twice: made, and then given its owner.
            if heard.changes.iter().any(|known| known.kind == change.kind && known.name == change.name) {
                continue;
            }
            if is_dropped(it) && it.1 == "table column" {
                heard.columns.push((change.clone(), it.4, it.5));
            }
            heard.changes.push(change);
        }
        heard
    }

    fn fate(&mut self, told: &Told) -> PlanFate {
        let (command, _, _, catalog, oid, _) = told;
        match command.split(' ').next() {
            Some("DROP") => PlanFate::Dropped,
            Some("CREATE") if *oid > self.mark && self.made.insert((*catalog, *oid)) => PlanFate::Made,
            _ => PlanFate::Changed,
        }
    }
}

/// An object of the whole server, by the statement's own words.
fn of_server(statement: &Statement) -> Option<PlanChange> {
    let (verb, kind) = statement.kind.split_once(' ').filter(|(_, kind)| OF_SERVER.contains(kind))?;
    let what = match verb {
        "CREATE" => PlanFate::Made,
        "ALTER" => PlanFate::Changed,
        "DROP" => PlanFate::Dropped,
        _ => return None,
    };
    let name = statement.object.as_ref()?.name.clone();
    Some(PlanChange { what, kind: kind.to_ascii_lowercase(), name })
}
