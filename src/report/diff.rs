//! `dbctl diff`: what differs, and the SQL, `dbctl/diff/v1`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::Id;
use crate::diff::{Fate, Plan, Source, Step};

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
    /// Objects that need each other in a circle: the order among them is a guess.
    pub circles: Vec<Vec<String>>,
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
    /// What may be lost or go wrong, in words.
    pub hazards: Vec<String>,
}

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
}

impl Diff {
    /// Makes the answer.
    pub fn new(from: &Source, to: &Source, plan: &Plan) -> Self {
        let mut hazards: BTreeMap<&Id, Vec<String>> = BTreeMap::new();
        for step in &plan.steps {
            let words = step.hazards.iter().map(|hazard| format!("{}: {}", hazard.kind.word(), hazard.text));
            hazards.entry(&step.id).or_default().extend(words);
        }
        let renamed = plan.renames.iter().map(|rename| DiffObject {
            kind: rename.noun(),
            name: rename.new_name(),
            old_name: Some(rename.old_name()),
            change: Change::Renamed,
            hazards: Vec::new(),
        });
        let objects = plan.fates.iter().map(|(id, fate)| DiffObject {
            kind: id.kind.sql(),
            name: id.address(),
            old_name: None,
            change: match fate {
                Fate::Create => Change::Added,
                Fate::Alter { .. } => Change::Changed,
                Fate::Recreate => Change::Recreated,
                Fate::Drop => Change::Removed,
            },
            hazards: hazards.get(id).cloned().unwrap_or_default(),
        });
        Self {
            format: "dbctl/diff/v1",
            from: from.to_string(),
            to: to.to_string(),
            objects: renamed.chain(objects).collect(),
            steps: plan.steps.clone(),
            circles: plan.circles.iter().map(|circle| circle.iter().map(ToString::to_string).collect()).collect(),
        }
    }
}
