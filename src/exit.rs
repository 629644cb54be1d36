//! The exit codes: a command's answer to the shell.

use std::process::ExitCode;

/// Why dbctl ended as it did; the discriminant is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Ok = 0,
    /// The command worked and its answer is no.
    No = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The configuration, the project or its files are wrong.
    Project = 3,
    /// The database or its server cannot be reached.
    Connect = 4,
    /// A guard refused: a changed checksum, not passed locally, not confirmed, the lock is held; or a plan fails in its trial.
    Refused = 5,
    /// SQL failed and its transaction was rolled back.
    RolledBack = 6,
    /// SQL failed outside a transaction: a part of it stays applied, or the outcome is unknown.
    Partial = 7,
    /// A bug in dbctl.
    Bug = 70,
    /// Interrupted; the state is clean.
    Interrupted = 130,
}

impl Exit {
    /// Every code with its meaning, in order; the README's table is made from it.
    pub const TABLE: [(Self, &'static str); 10] = [
        (Self::Ok, "done, or nothing to do"),
        (
            Self::No,
            "the answer is no: lint findings, pending or changed migrations under `--exit-code`, a difference under `diff --check`, \
             SQL of `diff` that its own trial refutes, a migration that is not what `verify` has to prove, a down file that \
             `rollback --generate` could not write, a rule of `test rls` that does not hold",
        ),
        (Self::Usage, "wrong usage: unknown flag or missing argument"),
        (Self::Project, "the configuration, the project or its files are wrong"),
        (Self::Connect, "the database or its server cannot be reached"),
        (
            Self::Refused,
            "refused by a guard: changed checksum, late or missing file, local gate, lint errors in what is pending, risk above \
             `--max-risk`, not confirmed, lock held; a `plan` that would be refused so, or fails in its trial",
        ),
        (
            Self::RolledBack,
            "SQL failed; its transaction was rolled back and earlier migrations stay. Also where what a command needs on its \
             shadow database does not apply there",
        ),
        (Self::Partial, "SQL failed and is partly applied, or the outcome of a commit is unknown: a person is needed"),
        (Self::Bug, "a bug in dbctl"),
        (Self::Interrupted, "interrupted; the state is clean and said"),
    ];

    /// The number that the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
