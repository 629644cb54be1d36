//! The renames of `dbctl diff`: asked for by flags and in a declarative schema, proposed to a person, and what follows.

use super::Cx;
use super::source::{self, Copy, Loaded};
use crate::catalog::{Catalog, Id, Kind, Scope};
use crate::diagnostic::Diagnostic;
use crate::diff::rename::{
    Asked, Candidate, Declared, Declares, Known, Rename, candidates, carried, declared, follow, order, part_candidates,
    resolve,
};
use crate::diff::{Options, Plan, Source, Step, plan};
use crate::error::Failure;
use crate::exit::Exit;
use crate::project::Project;
use crate::terminal::Answer;
use crate::text::{self, Span};

/// A schema of one side: what it is taken from, and what was read.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What it is taken from.
    pub source: &'a Source,
    /// What was read.
    pub loaded: &'a Loaded,
}

/// The schema to begin with after its renames.
#[derive(Default)]
pub struct Settled {
    /// What is there afterwards; none where nothing is renamed.
    catalog: Option<Catalog>,
    renames: Vec<Rename>,
    steps: Vec<Step>,
}

impl Settled {
    /// What is there once the renames are made.
    pub fn begun<'a>(&'a self, from: &'a Catalog) -> &'a Catalog {
        self.catalog.as_ref().unwrap_or(from)
    }

    /// The plan from one schema to another, the renames first.
    pub fn plan(&self, from: &Catalog, to: &Catalog, options: Options) -> Plan {
        plan(self.begun(from), to, options).after(&self.renames, &self.steps)
    }

    /// The plan of the way back, the renames last.
    pub fn back(&self, from: &Catalog, to: &Catalog, options: Options) -> Plan {
        plan(to, self.begun(from), options).before(&self.renames)
    }
}

/// Finds out what is renamed between two schemas; `words` are those of `--rename`.
pub async fn settle(
    cx: &Cx,
    project: &Project,
    (from, to): (Side<'_>, Side<'_>),
    words: &[String],
    scope: &Scope,
    options: Options,
) -> Result<Settled, Failure> {
    let said = said(cx, (from, to), words)?;
    let copy = Copy::new(cx, project, from.loaded, scope, options);
    let mut renaming =
        Renaming { cx, to: &to.loaded.catalog, from: &from.loaded.catalog, copy, settled: Settled::default() };
    let result = renaming.all(said).await;
    let Renaming { copy, mut settled, .. } = renaming;
    Box::pin(copy.drop()).await?;
    // The copy has nothing of what is left out.
    if let Some(catalog) = &mut settled.catalog {
        catalog.dependants.extend(carried(&from.loaded.catalog.dependants, &settled.renames));
    }
    result.map(|()| settled)
}

/// What flags and comments say, as pairs of names.
fn said(cx: &Cx, (from, to): (Side<'_>, Side<'_>), words: &[String]) -> Result<Vec<(Id, Id)>, Failure> {
    let known = Known { from: &from.loaded.catalog, to: &to.loaded.catalog };
    let asked: Result<Vec<Asked>, _> = words.iter().map(|word| word.parse::<Asked>()).collect();
    let mut pairs = asked.and_then(|asked| resolve(&asked, known)).map_err(|error| {
        let diagnostic =
            Diagnostic::error("diff/rename", error.to_string()).note("nothing was changed").help(error.help());
        Failure::new(Exit::Usage, diagnostic)
    })?;
    pairs.extend(comments(cx, to.source, known)?);
    // On the way back from the files, what they have renamed gets its old name again.
    let back = comments(cx, from.source, Known { from: known.to, to: known.from })?;
    pairs.extend(back.into_iter().map(|(old, new)| (new, old)));
    pairs.sort();
    pairs.dedup();
    Ok(pairs)
}

/// What the comments of a declarative schema say.
fn comments(cx: &Cx, side: &Source, known: Known<'_>) -> Result<Vec<(Id, Id)>, Failure> {
    let Source::File(path) = side else { return Ok(Vec::new()) };
    let wrong = |source: &text::Source, span: Span, error: &Declared| {
        let diagnostic =
            Diagnostic::error("diff/renamed-from", error.to_string()).at(source, span, "").note("nothing was compared");
        let help = match error {
            Declared::Both { .. } => "remove the comment, or the one of the two that is no longer wanted",
            Declared::Misplaced(..) => {
                "put it above a `create` statement or a column, or at the end of a column's line"
            }
        };
        Failure::new(Exit::Project, diagnostic.help(help))
    };
    let mut places = Vec::new();
    let mut all: Vec<Declares> = Vec::new();
    for source in source::sources(&cx.path(path))? {
        let found = declared(source.text()).map_err(|error| match error {
            Declared::Misplaced(span, _) => wrong(&source, span, &error),
            Declared::Both { .. } => wrong(&source, Span::new(0, 0), &error),
        })?;
        places.extend(found.iter().map(|it| (source.clone(), it.span)));
        all.extend(found);
    }
    Declares::resolve(&all, known).map_err(|error| {
        let at = if let Declared::Both { at, .. } = &error { *at } else { 0 };
        match places.get(at) {
            Some((source, span)) => wrong(source, *span, &error),
            None => Failure::new(Exit::Project, Diagnostic::error("diff/renamed-from", error.to_string())),
        }
    })
}

