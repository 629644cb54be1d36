//! A catalog as a file: JSON with a format version, sorted, so that two of the same schema are the same text.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Catalog, Entry, Id};

/// The format that is written.
pub const FORMAT: &str = "dbctl/catalog/v1";

/// Why a text is no catalog.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It is no JSON, or not of this shape.
    #[error("it is no saved catalog: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is of another format.
    #[error("its format is `{0}`, and this dbctl reads `{FORMAT}`")]
    Format(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    format: String,
    server_version: u32,
    user: String,
    objects: Vec<Named>,
    #[serde(default)]
    outside: BTreeSet<Id>,
    #[serde(default)]
    unknown: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
struct Named {
    id: Id,
    #[serde(flatten)]
    entry: Entry,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    needs: BTreeSet<Id>,
}

#[derive(Deserialize)]
struct Header {
    format: Option<String>,
}

impl Catalog {
    /// The catalog as a text.
    ///
    /// # Errors
    /// A structure of texts and numbers has no way to fail; what serde says is passed on.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let objects = self.entries.iter().map(|(id, entry)| Named {
            id: id.clone(),
            entry: entry.clone(),
            needs: self.needs.get(id).cloned().unwrap_or_default(),
        });
        let snapshot = Snapshot {
            format: FORMAT.to_owned(),
            server_version: self.version,
            user: self.user.clone(),
            objects: objects.collect(),
            outside: self.outside.clone(),
            unknown: self.unknown.clone(),
        };
        serde_json::to_string_pretty(&snapshot).map(|text| text + "\n")
    }

    /// Reads a catalog.
    ///
    /// # Errors
    /// Fails where the text is no catalog, or one of a later format.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let header: Header = serde_json::from_str(text)?;
        match header.format {
            Some(format) if format != FORMAT => return Err(SnapshotError::Format(format)),
            _ => {}
        }
        let snapshot: Snapshot = serde_json::from_str(text)?;
        let mut entries = BTreeMap::new();
        let mut needs = BTreeMap::new();
        for object in snapshot.objects {
            if !object.needs.is_empty() {
                needs.insert(object.id.clone(), object.needs);
            }
            entries.insert(object.id, object.entry);
        }
        Ok(Self {
            version: snapshot.server_version,
            user: snapshot.user,
            entries,
            needs,
            outside: snapshot.outside,
            unknown: snapshot.unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Kind, Object, Schema};

    #[test]
    fn what_is_saved_comes_back() {
        let (a, b) = (Id::new(Kind::Schema, "", "a"), Id::new(Kind::Schema, "", "b"));
        let entry = Entry {
            object: Object::Schema(Schema::default()),
            owner: "o".to_owned(),
            acl: BTreeSet::new(),
            grantees: Vec::new(),
            comment: Some("it's".to_owned()),
            labels: BTreeMap::new(),
        };
        let catalog = Catalog {
            version: 15,
            entries: [(a.clone(), entry.clone()), (b.clone(), entry)].into(),
            needs: [(a, [b].into())].into(),
            ..Catalog::default()
        };
        let text = catalog.to_json().unwrap();
        assert_eq!(Catalog::from_json(&text).unwrap(), catalog);
        let other = text.replace(FORMAT, "dbctl/catalog/v9");
        assert!(Catalog::from_json(&other).unwrap_err().to_string().contains("v9"));
        assert!(Catalog::from_json("[]").is_err());
    }
}
