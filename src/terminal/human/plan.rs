//! `dbctl plan` for people.

use comfy_table::{Cell, CellAlignment};

use super::{Human, line, nothing_to_do, plan_trace, remarks, sentence};
use crate::plan::trace::same;
use crate::report::{Plan, PlanEstimate, PlanLock, PlanReason, PlanStatement, PlanStep, TransactionMode};
use crate::risk::{Level, LockMode, Phase, Reversible};
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

/// How many hexadecimal digits of a checksum are shown.
const DIGITS: usize = 12;

/// Equal neighbours from this many on, such as the rows of a seed, are one line.
const CROWD: usize = 4;

/// So many reasons, and sequences that do the same, are shown of a migration.
const SHOWN_REASONS: usize = 12;

/// The longest word for a level is so long.
const LEVEL_WIDTH: usize = 8;

/// So many lines, or runs of lines, of a phase are named.
const SHOWN_LINES: usize = 8;

impl Human for Plan {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        let target = self.target.describe();
        let version = &self.target.server_version;
        let applied = count(self.applied, "migration");
        let head = if version.is_empty() {
            format!("Target `{}`, not started yet; {} layout.", self.target.name, self.layout)
        } else {
            format!("Target {target}, PostgreSQL {version}, {applied} applied; {} layout.", self.layout)
        };
        line(&mut out, &head);
        for (index, step) in self.steps.iter().enumerate() {
            out.push('\n');
            show(&mut out, index + 1, step, (&self.estimates, width));
        }
        plan_trace::estimates(&mut out, self);
        if !self.refusals.is_empty() || !self.remarks.is_empty() {
            out.push('\n');
        }
        for refusal in &self.refusals {
            line(&mut out, &format!("{} {}", Role::Error.paint("refused:"), clean(refusal)));
        }
        remarks(&mut out, &self.remarks);
        let (role, text) = last(self);
        sentence(&mut out, role, &text);
        out
    }
}

fn show(out: &mut String, number: usize, step: &PlanStep, (estimates, width): (&[PlanEstimate], Option<u16>)) {
    line(out, &format!("{number}. {}_{}", step.version, clean(&step.name)));
    fact(out, "file", &step.path);
    let mode = match step.transaction {
        TransactionMode::Single => "one for the whole file",
        TransactionMode::None => "none, each statement by itself",
        TransactionMode::SelfManaged => "as the file begins and ends them itself",
    };
    let why = step.transaction_reason.as_ref().map(|why| format!(": {}", clean(why)));
    fact(out, "transaction", &format!("{mode}{}", why.unwrap_or_default()));
    if step.resume_at > 1 {
        fact(out, "resumes at", &format!("statement {}, an earlier run did what stands before", step.resume_at));
    }
    fact(out, "local gate", if step.gate { "passed" } else { "not passed" });
    fact(out, "checksum", step.sha256.get(..DIGITS).unwrap_or(&step.sha256));
    fact(out, "rolled back by", step.down.as_deref().unwrap_or("nothing, it has no down file"));
    if let Some(trial) = plan_trace::trial(step) {
        fact(out, "tried", &trial);
    }
    phases(out, step);
    fact(out, "risk", &level(step.risk.level));
    if step.statements.is_empty() {
        line(out, "   no statements");
        return;
    }
    out.push('\n');
    statements(out, &plan_trace::as_seen(step), width);
    plan_trace::show(out, step, estimates);
    reasons(out, step);
    instead(out, step);
}

/// The word for a level, in the colour that it deserves.
fn level(level: Level) -> String {
    let role = match level {
        Level::None | Level::Low => Role::Plain,
        Level::Medium => Role::Warning,
        Level::High | Level::Critical => Role::Error,
    };
    role.paint(level.word())
}