/// The schema under its renames.
struct Renaming<'a> {
    cx: &'a Cx,
    from: &'a Catalog,
    to: &'a Catalog,
    copy: Copy<'a>,
    settled: Settled,
}

impl Renaming<'_> {
    fn now(&self) -> &Catalog {
        self.settled.begun(self.from)
    }

    /// What was said, then what a person agrees to, then what follows.
    async fn all(&mut self, said: Vec<(Id, Id)>) -> Result<(), Failure> {
        self.rename(said).await?;
        for propose in [candidates, part_candidates] {
            let proposed = propose(self.now(), self.to);
            let agreed = self.ask(&proposed)?;
            self.rename(agreed).await?;
        }
        // What follows may be followed: indexes of partitions by that of their table.
        for _ in 0..4 {
            let has_columns = self.settled.renames.iter().any(|it| it.from.kind == Kind::Column);
            let following = follow(self.now(), self.to, has_columns);
            if !self.follow(following).await? {
                break;
            }
        }
        Ok(())
    }

    /// Renames what has to be renamed.
    async fn rename(&mut self, pairs: Vec<(Id, Id)>) -> Result<(), Failure> {
        if pairs.is_empty() {
            return Ok(());
        }
        let renames = order(self.now(), pairs);
        let steps: Vec<Step> = renames.iter().flat_map(|rename| rename.steps(self.now())).collect();
        if let Err(refused) = self.copy.run(&steps).await? {
            let title = if refused.of_copy {
                "nothing can be renamed: the schema to begin with cannot be made on a shadow database"
            } else {
                "PostgreSQL does not let this be renamed"
            };
            let diagnostic = Diagnostic::error("diff/cannot-rename", title)
                .caused_by(format!("`{}` fails: {}", refused.sql, refused.said))
                .note("it was tried on a shadow database, which is dropped: no other database was touched")
                .help("leave the rename out, or write the migration by hand");
            return Err(Failure::new(Exit::RolledBack, diagnostic));
        }
        self.settled.renames.extend(renames);
        self.settled.steps.extend(steps);
        self.settled.catalog = Some(self.copy.read().await?);
        Ok(())
    }

    /// Renames what differs only in its name; what PostgreSQL refuses stays. Says whether anything was renamed.
    async fn follow(&mut self, renames: Vec<Rename>) -> Result<bool, Failure> {
        let before = self.settled.renames.len();
        for rename in renames {
            let steps = rename.steps(self.now());
            let ran = match self.copy.run(&steps).await {
                // Whoever did not ask for it need not know that there is no shadow server.
                Err(_) if self.settled.renames.is_empty() => break,
                ran => ran?,
            };
            match ran {
                Ok(()) => {
                    self.settled.renames.push(rename);
                    self.settled.steps.extend(steps);
                }
                Err(refused) => {
                    self.cx.terminal.verbose(1, &format!("`{}` fails: {}", refused.sql, refused.said));
                    if refused.of_copy {
                        break;
                    }
                }
            }
        }
        let is_new = self.settled.renames.len() > before;
        if is_new {
            self.settled.catalog = Some(self.copy.read().await?);
        }
        Ok(is_new)
    }

    /// Asks which of these are renames; without a terminal none is, and each is told with the flag that says so.
    fn ask(&self, proposed: &[Candidate]) -> Result<Vec<(Id, Id)>, Failure> {
        let mut agreed = Vec::new();
        for candidate in proposed {
            let rename = candidate.rename(self.now());
            let (noun, old, new) = (rename.noun(), rename.old_name(), rename.new_name());
            let question =
                format!("Was {noun} {old} renamed to {new} ({})? If not, {}.", candidate.reason, loss(candidate));
            match self.cx.terminal.confirm(&question) {
                Ok(Answer::Yes) => agreed.push((candidate.old.clone(), candidate.new.clone())),
                Ok(Answer::No) => {}
                Ok(Answer::Interrupted) => {
                    let diagnostic = Diagnostic::note_only("confirm/interrupted", "interrupted: nothing was changed");
                    return Err(Failure::new(Exit::Interrupted, diagnostic));
                }
                Err(_) => self.cx.terminal.diagnostic(&not_assumed(candidate, &rename)),
            }
        }
        Ok(agreed)
    }
}

/// What may be a rename, said where nobody can be asked.
fn not_assumed(candidate: &Candidate, rename: &Rename) -> Diagnostic {
    let (noun, old, new) = (rename.noun(), rename.old_name(), rename.new_name());
    let title = format!("{noun} `{old}` may be called `{new}` now: {}", candidate.reason);
    let diagnostic = Diagnostic::note_only("diff/may-be-renamed", title);
    diagnostic.note(loss(candidate)).help(format!("to rename it add `{}`", rename.flag()))
}

/// What it means where it is no rename.
fn loss(candidate: &Candidate) -> &'static str {
    match candidate.old.kind {
        Kind::Enum if !candidate.old.part.is_empty() => "the type is made anew, which fails where rows have the value",
        _ if candidate.holds_data() => "the one is removed with its data, and the other is made empty",
        _ => "the one is removed, and the other is made",
    }
}
