//! `dbctl plan` for people.

use comfy_table::Cell;

use super::{Human, line, nothing_to_do, plan_trace, remarks, sentence};
use crate::report::{Plan, PlanEstimate, PlanStatement, PlanStep, TransactionMode};
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

/// How many hexadecimal digits of a checksum are shown.
const DIGITS: usize = 12;

/// The column that goes on in the next line where the terminal is narrow.
const NOTES: usize = 3;

/// Equal neighbours from this many on, such as the rows of a seed, are one line.
const CROWD: usize = 4;

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
    if step.statements.is_empty() {
        line(out, "   no statements");
        return;
    }
    out.push('\n');
    let alike = |a: &PlanStatement, b: &PlanStatement| {
        a.kind == b.kind
            && a.object == b.object
            && a.hazard == b.hazard
            && plan_trace::sentences(step, a, estimates) == plan_trace::sentences(step, b, estimates)
    };
    let groups = step.statements.chunk_by(alike);
    let rows = groups.flat_map(|group| {
        let row = |group: &[PlanStatement]| row(step, group, estimates);
        if group.len() < CROWD { group.chunks(1).map(row).collect() } else { vec![row(group)] }
    });
    for row in table(&[], rows, NOTES, width.map(|width| width.saturating_sub(3))).lines() {
        line(out, &format!("   {row}"));
    }
}

fn fact(out: &mut String, name: &str, value: &str) {
    line(out, &format!("   {} {value}", Role::Dim.paint(&format!("{name:<14}"))));
}

/// One statement, or a crowd of equal ones.
fn row(step: &PlanStep, group: &[PlanStatement], estimates: &[PlanEstimate]) -> Vec<Cell> {
    let [first, .., last] = group else {
        return group.first().map(|one| cells((step, one), one.line.to_string(), None, estimates)).unwrap_or_default();
    };
    cells((step, first), format!("{}–{}", first.line, last.line), Some(group.len()), estimates)
}

fn cells(
    (step, statement): (&PlanStep, &PlanStatement),
    lines: String,
    times: Option<usize>,
    estimates: &[PlanEstimate],
) -> Vec<Cell> {
    let times = times.map(|n| format!(" (×{n})")).unwrap_or_default();
    let object = statement.object.as_deref().unwrap_or("");
    vec![
        Cell::new(lines).set_alignment(comfy_table::CellAlignment::Right),
        Cell::new(format!("{}{times}", statement.kind)),
        Cell::new(clean(object)),
        notes(step, statement, estimates),
    ]
}

/// What it destroys, and whom it keeps waiting.
fn notes(step: &PlanStep, statement: &PlanStatement, estimates: &[PlanEstimate]) -> Cell {
    let mut lines: Vec<String> = statement.hazard.iter().map(|what| format!("hazard: {}", clean(what))).collect();
    lines.extend(plan_trace::sentences(step, statement, estimates));
    if lines.is_empty() { Cell::new("") } else { Role::Warning.cell(lines.join("\n")) }
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
mod tests {
    use super::super::fixtures::{plain, target};
    use super::*;
    use crate::report::{PlanLock, PlanReversible, PlanRisk};
    use crate::risk::{Level, LockMode, Phase};

    fn statement(line: usize, kind: &str, object: &str, hazard: Option<&str>) -> PlanStatement {
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
            approval: None,
            phase: Phase::Expand,
            risk: Level::None,
            trace: None,
        }
    }

    fn step(version: &str, transaction: TransactionMode, statements: Vec<PlanStatement>) -> PlanStep {
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

    fn plan(steps: Vec<PlanStep>) -> Plan {
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
        let mut second = vec![statement(1, "CREATE INDEX", "users_email", None)];
        let lock = |relation: &str, mode| PlanLock { relation: relation.to_owned(), mode, blocks: mode.waits() };
        second[0].locks = vec![lock("public.users", LockMode::Share)];
        let view = plan(vec![
            step("20240101000000", TransactionMode::Single, first),
            step("20240102000000", TransactionMode::None, second),
        ]);
        insta::assert_snapshot!(plain(&view.human(None)), @r#"
        Target `remote` (postgres@db.example:5432/app), PostgreSQL 15.18, 12 migrations applied; Supabase layout.

        1. 20240101000000_create_users
           file           migrations/20240101000000_create_users.sql
           transaction    one for the whole file
           local gate     passed
           checksum       ab12cd34ef56
           rolled back by migrations/20240101000000_create_users.down.sql

               3  CREATE TABLE  public.users
              10  ALTER TABLE   public.orders  hazard: drops the column `total` and what it holds
           12–17  INSERT (×6)   public.users

        2. 20240102000000_create_users
           file           migrations/20240102000000_create_users.sql
           transaction    none, each statement by itself: `CREATE INDEX CONCURRENTLY`
           resumes at     statement 2, an earlier run did what stands before
           local gate     not passed
           checksum       ab12cd34ef56
           rolled back by nothing, it has no down file

           1  CREATE INDEX  users_email  SHARE on public.users: blocks INSERT, UPDATE and DELETE, not reads

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