/// Which statements are which part of a safe change, where there is more than one part, or the last one alone.
fn phases(out: &mut String, step: &PlanStep) {
    if !step.phases.iter().any(|phase| *phase != Phase::Expand) {
        return;
    }
    for (index, phase) in step.phases.iter().enumerate() {
        let of_phase = step.statements.iter().filter(|one| one.phase == *phase && one.number >= step.resume_at);
        let mut lines: Vec<usize> = of_phase.map(|one| one.line).collect();
        lines.dedup();
        let what = match phase {
            Phase::Expand => "adds what running code does not mind",
            Phase::Migrate => "moves rows",
            Phase::Contract => "deploy the code that no longer counts on it first",
        };
        let name = if index == 0 { "phases" } else { "" };
        fact(out, name, &format!("{phase} ({}): {what}", runs(&lines)));
    }
}

/// Lines in few words: `line 3`, `lines 3–7, 12`.
pub(super) fn runs(lines: &[usize]) -> String {
    let mut words: Vec<String> = Vec::new();
    for (index, run) in lines.chunk_by(|a, b| b.saturating_sub(*a) <= 1).enumerate() {
        if index == SHOWN_LINES {
            words.push("…".to_owned());
            break;
        }
        words.push(match run {
            [first, .., last] if last > first => format!("{first}–{last}"),
            [first, ..] => first.to_string(),
            [] => String::new(),
        });
    }
    let is_one = lines.first() == lines.last();
    format!("{} {}", if is_one { "line" } else { "lines" }, words.join(", "))
}

