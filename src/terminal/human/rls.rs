//! How `dbctl test rls` looks: the matrix, then what does not hold, with what is at fault and what mends it.

use comfy_table::Cell;

use super::{Human, line, sentence};
use crate::report::{RlsTable, RlsTest, RlsViolation, RlsWarning};
use crate::rls::{Act, Verdict};
use crate::terminal::style::{Role, clean};
use crate::terminal::table::table;
use crate::text::count;

/// The commands in the order of the matrix.
const ACTS: [Act; 5] = [Act::Select, Act::Insert, Act::Update, Act::Move, Act::Delete];

impl Human for RlsTest {
    fn human(&self, width: Option<u16>) -> String {
        let mut out = String::new();
        if self.tables.is_empty() {
            sentence(&mut out, Role::Warning, "There is nothing to test: the exposed schemas have no tables.");
            let text =
                "`[rls] schemas` in dbctl.toml names the schemas whose tables clients reach; without it that is public";
            line(&mut out, &format!("{} {text}", Role::Help.paint("help:")));
            return out;
        }
        matrix(&mut out, self, width);
        roles(&mut out, self);
        for violation in &self.violations {
            shown(&mut out, violation);
        }
        let mut told: Vec<(&RlsWarning, Vec<&str>)> = Vec::new();
        for warning in &self.warnings {
            let same = told.iter_mut().find(|(it, _)| {
                (it.kind, &it.table, &it.text) == (warning.kind, &warning.table, &warning.text) && it.policy.is_some()
            });
            match same {
                Some((_, more)) => more.extend(warning.policy.as_deref()),
                None => told.push((warning, Vec::new())),
            }
        }
        for (warning, more) in told {
            warned(&mut out, warning, &more);
        }
        let all = [("not seeded", &self.not_seeded), ("not tried", &self.not_tried), ("not proved", &self.not_proved)];
        for (word, reasons) in all {
            for reason in reasons {
                line(
                    &mut out,
                    &format!(
                        "{} {}: {}",
                        Role::Warning.paint(&format!("{word}:")),
                        clean(&reason.object),
                        clean(&reason.why)
                    ),
                );
            }
        }
        let tried = self.tables.iter().filter(|it| it.rows > 0).count();
        let tables = count(tried, "table");
        let warnings = match self.warnings.len() {
            0 => String::new(),
            n => format!(", {}", count(n, "warning")),
        };
        let but = match self.not_proved.len() {
            0 => String::new(),
            n => format!(", but nothing is proved of {}", count(n, "function")),
        };
        let (role, text) = match self.violations.len() {
            0 if tried == 0 => (Role::Warning, format!("Nothing was tried: no table could be filled{warnings}.")),
            0 => (
                if but.is_empty() { Role::Success } else { Role::Warning },
                format!(
                    "The rules hold on {tables}: {} as {}{warnings}{but}.",
                    count(self.tries, "try").replace("trys", "tries"),
                    names(self)
                ),
            ),
            n => (Role::Error, format!("{} on {tables}{warnings}.", count(n, "violation"))),
        };
        sentence(&mut out, role, &text);
        out
    }
}

fn names(view: &RlsTest) -> String {
    let names: Vec<&str> = view.roles.iter().filter(|it| it.role.is_some()).map(|it| it.name.as_str()).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
}

/// The matrix: a row for commands that everybody may use alike.
fn matrix(out: &mut String, view: &RlsTest, width: Option<u16>) {
    let roles: Vec<&str> = view.roles.iter().filter(|it| it.role.is_some()).map(|it| it.name.as_str()).collect();
    let mut headers: Vec<String> = vec!["TABLE".to_owned(), "COMMAND".to_owned()];
    headers.extend(roles.iter().map(|name| name.to_uppercase()));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for of in &view.tables {
        let mut groups: Vec<(Vec<&str>, Vec<Option<Verdict>>)> = Vec::new();
        for act in ACTS {
            let verdicts: Vec<Option<Verdict>> = roles.iter().map(|role| verdict(of, role, act)).collect();
            if verdicts.iter().all(Option::is_none) {
                continue;
            }
            match groups.iter_mut().find(|(_, known)| *known == verdicts) {
                Some((acts, _)) => acts.push(act.word()),
                None => groups.push((vec![act.word()], verdicts)),
            }
        }
        for (at, (acts, verdicts)) in groups.into_iter().enumerate() {
            let name = match (at, &of.public) {
                (0, Some(_)) => format!("{} (public)", clean(&of.table)),
                (0, None) => clean(&of.table),
                _ => String::new(),
            };
            let mut cells = vec![Cell::new(name), Cell::new(acts.join(", "))];
            cells.extend(verdicts.into_iter().map(cell));
            rows.push(cells);
        }
    }
    out.push_str(&table(&headers, rows, 1, width));
}

