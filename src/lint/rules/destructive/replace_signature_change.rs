//! `replace-signature-change`: `create or replace function` with other arguments, names or another result than the function that is there.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::ask::depend::after;
use crate::lint::schema::{Function, QName};
use crate::sql::ast::{ArgMode, CreateRoutine, Parameter, Returns, RoutineKind, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "replace-signature-change",
    group: Group::Destructive,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create or replace function` with other arguments, names or another result than the function that is there",
    effect: "with other argument types a second function stands beside the first, and a call that fits both fails or finds the old one; with another result, other names of arguments or fewer defaults the statement fails (42P13)",
    remedy: "drop the function with its exact arguments first, in the same file",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createfunction.html",
        "https://www.postgresql.org/docs/18/xfunc-overload.html",
    ],
    bad: &[
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ncreate or replace function public.total(a int, b int default 0) returns int language sql as 'select a + b';\n",
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ncreate or replace function public.total(a int) returns bigint language sql as 'select a::bigint';\n",
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ncreate or replace function public.total(amount int) returns int language sql as 'select amount';\n",
    ],
    good: &[
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ncreate or replace function public.total(a int) returns int language sql as 'select a + 1';\n",
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ndrop function public.total(int);\ncreate or replace function public.total(a int, b int default 0) returns int language sql as 'select a + b';\n",
        "create function public.total(a int) returns int language sql as 'select a';\n-- then\ncreate function public.total(a text) returns text language sql as 'select a';\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateRoutine(create) = &cx.stmt().kind else { return };
    if !create.or_replace {
        return;
    }
    let name = cx.schema.creation(&create.name);
    let Some(list) = cx.schema.functions.get(&name).filter(|list| !list.is_empty()) else { return };
    let after = after(cx.schema, cx.file, cx.stmt());
    let Some(news) = after.functions.get(&name) else { return };
    let Some(new) = news.iter().find(|it| it.created.is_in(cx.file.id) && it.created.span == create.name.span) else {
        return;
    };
    let finding = |span: Span, message: String| cx.finding(span, message).about(format!("{name}{}", new.signature()));
    if news.len() > list.len() {
        // Several of a name are meant to be; and so is what this file has made itself or takes away.
        let [old] = list.as_slice() else { return };
        if old.created.is_in(cx.file.id) || old.created.file.is_none() || is_dropped_later(cx, &name) {
            return;
        }
        let drop = format!("drop {} if exists {name}{};", word(old), old.signature());
        out.push(
            finding(
                create.parameters_span,
                format!("makes a second `{}` beside `{name}{}`: nothing is replaced", name.name, old.signature()),
            )
            .label("other types than before")
            .see(old.created, "this one stays")
            .help(format!("drop the old one first: `{drop}`")),
        );
        return;
    }
    let Some(old) =
        list.iter().find(|it| it.args.len() == new.args.len() && !news.iter().any(|kept| kept.created == it.created))
    else {
        return;
    };
    let Some((span, change)) = refused(create, old, new) else { return };
    let drop = format!("drop {} {name}{};", word(old), old.signature());
    out.push(
        finding(span, format!("fails: `or replace` cannot change {change} of `{name}{}`", old.signature()))
            .label("not what it was")
            .see(old.created, "as it is now")
            .help(format!("drop it first, in this file: `{drop}`")),
    );
}

fn word(function: &Function) -> &'static str {
    if function.kind == RoutineKind::Procedure { "procedure" } else { "function" }
}

fn is_dropped_later(cx: &EventCx<'_>, name: &QName) -> bool {
    cx.later().any(|event| match &event.stmt.kind {
        StmtKind::Drop(drop) => drop.routines.iter().any(|it| cx.resolve(&it.name) == *name),
        _ => false,
    })
}

/// What PostgreSQL refuses to change under the same argument types, and where it is written.
fn refused(create: &CreateRoutine, old: &Function, new: &Function) -> Option<(Span, &'static str)> {
    if old.kind != new.kind {
        return Some((create.name.span, "the kind"));
    }
    let before = old.definition.as_ref()?;
    let plain = |text: &str| text.replace("public.", "").to_ascii_lowercase();
    if plain(&old.returns) != plain(&new.returns) {
        let span = match &create.returns {
            Some(Returns::Type(of)) => of.span,
            _ => create.parameters_span,
        };
        return Some((span, "the result"));
    }
    let inputs = |routine: &CreateRoutine| -> Vec<Parameter> {
        routine.parameters.iter().filter(|it| it.mode != ArgMode::Out).cloned().collect()
    };
    for (was, is) in inputs(before).iter().zip(&inputs(create)) {
        if let Some(name) = &was.name
            && is.name.as_ref().is_none_or(|new| new.value != name.value)
        {
            return Some((is.span, "the name of an argument"));
        }
        if was.default.is_some() && is.default.is_none() {
            return Some((is.span, "an argument that has a default"));
        }
    }
    None
}
