//! The migrations that `dbctl diff --write NAME` makes of a plan.

use super::Cx;
use super::rename::Settled;
use super::source::{Loaded, Rehearsal, Rehearsed, rehearse};
use crate::catalog::Scope;
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, Part, Plan, Source, file, parts};
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::{Project, scaffold};
use crate::report::DiffFile;

/// What is to be written.
pub struct Wanted<'a> {
    /// What the migration is called, in words.
    pub name: &'a str,
    /// The plan; it has statements.
    pub plan: &'a Plan,
    /// Its renames.
    pub settled: &'a Settled,
    /// Where it begins and where it leads, as the command line says it.
    pub way: (&'a Source, &'a Source),
    /// The same as schemas.
    pub states: (&'a Loaded, &'a Loaded),
    /// Which objects are looked at.
    pub scope: &'a Scope,
    /// What the plan minds.
    pub options: Options,
    /// Whether it is run on a shadow copy, there and back, before it is written.
    pub verify: bool,
}

/// Writes a plan as migrations, a file a part, and what takes them back.
pub async fn write(cx: &Cx, project: &Project, wanted: &Wanted<'_>) -> Result<Vec<DiffFile>, Failure> {
    let parts = parts(&wanted.plan.steps);
    let (from, to) = wanted.states;
    if *wanted.way.0 != Source::Migrations(None) {
        cx.terminal.diagnostic(&other_beginning(wanted.way.0));
    }
    // What the parts leave between them is known only once they have run.
    let rehearsal = if wanted.verify || parts.len() > 1 {
        rehearse(cx, project, from, (&parts, wanted.settled), wanted.scope, wanted.options).await?
    } else {
        Rehearsal::NoBeginning
    };
    let back = || wanted.settled.back(&from.catalog, wanted.plan.target(&to.catalog), wanted.options.whole());
    let (backs, is_tried) = match rehearsal {
        Rehearsal::Ran(backs) => (backs, true),
        Rehearsal::Fails(sql, said) => return Err(fails(&sql, &said)),
        Rehearsal::NoBeginning => (at_the_end(back(), parts.len()), false),
    };
    let texts = texts(wanted, &parts, &backs, is_tried);
    let made = scaffold::new_migrations(project, &texts, cx.now())?;
    for (made, warning) in made.iter().zip(backs.iter().map(|it| &it.warning)) {
        if let (Some(down), Some(warning)) = (&made.down, warning) {
            let diagnostic = Diagnostic::warning("diff/not-taken-back", format!("`{down}` does not take all back"))
                .caused_by(warning.clone())
                .note("it was run on a shadow database, which is dropped: no other database was touched")
                .help("correct the file by hand before it is needed");
            cx.terminal.diagnostic(&diagnostic);
        }
    }
    let files =
        made.into_iter().map(|it| DiffFile { version: it.version, name: it.name, up: it.up, down: it.down }).collect();
    Ok(files)
}

/// The texts of the files.
fn texts(wanted: &Wanted<'_>, parts: &[Part<'_>], backs: &[Rehearsed], is_tried: bool) -> Vec<scaffold::Written> {
    let (from, to) = (wanted.way.0.to_string(), wanted.way.1.to_string());
    let untried = (!is_tried).then_some("it was not run on a shadow database");
    let all = parts.len();
    let text = |(at, (part, rehearsed)): (usize, (&Part<'_>, &Rehearsed))| {
        let heading = file::Heading { title: wanted.name, way: (&from, &to), number: (at + 1, all), warning: untried };
        let name = if all > 1 { format!("{} part {}", wanted.name, at + 1) } else { wanted.name.to_owned() };
        let warning = rehearsed.warning.as_deref().or(untried);
        let (up, down) = (file::up(&heading, part), file::down(&heading, part, &rehearsed.back, warning));
        scaffold::Written { name, up, down }
    };
    parts.iter().zip(backs).enumerate().map(text).collect()
}

/// The whole way back in the newest file, where nobody knows what stands between the parts.
fn at_the_end(back: Plan, parts: usize) -> Vec<Rehearsed> {
    let nothing = (1..parts).map(|_| Rehearsed { back: Plan::default(), warning: None });
    nothing.chain([Rehearsed { back, warning: None }]).collect()
}

fn other_beginning(from: &Source) -> Diagnostic {
    Diagnostic::warning(
        "diff/other-beginning",
        format!("the migration begins at `{from}`, and not at what the migrations leave"),
    )
    .note("behind them it may fail, or do what is done already")
    .help("begin at the migrations: `dbctl diff --from migrations --write NAME`")
}

fn fails(sql: &str, said: &str) -> Failure {
    let diagnostic = Diagnostic::error("diff/not-written", "the migration was not written: a statement of it fails")
        .caused_by(format!("`{sql}`: {said}"))
        .note("it was run on a shadow database, which is dropped: no other database was touched")
        .help("print the SQL and correct it by hand: `--format sql`, into a file of `dbctl new`");
    Failure::new(Exit::Refused, diagnostic)
}