fn verdict(of: &RlsTable, role: &str, act: Act) -> Option<Verdict> {
    of.cells.iter().find(|it| it.role == role && it.command == act).map(|it| it.verdict)
}

fn cell(verdict: Option<Verdict>) -> Cell {
    let role = match verdict {
        Some(Verdict::NotTried) => Role::Warning,
        None | Some(Verdict::Denied) => Role::Dim,
        Some(Verdict::All | Verdict::Own | Verdict::Others) => Role::Plain,
    };
    role.cell(verdict.map_or(super::NOTHING, Verdict::word))
}

/// Who the roles are.
fn roles(out: &mut String, view: &RlsTest) {
    out.push('\n');
    for role in &view.roles {
        let notes = role.notes.join("; ");
        match &role.role {
            Some(_) if role.notes.is_empty() => {}
            Some(name) => {
                line(
                    out,
                    &format!("{} {} is `{}`: {}", Role::Help.paint("note:"), role.name, clean(name), clean(&notes)),
                );
            }
            None => line(out, &format!("{} {} was not tried: {}", Role::Help.paint("note:"), role.name, clean(&notes))),
        }
    }
    let shared: Vec<&str> = view
        .tables
        .iter()
        .filter(|it| it.rows_of == "nobody's" && it.public.is_none())
        .map(|it| it.table.as_str())
        .collect();
    if !shared.is_empty() {
        let text = format!(
            "rows of {} are nobody's: only the unauthenticated are kept from them; where they are a tenant's, say so by \
             `tenant_column` or `tenant_table` of `[rls]`",
            shared.join(", ")
        );
        line(out, &format!("{} {}", Role::Help.paint("note:"), clean(&text)));
    }
}

fn shown(out: &mut String, violation: &RlsViolation) {
    let acts: Vec<&str> = violation.commands.iter().map(|act| act.word()).collect();
    let way = if violation.through == "table" { String::new() } else { format!(" through {}", violation.through) };
    let title = format!("{}: {} of {}{way}", violation.rule.word(), acts.join(", "), violation.table);
    line(out, &format!("{} {}", Role::Error.paint("violation:"), clean(&title)));
    for seen in &violation.seen {
        line(out, &format!("  as {}: {}", violation.who(), clean(seen)));
    }
    for fault in &violation.faults {
        let place = fault.path.as_ref().zip(fault.line).map(|(path, at)| format!(" ({path}:{at})")).unwrap_or_default();
        line(out, &format!("  because {}{}", clean(&fault.text), clean(&place)));
        if let Some(policy) = &fault.policy {
            line(out, &format!("    {}", Role::Dim.paint(&clean(policy))));
        }
    }
    for sql in &violation.mend {
        line(out, &format!("  {} {}", Role::Help.paint("mend:"), clean(sql)));
    }
    for text in &violation.advice {
        line(out, &format!("  {} {}", Role::Help.paint("help:"), clean(text)));
    }
}

fn warned(out: &mut String, warning: &RlsWarning, more: &[&str]) {
    let place = warning.path.as_ref().zip(warning.line).map(|(path, at)| format!(" ({path}:{at})")).unwrap_or_default();
    let object = if more.is_empty() {
        warning.object.clone()
    } else {
        let first = warning.policy.as_deref().into_iter().chain(more.iter().copied());
        format!("policies {} on {}", first.collect::<Vec<_>>().join(", "), warning.table)
    };
    let text = format!("{}: {object}{place}: {}", warning.kind, warning.text);
    line(out, &format!("{} {}", Role::Warning.paint("warning:"), clean(&text)));
    for sql in warning.mend.iter().filter(|_| more.is_empty()) {
        line(out, &format!("  {} {}", Role::Help.paint("mend:"), clean(sql)));
    }
}
