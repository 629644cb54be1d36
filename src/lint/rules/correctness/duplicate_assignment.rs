//! `duplicate-assignment`: a column that is given twice.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Assignment, ExprKind, Ident, Query, QueryBody, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-assignment",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a column set, inserted or defined twice in one statement",
    effect: "PostgreSQL refuses the statement (42601 or 42701), and most often one of the two was meant to be another column",
    remedy: "keep one of the two, or name the column that was meant",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-update.html",
        "https://www.postgresql.org/docs/18/sql-insert.html",
    ],
    bad: &[
        "create table public.orders (id bigint primary key, state text, note text);\n-- then\nupdate public.orders set state = 'new', note = 'a', state = 'new' where id = 1;",
        "create table public.orders (id bigint primary key, state text, note text);\n-- then\ninsert into public.orders (id, state, state) values (1, 'new', 'a');",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text, note text);\n-- then\nupdate public.orders set state = 'new', note = 'a' where id = 1;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::Update(update) => assignments(cx, &update.set, out),
        StmtKind::Insert(insert) => {
            columns(cx, insert.columns.iter(), out);
            let update = insert.conflict.as_ref().and_then(|conflict| conflict.update.as_deref());
            assignments(cx, update.unwrap_or_default(), out);
        }
        StmtKind::CreateTable(create) => columns(cx, create.columns.iter().map(|column| &column.name), out),
        StmtKind::CreateTableAs(create) if create.columns.is_empty() => {
            create.query.iter().for_each(|query| targets(cx, query, out));
        }
        StmtKind::CreateTableAs(create) => columns(cx, create.columns.iter(), out),
        StmtKind::CreateView(create) if create.columns.is_empty() => targets(cx, &create.query, out),
        StmtKind::CreateView(create) => columns(cx, create.columns.iter(), out),
        _ => {}
    }
}

/// The first 63 bytes of a name are all that counts.
fn same(one: &Ident, other: &Ident) -> bool {
    one.value == other.value
        || (one.value.len() > 63 && one.value.as_bytes().get(..63) == other.value.as_bytes().get(..63))
}

fn assignments(cx: &EventCx<'_>, list: &[Assignment], out: &mut Findings) {
    for (at, later) in list.iter().enumerate() {
        let twice = |earlier: &&Assignment| same(&earlier.column, &later.column) && !(earlier.part && later.part);
        let Some(earlier) = list[..at].iter().find(twice) else { continue };
        let finding = cx
            .finding(later.column.span, format!("`{}` is set twice", later.column.value))
            .label("set before already")
            .see(crate::lint::schema::Place::new(cx.file.id, earlier.column.span), "here");
        let alike = cx.text(earlier.span) == cx.text(later.span) && !cx.text(later.span).contains("--");
        // With the comma before it, where nothing else stands between.
        let before = list[at - 1].span.end;
        let gap = cx.text(Span::new(before, later.span.start));
        out.push(if alike && gap.trim() == "," {
            let edit = Edit::delete(Span::new(before, later.span.end));
            finding.help("remove one of the two").fix(Fix::safe("remove the repetition", vec![edit]))
        } else {
            finding.help("keep the one that is meant")
        });
    }
}

fn columns<'a>(cx: &EventCx<'_>, list: impl Iterator<Item = &'a Ident>, out: &mut Findings) {
    let list: Vec<&Ident> = list.collect();
    for (at, later) in list.iter().enumerate() {
        if list[..at].iter().any(|earlier| same(earlier, later)) {
            out.push(
                cx.finding(later.span, format!("`{}` is named twice", later.value))
                    .label("named before already")
                    .help("remove one of the two, or name the column that was meant"),
            );
        }
    }
}

/// The columns that a query gives a table or view, as far as they have names.
fn targets(cx: &EventCx<'_>, query: &Query, out: &mut Findings) {
    let QueryBody::Select(select) = &query.body else { return };
    let names = select.targets.iter().filter_map(|target| match (&target.alias, &target.expr.kind) {
        (Some(alias), _) => Some(alias),
        (None, ExprKind::Column(parts)) => parts.last(),
        _ => None,
    });
    columns(cx, names, out);
}
