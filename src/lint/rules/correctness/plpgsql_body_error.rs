//! `plpgsql-body-error`: the body of a function, procedure or DO block that does not parse.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "plpgsql-body-error",
    group: Group::Correctness,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a body in plpgsql or SQL that does not follow the grammar",
    effect: "a DO block fails when it runs, a function when it is created; with `check_function_bodies` off, as dumps have it, only \
             when somebody calls it",
    remedy: "write it as the manual has it",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[
        "https://www.postgresql.org/docs/18/plpgsql.html",
        "https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-CHECK-FUNCTION-BODIES",
    ],
    bad: &[
        "do $$\nbegin\n  create tabel public.orders (id bigint);\nend\n$$;",
        "create function public.one() returns integer language sql as $$ selec 1 $$;",
    ],
    good: &["do $$\nbegin\n  create table public.orders (id bigint);\nend\n$$;"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    for error in cx.file.errors.iter().filter(|error| error.in_body) {
        out.push(
            cx.finding(error.span, format!("{} in the body", error.message)).label("PostgreSQL stops reading here"),
        );
    }
}
