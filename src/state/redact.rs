//! Taking secrets out of a command line before it is written down.

/// What stands in a secret's place.
const MASK: &str = "***";

/// Parts of the names of flags whose value is a secret as a whole.
const SECRET_FLAGS: [&str; 5] = ["url", "password", "passwd", "secret", "token"];

/// Keys of connection strings and query parameters whose value is a secret; `pgpassword=` ends with one of them.
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>
const SECRET_KEYS: [&str; 4] = ["password", "passwd", "secret", "token"];

/// The command line with every secret replaced by `***`.
///
/// The value of a flag that names a URL or a secret is replaced whole; in any other argument the password of a URL or
/// of a connection string is. When in doubt, more is replaced.
#[must_use]
pub fn redact_argv(argv: &[String]) -> Vec<String> {
    let mut secret_follows = false;
    argv.iter()
        .map(|argument| {
            if std::mem::take(&mut secret_follows) {
                return MASK.to_owned();
            }
            let Some(flag) = argument.strip_prefix('-').filter(|_| argument != "--") else { return redact(argument) };
            let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
            let name = name.to_ascii_lowercase();
            let secret = SECRET_FLAGS.iter().any(|part| name.ends_with(part));
            match value {
                Some(_) if secret => format!("{}={MASK}", argument.split('=').next().unwrap_or_default()),
                _ => {
                    secret_follows = secret;
                    redact(argument)
                }
            }
        })
        .collect()
}

/// A text with the passwords of its URLs and connection strings replaced by `***`.
#[must_use]
pub fn redact(text: &str) -> String {
    keys(&userinfo(text))
}

/// Replaces the password in `scheme://user:password@host`.
///
/// A password that was not percent-encoded may hold any of `/?#@:`, so everything up to the last `@` of the word goes.
fn userinfo(text: &str) -> String {
    let Some(at) = text.find("://") else { return text.to_owned() };
    let (before, rest) = text.split_at(at + 3);
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    let masked = match (word.find(':'), word.rfind('@')) {
        (Some(colon), Some(host)) if colon < host => format!("{}:{MASK}{}", &word[..colon], &word[host..]),
        _ => word.to_owned(),
    };
    format!("{before}{masked}{}", userinfo(after))
}

/// Replaces the values of `password=…`, `password = '…'`, `?sslpassword=…&` and `PGPASSWORD=…`.
fn keys(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let found = SECRET_KEYS.iter().flat_map(|key| lower.match_indices(key).map(|(at, key)| at + key.len()));
    let values = found.filter_map(|end| {
        let rest = &text[end..];
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        Some(text.len() - value.len())
    });
    let Some(start) = values.filter(|at| *at < text.len()).min() else { return text.to_owned() };
    let (before, value) = text.split_at(start);
    format!("{before}{MASK}{}", keys(&value[value_length(value)..]))
}

/// How long a value is: to its closing quote, else to white space or `&`.
fn value_length(value: &str) -> usize {
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let mut escaped = false;
    for (at, c) in value.char_indices().skip(usize::from(quote.is_some())) {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(quote), c) if c == quote => return at + c.len_utf8(),
            (None, c) if c.is_whitespace() || c == '&' => return at,
            _ => {}
        }
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "kanarienvogel";

    fn redacted(line: &[&str]) -> String {
        redact_argv(&line.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>()).join(" ")
    }

    #[test]
    fn lets_no_password_through_however_it_is_given() {
        let secret = |form: &str| form.replace('$', CANARY);
        for form in [
            "--url=postgres://u:$@h/db",
            "--url=$",
            "--remote-url=$",
            "--password=$",
            "--db-password=$",
            "-password=$",
            "postgres://u:$@h/db",
            "postgresql://u:$@h:5432/db?sslmode=require",
            "postgresql://u:a/$@h/db",
            "postgresql://u:a@$@h/db",
            "postgresql://u:a?$#b@h/db",
            "postgresql://h/db?user=u&password=$",
            "postgresql://h/db?password=$&user=u",
            "postgresql://h/db?sslpassword=$",
            "host=h password=$ user=u",
            "host=h password = '$ with blanks' user=u",
            "host=h password='it\\'s $' user=u",
            "PGPASSWORD=$",
            "PASSWORD=$",
            "x=postgres://u:$@h y=postgres://u:$@h",
            "password=a password=$",
        ] {
            let shown = redacted(&["dbctl", "migrate", &secret(form)]);
            assert!(!shown.contains(CANARY), "{form}: {shown}");
            assert!(shown.contains(MASK), "{form}: {shown}");
        }
        for flag in ["--url", "--password", "--db-url", "--TOKEN"] {
            let shown = redacted(&["dbctl", flag, CANARY, "--local"]);
            assert_eq!(shown, format!("dbctl {flag} *** --local"));
        }
    }

    #[test]
    fn leaves_everything_else_as_it_is() {
        let line = ["dbctl", "-C", "a/b", "migrate", "--local", "--reason=the password is known", "-n", "3", "--", "x"];
        assert_eq!(redacted(&line), line.join(" "));
        assert_eq!(redact("postgres://u@h:5432/db"), "postgres://u@h:5432/db");
        assert_eq!(redact("postgres://u:pw@h:5432/db"), "postgres://u:***@h:5432/db");
        assert_eq!(redact("host=h password=pw user=ü"), "host=h password=*** user=ü");
    }
}
