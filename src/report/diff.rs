//! `dbctl diff`: what differs, and the SQL, `dbctl/diff/v1`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{Catalog, Id, Kind};
use crate::diff::{Fate, Kept, Left, Options, Plan, Source, Step, definition, parts, wholes};

/// The answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// Always `dbctl/diff/v1`.
    pub format: &'static str,
    /// The schema to begin with, as it was said.
    pub from: String,
    /// The schema to come to, as it was said.
    pub to: String,
    /// What becomes of each object that does not stay as it is.
    pub objects: Vec<DiffObject>,
    /// The statements, in order.
    pub steps: Vec<Step>,
    /// How the statements run together: parts of them, in order.
    pub parts: Vec<DiffPart>,
    /// Objects that need each other in a circle: the order among them is a guess.
    pub circles: Vec<Vec<String>>,
    /// What stays although it is not wanted, or not as it is wanted, since data would be lost otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// What differs and stays so, because no statement settles it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// The migrations that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<DiffFile>,
    /// What came of running the statements on a shadow copy; none where nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Verdict>,
    /// How much of it a person is shown.
    #[serde(skip)]
    pub detail: Detail,
    /// What can be done next, as a sentence.
    #[serde(skip)]
    pub next: Option<String>,
}

/// What came of running the statements on a shadow copy of the schema to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// They leave the schema to come to.
    Holds {
        /// Why only dbctl's own model says so, and the system catalogs could not be compared.
        #[serde(skip_serializing_if = "Option::is_none")]
        uncounted: Option<&'static str>,
    },
    /// They leave something else.
    Incomplete {
        /// The objects, or the rows of the system catalogs, that differ.
        differs: Vec<String>,
    },
    /// One of them fails.
    Fails {
        /// The statement.
        statement: String,
        /// What the server said.
        error: String,
    },
    /// They could not be run.
    NotTried {
        /// Why.
        why: String,
    },
}

impl Verdict {
    /// Whether it says that the statements are wrong.
    pub fn is_refuted(&self) -> bool {
        matches!(self, Self::Incomplete { .. } | Self::Fails { .. })
    }
}

/// How much a person is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// What differs, how, and the SQL.
    #[default]
    Full,
    /// What differs, and what is dangerous.
    Hazards,
    /// What differs.
    Summary,
}

/// An object that does not stay as it is.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffObject {
    /// Its kind, as SQL says it.
    pub kind: &'static str,
    /// Its name, as SQL says it.
    pub name: String,
    /// What it was called, with what it belongs to, where it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_name: Option<String>,
    /// What becomes of it.
    pub change: Change,
    /// The object that it is a part of: the table of a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// What it is, as SQL, where that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it becomes, as SQL, where that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What may be lost or go wrong, in words.
    pub hazards: Vec<String>,
    /// What it is called.
    #[serde(skip)]
    pub id: Id,
    /// The object that it is shown with: the one that it is a part of, or itself.
    #[serde(skip)]
    pub group: Id,
    /// Whether it comes or goes with an object that it is a part of, and needs no word of its own.
    #[serde(skip)]
    pub is_told: bool,
}

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is made.
    Added,
    /// It is changed in place.
    Changed,
    /// It is taken away and made again.
    Recreated,
    /// It is taken away.
    Removed,
    /// It gets another name; what else is changed of it is said apart.
    Renamed,
}

impl Change {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Recreated => "made again",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
        }
    }

    /// Whether only one of the schemas has the object.
    pub fn is_of_one_side(self) -> bool {
        matches!(self, Self::Added | Self::Removed)
    }
}

impl From<&Fate> for Change {
    fn from(fate: &Fate) -> Self {
        match fate {
            Fate::Create => Self::Added,
            Fate::Alter { .. } => Self::Changed,
            Fate::Recreate => Self::Recreated,
            Fate::Drop => Self::Removed,
        }
    }
}

/// Statements that run together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffPart {
    /// Whether they run in a transaction.
    pub in_transaction: bool,
    /// How many of the statements they are.
    pub steps: usize,
}

/// A migration that was written.
#[derive(Debug, Clone, Serialize)]
pub struct DiffFile {
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
    /// The file that applies it.
    pub up: String,
    /// The file that takes it back; none where the layout has no place for it.
    pub down: Option<String>,
}

impl Diff {
    /// Makes the answer.
    pub fn new(from: (&Source, &Catalog), to: (&Source, &Catalog), plan: &Plan, options: Options) -> Self {
        let mut hazards: BTreeMap<&Id, Vec<String>> = BTreeMap::new();
        for step in &plan.steps {
            for id in std::iter::once(&step.id).chain(&step.also) {
                let words = step.hazards.iter().map(|hazard| format!("{}: {}", hazard.kind.word(), hazard.text));
                hazards.entry(id).or_default().extend(words);
            }
        }
        let renamed = plan.renames.iter().map(|rename| DiffObject {
            kind: rename.noun(),
            name: rename.new_name(),
            old_name: Some(rename.old_name()),
            change: Change::Renamed,
            part_of: None,
            before: None,
            after: None,
            hazards: Vec::new(),
            id: rename.to.clone(),
            group: wholes(&rename.to, to.1).last().unwrap_or(&rename.to).clone(),
            is_told: false,
        });
        let objects = plan.fates.iter().map(|(id, fate)| {
            let wholes = wholes(id, if *fate == Fate::Drop { from.1 } else { to.1 });
            let change = Change::from(fate);
            let is_with = |whole: &Id| plan.fates.get(whole).is_some_and(|fate| Change::from(fate) == change);
            let text = |catalog| definition(id, catalog, options.owners).filter(|_| !change.is_of_one_side());
            let (before, after) = (text(from.1), text(to.1));
            let is_other = before != after;
            DiffObject {
                kind: id.kind.sql(),
                name: name(id),
                old_name: None,
                change,
                part_of: wholes.last().map(ToString::to_string),
                before: before.filter(|_| is_other),
                after: after.filter(|_| is_other),
                hazards: hazards.get(id).cloned().unwrap_or_default(),
                id: id.clone(),
                group: wholes.last().unwrap_or(id).clone(),
                is_told: change != Change::Changed && wholes.iter().any(is_with),
            }
        });
        let parts = parts(&plan.steps);
        let parts = parts.iter().map(|it| DiffPart { in_transaction: it.in_transaction, steps: it.steps.len() });
        Self {
            format: "dbctl/diff/v1",
            from: from.0.to_string(),
            to: to.0.to_string(),
            objects: renamed.chain(objects).collect(),
            steps: plan.steps.clone(),
            parts: parts.collect(),
            kept: plan.kept.clone(),
            left: plan.left.clone(),
            circles: plan.circles.iter().map(|circle| circle.iter().map(ToString::to_string).collect()).collect(),
            written: Vec::new(),
            proof: None,
            detail: Detail::Full,
            next: None,
        }
    }
}

/// The name of an object, without its kind.
fn name(id: &Id) -> String {
    let said = id.to_string();
    let said = said.strip_prefix(id.kind.sql()).unwrap_or(&said).trim_start();
    said.strip_prefix("of ").filter(|_| id.kind == Kind::Default).unwrap_or(said).to_owned()
}
