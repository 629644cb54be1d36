//! `comment-function-signature`: a function that is named without its arguments.

use crate::diagnostic::Level;
use crate::lint::schema::Function;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{GrantTarget, RoutineKind, RoutineRef, StmtKind, TypeName};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "comment-function-signature",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`comment on`, `grant`, `revoke`, `alter` or `drop` of a function that is named without its argument types",
    effect: "a function is known by its name and its argument types: as soon as there is a second one of the name, the statement \
             fails (42725, ambiguous_function)",
    remedy: "write the argument types in parentheses, empty ones for none",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-comment.html",
        "https://www.postgresql.org/docs/18/sql-grant.html",
        "https://www.postgresql.org/docs/18/sql-dropfunction.html",
    ],
    bad: &[
        "create function public.total(bigint) returns bigint language sql as $$ select $1 $$;\ncomment on function public.total is 'the sum';",
        "create function public.total(bigint, text default '') returns bigint language sql as $$ select $1 $$;\n-- then\nrevoke execute on function public.total from public;",
    ],
    good: &[
        "create function public.total(bigint) returns bigint language sql as $$ select $1 $$;\ncomment on function public.total(bigint) is 'the sum';",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::CommentOn(comment) => comment.routine.iter().for_each(|routine| named(cx, routine, out)),
        StmtKind::Grant(grant) => {
            if let GrantTarget::Routines(routines) = &grant.target {
                for routine in routines {
                    named(cx, routine, out);
                }
            }
        }
        StmtKind::AlterRoutine(alter) => named(cx, &alter.routine, out),
        StmtKind::Drop(drop) => drop.routines.iter().for_each(|routine| named(cx, routine, out)),
        _ => {}
    }
}

fn named(cx: &EventCx<'_>, routine: &RoutineRef, out: &mut Findings) {
    if routine.args.is_some() || routine.kind == RoutineKind::Aggregate {
        return;
    }
    let name = cx.resolve(&routine.name);
    let is_kind = |it: &&Function| routine.kind == RoutineKind::Routine || it.kind == routine.kind;
    let candidates: Vec<&Function> = cx.schema.functions(&routine.name).iter().filter(is_kind).collect();
    let finding = cx
        .finding(routine.span, format!("`{name}` is named without its argument types"))
        .label("which one, once there are two?")
        .about(name.to_string());
    out.push(match candidates.as_slice() {
        [] => finding.help(format!("write the types, `()` for none: {name}(…)")),
        [only] => {
            let args = signature(only);
            let edit = Edit::insert(routine.span.end, args.clone());
            finding.help(format!("write the types: {name}{args}")).fix(Fix::safe("add the argument types", vec![edit]))
        }
        many => {
            let all: Vec<String> = many.iter().map(|it| format!("{name}{}", signature(it))).collect();
            finding
                .note("there are several, so the statement fails (42725, ambiguous_function)")
                .help(format!("write which is meant: {}", all.join(" or ")))
        }
    });
}

/// The argument types in parentheses.
fn signature(function: &Function) -> String {
    let types: Vec<String> = function.args.iter().map(written).collect();
    format!("({})", types.join(", "))
}

/// A type as SQL: without what does not identify it, and quoted where it must be.
fn written(of: &TypeName) -> String {
    let canonical = of.schema.is_none()
        && (of.name.starts_with('"') || of.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' '));
    let name = if canonical { of.name.as_str().into() } else { bare_ident(&of.name) };
    let schema = of.schema.as_ref().map_or_else(String::new, |schema| format!("{}.", bare_ident(schema)));
    format!("{schema}{name}{}", "[]".repeat(of.dimensions.min(1)))
}
