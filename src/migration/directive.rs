//! Comments that tell the runner something: dbctl's own and those that other tools read.

use crate::sql::{Kind, Token, Tokens};
use crate::text::{Source, Span, did_you_mean};

use super::error::FileError;

/// The directives of dbctl: `-- dbctl: NAME`.
const OWN: &[&str] = &["no-transaction", PUBLIC];

/// States that a table is meant to be public; `dbctl test rls` reads it.
const PUBLIC: &str = "public";

/// How the directives begin that are lint's, with rules and a reason behind them.
const LINT: &str = "ignore";

/// How the directive begins that approves something dangerous: `allow NAME -- reason`.
const ALLOW: &str = "allow";

/// The words for them, for those who mistype one.
const LINTS: [&str; 4] = ["ignore", "ignore-file", "ignore-start", "ignore-end"];

/// How other tools say that a file runs outside a transaction, in lower case without the comment's dashes.
///
/// - sqlx (`Migration::no_tx`, docs.rs/sqlx-core), graphile-migrate (`--! no-transaction`, its README)
/// - goose: <https://pressly.github.io/goose/blog/2022/overview-sql-file>
/// - Atlas: <https://atlasgo.io/versioned/apply#transaction-configuration>
/// - tern: <https://github.com/jackc/tern#migrations>
/// - postgres-migrations: <https://github.com/ThomWright/postgres-migrations>
const FOREIGN_LINES: &[&str] = &[
    "no-transaction",
    "! no-transaction",
    "+goose no transaction",
    "atlas:txmode none",
    "-- tern: disable-tx ----",
    "postgres-migrations disable-transaction",
];

/// The same as an option of a line that begins a section: dbmate (<https://github.com/amacneil/dbmate>),
/// sql-migrate (<https://github.com/rubenv/sql-migrate>).
const FOREIGN_OPTIONS: &[(&str, &str)] = &[("migrate:up", "transaction:false"), ("+migrate up", "notransaction")];

/// Lines behind which a file of another tool holds what takes the migration back.
const DOWN_SECTIONS: &[(&str, &str)] = &[
    ("migrate:down", "dbmate"),
    ("+goose down", "goose"),
    ("+migrate down", "sql-migrate"),
    ("-- create above / drop below ----", "tern"),
];

/// A directive and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The comment as written.
    pub written: String,
    /// Where.
    pub span: Span,
}

/// What a file approves of itself: `-- dbctl: allow drop-column:public.users.old -- nobody reads it since 2.3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The name of what is approved.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What the comments of a file tell the runner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directives {
    /// What the file approves of itself.
    pub approvals: Vec<Approval>,
    /// The file runs outside a transaction.
    pub no_transaction: Option<Directive>,
}

impl Directives {
    /// Reads the comments that stand alone on their lines.
    ///
    /// An unknown `-- dbctl:` directive is an error, and so is a section of another tool that takes the migration
    /// back: run as it is, the file would do and undo its work.
    pub fn read(source: &Source) -> Result<Self, FileError> {
        let mut directives = Self::default();
        if !may_have_any(source.text()) {
            return Ok(directives);
        }
        for (comment, span) in comments(source.text()) {
            let said = comment[2..].trim().to_ascii_lowercase();
            if let Some(name) = said.strip_prefix("dbctl:").map(str::trim) {
                if is_lints(name) || is_public(name) {
                    continue;
                }
                if let Some(rest) = name.strip_prefix(ALLOW).filter(|rest| rest.starts_with([' ', '\t'])) {
                    // Names keep their letters: those in quotes may be capitals.
                    let written = comment.trim_end();
                    let at = written.len().saturating_sub(rest.len());
                    let line = source.position(span.start).line;
                    directives.approvals.push(approval(source, line, written.get(at..).unwrap_or(rest))?);
                    continue;
                }
                if !OWN.contains(&name) {
                    return Err(unknown(source, span, name));
                }
            } else if let Some((_, tool)) = DOWN_SECTIONS.iter().find(|(start, _)| said.starts_with(start)) {
                let line = source.position(span.start).line;
                return Err(FileError::DownSection { path: source.name().to_owned(), line, tool });
            } else if !is_foreign(&said) {
                continue;
            }
            let directive = || Directive { written: comment.trim_end().to_owned(), span };
            directives.no_transaction.get_or_insert_with(directive);
        }
        Ok(directives)
    }
}

/// `NAME -- reason`.
fn approval(source: &Source, line: usize, text: &str) -> Result<Approval, FileError> {
    let text = text.trim();
    let (name, reason) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    let reason = reason.trim_start_matches([' ', '\t', '-', '\u{2013}', '\u{2014}', ':']).trim();
    if reason.is_empty() {
        return Err(FileError::AllowWithoutReason { path: source.name().to_owned(), line, name: name.to_owned() });
    }
    Ok(Approval { name: name.trim_end_matches(':').to_owned(), reason: reason.to_owned() })
}

/// Whether a directive speaks to lint alone: what is wrong with it is lint's to say, and no reason not to run the file.
fn is_lints(name: &str) -> bool {
    let word = name.split([' ', '\t', ':']).next().unwrap_or_default();
    // A slip in the word is one in a comment of lint still.
    word.starts_with(LINT) || did_you_mean(word, LINTS).is_some()
}

