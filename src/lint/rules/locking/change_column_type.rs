//! `change-column-type`: another type for a column writes the whole table anew.

use crate::diagnostic::Level;
use crate::lint::ask::column_type::{Cost, change, known_type};
use crate::lint::ask::in_use::altered;
use crate::lint::{Check, EventCx, Findings, Fixable, Group, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::{AlterColumn, TableActionKind, TypeName};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "change-column-type",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a column's type is changed to one that its values are not already of, on a table that this migration did not create",
    effect: "the table and all its indexes are rebuilt under ACCESS EXCLUSIVE, and nobody reads or writes meanwhile; code that is \
             running may not expect the new type either. Free are longer `varchar` and `varbit`, `varchar` to `text` and back \
             without a limit, more digits of `numeric` with the same scale, more digits of a second, and `cidr` to `inet`; \
             yet an index is built anew that has the column in an expression or its `where`, and one of a partitioned table",
    remedy: "add a column of the new type, keep it with a trigger, fill it in batches, and swap the two by name in one short \
             transaction",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
    bad: &[
        "create table public.orders (id bigint primary key, quantity integer);\n-- then\nalter table public.orders alter column quantity type bigint;",
        "create table public.orders (id bigint primary key, note varchar(100));\n-- then\nalter table public.orders alter column note type varchar(50);",
        "create table public.orders (id bigint primary key, note text);\ncreate extension if not exists citext;\ncreate index orders_note_idx on public.orders (note);\n-- then\nalter table public.orders alter column note type citext;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, note varchar(100), total numeric(10, 2));\n-- then\nalter table public.orders alter column note type text, alter column total type numeric(12, 2);",
        "create table public.orders (id bigint primary key, note varchar(100));\n-- then\nalter table public.orders alter column note type varchar(200) using note::varchar(200);",
        "create table public.orders (id bigint primary key, quantity integer);\nalter table public.orders alter column quantity type bigint;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let Some(altered) = altered(cx) else { return };
    for action in &altered.alter.actions {
        let TableActionKind::AlterColumn { name, change: AlterColumn::Type { type_name, using } } = &action.kind else {
            continue;
        };
        let old = known_type(&altered, name);
        let change = change(cx, &altered, action, (name, type_name, using.as_ref()));
        let column = bare_ident(&name.value);
        let (message, label) = match change {
            Cost::Free => continue,
            Cost::Tested => (
                format!(
                    "the new type of `{column}` tests its check for every row while every read and write of `{}` waits",
                    altered.name
                ),
                "a check of the column is tested anew",
            ),
            Cost::Indexes => (
                format!(
                    "the new type of `{column}` rebuilds its indexes while every read and write of `{}` waits",
                    altered.name
                ),
                "the indexes must be ordered anew",
            ),
            Cost::Rewrite => (
                format!("the new type of `{column}` rewrites `{}` while every read and write waits", altered.name),
                "every row is written anew",
            ),
        };
        let finding = cx
            .finding(type_name.span, message)
            .label(match old {
                Some(old) if change == Cost::Rewrite && using.is_none() => format!("was {old}: {label}"),
                _ => label.to_owned(),
            })
            .object(&altered.name)
            .help(format!(
                "add a column of the new type, keep it with a trigger, fill it in batches, and swap the two by name:\n\
                 alter table {} add column if not exists {} {};",
                altered.alter.name,
                bare_ident(&format!("new_{}", name.value)),
                cx.text(type_name.span),
            ));
        let finding = match old {
            Some(old) if change == Cost::Rewrite && is_zoned(old, type_name) && using.is_none() => {
                finding.note("nothing but the column's indexes is rebuilt where the session's time zone is UTC")
            }
            _ => finding,
        };
        out.push(match altered.table.and_then(|table| table.column(&name.value)) {
            Some(column) => finding.see(column.created, "defined here"),
            None => finding,
        });
    }
}

/// Whether the change is between `timestamp` and `timestamptz`, which are the same bytes in UTC.
fn is_zoned(old: &TypeName, new: &TypeName) -> bool {
    old.dimensions == 0
        && new.dimensions == 0
        && [(old, new), (new, old)].iter().any(|(a, b)| a.is("timestamp") && b.is("timestamptz"))
}
