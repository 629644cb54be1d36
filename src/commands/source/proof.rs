//! The proof of a plan: it is run on a shadow copy of the one schema, and what it leaves is compared with the other, by
//! the model and by what the system catalogs hold.

use super::super::Cx;
use super::replay::{fresh, open};
use super::{Loaded, Look};
use crate::catalog::{Census, Scope, Unlikeness};
use crate::db::{Session, Shadow, Shadows};
use crate::diagnostic::Diagnostic;
use crate::diff::{Options, Part, Plan, Step, compare, parts, plan};
use crate::error::Failure;
use crate::project::Project;
use crate::report::Verdict;
use crate::text::count;

/// How many rows or relations are named.
const NAMED: usize = 12;

/// What a proof has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The plan leaves the schema that is wanted.
    Holds,
    /// The plan leaves something else: the objects.
    Differs(Vec<String>),
    /// Nothing differs by the model, but these rows of the system catalogs do.
    Unseen(Vec<String>),
    /// A statement of the plan fails: it, and what the server said.
    Fails(String, String),
    /// The schema to begin with cannot be made on the shadow server: why.
    NoBeginning(String),
}

/// A proof, and what else is to be known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// What it has shown.
    pub proof: Proof,
    /// Whether there were statements to run.
    pub has_run: bool,
    /// Relations that have the same columns in another order.
    pub orders: Vec<String>,
    /// Why the system catalogs could not be compared.
    pub uncounted: Option<&'static str>,
}

/// Runs a plan on a shadow copy of what it begins with.
pub async fn prove(
    cx: &Cx,
    project: &Project,
    (from, to): (&Loaded, &Loaded),
    plan: &Plan,
    scope: &Scope,
    options: Options,
) -> Result<Proved, Failure> {
    let uncounted = match plan.target {
        Some(_) => Some("what is kept stands in no database"),
        None => uncounted(from, to, plan.steps.is_empty()),
    };
    if plan.steps.is_empty() {
        let unlike = match (&from.census, &to.census) {
            (Some(from), Some(to)) if uncounted.is_none() => from.compare(to, options.owners),
            _ => Unlikeness::default(),
        };
        return Ok(Proved { uncounted, ..proved(Proof::Holds, unlike, false) });
    }
    let shadows = match open(cx, project).await {
        Ok(shadows) => shadows,
        // The answer counts without its proof too.
        Err(failure) => {
            let said = failure.diagnostics.iter().flat_map(|it| std::iter::once(&it.title).chain(&it.causes));
            let why = said.cloned().collect::<Vec<_>>().join(": ");
            return Ok(Proved { uncounted, ..proved(Proof::NoBeginning(why), Unlikeness::default(), true) });
        }
    };
    let shadow = match &from.kept {
        Some(kept) => shadows.create(Some(kept)).await?,
        None => fresh(cx, project, &shadows).await?,
    };
    let look = Look { scope, census: uncounted.is_none() };
    let proof = on(&shadows, &shadow, (from, to), plan, look, options).await;
    shadows.drop(shadow).await?;
    let (proof, unlike) = proof?;
    Ok(Proved { uncounted, ..proved(proof, unlike, true) })
}

fn proved(proof: Proof, unlike: Unlikeness, has_run: bool) -> Proved {
    let rows: Vec<String> = unlike.rows.iter().map(ToString::to_string).collect();
    let proof = if proof == Proof::Holds && !rows.is_empty() { Proof::Unseen(rows) } else { proof };
    Proved { proof, has_run, orders: unlike.orders.into_iter().collect(), uncounted: None }
}

/// Why the system catalogs of two sources cannot be compared, where they cannot.
fn uncounted(from: &Loaded, to: &Loaded, is_same: bool) -> Option<&'static str> {
    let version = |it: &Loaded| it.census.as_ref().map_or(it.catalog.version, |census| census.version);
    let of_beginning = if from.catalog.version == 0 && !is_same { None } else { Some(from) };
    if to.census.is_none() || of_beginning.is_some_and(|from| from.census.is_none()) {
        return Some("of what is no database there are none");
    }
    let versions = of_beginning.into_iter().chain([to]).map(version).collect::<std::collections::BTreeSet<_>>();
    (versions.len() > 1).then_some("their servers are of different versions")
}

