//! A unified diff of two texts, coloured by role.

use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use super::style::{Role, clean};

/// How many unchanged lines surround a change.
const CONTEXT: usize = 3;

/// The unified diff from `old` to `new`, with a header naming both; empty where they are equal.
///
/// The colours are ANSI codes; [`super::Terminal::print`] strips them where they are not wanted.
#[must_use]
pub fn sql_diff(old_name: &str, old: &str, new_name: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut out = String::new();
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        if out.is_empty() {
            line(&mut out, Role::Error, &format!("--- {old_name}"), true);
            line(&mut out, Role::Success, &format!("+++ {new_name}"), true);
        }
        line(&mut out, Role::Help, &hunk.header().to_string(), true);
        for change in hunk.iter_changes() {
            let (sign, role) = match change.tag() {
                ChangeTag::Delete => ('-', Role::Error),
                ChangeTag::Insert => ('+', Role::Success),
                ChangeTag::Equal => (' ', Role::Dim),
            };
            line(&mut out, role, &format!("{sign}{}", change.value()), !change.missing_newline());
        }
    }
    out
}

fn line(out: &mut String, role: Role, text: &str, terminated: bool) {
    let text = role.paint(&clean(text.trim_end_matches('\n')));
    let hint = if terminated { "" } else { "\n\\ No newline at end of file" };
    let _never = writeln!(out, "{text}{hint}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_both_sides_and_shows_what_changed() {
        let old = "create table a (\n  id int\n);\n";
        let new = "create table a (\n  id bigint\n);";
        let diff = sql_diff("applied", old, "a.sql", new);
        assert_eq!(
            anstream::adapter::strip_str(&diff).to_string(),
            "--- applied\n+++ a.sql\n@@ -1,3 +1,3 @@\n create table a (\n-  id int\n-);\n+  id bigint\n+);\n\
             \\ No newline at end of file\n"
        );
        assert!(diff.contains("\u{1b}[31m"), "{diff:?}");
    }

    #[test]
    fn says_nothing_where_nothing_differs() {
        assert_eq!(sql_diff("a", "select 1;\n", "b", "select 1;\n"), "");
    }
}
