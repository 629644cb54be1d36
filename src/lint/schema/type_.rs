//! Types: enums, composites, domains and ranges.

use super::{Place, QName};
use crate::sql::ast::{Expr, TypeName};

/// A type.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its name.
    pub name: QName,
    /// What kind.
    pub kind: TypeKind,
    /// Where it was created.
    pub created: Place,
    /// Its comment.
    pub comment: Option<String>,
}

/// What a type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// An enum with its labels in order of creation.
    Enum(Vec<EnumLabel>),
    /// A composite type with its attributes.
    Composite(Vec<(String, TypeName)>),
    /// A domain.
    Domain {
        /// Over what.
        base: TypeName,
        /// Its checks.
        checks: Vec<Expr>,
    },
    /// A range or base type.
    Other,
}

/// A label of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumLabel {
    /// The label.
    pub label: String,
    /// Where it was added; with the type, or by `add value`.
    pub created: Place,
    /// Added by `add value`.
    pub added: bool,
}
