//! `self-assignment`: a column that is set to itself.

use crate::diagnostic::Level;
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Assignment, ExprKind, StmtKind, Update};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "self-assignment",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`update … set a = a`",
    effect: "the rows are written anew and locked, and say what they said before; most often another column or the other table's was \
             meant",
    remedy: "name the column that is meant, or remove the assignment",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-update.html"],
    bad: &[
        "create table public.orders (id bigint primary key, state text, note text);\n-- then\nupdate public.orders set note = 'a', state = state where id = 1;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, state text, note text);\n-- then\nupdate public.orders set note = state where id = 1;",
        "create table public.orders (id bigint primary key, state text);\ncreate function public.fill() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger fill before update on public.orders for each row execute function public.fill();\n-- then\nupdate public.orders set state = state where id > 0;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::Update(update) = &cx.stmt().kind else { return };
    // Nothing else is set, and a trigger is there to do the work: that is what the statement is for.
    let fires = || cx.table(&update.table).is_some_and(|table| table.triggers.iter().any(|it| on_update(&it.events)));
    if update.set.iter().all(|assignment| sets_itself(update, assignment)) && fires() {
        return;
    }
    for (at, assignment) in update.set.iter().enumerate() {
        if !sets_itself(update, assignment) {
            continue;
        }
        let finding = cx
            .finding(assignment.span, format!("`{}` is set to itself", assignment.column.value))
            .label("changes nothing")
            .help("name the column that is meant, or remove the assignment");
        out.push(match removal(cx, &update.set, at) {
            Some(edit) => finding.fix(Fix::unchecked("remove the assignment", vec![edit])),
            None => finding,
        });
    }
}

fn on_update(events: &[String]) -> bool {
    events.iter().any(|event| event.starts_with("update"))
}

fn sets_itself(update: &Update, assignment: &Assignment) -> bool {
    let Some(ExprKind::Column(parts)) = assignment.value.as_ref().map(|value| &value.kind) else { return false };
    let target = update.alias.as_ref().map_or(update.table.object(), |alias| alias.value.as_str());
    match parts.as_slice() {
        // Within plpgsql a bare name may be a variable of the same name only where both are told apart.
        [column] => column.value == assignment.column.value && update.from.is_empty() && !assignment.part,
        [.., table, column] => column.value == assignment.column.value && table.value == target && !assignment.part,
        [] => false,
    }
}

/// Takes one of several assignments away with the comma beside it.
fn removal(cx: &EventCx<'_>, list: &[Assignment], at: usize) -> Option<Edit> {
    let own = list[at].span;
    let (span, gap) = match (at.checked_sub(1).and_then(|before| list.get(before)), list.get(at + 1)) {
        (Some(before), _) => (Span::new(before.span.end, own.end), Span::new(before.span.end, own.start)),
        (None, Some(next)) => (Span::new(own.start, next.span.start), Span::new(own.end, next.span.start)),
        (None, None) => return None,
    };
    (cx.text(gap).trim() == ",").then(|| Edit::delete(span))
}
