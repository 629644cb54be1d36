//! `idempotent-create-index`: an index that a second run finds there, or builds once more.

use super::create;
use super::edit::{behind, is_open};
use super::judge::full;
use crate::diagnostic::Level;
use crate::lint::ask::effect::{Kind, Ref, Thing};
use crate::lint::ask::guard::verdict;
use crate::lint::ask::ledger::Target;
use crate::lint::ask::raised::when_there;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::sql::ast::{CreateIndex, ObjectKind, StmtKind};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "idempotent-create-index",
    group: Group::Idempotency,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "`create index` without `if not exists`, or without a name",
    effect: "a second run stops with 42P07 (relation already exists); without a name it builds the same index again under another",
    remedy: "name it and write `create index if not exists`; a build with `concurrently` that failed leaves an invalid index of that name, which has to be dropped first",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate index orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate unique index orders_total_idx on public.orders (total);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  execute 'create index orders_user_id_idx on public.orders (user_id)';\nend $$;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ncreate index if not exists orders_user_id_idx on public.orders (user_id);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndrop index if exists public.orders_user_id_idx;\ncreate index orders_user_id_idx on public.orders (user_id);",
        "drop table if exists public.orders;\ncreate table public.orders (id bigint);\ncreate index orders_id_idx on public.orders (id);",
        "create table public.orders (id bigint primary key, total numeric, user_id uuid);\n-- then\ndo $$ begin\n  if not exists (select from pg_indexes where indexname = 'orders_user_id_idx') then\n    create index orders_user_id_idx on public.orders (user_id);\n  end if;\nend $$;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::CreateIndex(index) = &cx.stmt().kind else { return };
    if index.name.is_some() {
        create::check(cx, out, &[ObjectKind::Index], create::Remedy::IfNotExists("index"));
    } else if !create::is_passing(cx) {
        unnamed(cx, out, index);
    }
}

/// PostgreSQL makes up another name on each run.
fn unnamed(cx: &EventCx<'_>, out: &mut Findings, index: &CreateIndex) {
    let name = cx.schema.made_up_index(index, cx.file.text());
    let thing = Thing::of(Kind::Object(ObjectKind::Index), &index.table, Ref::bare(&name));
    if !verdict(cx, &Target::new(thing), true, &when_there(Kind::Object(ObjectKind::Index))).is_bare() {
        return;
    }
    let table = full(&Ref::from(&index.table));
    let finding =
        cx.finding(index.keyword, format!("every run builds another index on `{table}`: this one has no name"));
    let finding = finding.label("no name").about(table).help(format!("name it: `if not exists {}`", bare_ident(&name)));
    let fix = is_open(cx).then(|| behind(cx, "index", "if not exists")).flatten().map(|mut fix| {
        fix.edits.iter_mut().for_each(|edit| edit.text.push_str(&format!(" {}", bare_ident(&name))));
        Fix::unchecked("name it and add `if not exists`", fix.edits)
    });
    out.push(match fix {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}
