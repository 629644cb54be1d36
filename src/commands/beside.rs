//! The sequences of a plan that only the target's catalogs tell.

use crate::db::{self, Session};
use crate::report::Plan;
use crate::risk::LockMode;
use crate::risk::beside::Retype;

/// The changes of types that a statement makes, with its place in the plan.
#[derive(Debug)]
pub struct Pending {
    /// The path of its file.
    pub path: String,
    /// Its number in the file.
    pub number: usize,
    /// The statements among which they belong.
    pub sequence: Vec<String>,
    /// What they are.
    pub retypes: Vec<Retype>,
}

/// What stands in the place of such a sequence before the target is asked.
pub fn unknown(retypes: &[Retype]) -> Vec<String> {
    let column = retypes.first().map(|it| format!(" `{}` of {}", it.column, it.table)).unwrap_or_default();
    vec![format!(
        "-- no sequence is spelled out: what hangs on{column} (constraints, indexes, defaults, views …) is known by the target \
         only, and it was not asked"
    )]
}

/// Spells them out, with what the target has.
pub async fn complete(session: Option<&Session>, plan: &mut Plan, pending: Vec<Pending>) {
    let Some(session) = session else { return };
    for mut one in pending {
        for retype in &mut one.retypes {
            retype.earlier = earlier(plan, (&one.path, one.number), &retype.table);
        }
        let lines = spelled(session, one.sequence, &one.retypes).await;
        let steps = plan.steps.iter_mut().filter(|step| step.path == one.path);
        for statement in steps.flat_map(|step| &mut step.statements).filter(|it| it.number == one.number) {
            statement.instead.clone_from(&lines);
        }
    }
}

async fn spelled(session: &Session, mut sequence: Vec<String>, retypes: &[Retype]) -> Vec<String> {
    for retype in retypes.iter().rev() {
        let lines = match db::beside::read(session, &retype.table, &retype.column).await {
            Ok(facts) => retype.sequence(&facts),
            Err(error) => Err(format!("what hangs on the column was not read: {error}")),
        };
        match lines {
            Ok(lines) => drop(sequence.splice(retype.at..retype.at, lines)),
            Err(why) => {
                let (table, column) = (&retype.table, &retype.column);
                return vec![format!(
                    "-- a new column in the place of `{column}` of {table} would not end the same: {why}"
                )];
            }
        }
    }
    sequence
}

/// The statement in front of another, in what is pending, that has changed the same table.
fn earlier(plan: &Plan, (path, number): (&str, usize), table: &str) -> Option<String> {
    for step in &plan.steps {
        for statement in step.statements.iter().filter(|it| it.number >= step.resume_at) {
            if step.path == path && statement.number == number {
                return None;
            }
            let changes = |mode: LockMode| mode > LockMode::RowExclusive;
            if statement.locks.iter().any(|lock| lock.relation == table && changes(lock.mode)) {
                return Some(format!("line {} of `{}_{}`", statement.line, step.version, step.name));
            }
        }
    }
    None
}
