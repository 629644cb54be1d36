//! What a newer major version of PostgreSQL brought: on an older server it is an error that looks like a typing error.
//!
//! From the release notes, <https://www.postgresql.org/docs/release/>.

use super::failure::Failure;

/// Syntax: the word at which an older server stops, what the statement has, how people call it, and since when it is.
const SYNTAX: &[(&str, &str, &str, u8)] = &[
    ("nulls", "unique nulls", "`unique nulls not distinct`", 15),
    ("nulls", "nulls not distinct", "`nulls not distinct`", 15),
    ("merge", "merge into", "`merge`", 15),
    ("returning", "merge into", "`returning` of `merge`", 17),
    ("virtual", "generated always as", "`generated always as (…) virtual`", 18),
    ("without", "without overlaps", "`without overlaps`", 18),
    ("enforced", "not enforced", "`not enforced`", 18),
];

/// Functions, settings and options by name.
const NAMES: &[(&str, u8)] = &[
    ("security_invoker", 15),
    ("regexp_count", 15),
    ("regexp_instr", 15),
    ("regexp_like", 15),
    ("regexp_substr", 15),
    ("any_value", 16),
    ("array_sample", 16),
    ("array_shuffle", 16),
    ("random_normal", 16),
    ("json_query", 17),
    ("json_table", 17),
    ("json_value", 17),
    ("transaction_timeout", 17),
    ("array_reverse", 18),
    ("array_sort", 18),
    ("casefold", 18),
    ("uuidv4", 18),
    ("uuidv7", 18),
];

/// What has to be newer, where that is why the statement failed.
pub(super) fn remedy(failure: &Failure<'_>) -> Option<Vec<String>> {
    match failure.sqlstate() {
        "42601" => {
            let at = failure.named(0)?.to_lowercase();
            if at == "(" {
                let behind = ["on delete set null", "on delete set default"];
                let keywords = behind.into_iter().find(|keywords| failure.stopped_after(keywords))?;
                return Some(advice(&format!("`{keywords} (COLUMN)` needs PostgreSQL 15 or newer")));
            }
            let (.., what, since) = SYNTAX.iter().find(|(word, keywords, ..)| *word == at && failure.has(keywords))?;
            Some(advice(&format!("{what} needs PostgreSQL {since} or newer")))
        }
        "42883" | "42704" | "22023" => {
            let missing = failure.missing();
            let (name, since) = NAMES.iter().find(|(name, _)| *name == missing)?;
            Some(advice(&format!("`{name}` needs PostgreSQL {since} or newer")))
        }
        _ => None,
    }
}

fn advice(need: &str) -> Vec<String> {
    vec![
        format!("{need}: where this server is older, leave it out or use a newer one"),
        "for the local database name a newer one with `[local] postgres` in `dbctl.toml`, then `dbctl db destroy`; or \
         take the bundle's with `DBCTL_LOCAL_ENGINE=bundle`"
            .to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use crate::sqlstate::{ErrorPosition, ServerError, remedy};

    /// As PostgreSQL 14 and 16 say it.
    #[test]
    fn says_which_version_brought_what_the_server_does_not_know() {
        let cases = [
            ("42601", "syntax error at or near \"(\"", "references t (a, b) on delete set null (b)", "15"),
            ("42601", "syntax error at or near \"NULLS\"", "create unique index on t (a) nulls not distinct", "15"),
            ("42601", "syntax error at or near \"MERGE\"", "MERGE INTO t using s on true when …", "15"),
            (
                "22023",
                "unrecognized parameter \"security_invoker\"",
                "create view v with (security_invoker) as …",
                "15",
            ),
            (
                "42704",
                "unrecognized configuration parameter \"transaction_timeout\"",
                "set transaction_timeout = 0",
                "17",
            ),
            ("42883", "function uuidv7() does not exist", "select uuidv7()", "18"),
        ];
        for (sqlstate, message, statement, since) in cases {
            let position = statement.rfind('(').and_then(|at| u32::try_from(at + 1).ok());
            let error = ServerError {
                sqlstate: sqlstate.to_owned(),
                message: message.to_owned(),
                position: position.map(ErrorPosition::Original),
                ..ServerError::default()
            };
            let said = remedy(&error, statement);
            assert!(said[0].contains(&format!("needs PostgreSQL {since} or newer")), "{message}: {said:?}");
        }
    }

    #[test]
    fn leaves_other_errors_alone() {
        let error = ServerError {
            sqlstate: "42601".to_owned(),
            message: "syntax error at or near \"(\"".to_owned(),
            position: Some(ErrorPosition::Original(14)),
            ..ServerError::default()
        };
        assert!(
            remedy(&error, "create table (a int references t on delete set null)")
                .iter()
                .all(|hint| !hint.contains("or newer"))
        );
    }
}
