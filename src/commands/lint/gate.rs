//! What is pending is linted before it is run: errors stop it, as `[lint] on_migrate` says.

use std::collections::BTreeSet;

use super::super::Cx;
use super::{baseline_path, config_of, read_baseline};
use crate::diagnostic::{Diagnostic, Level};
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::{Finding, LintFile, StatementCost, baseline, lint, parse_all};
use crate::plan::step::Step;
use crate::project::Project;
use crate::project::lint::LevelWord;
use crate::report::lint::diagnostic;
use crate::text::count;

/// So many findings are shown whole; `dbctl lint --pending` shows the rest.
const SHOWN: usize = 5;

/// What the statements of these files cost, as far as the migrations tell.
pub fn costs(cx: &Cx, project: &Project, paths: BTreeSet<String>) -> Result<Vec<StatementCost>, Failure> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut chain = cx.chain(project);
    chain.wanted = Some(paths);
    let files = parse_all(chain.inputs()?);
    Ok(crate::lint::costs(&files, &config_of(project)))
}

/// The findings in the files of these steps that stop a run.
///
/// Only a project with `[lint]` in its `dbctl.toml` is linted on the way: `dbctl init` writes it, a history that was taken over
/// from another tool has none.
fn stopping(cx: &Cx, project: &Project, paths: BTreeSet<String>) -> Result<(Vec<LintFile>, Vec<Finding>), Failure> {
    let Some(said) = &project.config.lint else { return Ok((Vec::new(), Vec::new())) };
    let Some(level) = said.on_migrate.unwrap_or(LevelWord::Error).level().filter(|_| !paths.is_empty()) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut chain = cx.chain(project);
    chain.wanted = Some(paths);
    let config = config_of(project);
    let files = parse_all(chain.inputs()?);
    let mut findings = lint(&files, &config).findings;
    if let Some(known) = read_baseline(&baseline_path(project))? {
        findings = baseline::apply(&known, &files, &config, findings).findings;
    }
    findings.retain(|finding| finding.level >= level);
    Ok((files, findings))
}

fn paths(steps: &[Step]) -> BTreeSet<String> {
    steps.iter().map(|step| step.path.clone()).collect()
}

/// How many findings in these files would stop a run.
pub fn stops<'a>(cx: &Cx, project: &Project, files: impl Iterator<Item = &'a str>) -> Result<usize, Failure> {
    Ok(stopping(cx, project, files.map(str::to_owned).collect())?.1.len())
}

/// Refuses to run what has findings.
pub fn refuse(cx: &Cx, project: &Project, steps: &[Step]) -> Result<(), Failure> {
    let (files, findings) = stopping(cx, project, paths(steps))?;
    if findings.is_empty() {
        return Ok(());
    }
    let mut diagnostics: Vec<Diagnostic> =
        findings.iter().take(SHOWN).map(|finding| diagnostic(finding, &files)).collect();
    let more = findings.len().saturating_sub(SHOWN);
    let mut refusal = Diagnostic::error("lint/refused", title(&findings)).note("nothing was run");
    if more > 0 {
        refusal = refusal.note(format!("{more} more are not shown: `dbctl lint --pending` shows all"));
    }
    diagnostics.push(
        refusal
            .help("mend them; what is mended by itself: `dbctl lint --pending --fix`")
            .help("or let one be, with its reason: `-- dbctl:ignore RULE: reason` above the statement")
            .help(
                "or run all the same: `--no-lint`; `on_migrate = \"off\"` under `[lint]` in dbctl.toml does it always",
            ),
    );
    Err(Failure { exit: Exit::Refused, diagnostics, diffs: Vec::new() })
}

/// The same as remarks in a plan.
pub fn refusals(cx: &Cx, project: &Project, steps: &[Step]) -> Result<Vec<String>, Failure> {
    let (_, findings) = stopping(cx, project, paths(steps))?;
    Ok(if findings.is_empty() {
        Vec::new()
    } else {
        vec![format!("{}: `dbctl lint --pending` shows them", title(&findings))]
    })
}

fn title(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    let others = findings.len() - errors;
    let counts: Vec<String> = [(errors, "error"), (others, "warning")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, noun)| count(n, noun))
        .collect();
    format!("lint finds {} in what is pending", counts.join(" and "))
}
