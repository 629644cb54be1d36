//! What was tried of migrations, as test cases, and what is wrong, in words.

use super::{Breakage, Difference, Idempotent, Reversible, Verified, Verify, WaySource, WithData};
use crate::report::problem::{Case, Problem, Weight};

/// How many objects are named.
const NAMED: usize = 12;

/// A case a migration and trial.
pub fn cases(answer: &Verify) -> Vec<Case> {
    let mut cases = Vec::new();
    for migration in &answer.migrations {
        let problems = problems(migration);
        let class = format!("{}_{}", migration.version, migration.name);
        let tried = ["applies", "idempotent", "reversible"].into_iter();
        for what in tried.chain(migration.with_data.is_some().then_some("with-data")) {
            let found = problems.iter().find(|(of, ..)| *of == what);
            let is_required = what == "with-data" || answer.required.iter().any(|it| it.word() == what);
            // What could not be tried is said once: it does not apply.
            if found.is_none() && what != "applies" && !migration.applies {
                continue;
            }
            let place = found.and_then(|(_, place, _)| place.as_ref());
            cases.push(Case {
                class: class.clone(),
                name: what.to_owned(),
                path: Some(place.and_then(|it| it.path.clone()).unwrap_or_else(|| migration.path.clone())),
                line: place.and_then(|it| it.line),
                problem: found.map(|(.., problem)| Problem {
                    weight: if is_required { Weight::Failure } else { Weight::Warning },
                    ..problem.clone()
                }),
            });
        }
    }
    cases.extend(answer.not_reached.iter().map(|title| Case {
        class: title.clone(),
        name: "applies".to_owned(),
        path: None,
        line: None,
        problem: Some(Problem {
            title: "it was not tried: a migration before it does not apply".to_owned(),
            lines: Vec::new(),
            weight: Weight::Failure,
        }),
    }));
    cases
}

/// What is wrong with a migration: the trial, the place, the words.
pub fn problems(migration: &Verified) -> Vec<(&'static str, Option<Breakage>, Problem)> {
    let mut found = Vec::new();
    if let Some(failure) = &migration.failure {
        found.push(("applies", Some(failure.clone()), of_breakage("it does not apply", failure)));
        return found;
    }
    if let Some((place, problem)) = of_second_run(&migration.idempotent) {
        found.push(("idempotent", place, problem));
    }
    if let Some((place, problem)) = of_way_back(&migration.reversible) {
        found.push(("reversible", place, problem));
    }
    if let Some((place, problem)) = migration.with_data.as_ref().and_then(of_data) {
        found.push(("with-data", place, problem));
    }
    found
}

fn of_breakage(title: &str, breakage: &Breakage) -> Problem {
    let code = breakage.sqlstate.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
    let place = breakage.line.map(|line| format!(" (line {line})")).unwrap_or_default();
    let mut lines = Vec::new();
    if !breakage.sql.is_empty() {
        lines.push(format!("statement{place}: {}", breakage.sql));
    }
    lines.extend(breakage.help.iter().map(|help| format!("help: {help}")));
    Problem { title: format!("{title}: {code}{}", breakage.message), lines, weight: Weight::Failure }
}

fn of_second_run(run: &Idempotent) -> Option<(Option<Breakage>, Problem)> {
    if run.ok || !run.tested {
        return None;
    }
    if let Some(failure) = &run.failure {
        let mut problem = of_breakage("it cannot run twice", failure);
        problem.lines.extend(run.guarded.iter().map(|sql| format!("write: {sql}")));
        return Some((Some(failure.clone()), problem));
    }
    let mut lines = objects(&run.differs, |it| it.how.again());
    lines.extend(run.rows.iter().map(|rows| format!("{} holds {}", rows.table, rows.how)));
    for it in &run.statements {
        lines.push(format!("statement (line {}): {}", it.line, it.sql));
        lines.push(match &it.guarded {
            Some(sql) => format!("write: {sql};"),
            None => format!("help: {}", it.why),
        });
    }
    let place = run.statements.first().map(|it| Breakage {
        path: None,
        statement: Some(it.statement),
        line: Some(it.line),
        sql: it.sql.clone(),
        sqlstate: None,
        message: it.why.clone(),
        help: Vec::new(),
    });
    Some((place, Problem { title: "a second run changes something again".to_owned(), lines, weight: Weight::Failure }))
}

fn of_way_back(way: &Reversible) -> Option<(Option<Breakage>, Problem)> {
    if way.ok() || !way.tested {
        return None;
    }
    let noun = match way.source {
        WaySource::File => "the way back by its down file",
        WaySource::Generated => "the generated way back",
    };
    if let Some(failure) = &way.failure {
        let mut problem = of_breakage(&format!("{noun} fails"), failure);
        problem.lines.extend(mend(way, "in its place: "));
        return Some((Some(failure.clone()), problem));
    }
    if !way.exact {
        let mut lines = objects(&way.differs, |it| it.how.after_back());
        lines.extend(mend(way, "mend: "));
        let title = format!("{noun} does not restore what was there before");
        let place = way.path.clone().map(|path| Breakage {
            path: Some(path),
            statement: None,
            line: None,
            sql: String::new(),
            sqlstate: None,
            message: String::new(),
            help: Vec::new(),
        });
        return Some((place, Problem { title, lines, weight: Weight::Failure }));
    }
    if let Some(failure) = &way.reup_failure {
        let problem = of_breakage("it does not apply again after its way back", failure);
        return Some((Some(failure.clone()), problem));
    }
    let lines = objects(&way.reup_differs, |it| it.how.again());
    let title = "applied again after its way back, it leaves something else".to_owned();
    Some((None, Problem { title, lines, weight: Weight::Failure }))
}

fn of_data(data: &WithData) -> Option<(Option<Breakage>, Problem)> {
    if let Some(failure) = &data.failure {
        return Some((Some(failure.clone()), of_breakage("it does not apply where there are rows", failure)));
    }
    if let Some(failure) = &data.back_failure {
        let problem = of_breakage("its way back fails where there are rows", failure);
        return Some((Some(failure.clone()), problem));
    }
    let lines: Vec<String> = data.rows.iter().map(|rows| format!("{} holds {}", rows.table, rows.how)).collect();
    let title = "rows that it had no reason to touch are others after it and its way back".to_owned();
    (!lines.is_empty()).then_some((None, Problem { title, lines, weight: Weight::Failure }))
}

fn objects(differs: &[Difference], how: impl Fn(&Difference) -> &'static str) -> Vec<String> {
    let mut lines: Vec<String> = differs.iter().take(NAMED).map(|it| format!("{} {}", it.object, how(it))).collect();
    if differs.len() > NAMED {
        lines.push(format!("and {} more", differs.len() - NAMED));
    }
    lines
}

fn mend(way: &Reversible, word: &str) -> Vec<String> {
    let statements = way.mend.iter().flat_map(|sql| sql.lines());
    let lines = statements.enumerate().map(|(at, line)| {
        let margin = if at == 0 { word.to_owned() } else { " ".repeat(word.len()) };
        format!("{margin}{line}")
    });
    lines.collect()
}