/// Whether a directive states that a table is public, also with a reason behind it: it changes nothing about the run.
fn is_public(name: &str) -> bool {
    let rest = name.strip_prefix(PUBLIC);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':', ',', '-', '(']))
}

fn is_foreign(said: &str) -> bool {
    FOREIGN_LINES.contains(&said)
        || FOREIGN_OPTIONS.iter().any(|(start, option)| {
            said.strip_prefix(start).is_some_and(|rest| rest.split_ascii_whitespace().any(|word| word == *option))
        })
}

/// A quick look that spares most files the reading of their tokens.
fn may_have_any(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches('\u{feff}').trim_start();
        line.starts_with("--")
            && [
                "dbctl",
                "transaction",
                "TRANSACTION",
                "txmode",
                "tern:",
                "drop below",
                "migrate:",
                "+goose",
                "+migrate",
            ]
            .iter()
            .any(|word| line.contains(word))
    })
}

/// The line comments that stand alone on their lines, outside strings and bodies.
fn comments(text: &str) -> impl Iterator<Item = (&str, Span)> {
    let alone = |token: &Token| {
        let line_start = text[..token.span.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        text[line_start..token.span.start].trim_start_matches('\u{feff}').trim().is_empty()
    };
    Tokens::new(text)
        .filter(|token| token.kind == Kind::LineComment)
        .filter(alone)
        .map(|token| (token.span.of(text), token.span))
}

fn unknown(source: &Source, span: Span, name: &str) -> FileError {
    FileError::UnknownDirective {
        path: source.name().to_owned(),
        line: source.position(span.start).line,
        directive: name.to_owned(),
        similar: did_you_mean(name, OWN.iter().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<String>, String> {
        Directives::read(&Source::new("a.sql", text))
            .map(|directives| directives.no_transaction.map(|directive| directive.written))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn understands_every_tools_spelling() {
        for line in [
            "-- dbctl: no-transaction",
            "--dbctl:no-transaction",
            "-- no-transaction",
            "--! no-transaction",
            "-- migrate:up transaction:false",
            "-- +goose NO TRANSACTION",
            "-- +migrate Up notransaction",
            "---- tern: disable-tx ----",
            "-- atlas:txmode none",
            "-- postgres-migrations disable-transaction",
        ] {
            assert_eq!(read(&format!("-- a\nselect 1;\n  {line}  \nselect 2;")), Ok(Some(line.to_owned())));
            assert_eq!(read(&format!("\u{feff}{line}\r\nselect 2;")), Ok(Some(line.to_owned())));
        }
    }

    #[test]
    fn reads_only_comments_that_stand_alone() {
        for text in [
            "select 1; -- dbctl: no-transaction",
            "select '\n-- dbctl: no-transaction\n'",
            "do $$\n-- dbctl: no-transaction\n$$",
            "/*\n-- dbctl: no-transaction\n*/",
            "-- this runs with no-transaction",
            "-- migrate:up",
        ] {
            assert_eq!(read(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn reads_what_a_file_approves_of_itself() {
        let read = |text: &str| Directives::read(&Source::new("a.sql", text)).map(|it| it.approvals);
        let found = read("-- dbctl: allow drop-column:public.users.\"Old\" -- nobody reads it\nselect 1;").unwrap();
        assert_eq!(found[0].name, "drop-column:public.users.\"Old\"");
        assert_eq!(found[0].reason, "nobody reads it");
        assert_eq!(read("-- dbctl:allow truncate:public.a: it is a cache").unwrap()[0].name, "truncate:public.a");
        let error = read("select 1;\n-- dbctl: allow drop-table:public.a --").unwrap_err().to_string();
        assert_eq!(error, "`a.sql` approves `drop-table:public.a` in line 2 without saying why");
    }

    #[test]
    fn leaves_lints_directives_to_lint() {
        for line in [
            "-- dbctl:ignore drop-table: nobody reads it",
            "-- dbctl: Ignore-File all: generated",
            "-- dbctl:ignore-end",
            "-- dbctl:ignore: why",
        ] {
            assert_eq!(read(line), Ok(None), "{line}");
        }
        for slip in ["-- dbctl: ignored", "-- dbctl:ignor drop-table: why", "-- dbctl:ingore-file all: why"] {
            assert_eq!(read(slip), Ok(None), "{slip}");
        }
    }

    #[test]
    fn a_table_that_is_public_changes_nothing_about_the_run() {
        assert_eq!(read("-- dbctl: public\ncreate table t (a int);"), Ok(None));
        assert_eq!(read("--dbctl:public: prices are shown to all"), Ok(None));
        assert!(read("-- dbctl: publik").unwrap_err().contains("did you mean `public`"));
    }

    #[test]
    fn refuses_what_it_would_get_wrong() {
        assert_eq!(
            read("select 1;\n-- dbctl: no-transactions\n").unwrap_err(),
            "`a.sql` has an unknown directive `-- dbctl: no-transactions` in line 2; did you mean `no-transaction`?"
        );
        assert!(read("-- dbctl: xyz").unwrap_err().ends_with("in line 1"));
        assert!(read("-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;").unwrap_err().contains("dbmate"));
        assert!(read("-- +goose Down\nselect 2;").unwrap_err().contains("goose"));
    }
}
