//! Comments that say something about the whole migration.

use crate::sql::{Kind, Tokens};

/// The reason in `-- irreversible: reason`, of a migration that has no way back on purpose.
///
/// It is a plain comment: the runner knows no such directive, and `-- dbctl: irreversible` would be an error to it.
pub(super) fn irreversible(text: &str) -> Option<&str> {
    const WORD: &str = "irreversible";
    if !text.contains(WORD) && !text.contains("Irreversible") && !text.contains("IRREVERSIBLE") {
        return None;
    }
    Tokens::new(text).filter(|token| token.kind == Kind::LineComment).find_map(|token| {
        let said = token.span.of(text).trim_start_matches('-').trim();
        let (word, reason) = said.split_once(':')?;
        let reason = reason.trim();
        (word.trim().eq_ignore_ascii_case(WORD) && !reason.is_empty()).then_some(reason)
    })
}

#[cfg(test)]
mod tests {
    use super::irreversible;

    #[test]
    fn the_comment_needs_a_reason() {
        for (text, reason) in [
            ("-- irreversible: the rows are gone\ndrop table t;", Some("the rows are gone")),
            ("drop table t; -- Irreversible:the rows are gone", Some("the rows are gone")),
            ("-- irreversible:\n", None),
            ("-- this is irreversible\n", None),
            ("select '-- irreversible: no';", None),
        ] {
            assert_eq!(irreversible(text), reason, "{text}");
        }
    }
}
