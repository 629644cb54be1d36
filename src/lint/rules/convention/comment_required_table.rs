//! `comment-required-table`: a table that nobody explains.

use super::tables;
use crate::diagnostic::Level;
use crate::lint::{ChainCx, Check, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};

pub(super) static RULE: Rule = Rule {
    id: "comment-required-table",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Warning,
    opt_in: false,
    condition: "a table has no comment at the end of the chain",
    effect: "who meets the table in psql, in a generated API or in a diagram has to guess what a row of it is",
    remedy: "say in one sentence what a row is: `comment on table …`",
    lock: None,
    fix: Fixable::No,
    options: &[RuleOption {
        name: "exempt",
        preset: Preset::List(&[]),
        help: "tables that need none; `*` and `?` stand for letters",
    }],
    sources: &["https://www.postgresql.org/docs/18/sql-comment.html"],
    bad: &["\
create function public.touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
-- then
create table public.orders (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create trigger touch before update on public.orders for each row execute function public.touch();
"],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\ncomment on table public.orders is 'What a customer has ordered, paid or not.';",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx).filter(|table| table.comment.as_deref().is_none_or(|text| text.trim().is_empty())) {
        let name = &table.name;
        if tables::named(&tables::options(cx, table.created).list("exempt"), name) {
            continue;
        }
        out.push(
            cx.finding(table.created, format!("nothing says what a row of `{name}` is"))
                .label("no comment")
                .object(name)
                .help(format!("say it: `comment on table {name} is '…';`")),
        );
    }
}
