//! Writes the comment that ignores a finding, but for the reason, which is a person's to give.

use crate::lint::rules::hygiene;
use crate::lint::{Edit, Finding, LintFile};
use crate::text::Span;

/// The edit that puts `-- dbctl:ignore RULE: ` above the statement that a finding stands in, or `-- dbctl:ignore-file RULE: ` at
/// the top of the file where it stands in none. `None` for findings about such comments.
pub fn ignoring(file: &LintFile, finding: &Finding) -> Option<Edit> {
    let rule = finding.rule.id;
    let about_comments =
        [&hygiene::ignore_without_reason::RULE, &hygiene::unknown_ignore_rule::RULE, &hygiene::unused_ignore::RULE];
    if about_comments.iter().any(|other| other.id == rule) || !finding.place.is_in(file.id) {
        return None;
    }
    let text = file.text();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = finding.place.span.start;
    let holds = |span: &&Span| span.start <= at && at <= span.end;
    let Some(statement) = file.statements.iter().rev().find(holds) else {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        return Some(Edit::insert(start, format!("-- dbctl:ignore-file {rule}: {end}")));
    };
    let line = text[..statement.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..statement.start];
    Some(if before.trim().is_empty() {
        Edit::insert(line, format!("{before}-- dbctl:ignore {rule}: {end}"))
    } else {
        // Behind code it would be about that line.
        Edit::insert(statement.start, format!("{end}-- dbctl:ignore {rule}: {end}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::schema::Place;
    use crate::lint::{Fix, Input, fix, parse_all};

    fn ignored(text: &str, word: &str) -> String {
        let input = Input {
            path: "a.sql".to_owned(),
            text: text.into(),
            version: None,
            name: String::new(),
            down: None,
            has_downs: false,
            no_transaction: false,
            selected: true,
        };
        let files = parse_all(vec![input]);
        let at = text.find(word).unwrap();
        let rule = crate::lint::rules::find("concurrent-index-create").unwrap();
        let finding = Finding::new(rule, Place::new(0, Span::new(at, at + word.len())), "found");
        let edit = ignoring(&files[0], &finding).unwrap();
        fix::apply(text, &[&Fix::safe("ignore", vec![edit])]).text
    }

    #[test]
    fn stands_alone_above_the_statement() {
        let text = "-- why\ncreate index i\n  on t (a);";
        assert_eq!(
            ignored(text, "on t"),
            "-- why\n-- dbctl:ignore concurrent-index-create: \ncreate index i\n  on t (a);"
        );
        let text = "select 1; create index i on t (a);\r\n";
        let expected = "select 1; \r\n-- dbctl:ignore concurrent-index-create: \r\ncreate index i on t (a);\r\n";
        assert_eq!(ignored(text, "on t"), expected);
        assert_eq!(ignored("-- why\n", "why"), "-- dbctl:ignore-file concurrent-index-create: \n-- why\n");
    }
}
