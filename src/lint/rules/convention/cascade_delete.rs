//! `cascade-delete`: one deletion that takes the rows of other tables with it.

use super::foreign_keys;
use super::tables::named;
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::ReferentialAction;
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "cascade-delete",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Note,
    opt_in: false,
    condition: "a foreign key says `on delete cascade`; keys to the table of tenants, to `auth.users` and to tables with soft deletes are left out",
    effect: "one `delete` takes rows of other tables with it, past soft deletes and without a word of how many; large cascades hold their locks for long",
    remedy: "say `on delete restrict` or `set null` unless the row is a part of the other one",
    lock: None,
    fix: Fixable::No,
    options: &[
        RuleOption {
            name: "owners",
            preset: Preset::List(&["auth.users"]),
            help: "tables whose rows may take others with them, besides the table of tenants; `*` and `?` stand for letters",
        },
        RuleOption {
            name: "marks",
            preset: Preset::Text("deleted_at"),
            help: "the column by which rows are marked instead of deleted: tables that have it may take others with them",
        },
    ],
    sources: &["https://www.postgresql.org/docs/18/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
    bad: &[
        "create table public.customers (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), customer_id uuid);\ncreate index orders_customer_id_idx on public.orders (customer_id);\n-- then\nalter table public.orders\n  add foreign key (customer_id) references public.customers (id) on delete cascade;",
    ],
    good: &[
        "create table public.customers (id uuid primary key default gen_random_uuid());\ncreate table public.orders (id uuid primary key default gen_random_uuid(), customer_id uuid);\ncreate index orders_customer_id_idx on public.orders (customer_id);\n-- then\nalter table public.orders\n  add foreign key (customer_id) references public.customers (id) on delete restrict;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    foreign_keys::each(cx, |written| {
        if written.key.on_delete != Some(ReferentialAction::Cascade) {
            return;
        }
        let (table, parent) = (cx.resolve(written.table), cx.resolve(&written.key.table));
        let tenants = std::slice::from_ref(&cx.config.tenant_table);
        if named(tenants, &parent) || named(&cx.options.list("owners"), &parent) {
            return;
        }
        // Rows that are marked as deleted go for good only when somebody clears them away, and then with all that is theirs.
        let marks = cx.options.text("marks");
        if cx.table(&written.key.table).is_some_and(|table| table.column(&marks).is_some()) {
            return;
        }
        let columns: Vec<_> = written.columns.iter().map(|column| bare_ident(&column.value)).collect();
        out.push(
            cx.finding(written.key.span, format!("deleting a row of `{parent}` deletes all its rows of `{table}`"))
                .label(format!("by {}", columns.join(", ")))
                .object(&table)
                .help("say `on delete restrict` or `set null`, unless the row is a part of the other one"),
        );
    });
}
