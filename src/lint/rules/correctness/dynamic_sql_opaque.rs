//! `dynamic-sql-opaque`: SQL that is only known when it runs.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Origin, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "dynamic-sql-opaque",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Note,
    opt_in: false,
    condition: "`execute` of a text that cannot be known before it runs",
    effect: "no rule sees what it does, and from here on nothing can be said to be missing: an object may have been made here",
    remedy: "write the statements out, or loop over an array of constants, which is followed",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN"],
    bad: &[
        "do $$\ndeclare name text;\nbegin\n  for name in select tablename from pg_tables where schemaname = 'old' loop\n    execute format('drop table old.%I', name);\n  end loop;\nend\n$$;",
    ],
    good: &["do $$\nbegin\n  execute 'create table public.orders (id bigint primary key)';\nend\n$$;"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let mut dynamic = cx.file.events.iter().filter(|event| event.dynamic.is_some() && event.origin != Origin::Routine);
    let Some(first) = dynamic.next() else { return };
    let span = first.dynamic.as_ref().map_or(first.stmt.span, |execute| execute.command.span);
    let finding = cx
        .finding(span, "what runs here is known only when it runs, and no rule can look at it")
        .label("not a constant")
        .help("write the statements out, or loop over an array of constants");
    out.push(match dynamic.count() {
        0 => finding,
        more => finding.note(format!("and {more} more in this migration")),
    });
}
