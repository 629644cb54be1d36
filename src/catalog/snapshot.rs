//! A catalog as a file: JSON with a format version, sorted, so that two of the same schema are the same text.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::to_string;

use super::{Catalog, Dependant, Entry, Id};

/// The format that is written.
pub const FORMAT: &str = "dbctl/catalog/v1";

/// Why a text is no catalog.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It is no JSON, or not of this shape.
    #[error("it is no saved catalog: {0}")]
    Shape(#[source] serde_json::Error),
    /// It is of another format.
    #[error("its format is `{0}`, and this dbctl reads `{FORMAT}`")]
    Format(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    format: String,
    server_version: u32,
    user: String,
    #[serde(default)]
    outside: BTreeSet<Id>,
    #[serde(default)]
    dependants: BTreeSet<Dependant>,
    #[serde(default)]
    unknown: BTreeSet<String>,
    objects: Vec<Named<Id, Entry, BTreeSet<Id>>>,
}

/// An object: owned where it is read, borrowed where it is written.
#[derive(Serialize, Deserialize)]
struct Named<I, E, N> {
    id: I,
    entry: E,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    needs: Option<N>,
}

#[derive(Deserialize)]
struct Header {
    format: Option<String>,
}

impl Catalog {
    /// The catalog as a text, a line an object.
    ///
    /// # Errors
    /// A structure of texts and numbers has no way to fail; what serde says is passed on.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = String::from("{\n");
        let head = [
            ("format", to_string(FORMAT)?),
            ("serverVersion", to_string(&self.version)?),
            ("user", to_string(&self.user)?),
            ("outside", to_string(&self.outside)?),
            ("dependants", to_string(&self.dependants)?),
            ("unknown", to_string(&self.unknown)?),
        ];
        for (name, value) in head {
            text += &format!("\"{name}\":{value},\n");
        }
        text += "\"objects\":[";
        for (number, (id, entry)) in self.entries.iter().enumerate() {
            text += if number == 0 { "\n" } else { ",\n" };
            text += &to_string(&Named { id, entry, needs: self.needs.get(id).filter(|needs| !needs.is_empty()) })?;
        }
        text += "\n]}\n";
        Ok(text)
    }

    /// Reads a catalog.
    ///
    /// # Errors
    /// Fails where the text is no catalog, or one of a later format.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        let refusal = |error| match serde_json::from_str(text) {
            Ok(Header { format: Some(format) }) if format != FORMAT => SnapshotError::Format(format),
            _ => SnapshotError::Shape(error),
        };
        let snapshot: Snapshot = serde_json::from_str(text).map_err(refusal)?;
        if snapshot.format != FORMAT {
            return Err(SnapshotError::Format(snapshot.format));
        }
        let mut entries = BTreeMap::new();
        let mut needs = BTreeMap::new();
        for object in snapshot.objects {
            if let Some(needed) = object.needs {
                needs.insert(object.id.clone(), needed);
            }
            entries.insert(object.id, object.entry);
        }
        Ok(Self {
            version: snapshot.server_version,
            user: snapshot.user,
            entries,
            needs,
            outside: snapshot.outside,
            dependants: snapshot.dependants,
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
            needs: [(a.clone(), [b.clone()].into())].into(),
            dependants: [Dependant { on: a, id: b, goes_with: true }].into(),
            ..Catalog::default()
        };
        let text = catalog.to_json().unwrap();
        assert_eq!(Catalog::from_json(&text).unwrap(), catalog);
        let other = text.replace(FORMAT, "dbctl/catalog/v9");
        assert!(Catalog::from_json(&other).unwrap_err().to_string().contains("v9"));
        assert!(Catalog::from_json("[]").is_err());
    }
}
