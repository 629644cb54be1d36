//! What a run would do: files against ledger, judged, limited, and made ready.

use super::refuse::{Allow, Findings, judge, resume_at, settle_checksums};
use super::{Cx, steps};
use crate::db::Session;
use crate::error::Failure;
use crate::migration::{Directives, Migration, Set};
use crate::plan::ledger::Ledger;
use crate::plan::resolve::{Item, resolve};
use crate::plan::step::Step;
use crate::report::Checksum;
use crate::text::Source;

/// What a look at files and ledger leads to.
pub struct Decision<'a> {
    /// The steps to run, in order.
    pub steps: Vec<Step>,
    /// Changed files that are to be accepted as they are now.
    pub accept: Vec<&'a Migration>,
    /// What stops the run and what is worth knowing.
    pub findings: Findings,
    /// How many migrations are applied.
    pub applied: usize,
    /// How many more are pending behind the limit.
    pub beyond: usize,
    /// Whether an applied file differs in a way that does not stop the run; refinery would call it divergent.
    pub divergent: bool,
    /// The keys of applied files that differ from what was run in comments alone, none of which steers dbctl.
    pub recommented: Vec<i64>,
}

impl Decision<'_> {
    /// Says the warnings, and gives the refusals as the failure that they are.
    pub fn unless_refused(self, cx: &Cx) -> Result<Self, Failure> {
        for warning in &self.findings.warnings {
            cx.terminal.diagnostic(warning);
        }
        self.unless_refused_quietly()
    }

    /// The same for a second look: its warnings have been said.
    pub fn unless_refused_quietly(mut self) -> Result<Self, Failure> {
        let findings = std::mem::take(&mut self.findings);
        match findings.into_failure() {
            Some(failure) => Err(failure),
            None => Ok(self),
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.accept.is_empty()
    }
}

/// How far to go.
#[derive(Debug, Clone)]
pub enum Limit {
    /// As far as there is anything.
    All,
    /// Up to this key, inclusive.
    To(i64),
    /// So many.
    Number(usize),
}

impl Limit {
    /// Reads `--to` and `-n`.
    pub fn read(set: &Set, to: Option<&str>, number: Option<usize>) -> Result<Self, Failure> {
        match (to, number) {
            (Some(to), _) => Ok(Self::To(set.find(to)?.version.key())),
            (None, Some(number)) => Ok(Self::Number(number)),
            (None, None) => Ok(Self::All),
        }
    }

    fn take(&self, pending: &[&Item<'_>]) -> usize {
        match self {
            Self::All => pending.len(),
            Self::To(key) => pending.iter().take_while(|item| item.key <= *key).count(),
            Self::Number(number) => (*number).min(pending.len()),
        }
    }
}

/// Decides what a run on `session` would do; `target` is what the user calls the database.
pub async fn decide<'a>(
    session: &Session,
    set: &'a Set,
    ledger: &Ledger,
    allow: &Allow,
    limit: &Limit,
    target: &str,
) -> Result<Decision<'a>, Failure> {
    let mut items = resolve(&set.migrations, ledger);
    let texts = settle_checksums(session, &mut items).await?;
    let findings = judge(&items, &texts, allow, target);
    let accept: Vec<&Migration> = items
        .iter()
        .filter(|item| item.row.is_some() && allow.accept.contains(&item.key))
        .filter(|item| matches!(item.checksum, Checksum::Changed | Checksum::Comments))
        .filter_map(|item| set.by_key(item.key))
        .collect();
    let recommented = items
        .iter()
        .zip(&texts)
        .filter(|(item, _)| item.checksum == Checksum::Comments)
        .filter(|(item, text)| {
            let old = text.as_deref().and_then(|text| Directives::read(&Source::new("", text)).ok());
            let old = old.is_some_and(|old| old.no_transaction.is_some());
            item.file.is_some_and(|file| file.no_transaction.is_some() == old)
        })
        .map(|(item, _)| item.key)
        .collect();
    let divergent = items.iter().any(|item| item.checksum == Checksum::Comments) || !accept.is_empty();
    let pending: Vec<&Item<'_>> = items.iter().filter(|item| item.is_to_apply() && item.file.is_some()).collect();
    let chosen = limit.take(&pending);
    let mut steps = Vec::with_capacity(chosen);
    for item in &pending[..chosen] {
        if let Some(file) = item.file {
            steps.push(steps::up(file, resume_at(item, allow))?);
        }
    }
    Ok(Decision {
        steps,
        accept,
        findings,
        applied: ledger.rows.len(),
        beyond: pending.len() - chosen,
        divergent,
        recommented,
    })
}
