//! A column of another type beside the old one: what the statement says of it, what hangs on the column in a database, and
//! the sequence that carries all that over and ends as the statement would have.

mod carry;
mod sequence;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

pub use text::{Place, of_tokens};

/// A change of a column's type that writes every row anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retype {
    /// The table as SQL, with its schema.
    pub table: String,
    /// The table's schema, not quoted.
    pub schema: String,
    /// The table's name without its schema, not quoted.
    pub name: String,
    /// The column, not quoted.
    pub column: String,
    /// The new type as it is written, with its collation.
    pub type_name: String,
    /// The value as it is computed of a row.
    pub value: String,
    /// The same in a trigger.
    pub new_value: String,
    /// What the statement does to the default besides: `Some(None)` drops it.
    pub default: Option<Option<String>>,
    /// What the statement does to `not null` besides.
    pub not_null: Option<bool>,
    /// The constraints that the statement drops before.
    pub dropped: Vec<String>,
    /// Behind how many statements of the sequence it comes.
    pub at: usize,
    /// What has changed the table before, in what is pending.
    pub earlier: Option<String>,
}

/// One thing that hangs on a column: what kind of thing, its name, how it is written, and one more word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What kind of thing.
    pub what: String,
    /// Its name, not quoted unless it has a schema.
    pub name: String,
    /// How it is written.
    pub text: String,
    /// One more word.
    pub more: String,
}

/// What hangs on a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts(pub Vec<Fact>);

impl Facts {
    /// All of one kind.
    fn all<'a>(&'a self, what: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.0.iter().filter(move |fact| fact.what == what)
    }

    /// The one of a kind.
    fn one<'a>(&'a self, what: &'a str) -> Option<&'a Fact> {
        self.all(what).next()
    }

    /// The names of a kind.
    fn names<'a>(&'a self, what: &'a str) -> BTreeSet<&'a str> {
        self.all(what).map(|fact| fact.name.as_str()).collect()
    }
}

impl Retype {
    /// The sequence; or why there is none that ends the same.
    pub fn sequence(&self, facts: &Facts) -> Result<Vec<String>, String> {
        sequence::sequence(self, facts)
    }
}