async fn on(
    shadows: &Shadows,
    shadow: &Shadow,
    (from, to): (&Loaded, &Loaded),
    wanted: &Plan,
    look: Look<'_>,
    options: Options,
) -> Result<(Proof, Unlikeness), Failure> {
    let session = shadows.session(shadow, false).await?;
    session.batch("set check_function_bodies = off").await?;
    let mut lacking = Unlikeness::default();
    if from.kept.is_none() {
        let there = Look { census: false, ..look }.at(&session).await?.catalog;
        if let Some((sql, said)) = run(&session, &plan(&there, &from.catalog, options.whole()).steps).await? {
            return Ok((Proof::NoBeginning(format!("`{sql}` fails: {said}")), lacking));
        }
        // What the copy lacks from the beginning is no fault of the plan.
        if let (true, Some(census)) = (look.census, &from.census) {
            lacking = unlike(look.at(&session).await?.census.as_ref(), census, options);
        }
    }
    if let Some((sql, said)) = run(&session, &wanted.steps).await? {
        return Ok((Proof::Fails(sql, said), Unlikeness::default()));
    }
    let left = look.at(&session).await?;
    let differ: Vec<String> =
        compare(&left.catalog, wanted.target(&to.catalog), options).keys().map(ToString::to_string).collect();
    if !differ.is_empty() {
        return Ok((Proof::Differs(differ), Unlikeness::default()));
    }
    let mut rest = to.census.as_ref().map_or_else(Unlikeness::default, |to| unlike(left.census.as_ref(), to, options));
    rest.forgive(&lacking);
    Ok((Proof::Holds, rest))
}

fn unlike(left: Option<&Census>, want: &Census, options: Options) -> Unlikeness {
    let same_server = |left: &&Census| left.version == want.version;
    left.filter(same_server).map_or_else(Unlikeness::default, |left| left.compare(want, options.owners))
}

/// Runs the statements of a plan as they have to run; gives the one that fails with what the server said.
pub(super) async fn run(session: &Session, steps: &[Step]) -> Result<Option<(String, String)>, Failure> {
    for part in parts(steps) {
        if let Some(failed) = perform(session, &part).await? {
            return Ok(Some(failed));
        }
    }
    Ok(None)
}

/// Runs a part as a migration runs it.
pub(super) async fn perform(session: &Session, part: &Part<'_>) -> Result<Option<(String, String)>, Failure> {
    let statements = part.steps.iter().map(|step| step.sql.as_str());
    let (first, last) = if part.in_transaction { (Some("begin"), Some("commit")) } else { (None, None) };
    // What waits for the end of its transaction fails then: a constraint that is deferred.
    for sql in first.into_iter().chain(statements).chain(last) {
        match session.batch(sql).await {
            Ok(()) => {}
            Err(error) if error.connection_is_lost() => return Err(error.into()),
            Err(error) => {
                session.batch("rollback").await?;
                return Ok(Some((sql.to_owned(), error.to_string())));
            }
        }
    }
    Ok(None)
}

impl Proved {
    /// What it has shown, as answers have it.
    pub fn verdict(&self) -> Verdict {
        match &self.proof {
            Proof::Holds => Verdict::Holds { uncounted: self.uncounted },
            Proof::Differs(differs) | Proof::Unseen(differs) => Verdict::Incomplete { differs: differs.clone() },
            Proof::Fails(statement, error) => Verdict::Fails { statement: statement.clone(), error: error.clone() },
            Proof::NoBeginning(why) => Verdict::NotTried { why: why.clone() },
        }
    }

    /// Says what the proof has shown, where that is not what it should be.
    pub fn say(&self, cx: &Cx) {
        if !self.orders.is_empty() {
            let orders = listed(&self.orders, ", ");
            cx.terminal.verbose(1, &format!("the order of columns differs, which no statement changes: {orders}"));
        }
        let diagnostic = match &self.proof {
            Proof::Holds => return,
            Proof::Differs(objects) => incomplete(format!("these differ afterwards: {}", listed(objects, ", "))),
            Proof::Unseen(rows) if self.has_run => {
                incomplete(format!("these rows of the system catalogs differ afterwards:\n{}", listed(rows, "\n")))
            }
            Proof::Unseen(rows) => {
                let title = "the system catalogs differ in what dbctl does not see as a difference";
                Diagnostic::warning("diff/unseen", title)
                    .caused_by(listed(rows, "\n"))
                    .note("no SQL is shown for it")
                    .help("look at these by hand; `pg_dump --schema-only` of both sides shows them in SQL")
            }
            Proof::Fails(sql, said) => incomplete(format!("`{sql}` fails: {said}")),
            Proof::NoBeginning(why) => Diagnostic::warning(
                "diff/not-proved",
                "the SQL could not be tried: its beginning cannot be made on a shadow database",
            )
            .caused_by(why.clone())
            .note("no other database was touched")
            .help("try the SQL on a copy of the database first"),
        };
        cx.terminal.diagnostic(&diagnostic);
    }
}

fn incomplete(cause: String) -> Diagnostic {
    Diagnostic::warning("diff/incomplete", "the plan is not complete: run on a shadow copy it leaves another schema")
        .caused_by(cause)
        .note("no other database was touched")
        .help("read the SQL with care, and correct it by hand")
}

/// The first of many, and how many more there are.
fn listed(all: &[String], between: &str) -> String {
    let mut text = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(between);
    if all.len() > NAMED {
        text.push_str(&format!("{between}and {}", count(all.len() - NAMED, "more")));
    }
    text
}
