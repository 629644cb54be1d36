//! Base types, and the shells that their functions need before them.

use serde::{Deserialize, Serialize};

/// A base type: <https://www.postgresql.org/docs/18/sql-createtype.html>. Names are SQL.
///
/// Its functions need the type, and the type needs them: the shell, an object of its own, stands between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "as many as the catalog has")]
pub struct BaseType {
    /// Whether it is no more than a name: the shell of a type, or a type that never became one.
    pub shell: bool,
    /// Reads it from text.
    pub input: String,
    /// Writes it as text.
    pub output: String,
    /// Reads it from bytes.
    pub receive: Option<String>,
    /// Writes it as bytes.
    pub send: Option<String>,
    /// Reads its modifiers.
    pub typmod_in: Option<String>,
    /// Writes its modifiers.
    pub typmod_out: Option<String>,
    /// Gathers its statistics.
    pub analyze: Option<String>,
    /// Takes it apart by subscripts.
    pub subscript: Option<String>,
    /// Its length in bytes; less than zero where it varies.
    pub length: i16,
    /// Whether it is handed over by value.
    pub by_value: bool,
    /// `char`, `int2`, `int4` or `double`.
    pub alignment: String,
    /// `plain`, `external`, `extended` or `main`.
    pub storage: String,
    /// The letter of its category.
    pub category: String,
    /// Whether it is its category's preferred type.
    pub preferred: bool,
    /// Its default, as text.
    pub default: Option<String>,
    /// The type of its elements.
    pub element: Option<String>,
    /// What stands between elements of its array.
    pub delimiter: String,
    /// Whether it can have a collation.
    pub collatable: bool,
}
