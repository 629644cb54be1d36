//! What `test rls` has shown: the matrix, the rules that do not hold, and what could not be tried.

use std::collections::BTreeMap;

use serde::Serialize;

use super::problem::{Case, Problem, Weight};
use crate::rls::{Act, Rule, Verdict};

/// The answer of `dbctl test rls`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsTest {
    /// `dbctl/test-rls/v1`.
    pub format: &'static str,
    /// Whether every rule holds.
    pub ok: bool,
    /// What was tested: `migrations`, or `migrations@VERSION`.
    pub source: String,
    /// The table of tenants.
    pub tenant_table: Option<String>,
    /// The table of users.
    pub user_table: Option<String>,
    /// Who asked.
    pub roles: Vec<RlsRole>,
    /// The tables, with what each role may do in fact.
    pub tables: Vec<RlsTable>,
    /// Rules that do not hold.
    pub violations: Vec<RlsViolation>,
    /// Policies and tables that should be looked at.
    pub warnings: Vec<RlsWarning>,
    /// Tables that could not be seeded.
    pub not_seeded: Vec<RlsReason>,
    /// What could not be tried.
    pub not_tried: Vec<RlsReason>,
    /// Functions that can be called and of which nothing is proved: the rules may not hold for them.
    pub not_proved: Vec<RlsReason>,
    /// How many tries there were.
    pub tries: usize,
}

/// Who asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsRole {
    /// `anon`, `tenant A`, `tenant B`, `admin`, `service_role`.
    pub name: String,
    /// The role of the server; none where nobody stands for it.
    pub role: Option<String>,
    /// The settings of the session, claims too.
    pub settings: BTreeMap<String, String>,
    /// What was assumed, or why nobody stands for it.
    pub notes: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsTable {
    /// Its name.
    pub table: String,
    /// Whose its rows are, in words.
    pub rows_of: String,
    /// Whether row-level security is on.
    pub row_security: bool,
    /// Where it is stated to be public.
    pub public: Option<String>,
    /// How many rows were tried on.
    pub rows: usize,
    /// The matrix.
    pub cells: Vec<RlsCell>,
}

/// What a role may do in fact.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsCell {
    /// Who.
    pub role: String,
    /// What.
    pub command: Act,
    /// With which rows.
    pub verdict: Verdict,
    /// What happened to rows of one's own.
    pub own: Option<String>,
    /// What happened to others'.
    pub other: Option<String>,
}

/// A rule that does not hold.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsViolation {
    /// The rule.
    pub rule: Rule,
    /// Whose rows.
    pub table: String,
    /// Who.
    pub roles: Vec<String>,
    /// What.
    pub commands: Vec<Act>,
    /// On which way: `table`, `view public.v`, `function public.f()`, `foreign key …`.
    pub through: String,
    /// What was seen, a command each.
    pub seen: Vec<String>,
    /// What is at fault.
    pub faults: Vec<RlsFault>,
    /// SQL that mends it.
    pub mend: Vec<String>,
    /// What else helps.
    pub advice: Vec<String>,
}

/// What is at fault.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsFault {
    /// `policy`, `rls-off`, `not-forced`, `bypass`, `view`, `materialized-view`, `security-definer`, `cascade`, `no-policy`,
    /// `unknown`.
    pub kind: &'static str,
    /// What, in words.
    pub text: String,
    /// Its conditions, where it is a policy.
    pub policy: Option<String>,
    /// The file that makes it.
    pub path: Option<String>,
    /// The line there.
    pub line: Option<usize>,
}

/// What should be looked at.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsWarning {
    /// `always-true`, `never-true`, `never-used`, `fails`, `shared-writable`, `tie`, `self-made-admin`,
    /// `tells-existence`.
    pub kind: &'static str,
    /// The policy or the table, in words.
    pub object: String,
    /// The table.
    pub table: String,
    /// The policy, where it is one.
    pub policy: Option<String>,
    /// What, in words.
    pub text: String,
    /// What mends it.
    pub mend: Vec<String>,
    /// The file that makes it.
    pub path: Option<String>,
    /// The line there.
    pub line: Option<usize>,
}

/// What could not be done, and why.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RlsReason {
    /// The table or the function.
    pub object: String,
    /// Why.
    pub why: String,
}

impl RlsViolation {
    /// `tenant A and tenant B: select, update`.
    pub fn who(&self) -> String {
        self.roles.join(" and ")
    }

    /// Where the first fault stands that has a place.
    pub fn place(&self) -> Option<(&str, usize)> {
        self.faults.iter().find_map(|fault| Some((fault.path.as_deref()?, fault.line?)))
    }

    /// All there is to say, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.seen.iter().map(|seen| format!("as {}: {seen}", self.who())).collect();
        for fault in &self.faults {
            let place = fault.path.as_ref().zip(fault.line).map(|(path, line)| format!(" ({path}:{line})"));
            lines.push(format!("because {}{}", fault.text, place.unwrap_or_default()));
            lines.extend(fault.policy.clone());
        }
        lines.extend(self.mend.iter().map(|sql| format!("mend: {sql}")));
        lines.extend(self.advice.iter().map(|text| format!("help: {text}")));
        lines
    }
}

/// A case a table, and one for each of its violations and warnings.
pub fn cases(view: &RlsTest) -> Vec<Case> {
    let case = |name: String, place: Option<(&str, usize)>, problem| Case {
        class: "rls".to_owned(),
        name,
        path: place.map(|(path, _)| path.to_owned()),
        line: place.map(|(_, line)| line),
        problem,
    };
    let mut cases = Vec::new();
    for table in &view.tables {
        let mut violations = view.violations.iter().filter(|it| it.table == table.table).peekable();
        if violations.peek().is_none() {
            let why = view.not_seeded.iter().find(|it| it.object == table.table && table.rows == 0);
            let skipped = why.map(|why| Problem { title: why.why.clone(), lines: Vec::new(), weight: Weight::Skipped });
            cases.push(case(table.table.clone(), None, skipped));
        }
        for violation in violations {
            let mut lines = violation.lines();
            let title = if lines.is_empty() { String::new() } else { lines.remove(0) };
            let problem = Problem { title, lines, weight: Weight::Failure };
            let name = format!("{} on {}", violation.rule.word(), violation.table);
            cases.push(case(name, violation.place(), Some(problem)));
        }
    }
    for reason in &view.not_proved {
        let title = format!("not proved: {}: {}", reason.object, reason.why);
        let problem = Problem { title, lines: Vec::new(), weight: Weight::Warning };
        cases.push(case("not-proved".to_owned(), None, Some(problem)));
    }
    for warning in &view.warnings {
        let title = format!("{}: {}", warning.object, warning.text);
        let problem = Problem { title, lines: Vec::new(), weight: Weight::Warning };
        let place = warning.path.as_deref().zip(warning.line);
        cases.push(case(warning.kind.to_owned(), place, Some(problem)));
    }
    cases
}
