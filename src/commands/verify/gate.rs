//! What `[gate] require` asks to be proved before a migration runs anywhere but locally.

use super::select::down;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::migration::Set;
use crate::plan::step::Step;
use crate::project::Project;
use crate::report::verify::Require;
use crate::state::{Proofs, StateDir};

/// A migration that lacks a proof.
pub struct Unproved {
    /// Its file.
    pub path: String,
    /// Its version.
    pub version: String,
    /// What is not proved of it, as it is written now.
    pub lacks: Vec<Require>,
}

impl Unproved {
    /// `` `migrations/1_a.sql` is not proved to be idempotent ``.
    pub fn sentence(&self) -> String {
        let words: Vec<&str> = self.lacks.iter().map(|what| what.word()).collect();
        format!("`{}` lacks a proof: {}", self.path, words.join(", "))
    }
}

/// The steps of which is not proved, as they are written now, what the project requires.
pub fn unproved(project: &Project, set: &Set, steps: &[Step]) -> Result<Vec<Unproved>, Failure> {
    let required = &project.config.gate.require;
    if required.is_empty() {
        return Ok(Vec::new());
    }
    let proofs = Proofs::load(&StateDir::open(project.root.as_std_path()))?;
    let chains = set.chains();
    let lacking = |step: &Step| {
        let file = set.by_key(step.key)?;
        let chain = chains.get(&step.key).map_or("", String::as_str);
        let proof = proofs.of(file.checksum.as_str(), chain, down(file).as_deref());
        let holds = |what: &Require| proof.is_some_and(|proof| proof.holds.contains(what));
        let lacks: Vec<Require> = required.iter().copied().filter(|what| !holds(what)).collect();
        let (path, version) = (step.path.clone(), step.version.clone());
        (!lacks.is_empty()).then_some(Unproved { path, version, lacks })
    };
    Ok(steps.iter().filter_map(lacking).collect())
}

/// Refuses steps that lack a proof.
pub fn check(project: &Project, set: &Set, steps: &[Step], target: &str) -> Result<(), Failure> {
    let lacking = unproved(project, set, steps)?;
    if lacking.is_empty() {
        return Ok(());
    }
    let subject =
        if lacking.len() == 1 { "1 migration has".to_owned() } else { format!("{} migrations have", lacking.len()) };
    let title = format!("{subject} not been proved as `[gate] require` asks");
    let mut diagnostic = Diagnostic::error("migrate/unproved", title);
    for one in &lacking {
        diagnostic = diagnostic.note(one.sentence());
    }
    let versions = lacking.iter().map(|one| one.version.as_str()).collect::<Vec<_>>().join(" ");
    let diagnostic = diagnostic
        .note(format!("nothing was changed on `{target}`"))
        .help(format!("prove them: `dbctl verify {versions}`; it says what is wrong where one fails"))
        .help("or pass by the gate, which the run records: `--skip-local-gate --reason \"…\"`");
    Err(Failure::new(Exit::Refused, diagnostic))
}
