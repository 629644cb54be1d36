//! The three rules: a tenant never sees or changes another's rows, the unauthenticated see nothing, administrators see all.

use serde::Serialize;

use super::actor::{Actor, ActorKind};
use super::subject::{Relation, Subject};
use super::verdict::{Act, Hit, Tried, Verdict};
use crate::catalog::Id;

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A tenant never sees or changes another's rows.
    TenantIsolation,
    /// The unauthenticated see nothing, and change nothing.
    UnauthenticatedSeeNothing,
    /// Administrators see all.
    AdminsSeeAll,
}

impl Rule {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::TenantIsolation => "tenant-isolation",
            Self::UnauthenticatedSeeNothing => "unauthenticated-see-nothing",
            Self::AdminsSeeAll => "admins-see-all",
        }
    }
}

/// The way to the rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// The table itself.
    Table,
    /// A view or a materialized view.
    View(Id),
    /// A function, and how it was called.
    Function(Id, String),
    /// A foreign key: deleting a row of the table that it refers to.
    Cascade {
        /// The foreign key.
        constraint: Id,
        /// The table that it refers to.
        parent: Id,
    },
}

/// What is at fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A policy lets it through.
    Policy(Id),
    /// Row-level security is off.
    Off,
    /// The owner is not held back.
    NotForced,
    /// The role passes row-level security.
    Bypass(String),
    /// A view runs with its owner's rights.
    View(Id),
    /// A materialized view keeps rows for everybody.
    MaterializedView(Id),
    /// A function runs with its owner's rights.
    Definer(Id),
    /// A foreign key reaches over the tenants.
    Cascade(Id),
    /// No policy lets an administrator in.
    NoPolicy,
    /// Nothing that could be named.
    Unknown,
}

/// A rule that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// Whose rows.
    pub table: Id,
    /// Who, by name.
    pub actors: Vec<String>,
    /// What was done.
    pub acts: Vec<Act>,
    /// On which way.
    pub through: Through,
    /// What was seen, an act each.
    pub seen: Vec<String>,
    /// What is at fault.
    pub faults: Vec<Fault>,
    /// SQL that mends it.
    pub mend: Vec<String>,
    /// What that SQL does not say.
    pub advice: Vec<String>,
}

/// What is odd about a policy or a table without breaking a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// `always-true`, `never-true`, `never-used`, `fails`, `shared-writable`, `tie`.
    pub kind: &'static str,
    /// The policy, or the table.
    pub id: Id,
    /// What, in words.
    pub text: String,
    /// What mends it.
    pub mend: Vec<String>,
}

/// A cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The table.
    pub table: Id,
    /// Who.
    pub actor: usize,
    /// What.
    pub act: Act,
    /// What may be done.
    pub verdict: Verdict,
    /// Both sides.
    pub tried: Tried,
}

/// Makes a cell.
pub fn cell(table: &Id, actor: usize, act: Act, tried: Tried) -> Cell {
    Cell { table: table.clone(), actor, act, verdict: Verdict::of(&tried), tried }
}

/// The rule that a try breaks.
pub fn breaks(subject: &Subject, actor: &Actor, act: Act, tried: &Tried) -> Option<Rule> {
    let reaches = tried.other.as_ref().is_some_and(Hit::is_through);
    let is_stated = subject.public.is_some() && act == Act::Select;
    match actor.kind {
        ActorKind::Service => None,
        ActorKind::Anon => (reaches && !is_stated).then_some(Rule::UnauthenticatedSeeNothing),
        ActorKind::Admin => {
            let sees = act != Act::Select || tried.other.as_ref().is_none_or(|hit| hit.is_through() || !hit.is_tried());
            (subject.is_owned() && !sees).then_some(Rule::AdminsSeeAll)
        }
        ActorKind::User | ActorKind::Forger | ActorKind::TenantAdmin => {
            // Everybody may found a tenant of his own, and what belongs to nobody is nobody's to keep.
            let founds = act == Act::Insert && subject.relation == Relation::Tenants;
            if reaches && subject.is_owned() && !is_stated && !founds {
                return Some(Rule::TenantIsolation);
            }
            let is_admin = actor.kind == ActorKind::TenantAdmin && act == Act::Select;
            let sees = tried.own.as_ref().is_none_or(|hit| hit.is_through() || !hit.is_tried());
            (is_admin && subject.is_owned() && !sees).then_some(Rule::AdminsSeeAll)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    fn subject(relation: Relation, public: bool) -> Subject {
        Subject {
            table: Id::new(Kind::Table, "public", "t"),
            relation,
            tenant: None,
            users: Vec::new(),
            row_security: true,
            forced: false,
            parent: None,
            public: public.then(|| "a.sql:1".to_owned()),
        }
    }

    fn actor(kind: ActorKind) -> Actor {
        let group = (kind != ActorKind::Anon).then_some(0);
        Actor { name: "x".to_owned(), kind, group, role: "r".to_owned(), settings: Vec::new(), assumed: Vec::new() }
    }

    #[test]
    fn what_is_said_to_be_public_may_be_read_and_not_written() {
        let reached = Tried { own: None, other: Some(Hit::Done) };
        let public = subject(Relation::User("u".to_owned()), true);
        for kind in [ActorKind::Anon, ActorKind::User] {
            assert_eq!(breaks(&public, &actor(kind), Act::Select, &reached), None);
            assert!(breaks(&public, &actor(kind), Act::Update, &reached).is_some());
        }
    }

    #[test]
    fn what_belongs_to_nobody_is_seen_by_those_who_are_known() {
        let reached = Tried { own: None, other: Some(Hit::Done) };
        let shared = subject(Relation::Shared, false);
        assert_eq!(breaks(&shared, &actor(ActorKind::User), Act::Select, &reached), None);
        let rule = breaks(&shared, &actor(ActorKind::Anon), Act::Select, &reached);
        assert_eq!(rule, Some(Rule::UnauthenticatedSeeNothing));
    }

    #[test]
    fn an_administrator_has_to_see_others_rows() {
        let blind = Tried { own: Some(Hit::Done), other: Some(Hit::Nothing) };
        let owned = subject(Relation::User("u".to_owned()), false);
        assert_eq!(breaks(&owned, &actor(ActorKind::Admin), Act::Select, &blind), Some(Rule::AdminsSeeAll));
        assert_eq!(breaks(&owned, &actor(ActorKind::TenantAdmin), Act::Select, &blind), None);
    }
}
