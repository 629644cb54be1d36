//! `applied-file-edited`: a migration that is applied was edited.

use crate::diagnostic::Level;
use crate::lint::{Check, FileCx, Findings, Fixable, Group, Profile, Rule};

use crate::text::Span;

pub(super) static RULE: Rule = Rule {
    id: "applied-file-edited",
    group: Group::Hygiene,
    profile: Profile::Postgres,
    level: Level::Error,
    opt_in: false,
    condition: "a migration that has run was edited: `dbctl.sum`, or with `--since` the base branch, has another text of it",
    effect: "the edit never runs where it is applied, and runs everywhere else: databases drift apart; dbctl refuses to go on when it sees it",
    remedy: "take the edit back, and write it as a new migration",
    lock: None,
    fix: Fixable::No,
    options: &[],
    sources: &[],
    bad: &["-- file: 20240101000000_edited.sql\ncreate table public.orders (id bigint primary key);\n"],
    good: &["-- file: 20240101000001_new.sql\ncreate table public.orders (id bigint primary key);\n"],
    checks: &[Check::File(check)],
};

fn check(cx: &FileCx<'_>, out: &mut Findings) {
    let path = cx.file.path();
    let file = cx.file.file_name();
    let back = "take the edit back, and write what it does as a new migration";
    if cx.config.differing.contains(path) {
        out.push(
            cx.finding(Span::new(0, 0), format!("`{file}` has run as it was before: its edit never runs there"))
                .about(file)
                .note("`dbctl.sum` records another text of it")
                .help(back)
                .help("where it has run on nobody's database but yours: `dbctl rollback`, then `dbctl migrate` records it anew"),
        );
    } else if cx.config.edited.contains(path) {
        out.push(
            cx.finding(Span::new(0, 0), format!("`{file}` is applied as it was before: its edit never runs there"))
                .about(file)
                .note("the base branch has another text of it")
                .help(back),
        );
    } else if cx.config.recommented.contains(path) {
        out.push(
            cx.finding(Span::new(0, 0), format!("comments of `{file}` have changed since it was applied"))
                .about(file)
                .at_level(Level::Warning)
                .note("its statements are the same: dbctl goes on, and warns of it")
                .help("take the edit back; `-- dbctl:ignore` comments may be added"),
        );
    }
}
