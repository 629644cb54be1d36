//! `secret-literal`: a secret written into a migration.

use std::collections::BTreeSet;

use super::ask::secret;
use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};
use crate::sql::ast::{Expr, ExprKind, StmtKind};
use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "secret-literal",
    group: Group::Security,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a password, API key, signed token, private key or connection string with a password is written in a migration",
    effect: "everybody who reads the repository or its history, the server's log or `pg_stat_statements` has it, and taking it out of the file \
             does not take it back",
    remedy: "revoke it; give it to the server at run time: from the environment, a vault, or `alter role … password` by hand",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createrole.html",
        "https://supabase.com/docs/guides/database/vault",
    ],
    bad: &[
        "create role reporting login password 'correct horse';\n",
        "create schema app;\ncreate table app.settings (name text primary key, value text);\n-- then\n\
         insert into app.settings (name, value) values ('dsn', 'postgres://app:hunter2@db.internal:5432/app');\n",
    ],
    good: &[
        "create role reporting login;\n",
        "create schema app;\ncreate table app.settings (name text primary key, value text);\n-- then\n\
         -- the value is set by hand: postgres://user:<password>@host/db\n\
         insert into app.settings (name, value) values ('dsn', current_setting('app.dsn', true));\n",
    ],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let text = cx.file.text();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut report =
        |span: Span, what: &str, out: &mut Findings| {
            if seen.insert(span.start) {
                out.push(cx.finding(span, format!("{what} is written in the migration")).label("a secret").help(
                    "revoke it, and give it to the server at run time: from the environment, a vault, or by hand",
                ));
            }
        };
    for event in &cx.file.events {
        match &event.stmt.kind {
            StmtKind::CreateRole(role) => {
                if let Some(span) = role.password.filter(|span| !secret::is_template(secret::unquoted(span.of(text)))) {
                    report(span, &format!("the password of role `{}`", role.name.value), out);
                }
            }
            StmtKind::Select(query) => {
                for (span, what) in query.exprs().into_iter().filter_map(vault_secret) {
                    report(span, what, out);
                }
            }
            StmtKind::Set(set) if !set.reset && secret::is_secret_name(&set.name) => {
                let is_real = |value: &String| value.len() >= 8 && !secret::is_placeholder(value);
                if set.values.first().is_some_and(is_real) {
                    report(event.stmt.span, &format!("the value of `{}`", set.name), out);
                }
            }
            _ => {}
        }
    }
    for (span, what) in secret::passwords(text) {
        report(span, what, out);
    }
    for (span, what) in secret::keys(text) {
        report(span, what, out);
    }
}

/// The text that is put into the vault.
fn vault_secret(expr: &Expr) -> Option<(Span, &'static str)> {
    let ExprKind::Call { name, args, .. } = &expr.kind else { return None };
    let at = match (name.schema(), name.object()) {
        (Some("vault"), "create_secret") => 0,
        (Some("vault"), "update_secret") => 1,
        _ => return None,
    };
    let arg = args.get(at)?;
    let value = arg.as_string()?;
    (!secret::is_placeholder(value)).then_some((arg.span, "a secret for the vault"))
}
