//! What a try has shown: rows seen or changed, filtered silently, or refused, and by whom.

use serde::Serialize;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Rows are read.
    Select,
    /// A row is put in.
    Insert,
    /// Rows are changed and stay whose they are.
    Update,
    /// One's own row is given to another tenant.
    Move,
    /// Rows are taken away.
    Delete,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Select, Self::Insert, Self::Update, Self::Move, Self::Delete];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Move => "move",
            Self::Delete => "delete",
        }
    }

    /// The command that it is to the server: moving a row is an update.
    pub fn command(self) -> &'static str {
        match self {
            Self::Move => "update",
            other => other.word(),
        }
    }
}

/// Who refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no privilege.
    Grant,
    /// A policy.
    Policy,
    /// Code of the project that raises: a trigger, or a function that a policy calls.
    Raised(String),
}

/// What happened to rows of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hit {
    /// They were seen or changed.
    Done,
    /// Nothing of row-level security held it back; a constraint did, which this row happens to break.
    Passed(String),
    /// Nothing: they were filtered.
    Nothing,
    /// It was refused.
    Refused(Refusal),
    /// It could not be tried.
    Untried(String),
}

impl Hit {
    /// Whether row-level security and privileges let it through.
    pub fn is_through(&self) -> bool {
        matches!(self, Self::Done | Self::Passed(_))
    }

    /// Whether it says anything.
    pub fn is_tried(&self) -> bool {
        !matches!(self, Self::Untried(_))
    }

    /// Why it is so, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::Passed(constraint) => format!("let through; {constraint} stopped this row"),
            Self::Nothing => "policies leave no row".to_owned(),
            Self::Refused(Refusal::Grant) => "no privilege".to_owned(),
            Self::Refused(Refusal::Policy) => "refused by a policy".to_owned(),
            Self::Refused(Refusal::Raised(text)) => format!("raises: {text}"),
            Self::Untried(why) => format!("could not be tried: {why}"),
        }
    }
}

/// What was tried on a table by somebody: on rows of his own and on others'.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// His own rows; none where he has none.
    pub own: Option<Hit>,
    /// Others' rows.
    pub other: Option<Hit>,
}

/// What may be done in fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// With every row.
    All,
    /// With one's own rows.
    Own,
    /// With others' rows and not with one's own.
    Others,
    /// With none.
    Denied,
    /// It could not be tried.
    NotTried,
}

impl Verdict {
    /// What both sides together say.
    pub fn of(tried: &Tried) -> Self {
        let through = |hit: &Option<Hit>| hit.as_ref().is_some_and(Hit::is_through);
        let known = |hit: &Option<Hit>| hit.as_ref().is_some_and(Hit::is_tried);
        match (through(&tried.own), through(&tried.other)) {
            (true, true) => Self::All,
            (true, false) => Self::Own,
            // Who has no rows of his own does it with those of others, or not at all.
            (false, true) if tried.own.is_none() => Self::All,
            (false, true) => Self::Others,
            (false, false) if known(&tried.own) || known(&tried.other) => Self::Denied,
            (false, false) => Self::NotTried,
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Own => "own",
            Self::Others => "others'",
            Self::Denied => "denied",
            Self::NotTried => "not tried",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_a_constraint_stops_was_let_through() {
        let passed = || Some(Hit::Passed("c".to_owned()));
        let none = || Some(Hit::Nothing);
        let untried = || Some(Hit::Untried("x".to_owned()));
        assert_eq!(Verdict::of(&Tried { own: passed(), other: none() }), Verdict::Own);
        assert_eq!(Verdict::of(&Tried { own: None, other: passed() }), Verdict::All);
        assert_eq!(Verdict::of(&Tried { own: none(), other: Some(Hit::Done) }), Verdict::Others);
        assert_eq!(Verdict::of(&Tried { own: untried(), other: none() }), Verdict::Denied);
        assert_eq!(Verdict::of(&Tried { own: untried(), other: untried() }), Verdict::NotTried);
    }
}
