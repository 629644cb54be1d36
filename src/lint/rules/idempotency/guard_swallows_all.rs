//! `guard-swallows-all`: a handler that hides every error of the definitions it guards.

use crate::diagnostic::Level;
use crate::lint::ask::effect::{Deed, effects};
use crate::lint::ask::raised::{when_missing, when_there};
use crate::lint::{Check, Edit, Event, EventCx, Findings, Fix, Fixable, Group, Handler, Profile, Rule};
use crate::sql::ast::{Expr, StmtKind};
use crate::sql::{Kind, Tokens};

pub(super) static RULE: Rule = Rule {
    id: "guard-swallows-all",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`exception when others` that goes on as if nothing had happened, around statements that define or drop",
    effect: "a misspelt column, a missing privilege or a lock timeout looks like success: the migration is recorded as applied and \
             the object is not there",
    remedy: "catch what a second run raises and nothing else: `duplicate_object`, `duplicate_table`, `undefined_object` …",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING",
        "https://www.postgresql.org/docs/18/errcodes-appendix.html",
    ],
    bad: &[
        "do $$ begin\n  create type public.order_state as enum ('new');\nexception when others then null;\nend $$;",
        "create table public.orders (id bigint);\n-- then\ndo $$ begin\n  alter table public.orders add column note text;\nexception when others then\n  raise notice 'the column is there';\nend $$;",
    ],
    good: &[
        "do $$ begin\n  create type public.order_state as enum ('new');\nexception when duplicate_object then null;\nend $$;",
        "do $$ begin\n  create schema if not exists app;\nexception when others then\n  raise exception 'no schema: %', sqlerrm;\nend $$;",
        "do $$ begin\n  perform pg_notify('deploy', 'begun');\nexception when others then null;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let guards = &cx.event.guards;
    let all = |handler: &&Handler| handler.swallows && handler.conditions.iter().any(|condition| condition == "others");
    let Some(handler) = guards.handlers.iter().find(all).filter(|_| defines(cx.event)) else { return };
    let inside = |event: &&Event| event.guards.handlers.iter().any(|other| other.span == handler.span);
    if cx.earlier().take_while(|event| event.top == cx.event.top).any(|event| inside(&event) && defines(event)) {
        return;
    }
    let mut raised: Vec<&str> = Vec::new();
    let mut known = true;
    for event in
        std::iter::once(cx.event).chain(cx.later().take_while(|event| event.top == cx.event.top).filter(inside))
    {
        let found = effects(&event.stmt, cx.file.text());
        known &= !found.is_empty() || !defines(event);
        for effect in &found {
            let conditions = if effect.deed == Deed::Makes {
                when_there(effect.thing.kind)
            } else {
                when_missing(effect.thing.kind)
            };
            raised.extend(conditions.iter().map(|(name, _)| *name));
        }
    }
    raised.sort_unstable();
    raised.dedup();
    let names = raised.join(" or ");
    let span = others(cx, handler).unwrap_or(handler.span);
    let mut finding = cx
        .finding(
            span,
            "the handler hides every error of the definitions it guards, not only that they are there already",
        )
        .label("catches all");
    if names.is_empty() {
        finding = finding.help("name the conditions that a second run raises");
    } else {
        finding = finding.help(format!("write `when {names}`"));
        if known && span != handler.span {
            finding = finding.fix(Fix::unchecked(format!("catch `{names}`"), vec![Edit::replace(span, names)]));
        }
    }
    out.push(finding);
}

/// Where `others` is written.
fn others(cx: &EventCx<'_>, handler: &Handler) -> Option<crate::text::Span> {
    let text = cx.text(handler.span);
    let token =
        Tokens::new(text).find(|it| it.kind == Kind::Word && it.span.of(text).eq_ignore_ascii_case("others"))?;
    Some(token.span.shifted(handler.span.start))
}

/// Whether a statement defines, changes or drops an object, also by a command whose text begins so.
fn defines(event: &Event) -> bool {
    if let Some(execute) = &event.dynamic {
        let text = execute.command.all().into_iter().find_map(Expr::as_string);
        let first = text.and_then(|text| text.split_whitespace().next()).unwrap_or_default();
        return ["create", "alter", "drop"].iter().any(|word| first.eq_ignore_ascii_case(word));
    }
    !matches!(
        event.stmt.kind,
        StmtKind::Select(_)
            | StmtKind::Insert(_)
            | StmtKind::Update(_)
            | StmtKind::Delete(_)
            | StmtKind::Merge(_)
            | StmtKind::Copy(_)
            | StmtKind::Call(_)
            | StmtKind::Do { .. }
            | StmtKind::Set(_)
            | StmtKind::Transaction(_)
            | StmtKind::Lock { .. }
            | StmtKind::Vacuum { .. }
            | StmtKind::Analyze { .. }
            | StmtKind::RefreshView { .. }
            | StmtKind::Grant(_)
            | StmtKind::CommentOn(_)
            | StmtKind::Truncate { .. }
            | StmtKind::Reindex { .. }
            | StmtKind::Cluster { .. }
            | StmtKind::Explain(_)
            | StmtKind::Prepare { .. }
            | StmtKind::Execute(_)
            | StmtKind::Other(_)
            | StmtKind::Invalid
    )
}
