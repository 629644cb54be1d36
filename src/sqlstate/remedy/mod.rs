//! What to write instead: for the errors that people meet most, the names of their objects put into runnable SQL.
//!
//! One file a class of errors. The names come from the error's fields, from the quoted parts of its message, and from
//! the statement; where a translated message hides them, the advice is given without names.

mod data;
mod definition;
mod dependency;
mod duplicate;
mod failure;
mod integrity;
mod locks;
mod newer;
mod privilege;
#[cfg(test)]
mod recorded;
mod server;
mod transaction;
mod undefined;
mod words;

use self::failure::Failure;
use super::ServerError;

/// Says how to mend an error: imperative sentences with runnable SQL in backticks; none where we know no better.
///
/// `statement` is the text that failed, or empty where it is not known.
#[must_use]
pub fn remedy(error: &ServerError, statement: &str) -> Vec<String> {
    let failure = Failure::new(error, statement);
    if let Some(remedy) = newer::remedy(&failure) {
        return remedy;
    }
    match error.sqlstate.as_str() {
        "42P07" | "42701" | "42710" | "42723" | "42P06" | "42P04" => duplicate::remedy(&failure),
        "42P01" | "42703" | "42704" | "42883" | "42P02" | "3F000" => undefined::remedy(&failure),
        "42725" | "42702" | "42601" | "42804" | "42846" | "42830" | "42P13" | "42P16" | "42803" | "42809" | "428C9" => {
            definition::remedy(&failure)
        }
        "0A000" | "58P01" | "2BP01" => dependency::remedy(&failure),
        "23502" | "23503" | "23505" | "23514" | "23P01" => integrity::remedy(&failure),
        "22P02" | "22001" | "22003" | "22007" | "22008" | "22012" => data::remedy(&failure),
        "55P03" | "57014" | "40P01" | "40001" | "55006" => locks::remedy(&failure),
        "25001" | "25P02" | "25006" | "55P04" | "2D000" => transaction::remedy(&failure),
        "42501" => privilege::remedy(&failure),
        "53300" | "53100" | "53200" | "57P01" | "57P02" | "57P03" | "28P01" | "28000" | "3D000" => {
            server::remedy(&failure)
        }
        connection if connection.starts_with("08") => server::remedy(&failure),
        _ => Vec::new(),
    }
}
