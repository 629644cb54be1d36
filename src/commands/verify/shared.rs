//! What migrations do to roles: they belong to the whole server, so that no schema of a database shows it.

use crate::diff::inverse::DataStep;
use crate::plan::step::Step;
use crate::sql::Statement;

/// What a migration does to roles and its way back does not undo, as somebody has to decide it.
pub fn left(up: &Step, down: Option<&Step>) -> Vec<DataStep> {
    let undone: Vec<&Statement> = down.into_iter().flat_map(|down| &down.statements).collect();
    let is_undone = |statement: &Statement| {
        let kind = match statement.kind.as_str() {
            "CREATE ROLE" => "DROP ROLE",
            "DROP ROLE" => "CREATE ROLE",
            "GRANT ROLE" => "REVOKE ROLE",
            "REVOKE ROLE" => "GRANT ROLE",
            other => other,
        };
        let is_it = |other: &&&Statement| other.kind == kind && name(other) == name(statement);
        undone.iter().find(is_it).is_some() || kind == "REVOKE ROLE" && undone.iter().any(|it| it.kind == "DROP ROLE")
    };
    let roles = up.statements.iter().filter(|it| it.kind.ends_with(" ROLE"));
    let left = roles.filter(|it| !is_undone(it));
    let said = left.map(|it| {
        let (line, kind) = (up.line(it), &it.kind);
        let role = name(it).map(|name| format!(" `{name}`")).unwrap_or_default();
        let help = match kind.as_str() {
            "CREATE ROLE" => format!(": `drop role {}` where no other database needs it", name(it).unwrap_or("it")),
            "DROP ROLE" => ": make it again as it was".to_owned(),
            "GRANT ROLE" => ": revoke the membership where nobody had it before".to_owned(),
            _ => String::new(),
        };
        DataStep {
            statement: it.number,
            line,
            what: format!("{kind}{role}"),
            table: None,
            columns: Vec::new(),
            undone: false,
            certain: true,
            decide: format!("roles belong to the whole server, and are not taken back{help}"),
        }
    });
    said.collect()
}

fn name(statement: &Statement) -> Option<&str> {
    statement.object.as_ref().map(|object| object.name.as_str())
}

/// The migration as it would run again by itself: a role that is there is in the way of `create role`, which a replay
/// tolerates.
pub fn intolerant(up: &Step) -> Option<Step> {
    let made: Vec<usize> = up.statements.iter().filter(|it| it.kind == "CREATE ROLE").map(|it| it.number).collect();
    if made.is_empty() {
        return None;
    }
    let mut again = up.clone();
    again.replaced.retain(|number, _| !made.contains(number));
    Some(again)
}
