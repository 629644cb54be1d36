//! `timestamptz`: a time without its zone is a different moment for every reader.

use super::types::{self, Role, Used};
use crate::diagnostic::Level;
use crate::lint::{Check, EventCx, Findings, Fix, Fixable, Group, Preset, Profile, Rule, RuleOption};
use crate::sql::ast::ExprKind;

pub(super) static RULE: Rule = Rule {
    id: "timestamptz",
    group: Group::Convention,
    profile: Profile::Conventions,
    level: Level::Error,
    opt_in: false,
    condition: "something that stays has the type `timestamp` without time zone",
    effect: "the value names no moment: each session reads it in its own time zone, and hours go wrong at every change of zone or summer time",
    remedy: "use `timestamptz`: it takes the same eight bytes and always names one moment",
    lock: None,
    fix: Fixable::Safe,
    options: &[
        RuleOption {
            name: "arguments",
            preset: Preset::Flag(false),
            help: "look also at arguments, results and variables of functions",
        },
        RuleOption { name: "casts", preset: Preset::Flag(false), help: "look also at casts" },
    ],
    sources: &[
        "https://www.postgresql.org/docs/18/datatype-datetime.html",
        "https://wiki.postgresql.org/wiki/Don't_Do_This#Don.27t_use_timestamp_.28without_time_zone.29",
    ],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamp;",
        "create type public.period as (starts_at timestamp(3), ends_at timestamptz);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid());\n-- then\nalter table public.orders add column paid_at timestamptz;",
    ],
    checks: &[Check::Anywhere(check)],
};

fn check(cx: &EventCx<'_>, out: &mut Findings) {
    types::stored(cx, |used| look(cx, &used, out));
    if cx.options.flag("arguments") {
        types::declared(cx, |used| look(cx, &used, out));
    }
    if cx.options.flag("casts") {
        super::exprs::each(cx.stmt(), |expr| {
            if let ExprKind::Cast { to, .. } = &expr.kind {
                look(cx, &Used { ty: to, role: Role::Cast, name: "", column: None, owner: None }, out);
            }
        });
    }
}

fn look(cx: &EventCx<'_>, used: &Used<'_>, out: &mut Findings) {
    if used.ty.name != "timestamp" || used.ty.schema.is_some() {
        return;
    }
    let stays = matches!(used.role, Role::Argument | Role::Variable | Role::Cast);
    let rounds = !used.ty.modifiers.is_empty()
        && !stays
        && cx.config.level(&super::timestamptz_precision::RULE, cx.file.path()).is_some();
    let edit = if rounds { used.replaced(cx, "timestamptz") } else { used.renamed(cx, "timestamptz") };
    let title = "make it `timestamptz`";
    // `now() at time zone 'utc'` is right for a timestamp and wrong for a timestamptz.
    let zoned = used.default().is_some_and(|default| {
        default.all().iter().any(|expr| matches!(&expr.kind, ExprKind::Binary { op, .. } if op == "at time zone"))
    });
    let fix = if zoned { Fix::unchecked(title, vec![edit]) } else { used.fix(title, edit) };
    let mut finding = used
        .finding(cx, format!("{} has no time zone: it names a different moment for every session", used.subject(cx)))
        .label("without time zone")
        .help(if rounds { "use `timestamptz`, without a precision, which only rounds" } else { "use `timestamptz`" });
    if zoned {
        finding = finding.help("with `timestamptz` the default is `now()`, without `at time zone`");
    }
    if used.role == Role::Altered {
        finding = finding.help(format!(
            "say in which zone the values are: `using {} at time zone 'utc'`",
            crate::text::bare_ident(used.name)
        ));
    }
    out.push(finding.fix(fix));
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::convention::probe::found;

    #[test]
    fn is_found_wherever_a_type_can_stand() {
        let sql = "do $$ begin
  create table public.x (a timestamp[], b TIMESTAMP(3) WITHOUT TIME ZONE, c timestamptz, d \"timestamp\");
  execute 'alter table public.x add column e timestamp';
end $$;
create table public.y as select now()::timestamp as at;
create temp table z (a timestamp);
create function f(a timestamp) returns void language plpgsql as $$ begin create table public.made (a timestamp); end $$;";
        let spans: Vec<_> = found("timestamptz", sql).into_iter().map(|it| it.0).collect();
        assert_eq!(
            spans,
            ["timestamp[]", "TIMESTAMP(3) WITHOUT TIME ZONE", "\"timestamp\"", "timestamp", "timestamp", "timestamp"]
        );
    }

    #[test]
    fn a_column_that_changes_its_type_or_goes_later_is_not_told_of() {
        let sql = "create table x (a timestamp, b timestamp, c timestamp, d timestamp, e timestamp(6));
alter table x rename column a to z;
alter table x alter z type timestamptz;
alter table x drop column b;
alter table x rename to y;
alter table y alter d type timestamp(3), alter e type text;
create table w (a timestamp, like y);
drop table w;
create table if not exists v (a timestamptz);
alter table unknown add column a timestamp[];
create function f() returns void language plpgsql as $$ begin create table made (a timestamp(1)); end $$;";
        let spans: Vec<_> = found("timestamptz", sql).into_iter().map(|it| it.0).collect();
        assert_eq!(spans, ["timestamp", "timestamp(3)", "timestamp[]", "timestamp(1)"]);
    }

    #[test]
    fn the_fix_keeps_precision_brackets_and_capitals() {
        let fixed: Vec<_> = found("timestamptz", "create type t as (a timestamp(3) without time zone[], b TIMESTAMP);")
            .into_iter()
            .map(|it| it.1)
            .collect();
        assert_eq!(
            fixed,
            [
                "create type t as (a timestamptz(3)[], b TIMESTAMP);",
                "create type t as (a timestamp(3) without time zone[], b TIMESTAMPTZ);"
            ]
        );
    }
}
