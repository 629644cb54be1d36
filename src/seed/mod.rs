//! Rows made up for a schema: which tables come first, what values their columns may take, and which of them go together.
//!
//! Nothing here is left to chance: the same schema gives the same rows. Which values its checks take is for the server to
//! say, for it alone knows what they mean; here are the values that are worth asking about.

mod candidate;
mod check;
mod choose;
mod order;
mod pattern;
mod shape;
mod table;
mod unit;
mod value;

pub use candidate::TEXTS;
pub use choose::{Chooser, Exhausted, Row, advance};
pub use order::{Turn, order};
pub use shape::{Shape, shape};
pub use table::{Check, Column, ForeignKey, Key, Table, root};
pub use unit::{Group, Unit, Units, combinations};
pub use value::Place;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Id;

/// What is to be filled, and with how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How many groups of rows; foreign keys of rows of a group lead to rows of the same group, so that a group is a tenant
    /// with all that is his.
    pub groups: usize,
    /// Rows a group in each table. Of three or more the last is the odd one: null, or what is there already, wherever that
    /// is allowed, so that what a migration assumes of all rows is tried.
    pub rows: usize,
    /// Whether rows of a group are to hold equal values wherever nothing forbids that: what a migration takes for unique
    /// is tried then. Of five or more the two before the odd one are so.
    pub alike: bool,
    /// Values that are given: SQL expressions a group, by table and column. Where such a column is a key by itself, a
    /// group has one row.
    pub fixed: BTreeMap<(Id, String), Vec<String>>,
    /// Which tables; all where none is said (with those they need by foreign keys).
    pub tables: Option<BTreeSet<Id>>,
}
