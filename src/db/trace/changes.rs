//! What a statement makes, changes and drops, as event triggers of the shadow database tell it.

use std::collections::{BTreeSet, HashSet};

use super::super::{Error, Session};
use crate::report::{PlanChange, PlanFate};
use crate::sql::Statement;

/// What the notices that tell it begin with.
const TOLD: &str = "dbctl changes: ";

/// What PostgreSQL's event triggers do not see, because it belongs to the whole server.
const OF_SERVER: [&str; 4] = ["ROLE", "USER", "DATABASE", "TABLESPACE"];

/// One object: the command, the kind, the name, its catalog and its oid there.
type Told = (String, String, String, u32, u32);

/// Listens to what a shadow database tells.
pub(super) struct Changes {
    /// Objects from this oid on are new, at least to the trial.
    mark: u32,
    /// Which of them have been made already.
    made: HashSet<(u32, u32)>,
}

impl Changes {
    /// Lets the database of a session tell what changes; only a superuser may, and nobody else is told anything.
    pub(super) async fn listen(session: &Session) -> Result<Self, Error> {
        match session.batch(include_str!("../../../sql/trace/changes.sql")).await {
            Ok(()) => {}
            Err(Error::Server(error)) if error.sqlstate == "42501" => {
                tracing::info!("the shadow's role may not make event triggers: what changes is not told");
            }
            Err(error) => return Err(error),
        }
        let sql = "select coalesce(max(oid), 0::oid) from pg_catalog.pg_event_trigger";
        let rows = session.query(sql, &[]).await?;
        Ok(Self { mark: rows.first().map_or(0, |row| row.get(0)), made: HashSet::new() })
    }

    /// What was told of something that did not come to pass.
    pub(super) fn forget(&self, session: &mut Session) {
        drop(session.notices());
    }

    /// What was told of a statement; `gone` are the relations that it dropped with all that belongs to them.
    pub(super) fn of_statement(
        &mut self,
        session: &mut Session,
        statement: &Statement,
        gone: &BTreeSet<u32>,
    ) -> Vec<PlanChange> {
        let notices = session.notices();
        let texts = notices.iter().filter_map(|notice| notice.message.strip_prefix(TOLD));
        let told: Vec<Told> = texts.filter_map(|text| serde_json::from_str::<Vec<Told>>(text).ok()).flatten().collect();
        if told.is_empty() {
            return of_server(statement).into_iter().collect();
        }
        let is_dropped = |it: &Told| it.0 == "DROP";
        let dropped: Vec<String> = told
            .iter()
            .filter(|it| is_dropped(it) && it.1.ends_with("table"))
            .map(|it| format!(" on {}", it.2))
            .collect();
        let mut changes: Vec<PlanChange> = Vec::new();
        for it in &told {
            let belongs = is_dropped(it)
                && (dropped.iter().any(|table| it.2.ends_with(table.as_str()))
                    || it.1 == "index" && gone.contains(&it.4));
            if belongs {
                continue;
            }
            let change = PlanChange { what: self.fate(it), kind: it.1.clone(), name: it.2.clone() };
            // One command may tell of an object twice: made, and then given its owner.
            if !changes.iter().any(|known| known.kind == change.kind && known.name == change.name) {
                changes.push(change);
            }
        }
        changes
    }

    fn fate(&mut self, told: &Told) -> PlanFate {
        let (command, _, _, catalog, oid) = told;
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
