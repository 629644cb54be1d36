//! The cost of what is pending, its risk, and who has approved what is above the highest level that may run.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;

use super::Cx;
use super::beside::{self, Pending};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::exit::Exit;
use crate::lint::StatementCost;
use crate::migration::Set;
use crate::plan::step::Step;
use crate::project::{Project, config};
use crate::report::{Plan, PlanLock, PlanReason, PlanReversible, PlanRisk, PlanStatement, PlanStep, target_flag};
use crate::risk::{Level, LockMode, Phase};
use crate::text::{count, did_you_mean};

/// Flags of how much risk is taken.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Risk")]
pub struct RiskArgs {
    /// Refuse what is riskier, unless it is approved by name: none, low, medium, high or critical
    #[arg(long, value_name = "LEVEL")]
    pub max_risk: Option<Level>,
    /// Approve a reason by its name, such as drop-column:public.users.old; may be said several times
    #[arg(long, value_name = "NAME")]
    pub allow: Vec<String>,
}

impl RiskArgs {
    /// Whether they say anything.
    pub fn are_said(&self) -> bool {
        self.max_risk.is_some() || !self.allow.is_empty()
    }
}

/// What came of a look at the risk.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The highest level, and where it is said.
    max: Option<(Level, &'static str)>,
    /// The approvals that were needed, or named something that is pending, as they are recorded.
    pub used: Vec<String>,
    /// Approvals that name nothing pending.
    pub warnings: Vec<Diagnostic>,
}

/// Says of each statement what it costs and of each migration how dangerous it is, as far as the text tells.
/// Gives what only the target can complete.
pub fn costs(cx: &Cx, project: &Project, plan: &mut Plan) -> Result<Vec<Pending>, Failure> {
    let paths: BTreeSet<String> = plan.steps.iter().map(|step| step.path.clone()).collect();
    let costs = super::lint::costs(cx, project, paths)?;
    Ok(fill(plan, costs))
}

/// Judges a plan by what it costs.
pub fn judge(project: &Project, set: &Set, plan: &mut Plan, args: &RiskArgs) -> Judgement {
    let apply = &project.config.apply;
    let max = match (args.max_risk, apply.max_risk) {
        (Some(level), _) => Some((level, "`--max-risk`")),
        // What is to run elsewhere has to run here first.
        (None, Some(level)) if !plan.target.local => Some((level, "`max_risk` in dbctl.toml")),
        _ => None,
    };
    let mut judgement = Judgement { max, ..Judgement::default() };
    for step in &mut plan.steps {
        let of_file = set.migrations.iter().find(|migration| migration.path == step.path.as_str());
        let own = of_file.map(|file| file.approvals.as_slice()).unwrap_or_default();
        for reason in &mut step.risk.reasons {
            let by_flag = args.allow.contains(&reason.approval).then(|| format!("--allow {}", reason.approval));
            let by_file = || {
                let approval = own.iter().find(|approval| approval.name == reason.approval)?;
                Some(format!("-- dbctl: allow {} -- {}", approval.name, approval.reason))
            };
            let by_config = || {
                let said = apply.allow.0.contains(&reason.approval);
                said.then(|| format!("{} (allow in {})", reason.approval, config::FILE_NAME))
            };
            reason.approved_by = by_flag.or_else(by_file).or_else(by_config);
            if let Some(by) = reason.approved_by.as_ref().filter(|by| !judgement.used.contains(by)) {
                judgement.used.push(by.clone());
            }
        }
        for approval in own {
            if !step.risk.reasons.iter().any(|reason| reason.approval == approval.name) {
                judgement.warnings.push(idle(&approval.name, &format!("`{}` approves", step.path), &names(step)));
            }
        }
    }
    let pending: BTreeSet<&str> = plan.steps.iter().flat_map(names).collect();
    let pending: Vec<&str> = pending.into_iter().collect();
    for name in args.allow.iter().filter(|name| !pending.contains(&name.as_str())) {
        judgement.warnings.push(idle(name, "`--allow` names", &pending));
    }
    judgement
}

/// An approval of what nobody does.
fn idle(name: &str, who: &str, names: &[&str]) -> Diagnostic {
    let warning = Diagnostic::warning("risk/idle-approval", format!("{who} `{name}`, which is nothing pending"));
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => warning.help(format!("did you mean `{near}`?")),
        None => warning,
    }
}

