//! `constraint-never-validated`: a constraint that was added `not valid` and left so.

use crate::diagnostic::Level;
use crate::lint::schema::ConstraintDef;
use crate::lint::{ChainCx, Check, Findings, Fix, Fixable, Group, Profile, Rule};
use crate::text::bare_ident;

pub(super) static RULE: Rule = Rule {
    id: "constraint-never-validated",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a constraint added `not valid` that no later migration validates",
    effect: "old rows may break it, an update of such a row fails out of the blue, and the planner does not count on it",
    remedy: "add a migration that validates it; that lets reads and writes go on",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
    bad: &[
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add constraint orders_total_check check (total >= 0) not valid;",
    ],
    good: &[
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add constraint orders_total_check check (total >= 0) not valid;\n-- then\nalter table public.orders validate constraint orders_total_check;",
        "create table public.orders (id bigint primary key, total numeric);\n-- then\nalter table public.orders add constraint orders_total_check check (total >= 0) not valid;\n-- then\nalter table public.orders drop constraint orders_total_check;",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in cx.tables() {
        for constraint in table.constraints.iter().filter(|constraint| !constraint.valid) {
            let Some(file) = constraint.created.file.and_then(|file| cx.files.get(file)) else { continue };
            // What is not enforced is not meant to be valid.
            let text = constraint.created.span.of(file.text()).to_ascii_lowercase();
            if text.contains("not enforced") {
                continue;
            }
            let what = match constraint.def {
                ConstraintDef::ForeignKey(_) => "foreign key",
                ConstraintDef::Check(_) => "check",
                _ => "constraint",
            };
            let name = bare_ident(&constraint.name);
            let sql = format!("alter table {} validate constraint {name};", table.name);
            let finding = cx
                .finding(constraint.created, format!("the {what} `{name}` of `{}` is never validated", table.name))
                .label("old rows may break it")
                .object(&table.name)
                .touched(table.touched)
                .help(format!("add a migration with\n{sql}"))
                .fix(
                    Fix::safe("validate it in a migration of its own", Vec::new())
                        .adding(format!("validate_{}", constraint.name), format!("{sql}\n")),
                );
            out.push(finding);
        }
    }
}
