//! What secrets look like in a text.

use crate::sql::{Kind, Tokens};
use crate::text::Span;

/// A key by its first letters: how many letters of the key must follow at least, and what it is.
const KEYS: &[(&str, usize, &str)] = &[
    ("AIza", 30, "a Google API key"),
    ("AKIA", 16, "an AWS access key"),
    ("ASIA", 16, "an AWS access key"),
    ("SG.", 30, "a SendGrid API key"),
    ("ghp_", 20, "a GitHub token"),
    ("gho_", 20, "a GitHub token"),
    ("ghr_", 20, "a GitHub token"),
    ("ghs_", 20, "a GitHub token"),
    ("ghu_", 20, "a GitHub token"),
    ("github_pat_", 20, "a GitHub token"),
    ("glpat-", 16, "a GitLab token"),
    ("npm_", 30, "an npm token"),
    ("rk_live_", 8, "a Stripe key"),
    ("sb_secret_", 12, "a Supabase secret key"),
    ("sk-ant-", 16, "an Anthropic API key"),
    ("sk-proj-", 16, "an OpenAI API key"),
    ("sk_live_", 8, "a Stripe key"),
    ("whsec_", 16, "a webhook's signing secret"),
    ("xoxb-", 16, "a Slack token"),
    ("xoxp-", 16, "a Slack token"),
    ("xoxs-", 16, "a Slack token"),
];

/// The payload that every local Supabase has: its keys are in the documentation.
const DEMO: &str = "eyJpc3MiOiJzdXBhYmFzZS1kZW1v";

/// Keys, tokens, private keys and addresses with a password, wherever they stand.
pub fn keys(text: &str) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let starts = at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
        let hit = match bytes[at] {
            b':' if bytes[at..].starts_with(b"://") => {
                address(text, at).map(|span| (span, "a connection string with a password"))
            }
            b'-' if starts && bytes[at..].starts_with(b"-----BEGIN ") => {
                private_key(text, at).map(|span| (span, "a private key"))
            }
            b'e' if starts && bytes[at..].starts_with(b"eyJ") => {
                token(text, at).map(|span| (span, "a signed token (JWT)"))
            }
            b'A' | b'S' | b'g' | b'n' | b'r' | b's' | b'w' | b'x' if starts => key(text, at),
            _ => None,
        };
        match hit {
            Some((span, what)) => {
                at = span.end.max(at + 1);
                found.push((span, what));
            }
            // What is no secret is not looked at again from its middle.
            None if starts && bytes[at..].starts_with(b"eyJ") => at = run(bytes, at, is_token).max(at + 1),
            None => at += 1,
        }
    }
    found
}

fn run(bytes: &[u8], from: usize, is_part: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|&byte| !is_part(byte)).map_or(bytes.len(), |length| from + length)
}

fn key(text: &str, at: usize) -> Option<(Span, &'static str)> {
    let rest = &text.as_bytes()[at..];
    let &(start, least, what) = KEYS.iter().find(|(start, ..)| rest.starts_with(start.as_bytes()))?;
    let end = run(rest, start.len(), |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    let body = text.get(at + start.len()..at + end)?;
    (body.len() >= least && !is_placeholder(body)).then(|| (Span::new(at, at + end), what))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'=' | b'.')
}

/// Three parts in base64 with dots, of which the first is a JSON object.
fn token(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let is_part = |byte: u8| is_token(byte) && byte != b'.';
    let header = run(bytes, at, is_part);
    if header - at < 12 || bytes.get(header) != Some(&b'.') {
        return None;
    }
    let payload = run(bytes, header + 1, is_part);
    let body = text.get(header + 1..payload)?;
    if body.len() < 6 || body.starts_with(DEMO) || is_placeholder(body) {
        return None;
    }
    let end = if bytes.get(payload) == Some(&b'.') { run(bytes, payload + 1, is_part) } else { payload };
    Some(Span::new(at, end))
}

fn private_key(text: &str, at: usize) -> Option<Span> {
    let line = text.get(at..)?.lines().next()?;
    let end = line.find("PRIVATE KEY-----")? + "PRIVATE KEY-----".len();
    Some(Span::new(at, at + end))
}

/// `scheme://user:password@host`.
fn address(text: &str, at: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let start = bytes[..at]
        .iter()
        .rposition(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-')))
        .map_or(0, |it| it + 1);
    let from = at + 3;
    let is_part = |byte: u8| {
        !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'\'' | b'"' | b'?' | b'#' | b'`' | b'(' | b')' | b'|')
    };
    let end = run(bytes, from, is_part);
    let authority = text.get(from..end)?;
    let (login, host) = authority.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    (start < at && !host.is_empty() && !password.is_empty() && !is_placeholder(password)).then(|| Span::new(start, end))
}

/// Literals behind the word `password`, and connection strings of key words with a password.
pub fn passwords(text: &str) -> Vec<(Span, &'static str)> {
    let mut found = Vec::new();
    if has_word(text, "password") {
        within(text, 0, &mut found, 0);
    }
    found
}

