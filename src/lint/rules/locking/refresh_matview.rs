//! `refresh-matview`: refreshing a materialised view in place keeps its readers waiting.

use crate::diagnostic::Level;
use crate::lint::rules::suggest;
use crate::lint::schema::{IndexKey, View};
use crate::lint::{Check, Edit, EventCx, Findings, Fix, Fixable, Group, Origin, Profile, Rule};
use crate::risk::LockMode;
use crate::sql::ast::StmtKind;

pub(super) static RULE: Rule = Rule {
    id: "refresh-matview",
    group: Group::Locking,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "`refresh materialized view` without `concurrently` on one that this migration did not create",
    effect: "takes ACCESS EXCLUSIVE on the view for as long as its query runs: every reader waits",
    remedy: "refresh it `concurrently`; that needs a unique index on columns over all rows",
    lock: Some(LockMode::AccessExclusive),
    fix: Fixable::Safe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-refreshmaterializedview.html"],
    bad: &[
        "create materialized view public.totals as select 1 as id, 2 as total;\ncreate unique index totals_id_idx on public.totals (id);\n-- then\nrefresh materialized view public.totals;",
        "create materialized view public.totals as select 1 as id, 2 as total;\ncreate unique index totals_id_idx on public.totals (id);\n-- then\ndo $$\nbegin\n  refresh materialized view public.totals;\nend\n$$;",
    ],
    good: &[
        "create materialized view public.totals as select 1 as id, 2 as total;\ncreate unique index totals_id_idx on public.totals (id);\n-- then\nrefresh materialized view concurrently public.totals;",
        "create materialized view public.totals as select 1 as id, 2 as total with no data;\nrefresh materialized view public.totals;",
    ],
    checks: &[Check::Statement(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::RefreshView { name, concurrently: false, no_data: false } = &cx.stmt().kind else { return };
    let view = cx.resolve(name);
    let known = cx.schema.views.get(&view);
    if known.is_some_and(|known| known.created.is_in(cx.file.id)) {
        return;
    }
    let finding = cx
        .finding(name.span, format!("the refresh blocks every reader of `{view}`"))
        .label("readers wait until the query has run")
        .object(&view);
    out.push(match known {
        Some(known) if !has_unique_index(cx, known) => finding.help(format!(
            "give it a unique index once, and refresh it `concurrently`:\n\
             {index};\n\
             refresh materialized view concurrently {name};",
            index = suggest::concurrent_unique_index(&format!("{}_key", view.name), &view, "…", ""),
        )),
        Some(_) if matches!(cx.event.origin, Origin::Top | Origin::Do) => finding
            .help("refresh it `concurrently`")
            .fix(Fix::safe("refresh it `concurrently`", vec![Edit::insert(name.span.start, "concurrently ")])),
        _ => finding.help("refresh it `concurrently`, which needs a unique index on columns over all rows"),
    });
}

/// Whether `concurrently` can tell the rows apart.
fn has_unique_index(cx: &EventCx<'_>, view: &View) -> bool {
    view.indexes.iter().filter_map(|name| cx.schema.indexes.get(name)).any(|index| {
        index.unique && index.filter.is_none() && index.keys.iter().all(|key| matches!(key, IndexKey::Column(_)))
    })
}
