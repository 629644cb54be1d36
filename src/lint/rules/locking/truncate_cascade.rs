//! `truncate-cascade`: tables that nobody named lose their rows too.

use crate::diagnostic::Level;
use crate::lint::ask::reach::reached;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "truncate-cascade",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`truncate … cascade`",
    effect: "every table that refers to the named one by a foreign key is emptied too, and every table that refers to those: rows \
             go that nobody thought of, whatever `on delete` says",
    remedy: "name every table that is to be emptied, without `cascade`: PostgreSQL then refuses where one is missing",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-truncate.html"],
    bad: &[
        "create table public.users (id bigint primary key);\ncreate table public.orders (id bigint primary key, user_id bigint references public.users);\n-- then\ntruncate public.users cascade;",
    ],
    good: &["create temporary table picked (id bigint);\ntruncate picked cascade;"],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Truncate { tables, cascade: true } = &cx.stmt().kind else { return };
    let used: Vec<_> = tables.iter().filter(|table| cx.is_in_use(table)).collect();
    let Some(first) = used.first() else { return };
    let named: Vec<QName> = tables.iter().map(|table| cx.resolve(table)).collect();
    let reached = reached(cx.schema, &named);
    let name = cx.resolve(first);
    let finding = match reached.as_slice() {
        [] => cx.finding(cx.stmt().span, format!("`truncate … cascade` empties `{name}` and whatever refers to it")),
        [only] => cx.finding(cx.stmt().span, format!("`truncate … cascade` empties `{only}` along with `{name}`")),
        [one, rest @ ..] => cx.finding(
            cx.stmt().span,
            format!("`truncate … cascade` empties `{one}` and {} more along with `{name}`", rest.len()),
        ),
    };
    let mut all: Vec<String> = tables.iter().map(ToString::to_string).collect();
    all.extend(reached.iter().map(ToString::to_string));
    out.push(
        finding
            .label("follows foreign keys to other tables")
            .object(&name)
            .help(format!("name what is to be emptied, without `cascade`: truncate {};", all.join(", "))),
    );
}