impl Judgement {
    /// The reasons of a migration that are above the highest level and that nobody has approved.
    fn refused<'a>(&self, step: &'a PlanStep) -> Vec<&'a PlanReason> {
        let Some((max, _)) = self.max else { return Vec::new() };
        step.risk.reasons.iter().filter(|reason| reason.level > max && reason.approved_by.is_none()).collect()
    }

    /// The same as sentences of a plan.
    pub fn refusals(&self, plan: &Plan) -> Vec<String> {
        let Some((max, by)) = self.max else { return Vec::new() };
        let one = |step: &PlanStep| {
            let names = distinct(&self.refused(step));
            (!names.is_empty()).then(|| {
                format!(
                    "`{}_{}` is of risk {}, above {max} ({by}): approve {}",
                    step.version,
                    step.name,
                    step.risk.level,
                    names.iter().map(|name| format!("`--allow {name}`")).collect::<Vec<_>>().join(" ")
                )
            })
        };
        plan.steps.iter().filter_map(one).collect()
    }

    /// Refuses what is too dangerous.
    pub fn refuse(&self, plan: &Plan, steps: &[Step]) -> Result<(), Failure> {
        let Some((max, by)) = self.max else { return Ok(()) };
        let mut diagnostics = Vec::new();
        for view in &plan.steps {
            let refused = self.refused(view);
            let Some(step) = steps.iter().find(|step| step.path == view.path).filter(|_| !refused.is_empty()) else {
                continue;
            };
            let title = format!("`{}` is of risk {}, and {by} is {max}", view.path, view.risk.level);
            let mut diagnostic = Diagnostic::error("risk/refused", title);
            let mut last = 0;
            for reason in &refused {
                let statement = step.statements.iter().find(|it| it.number == reason.statement);
                match statement.filter(|_| last != reason.statement && diagnostic.labels.len() < SHOWN) {
                    Some(statement) => {
                        let label = format!("{}: {}", reason.level, reason.text);
                        diagnostic = diagnostic.at(&step.source, first_line(step, statement.span), label);
                    }
                    None => {
                        diagnostic =
                            diagnostic.note(format!("line {}: {}: {}", reason.line, reason.level, reason.text));
                    }
                }
                last = reason.statement;
            }
            diagnostics.push(diagnostic.note(format!("nothing was changed on `{}`", plan.target.name)));
        }
        let Some(last) = diagnostics.pop() else { return Ok(()) };
        let refused: Vec<&PlanReason> = plan.steps.iter().flat_map(|step| self.refused(step)).collect();
        let names = distinct(&refused);
        let approvals: Vec<String> = names.iter().map(|name| format!("--allow {name}")).collect();
        let flag = target_flag(&plan.target.name);
        let first = names.first().copied().unwrap_or_default();
        diagnostics.push(
            last.help(format!("look at what it costs, and at what does the same with less risk: `dbctl plan{flag}`"))
                .help(format!("or approve {} by name: `{}`", count(names.len(), "reason"), approvals.join(" ")))
                .help(format!("or in the migration itself, with the reason: `-- dbctl: allow {first} -- …`")),
        );
        Err(Failure { exit: Exit::Refused, diagnostics, diffs: Vec::new() })
    }
}

/// So many statements are shown with their text.
const SHOWN: usize = 3;

/// The first line of a statement, as much as a label needs.
fn first_line(step: &Step, span: crate::text::Span) -> crate::text::Span {
    let text = span.of(step.source.text());
    crate::text::Span::new(span.start, span.start + text.find('\n').unwrap_or(text.len()))
}

fn distinct<'a>(reasons: &[&'a PlanReason]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for reason in reasons {
        if !names.contains(&reason.approval.as_str()) {
            names.push(&reason.approval);
        }
    }
    names
}

/// The names by which the reasons of a migration are approved.
fn names(step: &PlanStep) -> Vec<&str> {
    distinct(&step.risk.reasons.iter().collect::<Vec<_>>())
}

/// Puts the costs where they belong.
fn fill(plan: &mut Plan, costs: Vec<StatementCost>) -> Vec<Pending> {
    let mut pending = Vec::new();
    let mut known: BTreeMap<(String, usize), StatementCost> =
        costs.into_iter().map(|cost| ((cost.path.clone(), cost.number), cost)).collect();
    for step in &mut plan.steps {
        let mut reasons = Vec::new();
        let mut phases = BTreeSet::new();
        for statement in &mut step.statements {
            let Some(StatementCost { cost, .. }) = known.remove(&(step.path.clone(), statement.number)) else {
                continue;
            };
            statement.risk = cost.level();
            statement.approvals = cost.approvals();
            let done = statement.number < step.resume_at;
            if !done && (!is_steering(statement) || cost.phase != Phase::Expand) {
                phases.insert(cost.phase);
            }
            let line = statement.line;
            let told = cost.reasons.into_iter().filter(|_| !done).map(|reason| PlanReason {
                level: reason.level(),
                statement: statement.number,
                line,
                text: reason.text,
                approval: reason.approval,
                approved_by: None,
            });
            reasons.extend(told);
            let mut locks: Vec<(String, LockMode)> = cost.locks.into_iter().collect();
            locks.sort_by_key(|(_, mode)| std::cmp::Reverse(*mode));
            let lock = |(relation, mode): (String, LockMode)| PlanLock { relation, mode, blocks: mode.waits() };
            statement.locks = locks.into_iter().map(lock).collect();
            statement.rewrites = cost.rewrites.into_iter().collect();
            statement.scans = cost.scans.into_iter().collect();
            statement.may_fail = cost.may_fail;
            statement.reversible = PlanReversible { ok: cost.reversible, why: cost.why };
            if cost.retypes.is_empty() {
                statement.instead = cost.instead;
            } else {
                statement.instead = beside::unknown(&cost.retypes);
                let (path, number) = (step.path.clone(), statement.number);
                pending.push(Pending { path, number, sequence: cost.instead, retypes: cost.retypes });
            }
            statement.phase = cost.phase;
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        let level = reasons.first().map_or(Level::None, |reason| reason.level);
        step.risk = PlanRisk { level, reasons };
        step.phases = phases.into_iter().collect::<Vec<Phase>>();
    }
    pending
}

/// Whether a statement only steers the session.
fn is_steering(statement: &PlanStatement) -> bool {
    ["SET", "RESET", "BEGIN", "COMMIT", "SELECT", "SHOW", "SAVEPOINT", "RELEASE"].contains(&statement.kind.as_str())
}
