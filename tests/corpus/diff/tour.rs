//! A case: there, back, and through nothing.

use std::collections::BTreeMap;
use std::path::Path;

use dbctl::catalog::Catalog;

use super::judge::{self, Remade, Verdict};
use super::state::{State, planned};
use crate::support::Project;

/// A pair of schemas.
pub(super) struct Case {
    pub(super) suite: String,
    pub(super) name: String,
    pub(super) scripts: Scripts,
}

/// What makes the two, and the roles that they mention.
pub(super) struct Scripts {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) roles: Option<String>,
}

/// What became of a case.
pub(super) struct Outcome {
    pub(super) suite: String,
    pub(super) case: String,
    /// The ways that were gone; none where one of the schemas does not load on this server.
    pub(super) ways: Vec<Way>,
    /// What the server said of a schema that does not load.
    pub(super) unloaded: Option<String>,
}

/// A way from one schema to another.
pub(super) struct Way {
    /// From where to where: `a→b`, `b→a`, `a→b→a`, `0→a`, `a→0`.
    pub(super) name: &'static str,
    pub(super) verdict: Verdict,
    pub(super) remade: Remade,
    /// What dbctl would still do afterwards: nothing, where a schema that is there differs in nothing from itself.
    pub(super) left: Vec<String>,
}

struct Judge<'a> {
    pg_dump: &'a Path,
    ways: Vec<Way>,
}

impl Judge<'_> {
    /// Goes a way, and gives the schema that is there afterwards.
    fn go(&mut self, name: &'static str, state: &State, sql: &str, to: &Catalog, wanted: &[String]) -> Catalog {
        let before = state.identities();
        let outcome = state.run(sql);
        let now = state.catalog();
        let verdict = match outcome {
            Ok(()) => judge::compare(wanted, &state.dump(self.pg_dump)),
            Err(said) => Verdict::Fails(said),
        };
        let has_arrived = !matches!(verdict, Verdict::Fails(_));
        let left = if has_arrived { planned(&now, to).0.steps } else { Vec::new() };
        let remade = if has_arrived { judge::remade(&before, &state.identities()) } else { Remade::default() };
        self.ways.push(Way { name, verdict, remade, left: left.into_iter().map(|step| step.sql).collect() });
        now
    }
}

/// Judges a case: there and back, or all of its ways, the first with what the program itself prints.
pub(super) fn run(pg_dump: &Path, case: &Case, is_whole: bool) -> Outcome {
    let mut judge = Judge { pg_dump, ways: Vec::new() };
    let unloaded = tour(&mut judge, &case.scripts, is_whole).err();
    Outcome { suite: case.suite.clone(), case: case.name.clone(), ways: judge.ways, unloaded }
}

fn tour(judge: &mut Judge<'_>, scripts: &Scripts, is_whole: bool) -> Result<(), String> {
    let mut nothing = None;
    for role in scripts.roles.iter().flat_map(|it| it.split(';')).filter(|it| !it.trim().is_empty()) {
        // Roles belong to the server, and may be there from another case.
        nothing.get_or_insert_with(State::empty).run(role).ok();
    }
    let mut load = |sql: &str| loop {
        let said = match State::load(sql) {
            Ok(state) => return Ok(state),
            Err(said) => said,
        };
        // A case may mention roles that whoever runs it is to have.
        let role = said.split_once("role \"").and_then(|(_, rest)| rest.split_once("\" does not exist"));
        let Some((role, _)) = role else { return Err(said) };
        nothing.get_or_insert_with(State::empty).run(&format!("create role \"{role}\""))?;
    };
    let (x, y) = (load(&scripts.a)?, load(&scripts.b)?);
    let (a, b) = (x.catalog(), y.catalog());
    let (a_dump, b_dump) = (x.dump(judge.pg_dump), y.dump(judge.pg_dump));
    let words = "--format sql --owners --no-verify --managed-schemas";
    let sql = if is_whole {
        Project::empty().dbctl(&format!("diff --from {} --to {} {words}", x.url(), y.url())).ok().stdout
    } else {
        planned(&a, &b).1
    };
    let now = judge.go("a→b", &x, &sql, &b, &b_dump);
    let (_, back) = planned(&b, &a);
    judge.go("b→a", &y, &back, &a, &a_dump);
    if !is_whole {
        return Ok(());
    }
    // From where the first way led, it goes back by the same statements, and needs no second look where they were good.
    let (_, again) = planned(&now, &a);
    let is_known = again == back && judge.ways.iter().all(|way| way.verdict == Verdict::Exact);
    if !is_known {
        judge.go("a→b→a", &x, &again, &a, &a_dump);
    }
    let nothing = nothing.unwrap_or_else(State::empty);
    let (empty, empty_dump) = (nothing.catalog(), nothing.dump(judge.pg_dump));
    let (_, from_nothing) = planned(&empty, &a);
    let now = judge.go("0→a", &nothing, &from_nothing, &a, &a_dump);
    let (_, to_nothing) = planned(&now, &empty);
    judge.go("a→0", &nothing, &to_nothing, &empty, &empty_dump);
    // What a way only leads away from or to nothing is no pair of things that kept their names.
    judge.ways.iter_mut().filter(|way| way.name.contains('0')).for_each(|way| way.remade = Remade::default());
    Ok(())
}

/// The cases that went each way.
type Ways<'a> = Vec<(&'static str, Vec<(&'a str, &'a Way)>)>;

/// Ways by suite and name, in the order in which they were gone.
pub(super) fn by_suite(outcomes: &[Outcome]) -> BTreeMap<&str, Ways<'_>> {
    let mut suites: BTreeMap<&str, Ways<'_>> = BTreeMap::new();
    for outcome in outcomes {
        let suite = suites.entry(&outcome.suite).or_default();
        for way in &outcome.ways {
            let at = suite.iter().position(|(name, _)| *name == way.name).unwrap_or_else(|| {
                suite.push((way.name, Vec::new()));
                suite.len() - 1
            });
            suite[at].1.push((&outcome.case, way));
        }
    }
    suites
}
