//! A unified diff of two texts: coloured by role for people, to the letter for `patch` and `git apply`.

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
    unified((old_name, old), (new_name, new), |role, text| role.paint(&visible(text)))
}

/// The same without colours and with every character as it is, as `patch -p0` and `git apply` take it.
#[must_use]
pub fn sql_patch(old_name: &str, old: &str, new_name: &str, new: &str) -> String {
    unified((old_name, old), (new_name, new), |_, text| text.to_owned())
}

fn unified(
    (old_name, old): (&str, &str),
    (new_name, new): (&str, &str),
    show: impl Fn(Role, &str) -> String,
) -> String {
    // Other tools take a lone CR for a character like others: so must the lines here.
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (old, new) = (lines(old), lines(new));
    let diff = TextDiff::from_slices(&old, &new);
    let mut out = String::new();
    let mut line = |role, text: &str| {
        let _never = writeln!(out, "{}", show(role, text));
    };
    let mut first = true;
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        if std::mem::take(&mut first) {
            line(Role::Error, &format!("--- {}", name(old_name)));
            line(Role::Success, &format!("+++ {}", name(new_name)));
        }
        line(Role::Help, &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let (sign, role) = match change.tag() {
                ChangeTag::Delete => ('-', Role::Error),
                ChangeTag::Insert => ('+', Role::Success),
                ChangeTag::Equal => (' ', Role::Dim),
            };
            let text = change.value();
            line(role, &format!("{sign}{}", text.strip_suffix('\n').unwrap_or(text)));
            if !text.ends_with('\n') {
                line(Role::Plain, "\\ No newline at end of file");
            }
        }
    }
    out
}

/// A name with blanks ends at a tab.
fn name(name: &str) -> String {
    if name.contains(' ') { format!("{name}\t") } else { name.to_owned() }
}

/// The text with control characters made visible, but for tabs and the CR of a line end.
pub(super) fn visible(text: &str) -> String {
    let (body, end) = text.strip_suffix('\r').map_or((text, ""), |body| (body, "\r"));
    let cells: Vec<String> = body.split('\t').map(clean).collect();
    cells.join("\t") + end
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
    fn a_patch_has_every_character_as_it_is() {
        let patch = sql_patch("a b.sql", "\tone\r\ntwo\rthree\u{1b}[1m", "a b.sql", "\tONE\r\ntwo\rthree\u{1b}[1m");
        assert_eq!(
            patch,
            "--- a b.sql\t\n+++ a b.sql\t\n@@ -1,2 +1,2 @@\n-\tone\r\n+\tONE\r\n two\rthree\u{1b}[1m\n\
             \\ No newline at end of file\n"
        );
        assert_eq!(sql_patch("/dev/null", "", "n.sql", "x;\n"), "--- /dev/null\n+++ n.sql\n@@ -0,0 +1 @@\n+x;\n");
        let shown = sql_diff("a", "\tone\r\n", "a", "\tone\r\n\u{1b}[1m\n");
        assert!(shown.contains(" \tone\r") && !shown.contains("+\u{1b}[1m"), "{shown:?}");
    }

    #[test]
    fn says_nothing_where_nothing_differs() {
        assert_eq!(sql_diff("a", "select 1;\n", "b", "select 1;\n"), "");
    }
}
