//! `drop-table`: a table that was there before this migration is dropped.

use super::gone::{is_first_guard, is_made_later, is_unheard_of, unheard_of};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{InsertSource, ObjectKind, StmtKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-table",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a table that was there before this migration is dropped",
    effect: "its rows are gone with the commit, and a program that still reads or writes it fails",
    remedy: "release a program that does not use it, then rename it away for a while, then drop it; say with `-- dbctl:ignore drop-table: …` that this has happened",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-droptable.html"],
    bad: &[
        "create table public.orders (id bigint primary key);\n-- then\ndrop table public.orders;\n",
        "create table public.a (id int);\ncreate table public.b (id int);\n-- then\ndo $$ begin drop table if exists public.a, public.b; end $$;\n",
    ],
    good: &[
        "create table public.staging (id int);\ndrop table public.staging;\n",
        "create temp table staging (id int);\ndrop table staging;\n",
        "drop table if exists public.orders;\ncreate table public.orders (id bigint primary key);\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Drop(drop) = &cx.stmt().kind else { return };
    if !matches!(drop.kind, ObjectKind::Table | ObjectKind::ForeignTable) {
        return;
    }
    for written in &drop.names {
        let name = cx.resolve(written);
        if !cx.is_in_use(written) || is_first_guard(cx, drop, &name) || is_rebuilt(cx, &name) {
            continue;
        }
        if is_unheard_of(cx, drop, &name) {
            out.push(unheard_of(cx, drop, written.span, &name.to_string()));
            continue;
        }
        let finding = if drop.kind == ObjectKind::ForeignTable {
            cx.finding(written.span, format!("drops foreign table `{name}`, which programs may still read"))
                .label("its rows stay where they are, but nothing here reaches them")
        } else {
            cx.finding(written.span, format!("drops table `{name}` with all its rows"))
                .label("its rows cannot be brought back by a rollback")
        };
        let away = format!("{}_old", name.name);
        let away = crate::text::bare_ident(&away);
        out.push(finding.object(&name).help(format!(
            "first release a program that does not use it; `alter table {name} rename to {away}` shows who still does"
        )));
    }
}

/// Whether the file has copied the rows elsewhere and gives the copy the table's name.
fn is_rebuilt(cx: &EventCx<'_>, table: &QName) -> bool {
    let reads = |query: &crate::sql::ast::Query| query.relations().iter().any(|name| cx.resolve(name) == *table);
    let is_copied = cx.earlier().any(|event| match &event.stmt.kind {
        StmtKind::Insert(insert) => matches!(&insert.source, InsertSource::Query(query) if reads(query)),
        StmtKind::CreateTableAs(create) => create.query.as_ref().is_some_and(reads),
        _ => false,
    });
    is_copied && is_made_later(cx, table)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Level;
    use crate::lint::{Config, example, lint, parse_all};

    #[test]
    fn what_nobody_made_is_no_loss() {
        let history = "create table public.orders (id bigint primary key);\n-- then\n";
        for (history, sql, level) in [
            (history, "drop table if exists public.nothing cascade;", Some(Level::Note)),
            (history, "drop table if exists public.orders cascade;", Some(Level::Error)),
            (history, "drop table public.nothing;", Some(Level::Error)),
            (
                history,
                "do $$ begin if to_regclass('public.old') is not null then drop table public.old; end if; end $$;",
                Some(Level::Note),
            ),
            (history, "drop view if exists public.nothing cascade;", Some(Level::Note)),
            // A chain that does not know the tables there are.
            ("", "drop table if exists public.nothing;", Some(Level::Error)),
        ] {
            let found = lint(&parse_all(example::inputs(&format!("{history}{sql}"))), &Config::default()).findings;
            let worst = found.iter().filter(|it| it.rule.id.starts_with("drop-")).map(|it| it.level).max();
            assert_eq!(worst, level, "{sql}");
        }
    }
}
