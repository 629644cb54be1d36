//! The `dbctl` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dbctl::cli::run(std::env::args_os()).into()
}
