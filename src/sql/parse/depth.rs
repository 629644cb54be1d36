//! How deep a text nests, told from its characters.
//!
//! The parser calls itself for everything that nests, so a text without measure would end the process. What is too deep
//! here is no one's SQL, and is left unread.

/// More than any statement written by man or machine, and less than a thread's stack holds.
const PARENS: usize = 250;
const BLOCKS: usize = 400;
/// A shorter text cannot hold as many blocks.
const SHORT: usize = 1024;

/// Whether a text nests deeper than the parser should go.
pub(super) fn is_too_deep(text: &str) -> bool {
    parens(text) > PARENS || text.len() > SHORT && blocks(text) > BLOCKS
}

fn parens(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Open `case`, `begin`, `if` and `loop`, and operators in a row that all wait for their operand.
fn blocks(text: &str) -> usize {
    let (mut open, mut row, mut deepest) = (0_usize, 0_usize, 0);
    let (mut ended, mut asked) = (false, false);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_') {
            at += 1;
        }
        if at == start {
            let sign = matches!(bytes[at], b'-' | b'+' | b'~' | b'@' | b'!');
            if sign && at.checked_sub(1).is_none_or(|before| bytes[before] != bytes[at]) {
                row += 1;
            } else if !sign && !bytes[at].is_ascii_whitespace() {
                row = 0;
            }
            at += 1;
        } else {
            let word = &bytes[start..at];
            let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
            if asked && (is("exists") || is("not")) {
                // `if not exists` opens nothing.
                open = open.saturating_sub(1);
            }
            asked = false;
            if is("not") {
                row += 1;
            } else {
                row = 0;
                if is("end") {
                    open = open.saturating_sub(1);
                } else if !ended && (is("case") || is("begin") || is("if") || is("loop")) {
                    open += 1;
                    asked = is("if");
                }
                ended = is("end");
            }
        }
        deepest = deepest.max(open + row);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_nests_without_measure_from_what_is_only_long() {
        assert!(is_too_deep(&format!("select {}1", "(".repeat(300))));
        assert!(is_too_deep(&format!("do $$ {}", "begin ".repeat(500))));
        assert!(is_too_deep(&format!("select {}a", "not ".repeat(500))));
        assert!(is_too_deep(&format!("select {}1", "- ".repeat(600))));
        assert!(!is_too_deep(&"create table if not exists t (a int check (a > 0)); -- ----- --\n".repeat(1000)));
        assert!(!is_too_deep(&"if a then loop begin null; end; end loop; end if; case when a then 1 end".repeat(1000)));
    }
}
