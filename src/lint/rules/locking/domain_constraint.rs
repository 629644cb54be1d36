//! `domain-constraint`: a domain's constraint is checked in every table that uses it, all at once.

use crate::diagnostic::Level;
use crate::lint::ask::reach::users;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{ObjectAction, ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "domain-constraint",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a domain with a constraint, or a constraint added to one",
    effect: "adding or changing a domain's constraint reads every row of every table that uses the domain and blocks writes to all \
             of them meanwhile; it cannot be rolled out table by table",
    remedy: "put the check on the tables' columns, or add it to the domain `not valid` and validate it in a later migration",
    lock: Some(LockMode::Share),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-alterdomain.html"],
    bad: &[
        "create domain public.email as text;\ncreate table public.users (email public.email);\n-- then\nalter domain public.email add constraint email_has_at check (value like '%@%');",
        "create domain public.email as text check (value like '%@%');",
    ],
    good: &[
        "create domain public.email as text;\ncreate table public.users (email public.email);\n-- then\nalter domain public.email add constraint email_has_at check (value like '%@%') not valid;",
        "create domain public.email as text;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CreateDomain(create) if create.not_null || !create.checks.is_empty() => {
            let name = cx.schema.creation(&create.name);
            let span = create.checks.first().map_or(create.name.span, |check| check.span);
            let mut finding = cx
                .finding(span, format!("the constraint of `{name}` can only be changed for all its tables at once"))
                .label("later changes read every table that uses the domain")
                .about(name.to_string())
                .at_level(Level::Note)
                .help("put the check on the columns instead");
            // Nothing is locked yet.
            finding.lock = None;
            out.push(finding);
        }
        StmtKind::AlterObject(alter) if alter.kind == ObjectKind::Domain => {
            let Some(name) = &alter.name else { return };
            let adds = match &alter.action {
                ObjectAction::AddConstraint { not_valid, .. } => !not_valid,
                // Only where tables are known to use it: nearly all `set not null` follow a change of the data.
                ObjectAction::Other(words) if words == "set not null" => {
                    users(cx, name).is_some_and(|it| !it.is_empty())
                }
                _ => false,
            };
            let users = users(cx, name);
            if !adds || users.as_ref().is_some_and(Vec::is_empty) {
                return;
            }
            let domain = cx.resolve(name);
            let tables = match users.as_deref() {
                Some([only]) => format!("`{only}`"),
                Some(many) => format!("{} tables", many.len()),
                None => "every table that uses it".to_owned(),
            };
            let finding = cx
                .finding(cx.stmt().span, format!("checking `{domain}` reads {tables} and blocks writes meanwhile"))
                .label("every row is checked now")
                .help("add it `not valid`, and validate it in a later migration");
            out.push(match users.as_deref().and_then(<[QName]>::first) {
                Some(first) => finding.object(first),
                None => finding,
            });
        }
        _ => {}
    }
}
