//! `view-security-invoker`: a view that reads past row-level security.

use super::ask::{access, place};
use crate::diagnostic::Level;
use crate::lint::schema::QName;
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "view-security-invoker",
    group: Group::Security,
    profile: Profile::Supabase,
    level: Level::Error,
    opt_in: false,
    condition: "a view in an exposed schema is not `security_invoker` (PostgreSQL 15 and later)",
    effect: "it reads its tables as its owner, whom policies do not hold: clients see every row through it, whatever the tables' policies say",
    remedy: "create it `with (security_invoker = on)`; `create or replace view` without it takes it away again",
    lock: None,
    fix: Fixable::Safe,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/sql-createview.html#SQL-CREATEVIEW-SECURITY",
        "https://supabase.com/docs/guides/database/database-linter?lint=0010_security_definer_view",
    ],
    bad: &["create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
            create view public.titles as select id, title from app.notes;\n"],
    good: &[
        "create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
         create view public.titles with (security_invoker = on) as select id, title from app.notes;\n",
        "create schema app;\ncreate table app.notes (id bigint primary key, title text);\n\
         create view public.titles as select id, title from app.notes;\n-- then\n\
         alter view public.titles set (security_invoker = true);\n",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    if cx.config.pg_version < 15 {
        return;
    }
    for view in cx.schema.views.values() {
        if view.materialized
            || view.created.file.is_none()
            || view.is_security_invoker()
            || !cx.config.is_exposed(&view.name.schema)
            || !access::is_reachable(cx.config, &view.acl)
            // What shows `auth.users` is said by `auth-users-exposed`.
            || view.reads.contains(&QName::new("auth", "users"))
        {
            continue;
        }
        let mut finding = cx
            .finding(
                view.created,
                format!(
                    "`{}` shows clients every row: it reads its tables as its owner, past their policies",
                    view.name
                ),
            )
            .label("not `security_invoker`")
            .object(&view.name)
            .help(format!(
                "write `with (security_invoker = on)`; or `alter view {} set (security_invoker = on);`",
                view.name
            ));
        if let Some((file, event)) =
            place::event_at(cx.files, view.created).filter(|(_, event)| event.origin == Origin::Top)
            && let StmtKind::CreateView(create) = &event.stmt.kind
        {
            let edit = match create.options_span {
                None => Some(Edit::insert(create.as_span.start, "with (security_invoker = on) ")),
                // An option that is written as off is a decision to look at.
                Some(_) if view.options.iter().any(|option| option.starts_with("security_invoker")) => None,
                Some(span) => span
                    .of(file.text())
                    .find('(')
                    .map(|at| Edit::insert(span.start + at + 1, "security_invoker = on, ")),
            };
            if let Some(edit) = edit {
                finding = finding.fix(Fix::safe("make it `security_invoker`", vec![edit]));
            }
        }
        out.push(finding);
    }
}
