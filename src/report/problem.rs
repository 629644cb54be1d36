//! What is wrong with something that was tried, in the forms that machines of a CI read.

use std::fmt::Write as _;

use super::lint::{escape, workflow_data, workflow_property};

/// A thing that was tried: a test case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it belongs to: a file, a table.
    pub class: String,
    /// What was tried.
    pub name: String,
    /// The file that is to be mended, where there is one.
    pub path: Option<String>,
    /// The line in it, from 1.
    pub line: Option<usize>,
    /// What is wrong; none where it is as it should be.
    pub problem: Option<Problem>,
}

/// What is wrong, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is, in a line.
    pub title: String,
    /// The rest: why, and what mends it.
    pub lines: Vec<String>,
    /// How much it counts.
    pub weight: Weight,
}

/// How much a problem counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is a failure.
    Failure,
    /// It is worth knowing.
    Warning,
    /// It could not be tried.
    Skipped,
}

impl Case {
    fn is(&self, weight: Weight) -> bool {
        self.problem.as_ref().is_some_and(|it| it.weight == weight)
    }
}

/// The cases as `JUnit` writes them; a warning is no failure.
pub fn junit(name: &str, cases: &[Case]) -> String {
    let is_failure = |case: &&Case| case.is(Weight::Failure);
    let mut suites = String::new();
    for cases in cases.chunk_by(|a, b| a.class == b.class) {
        let class = escape(cases.first().map_or("", |case| case.class.as_str()));
        let failures = cases.iter().filter(is_failure).count();
        let skipped = cases.iter().filter(|case| case.is(Weight::Skipped)).count();
        // Writing to a text does not fail.
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{class}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">",
            cases.len()
        );
        for case in cases {
            one(&mut suites, &class, case);
        }
        suites += "  </testsuite>\n";
    }
    let failures = cases.iter().filter(is_failure).count();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">\n{suites}</testsuites>\n",
        escape(name),
        cases.len()
    )
}

fn one(text: &mut String, class: &str, case: &Case) {
    let name = escape(&case.name);
    let file = case.path.as_deref().map(|path| format!(" file=\"{}\"", escape(path))).unwrap_or_default();
    let line = case.line.map(|line| format!(" line=\"{line}\"")).unwrap_or_default();
    let head = format!("    <testcase name=\"{name}\" classname=\"{class}\"{file}{line}");
    // Writing to a text does not fail.
    let _ = match &case.problem {
        Some(problem) if problem.weight == Weight::Failure => {
            let body = escape(&problem.lines.join("\n")).replace("&#10;", "\n");
            let title = escape(&problem.title);
            writeln!(text, "{head}>\n      <failure message=\"{title}\">{body}</failure>\n    </testcase>")
        }
        Some(problem) if problem.weight == Weight::Skipped => {
            writeln!(text, "{head}>\n      <skipped message=\"{}\"/>\n    </testcase>", escape(&problem.title))
        }
        _ => writeln!(text, "{head}/>"),
    };
}

/// What is wrong, as GitHub's workflow commands: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.
pub fn github(cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        let Some(problem) = &case.problem else { continue };
        let command = match problem.weight {
            Weight::Failure => "error",
            Weight::Warning => "warning",
            Weight::Skipped => "notice",
        };
        let mut place = Vec::new();
        place.extend(case.path.as_deref().map(|path| format!("file={}", workflow_property(path))));
        place.extend(case.line.map(|line| format!("line={line}")));
        place.push(format!("title={}", workflow_property(&format!("{}: {}", case.class, case.name))));
        let lines: Vec<&str> =
            std::iter::once(problem.title.as_str()).chain(problem.lines.iter().map(String::as_str)).collect();
        // Writing to a text does not fail.
        let _ = writeln!(text, "::{command} {}::{}", place.join(","), workflow_data(&lines.join("\n")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cases() -> Vec<Case> {
        let case = |name: &str, problem| Case {
            class: "1_a".to_owned(),
            name: name.to_owned(),
            path: Some("migrations/1_a.sql".to_owned()),
            line: Some(3),
            problem,
        };
        let problem =
            Problem { title: "`a` < b".to_owned(), lines: vec!["mend: x".to_owned()], weight: Weight::Failure };
        vec![case("applies", None), case("idempotent", Some(problem))]
    }

    #[test]
    fn a_suite_holds_what_passed_and_what_did_not() {
        insta::assert_snapshot!(junit("dbctl verify", &cases()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="dbctl verify" tests="2" failures="1" errors="0">
          <testsuite name="1_a" tests="2" failures="1" errors="0" skipped="0">
            <testcase name="applies" classname="1_a" file="migrations/1_a.sql" line="3"/>
            <testcase name="idempotent" classname="1_a" file="migrations/1_a.sql" line="3">
              <failure message="`a` &lt; b">mend: x</failure>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn an_annotation_stands_at_its_line() {
        insta::assert_snapshot!(
            github(&cases()),
            @"::error file=migrations/1_a.sql,line=3,title=1_a%3A idempotent::`a` < b%0Amend: x"
        );
    }
}
