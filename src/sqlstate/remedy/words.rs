//! A statement as a list of words: enough to see what it does and to which object, and no more.

/// A piece of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A keyword or an unquoted identifier, in lower case as PostgreSQL folds it.
    Plain(String),
    /// A quoted identifier, without its quotes.
    Quoted(String),
    /// A string constant; what it says does not matter here.
    Text,
    /// Any other character.
    Sign(char),
}

/// Reads a statement's words; comments fall away.
pub(super) fn words(statement: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment_length(rest),
            '\'' => {
                words.push(Word::Text);
                quoted_length(rest, '\'')
            }
            '"' => {
                let length = quoted_length(rest, '"');
                words.push(Word::Quoted(rest[1..length].trim_end_matches('"').replace("\"\"", "\"")));
                length
            }
            '$' if dollar_length(rest).is_some() => {
                words.push(Word::Text);
                dollar_length(rest).unwrap_or(1)
            }
            letter if letter == '_' || letter.is_alphanumeric() => {
                let end = rest.find(|c: char| c != '_' && c != '$' && !c.is_alphanumeric()).unwrap_or(rest.len());
                words.push(Word::Plain(rest[..end].to_lowercase()));
                end
            }
            blank if blank.is_whitespace() => blank.len_utf8(),
            sign => {
                words.push(Word::Sign(sign));
                sign.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    words
}

fn comment_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// Up to and with the closing quote; a doubled one does not close.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// The length of a dollar-quoted string, if one starts here.
fn dollar_length(text: &str) -> Option<usize> {
    let tag = &text[..=text[1..].find('$')? + 1];
    if !tag[1..tag.len() - 1].chars().all(|c| c == '_' || c.is_alphanumeric()) {
        return None;
    }
    Some(text[tag.len()..].find(tag).map_or(text.len(), |end| tag.len() * 2 + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_skips_what_is_not_code() {
        let plain = |text: &str| Word::Plain(text.to_owned());
        assert_eq!(
            words("/* a /* b */ c */ Create -- x\n TABLE \"A\"\"b\".c 'it''s' $f$ $x$ $f$ $1"),
            [
                plain("create"),
                plain("table"),
                Word::Quoted("A\"b".to_owned()),
                Word::Sign('.'),
                plain("c"),
                Word::Text,
                Word::Text,
                Word::Sign('$'),
                plain("1"),
            ]
        );
    }

    #[test]
    fn ends_at_the_end_of_what_is_not_closed() {
        for text in ["'a", "\"a", "\"", "$$a", "/* a", "-- a", "é'", "$", "$a"] {
            assert!(words(text).len() <= 2, "{text}");
        }
    }
}