/// The table: a statement a line, and one more for each further relation that it locks.
fn statements(out: &mut String, step: &PlanStep, width: Option<u16>) {
    let alike = |a: &PlanStatement, b: &PlanStatement| {
        (&a.kind, &a.object, &a.hazard, &a.locks, &a.reversible, a.risk)
            == (&b.kind, &b.object, &b.hazard, &b.locks, &b.reversible, b.risk)
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for group in step.statements.chunk_by(alike) {
        if group.len() < CROWD {
            for one in group {
                row(&mut rows, std::slice::from_ref(one));
            }
        } else {
            row(&mut rows, group);
        }
    }
    let headers = ["LINE", "STATEMENT", "OBJECT", "LOCK", "BLOCKS", "COST"];
    for row in table(&headers, rows, 2, width.map(|width| width.saturating_sub(3))).lines() {
        line(out, &format!("   {row}"));
    }
}

fn fact(out: &mut String, name: &str, value: &str) {
    line(out, &format!("   {} {value}", Role::Dim.paint(&format!("{name:<14}"))));
}

/// One statement, or a crowd of equal ones.
fn row(rows: &mut Vec<Vec<Cell>>, group: &[PlanStatement]) {
    let Some(one) = group.first() else { return };
    let (lines, times) = match group {
        [first, .., last] => (format!("{}–{}", first.line, last.line), format!(" (×{})", group.len())),
        _ => (one.line.to_string(), String::new()),
    };
    let object = one.object.as_deref().unwrap_or("");
    // The first row has the lock on what it names; what else is locked has a row of its own.
    let own = one.locks.iter().position(|lock| names(object, &lock.relation));
    let lock = own.and_then(|at| one.locks.get(at));
    let (mode, blocks) = lock.map_or(("", ""), |lock| (lock.mode.sql(), lock.blocks));
    rows.push(vec![
        Cell::new(lines).set_alignment(CellAlignment::Right),
        Cell::new(format!("{}{times}", one.kind)),
        Cell::new(clean(object)),
        lock_cell(lock, mode),
        lock_cell(lock, blocks),
        cost(one),
    ]);
    let mut further = |relation: String, lock: &PlanLock| {
        let empty = || Cell::new("");
        rows.push(vec![
            empty(),
            empty(),
            Cell::new(relation),
            lock_cell(Some(lock), lock.mode.sql()),
            lock_cell(Some(lock), lock.blocks),
            empty(),
        ]);
    };
    let rest = one.locks.iter().enumerate().filter(|(at, lock)| Some(*at) != own && lock.mode >= LockMode::Share);
    let is_of_root = |lock: &PlanLock| one.trace.as_ref().is_some_and(|trace| trace.is_of_root(lock));
    let (parts, rest): (Vec<_>, Vec<_>) = rest.map(|(_, lock)| lock).partition(|lock| is_of_root(lock));
    let word = if own.is_some() { "and" } else { "on" };
    for (index, lock) in rest.iter().enumerate() {
        further(format!("  {} {}", if index == 0 { word } else { "and" }, clean(&lock.relation)), lock);
    }
    match parts.as_slice() {
        [] => {}
        [lock] => further(format!("  and {}", clean(&lock.relation)), lock),
        [lock, ..] => further(format!("  and {} of it", count(parts.len(), "partition")), lock),
    }
}

/// Whether an object, as the table names it, is a relation or something of it.
fn names(object: &str, relation: &str) -> bool {
    object.split(", ").flat_map(|it| it.split(" on ")).any(|it| same(it, relation))
}

fn lock_cell(lock: Option<&PlanLock>, text: &str) -> Cell {
    if lock.is_some_and(|lock| lock.mode >= LockMode::Share) { Role::Warning.cell(text) } else { Cell::new(text) }
}

/// What it costs, in a few words; the reasons below say the rest.
fn cost(statement: &PlanStatement) -> Cell {
    let mut words = Vec::new();
    if !statement.rewrites.is_empty() {
        words.push("rewrites");
    } else if !statement.scans.is_empty() {
        words.push("scans");
    }
    if !statement.may_fail.is_empty() {
        words.push("may fail");
    }
    match statement.reversible.ok {
        Reversible::Exact => {}
        Reversible::DataLost => words.push("data lost"),
        Reversible::No => words.push("no way back"),
    }
    let text = words.join(", ");
    if statement.risk >= Level::Medium { Role::Warning.cell(text) } else { Cell::new(text) }
}

/// Why the migration has its level, worst first, by statement and name of approval; what is harmless goes without saying.
fn reasons(out: &mut String, step: &PlanStep) {
    let mut groups: Vec<Vec<&PlanReason>> = Vec::new();
    for reason in step.risk.reasons.iter().filter(|reason| reason.level > Level::Low) {
        let of = |group: &&mut Vec<&PlanReason>| {
            group.first().is_some_and(|it| (it.line, &it.approval) == (reason.line, &reason.approval))
        };
        match groups.iter_mut().find(of) {
            Some(group) => group.push(reason),
            None => groups.push(vec![reason]),
        }
    }
    if groups.is_empty() {
        return;
    }
    out.push('\n');
    for group in groups.iter().take(SHOWN_REASONS) {
        let Some(worst) = group.first() else { continue };
        let gap = " ".repeat(LEVEL_WIDTH - worst.level.word().len().min(LEVEL_WIDTH));
        let by = match &worst.approved_by {
            Some(by) => Role::Success.paint(&format!("approved by {}", clean(by))),
            None => Role::Dim.paint(&format!("--allow {}", clean(&worst.approval))),
        };
        line(out, &format!("   {}{gap} line {:<4} {by}", level(worst.level), worst.line));
        for reason in group {
            line(out, &format!("   {:LEVEL_WIDTH$} {}", "", clean(&reason.text)));
        }
    }
    let more: usize = groups.iter().skip(SHOWN_REASONS).map(Vec::len).sum();
    if more > 0 {
        line(out, &format!("   and {}: `--format json` has all", count(more, "more reason")));
    }
}

/// What leads to the same with less waiting.
fn instead(out: &mut String, step: &PlanStep) {
    let safer = step.statements.iter().filter(|one| !one.instead.is_empty() && one.number >= step.resume_at);
    for statement in safer.take(SHOWN_REASONS) {
        out.push('\n');
        line(out, &format!("   instead of line {}:", statement.line));
        for sql in &statement.instead {
            line(out, &format!("     {}", clean(sql)));
        }
    }
}

fn last(plan: &Plan) -> (Role, String) {
    let name = &plan.target.name;
    if !plan.refusals.is_empty() {
        let reasons = count(plan.refusals.len(), "reason");
        return (Role::Error, format!("`migrate` would refuse `{name}` as things stand, for {reasons}."));
    }
    if let Some(step) = plan.steps.iter().find(|step| plan_trace::fails(step)) {
        let title = format!("{}_{}", step.version, step.name);
        return (Role::Error, format!("`migrate` would fail: `{title}` fails on a shadow database."));
    }
    if plan.steps.is_empty() {
        return (Role::Plain, nothing_to_do(plan.applied, name));
    }
    let migrations = count(plan.steps.len(), "migration");
    let statements = plan.steps.iter().map(|step| step.statements.len()).sum();
    let hazards = plan.steps.iter().flat_map(|step| &step.statements).filter(|one| one.hazard.is_some()).count();
    let hazards = if hazards == 0 { String::new() } else { format!(", {}", count(hazards, "hazard")) };
    let statements = count(statements, "statement");
    (Role::Plain, format!("Would apply {migrations} to `{name}`: {statements}{hazards}."))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;
    use crate::report::{PlanReversible, PlanRisk};

    pub(in crate::terminal::human) fn statement(
        line: usize,
        kind: &str,
        object: &str,
        hazard: Option<&str>,
    ) -> PlanStatement {
        let object = Some(object.to_owned());
        PlanStatement {
            number: line,
            line,
            kind: kind.to_owned(),
            object,
            hazard: hazard.map(str::to_owned),
            locks: Vec::new(),
            rewrites: Vec::new(),
            scans: Vec::new(),
            may_fail: Vec::new(),
            reversible: PlanReversible::default(),
            instead: Vec::new(),
            approvals: Vec::new(),
            phase: Phase::Expand,
            risk: Level::None,
            trace: None,
        }
    }

    pub(in crate::terminal::human) fn step(
        version: &str,
        transaction: TransactionMode,
        statements: Vec<PlanStatement>,
    ) -> PlanStep {
        PlanStep {
            version: version.to_owned(),
            name: "create_users".to_owned(),
            path: format!("migrations/{version}_create_users.sql"),
            sha256: "ab12cd34ef56ab12cd34ef56".to_owned(),
            raw_sha256: String::new(),
            transaction,
            transaction_reason: (transaction == TransactionMode::None)
                .then(|| "`CREATE INDEX CONCURRENTLY`".to_owned()),
            resume_at: if transaction == TransactionMode::None { 2 } else { 1 },
            gate: transaction == TransactionMode::Single,
            down: (transaction == TransactionMode::Single)
                .then(|| format!("migrations/{version}_create_users.down.sql")),
            risk: PlanRisk::default(),
            phases: Vec::new(),
            statements,
        }
    }

    pub(in crate::terminal::human) fn plan(steps: Vec<PlanStep>) -> Plan {
        Plan {
            format: "dbctl/plan/v1",
            target: target("remote"),
            layout: "Supabase".to_owned(),
            applied: 12,
            steps,
            estimates: Vec::new(),
            replication: Vec::new(),
            refusals: Vec::new(),
            remarks: Vec::new(),
        }
    }

    #[test]
    fn shows_each_migration_with_its_statements() {
        let mut first = vec![
            statement(3, "CREATE TABLE", "public.users", None),
            statement(10, "ALTER TABLE", "public.orders", Some("drops the column `total` and what it holds")),
        ];
        first.extend((12..18).map(|line| statement(line, "INSERT", "public.users", None)));
        first[1].reversible = PlanReversible { ok: Reversible::DataLost, why: "the values are gone".to_owned() };
        first[1].phase = Phase::Contract;
        let lock =
            |relation: &str, mode: LockMode| PlanLock { relation: relation.to_owned(), mode, blocks: mode.waits() };
        first[1].locks =
            vec![lock("public.orders", LockMode::AccessExclusive), lock("public.users", LockMode::ShareRowExclusive)];
        let mut second = vec![statement(1, "CREATE INDEX", "users_email", None)];
        second[0].locks = vec![lock("public.users", LockMode::Share)];
        second[0].scans = vec!["public.users".to_owned()];
        second[0].instead = vec!["create index concurrently users_email on public.users (email);".to_owned()];
        let mut steps = vec![
            step("20240101000000", TransactionMode::Single, first),
            step("20240102000000", TransactionMode::None, second),
        ];
        let reason = |level, text: &str, approval: &str| PlanReason {
            level,
            statement: 10,
            line: 10,
            text: text.to_owned(),
            approval: approval.to_owned(),
            approved_by: None,
        };
        steps[0].phases = vec![Phase::Expand, Phase::Contract];
        steps[0].risk.level = Level::Critical;
        steps[0].risk.reasons = vec![
            reason(Level::Critical, "drops the column `total`", "drop-column:public.orders.total"),
            reason(Level::High, "code that names `total` fails from then on", "drop-column:public.orders.total"),
            reason(Level::Low, "takes a lock for a moment", "lock:public.orders"),
        ];
        steps[1].risk.level = Level::Medium;
        steps[1].risk.reasons = vec![PlanReason {
            approved_by: Some("--allow create-index:public.users_email".to_owned()),
            ..reason(Level::Medium, "builds an index while writes wait", "create-index:public.users_email")
        }];
        let view = plan(steps);
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        Target `remote` (postgres@db.example:5432/app), PostgreSQL 15.18, 12 migrations applied; Supabase layout.

        1. 20240101000000_create_users
           file           migrations/20240101000000_create_users.sql
           transaction    one for the whole file
           local gate     passed
           checksum       ab12cd34ef56
           rolled back by migrations/20240101000000_create_users.down.sql
           phases         expand (lines 3, 12–17): adds what running code does not mind
                          contract (line 10): deploy the code that no longer counts on it first
           risk           critical

           LINE   STATEMENT     OBJECT              LOCK                 BLOCKS            COST
               3  CREATE TABLE  public.users
              10  ALTER TABLE   public.orders       ACCESS EXCLUSIVE     reads and writes  data lost
                                  and public.users  SHARE ROW EXCLUSIVE  writes
           12–17  INSERT (×6)   public.users

           critical line 10   --allow drop-column:public.orders.total
                    drops the column `total`
                    code that names `total` fails from then on

        2. 20240102000000_create_users
           file           migrations/20240102000000_create_users.sql
           transaction    none, each statement by itself: `CREATE INDEX CONCURRENTLY`
           resumes at     statement 2, an earlier run did what stands before
           local gate     not passed
           checksum       ab12cd34ef56
           rolled back by nothing, it has no down file
           risk           medium

           LINE  STATEMENT     OBJECT             LOCK   BLOCKS  COST
              1  CREATE INDEX  users_email                       scans
                                 on public.users  SHARE  writes

           medium   line 10   approved by --allow create-index:public.users_email
                    builds an index while writes wait

        Would apply 2 migrations to `remote`: 9 statements, 1 hazard.
        "#);
    }

    #[test]
    fn says_why_migrate_would_refuse() {
        let mut view = plan(Vec::new());
        view.refusals.push("`1` was changed after it was applied".to_owned());
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        Target `remote` (postgres@db.example:5432/app), PostgreSQL 15.18, 12 migrations applied; Supabase layout.

        refused: `1` was changed after it was applied

        `migrate` would refuse `remote` as things stand, for 1 reason.
        "#);
    }

    #[test]
    fn says_that_there_is_nothing_to_do() {
        let text = plan(Vec::new()).human(None);
        assert!(text.ends_with("\nNothing to do: all 12 migrations are applied to `remote`.\n"), "{text}");
    }
}