fn within(text: &str, offset: usize, found: &mut Vec<(Span, &'static str)>, depth: usize) {
    let mut after_password = false;
    for token in Tokens::new(text).filter(|token| !token.is_trivia()) {
        let written = token.span.of(text);
        if token.kind == Kind::String {
            let span = token.span.shifted(offset);
            if let Some((tag, body)) = dollar_quoted(written).filter(|_| depth < 4) {
                if has_word(body, "password") {
                    within(body, offset + token.span.start + tag, found, depth + 1);
                }
            } else if after_password && !is_template(unquoted(written)) {
                found.push((span, "a password"));
            } else if is_conninfo(unquoted(written)) {
                found.push((span, "a connection string with a password"));
            }
        }
        after_password = token.kind == Kind::Word && written.eq_ignore_ascii_case("password");
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    let starts = |at: usize| bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
    (0..bytes.len()).any(|at| bytes[at].eq_ignore_ascii_case(&word[0]) && starts(at))
}

/// The length of the opening quote and what stands in a dollar-quoted text.
fn dollar_quoted(written: &str) -> Option<(usize, &str)> {
    let tag = written.strip_prefix('$')?.find('$')? + 2;
    let body = written.get(tag..written.len().checked_sub(tag)?)?;
    Some((tag, body))
}

/// `host=db user=app password=…`.
fn is_conninfo(text: &str) -> bool {
    let words = || text.split_whitespace().filter_map(|word| word.split_once('='));
    let password =
        words().find(|(name, _)| name.eq_ignore_ascii_case("password")).map(|(_, value)| value.trim_matches('\''));
    password.is_some_and(|value| !value.is_empty() && !is_placeholder(value))
        && words().any(|(name, _)| {
            matches!(name.to_ascii_lowercase().as_str(), "host" | "hostaddr" | "dbname" | "user" | "port")
        })
}

/// A literal without its quotes.
pub fn unquoted(written: &str) -> &str {
    let start = written.find('\'').map_or(0, |at| at + 1);
    written.get(start..).unwrap_or(written).trim_end_matches('\'')
}

/// Whether something else is put in its place before it runs, or it is a hash that lets nobody in by itself.
pub fn is_template(value: &str) -> bool {
    value.is_empty()
        || value.starts_with("SCRAM-SHA-256$")
        || ["<", "{", "$", "%L", "%s", "%I", "***", "…"].iter().any(|sign| value.contains(sign))
}

/// Whether it only stands for a secret.
pub fn is_placeholder(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "your",
        "example",
        "placeholder",
        "replace",
        "changeme",
        "change_me",
        "change-me",
        "dummy",
        "redacted",
        "xxxx",
        "insert_",
        "todo",
    ];
    let lower = value.to_ascii_lowercase();
    is_template(value)
        || ["...", ">", "[", "%"].iter().any(|sign| value.contains(sign))
        || WORDS.iter().any(|word| lower.contains(word))
        || matches!(lower.as_str(), "password" | "pass" | "pw" | "secret")
}

/// Whether a setting's name says that its value is a secret.
pub fn is_secret_name(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "secret",
        "password",
        "passwd",
        "api_key",
        "apikey",
        "service_role_key",
        "service_key",
        "token",
        "private_key",
    ];
    let last = name.rsplit('.').next().unwrap_or(name);
    ENDS.iter().any(|end| last.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        passwords(text).into_iter().chain(keys(text)).map(|(_, what)| what).collect()
    }

    #[test]
    fn secrets_are_told_from_what_stands_for_them() {
        let jwt = concat!(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
            ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
            ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
        );
        assert_eq!(found(&format!("select '{jwt}'")), ["a signed token (JWT)"]);
        assert_eq!(found("select 'eyJhbGciOiJIUzI1NiJ9...'"), [""; 0]);
        assert_eq!(
            found(&format!("select 'eyJhbGciOiJIUzI1NiJ9.{DEMO}IiwiZXhwIjoxOTgzfQ.EGIM96RAZx35lJzdJsyH'")),
            [""; 0]
        );
        assert_eq!(found(concat!("'sk_", "live_abcdef1234567890'")), ["a Stripe key"]);
        assert_eq!(found("'sk_live_xxxxxxxxxxxxxx'"), [""; 0]);
        assert_eq!(found("-- postgres://user:<password>@host/db"), [""; 0]);
        assert_eq!(
            found("dblink('host=db user=app password=hunter2', 'select 1')"),
            ["a connection string with a password"]
        );
        assert_eq!(found("do $$ begin execute 'create role a password ''x'''; end $$"), [""; 0]);
        assert_eq!(found("create user mapping for a server b options (user 'u', password 'p4ss')"), ["a password"]);
        assert_eq!(found(concat!("'-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE'")), ["a private key"]);
        assert_eq!(found("comment on function f is 'https://example.com/a:b@c'"), [""; 0]);
    }
}
