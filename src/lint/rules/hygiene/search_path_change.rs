//! `search-path-change`: the search path of the whole session is changed.

use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};

use crate::lint::{Edit, Fix};
use crate::sql::ast::{ExprKind, LiteralKind, Query, QueryBody, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "search-path-change",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "the search path of the whole session is changed",
    effect: "it stays after the migration: with tools that run several in one session, later ones make their objects in another schema or do not find them",
    remedy: "write `set local search_path`, which ends with the transaction, or name the schema with each object",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-set.html",
        "https://www.postgresql.org/docs/18/ddl-schemas.html#DDL-SCHEMAS-PATH",
    ],
    bad: &[
        "set search_path to app, public;\ncreate table public.orders (id bigint primary key);\n",
        "select pg_catalog.set_config('search_path', '', false);\ncreate table public.orders (id bigint primary key);\n",
    ],
    good: &[
        "set local search_path to app, public;\ncreate table public.orders (id bigint primary key);\n",
        "set search_path to app;\ncreate table public.orders (id bigint primary key);\nreset search_path;\n",
        "create function public.total() returns int language sql set search_path = '' as 'select 1';\n",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let (span, edit) = match &cx.stmt().kind {
        StmtKind::Set(set) if set.name == "search_path" && !set.local && !set.reset => {
            let after = cx.file.text().get(set.keyword.end..cx.stmt().span.end).unwrap_or_default();
            let blank = after.len() - after.trim_start().len();
            let word = after.trim_start().get(.."session".len()).unwrap_or_default();
            let edit = if word.eq_ignore_ascii_case("session") {
                let at = set.keyword.end + blank;
                Edit::replace(Span::new(at, at + word.len()), "local")
            } else {
                Edit::insert(set.keyword.end, " local")
            };
            (cx.stmt().span, edit)
        }
        StmtKind::Select(query) => match set_config(query) {
            Some((call, local)) => (call, Edit::replace(local, "true")),
            None => return,
        },
        _ => return,
    };
    if is_taken_back(cx) {
        return;
    }
    let finding = cx
        .finding(span, "changes the search path of the whole session, not only of this migration")
        .label("stays when the migration is done")
        .about("search_path")
        .help("write `set local search_path …`, which ends with the transaction");
    // Outside a transaction `local` has no effect.
    out.push(if cx.in_transaction() {
        finding.fix(Fix::safe("change it for this transaction only", vec![edit]))
    } else {
        finding
    });
}

/// `set_config('search_path', …, false)`: the call and its last argument.
fn set_config(query: &Query) -> Option<(Span, Span)> {
    let QueryBody::Select(select) = &query.body else { return None };
    select.targets.iter().find_map(|target| {
        let ExprKind::Call { name, args, .. } = &target.expr.kind else { return None };
        let [setting, _, local] = args.as_slice() else { return None };
        let is_session = matches!(local.kind, ExprKind::Literal(LiteralKind::Bool(false)));
        (name.object() == "set_config" && setting.as_string() == Some("search_path") && is_session)
            .then_some((target.expr.span, local.span))
    })
}

fn is_taken_back(cx: &EventCx<'_>) -> bool {
    cx.later().any(|event| match &event.stmt.kind {
        StmtKind::Set(set) => set.reset && matches!(set.name.as_str(), "search_path" | "all"),
        _ => false,
    })
}
