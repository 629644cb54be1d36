//! What a rule is: its words, its examples and its check, all in one value, which is what runs, explains and tests itself.

use std::fmt;

use super::{ChainCx, EventCx, FileCx, Findings};
use crate::diagnostic::Level;
use crate::risk::LockMode;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Locks, rewrites and scans.
    Locking,
    /// Data that goes and clients that break.
    Destructive,
    /// What fails when it runs.
    Correctness,
    /// What fails when it runs twice.
    Idempotency,
    /// Conventions of a schema.
    Convention,
    /// Row-level security, privileges, secrets.
    Security,
    /// Files, names and the way back.
    Hygiene,
}

impl Group {
    /// All groups in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Locking,
        Self::Destructive,
        Self::Correctness,
        Self::Idempotency,
        Self::Convention,
        Self::Security,
        Self::Hygiene,
    ];

    /// One word, as output shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Locking => "locking",
            Self::Destructive => "destructive",
            Self::Correctness => "correctness",
            Self::Idempotency => "idempotency",
            Self::Convention => "convention",
            Self::Security => "security",
            Self::Hygiene => "hygiene",
        }
    }
}

/// For whom a rule is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Every PostgreSQL database.
    Postgres,
    /// Databases that clients reach through Supabase's API.
    Supabase,
    /// Teams that want the conventions: time zones, uuid keys, tenants, audit columns, soft deletes.
    Conventions,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Supabase, Self::Conventions];

    /// One word, as the configuration has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Supabase => "supabase",
            Self::Conventions => "conventions",
        }
    }

    /// The profile of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.word() == word)
    }
}

/// Whether a rule mends what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixable {
    /// No.
    No,
    /// `--fix`: the edit means the same to the database, or what was plainly meant.
    Safe,
    /// `--unsafe-fixes`: the edit needs a look.
    Unsafe,
}

/// When a rule looks.
#[derive(Clone, Copy)]
pub enum Check {
    /// At each statement that runs when the migration runs: top level, DO blocks, what they execute. The state is that before it.
    Statement(fn(&EventCx<'_>, &mut Findings)),
    /// At each statement anywhere, also in the bodies of functions that are only defined.
    Anywhere(fn(&EventCx<'_>, &mut Findings)),
    /// Once a file: its text, its tokens, its statements together.
    File(fn(&FileCx<'_>, &mut Findings)),
    /// Once at the end of the chain, with the state that is left.
    Chain(fn(&ChainCx<'_>, &mut Findings)),
}

impl fmt::Debug for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Statement(_) => "Statement",
            Self::Anywhere(_) => "Anywhere",
            Self::File(_) => "File",
            Self::Chain(_) => "Chain",
        })
    }
}

/// The value an option has when the configuration does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preset {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'static str),
    /// Texts.
    List(&'static [&'static str]),
}

/// An option of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleOption {
    /// Its name in `[lint.rules.<id>]`.
    pub name: &'static str,
    /// Its value when nothing is set.
    pub preset: Preset,
    /// What it does, in one phrase.
    pub help: &'static str,
}

/// A rule.
///
/// `bad` and `good` are migrations. A line that is `-- then` alone separates migrations that run one after the other; the last
/// one is what is linted, those before it are history (and are linted as well: they are clean). A first line
/// `-- file: NAME` gives a migration another file name, `-- down` alone begins its down migration.
#[derive(Debug)]
pub struct Rule {
    /// The kebab-case id; the file's stem with hyphens.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// For whom.
    pub profile: Profile,
    /// How bad, unless the configuration says otherwise: error, warning or note (`info`).
    pub level: Level,
    /// Off unless the configuration gives it a level.
    pub opt_in: bool,
    /// What is found, as a phrase in lower case.
    pub condition: &'static str,
    /// Why that hurts.
    pub effect: &'static str,
    /// What to write instead.
    pub remedy: &'static str,
    /// The lock it is about, where it is about one lock.
    pub lock: Option<LockMode>,
    /// Whether it mends.
    pub fix: Fixable,
    /// Its options.
    pub options: &'static [RuleOption],
    /// Where the facts come from: pages of the manual, issues.
    pub sources: &'static [&'static str],
    /// Migrations in which exactly this rule of its group finds something.
    pub bad: &'static [&'static str],
    /// Migrations in which it finds nothing.
    pub good: &'static [&'static str],
    /// When it looks.
    pub checks: &'static [Check],
}

impl Rule {
    /// An option's preset.
    pub fn preset(&self, name: &str) -> Option<Preset> {
        self.options.iter().find(|option| option.name == name).map(|option| option.preset)
    }
}

/// The word for a level in configuration and output: `error`, `warning`, `info`.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "info",
    }
}
