//! The schema as a chain of migrations leaves it, known without a database: a kind of object a file.
//!
//! It is what lint's rules ask: what a statement meets (the state before it) and what is left of it at the end of the chain.

mod apply;
mod function;
mod grant;
mod index;
mod platform;
mod policy;
mod table;
mod type_;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use apply::Reach;
pub use function::Function;
pub use grant::{Acl, DefaultPrivilege};
pub use index::{Index, IndexKey};
pub use policy::Policy;
pub use table::{Column, Constraint, ConstraintDef, Reference, Table, TableKind, Trigger};
pub use type_::{EnumLabel, Type, TypeKind};
pub use view::View;

use crate::sql::ast::{Name, ObjectKind};
use crate::text::{Span, bare_ident};

/// The number of a file in the chain, from 0.
pub type FileId = usize;

/// A place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The file; `None` for what the platform has brought (Supabase's `auth.users`).
    pub file: Option<FileId>,
    /// Where in it.
    pub span: Span,
}

impl Place {
    /// What was there before the first migration.
    pub const PLATFORM: Self = Self { file: None, span: Span { start: 0, end: 0 } };

    /// A place in a file.
    pub fn new(file: FileId, span: Span) -> Self {
        Self { file: Some(file), span }
    }

    /// Whether it is in this file.
    pub fn is_in(&self, file: FileId) -> bool {
        self.file == Some(file)
    }
}

/// A name with its schema resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QName {
    /// The schema.
    pub schema: String,
    /// The object.
    pub name: String,
}

impl QName {
    /// Puts the two together.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }
}

/// As SQL, with the schema.
impl fmt::Display for QName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", bare_ident(&self.schema), bare_ident(&self.name))
    }
}

/// Something that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// What kind.
    pub kind: ObjectKind,
    /// Its name; for policies, triggers, rules, constraints and columns the table's.
    pub name: QName,
    /// For policies, triggers, rules, constraints and columns: its own name.
    pub sub: Option<String>,
    /// `if exists`, or under a guard: the drop cannot fail when it is not there.
    pub if_exists: bool,
    /// Whether it was there.
    pub existed: bool,
    /// Where.
    pub place: Place,
}

/// A table, view or column that got another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The relation's name before.
    pub from: QName,
    /// The relation's name after; the same where a column is renamed.
    pub to: QName,
    /// The column's names before and after.
    pub column: Option<(String, String)>,
    /// Where.
    pub place: Place,
}

/// The state.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// Schemas, with where they were created.
    pub schemas: BTreeMap<String, Place>,
    /// Tables, partitions and foreign tables.
    pub tables: BTreeMap<QName, Table>,
    /// Indexes, in their table's schema; those of constraints too.
    pub indexes: BTreeMap<QName, Index>,
    /// Views and materialised views.
    pub views: BTreeMap<QName, View>,
    /// Functions, procedures and aggregates: the overloads of each name.
    pub functions: BTreeMap<QName, Vec<Function>>,
    /// Enums, composites, domains, ranges.
    pub types: BTreeMap<QName, Type>,
    /// Sequences: where, and the table and column that own it; those of `serial` and identity columns too.
    pub sequences: BTreeMap<QName, (Place, Option<(QName, String)>)>,
    /// Extensions: where, and in which schema.
    pub extensions: BTreeMap<String, (Place, Option<String>)>,
    /// Roles.
    pub roles: BTreeMap<String, Place>,
    /// Every other kind of object by kind and name (publications, collations, text search configurations …). Kinds that stand in
    /// no schema have an empty one; a rule `r` of `s.t` is `t.r` in `s`.
    pub objects: BTreeMap<(ObjectKind, QName), Place>,
    /// `alter default privileges`, in order.
    pub default_privileges: Vec<DefaultPrivilege>,
    /// What was dropped, in order, over the whole chain.
    pub dropped: Vec<Dropped>,
    /// What was renamed, in order, over the whole chain.
    pub renamed: Vec<Renamed>,
    /// Where the search path of the session points, at this moment; `public` at first. `pg_temp` and `"$user"` are left out.
    pub search_path: Vec<String>,
    /// Schemas that belong to the platform (`auth`, `storage` …) and are not known whole: an unknown name in one is no error.
    pub managed: BTreeSet<String>,
    /// Schemas of the platform that a migration makes where they are not there.
    pub made_sure: BTreeSet<String>,
    /// Statements that could not be understood statically (dynamic SQL): from here on "does not exist" is not certain.
    pub opaque: Vec<Place>,
    /// What playing the chain keeps beside all this.
    play: apply::Play,
}

impl Schema {
    /// The name with its schema: the written one, else the first schema of the search path that has such a relation, type or
    /// function, else the first of the search path (where it would be created).
    pub fn resolve(&self, name: &Name) -> QName {
        let object = apply::cut(name.object());
        if let Some(schema) = name.schema() {
            return QName::new(apply::cut(schema), object);
        }
        if self.play.temporary {
            let candidate = QName::new(apply::TEMPORARY, object);
            if self.has_relation(&candidate) {
                return candidate;
            }
        }
        for schema in &self.search_path {
            let candidate = QName::new(schema.as_str(), object);
            if self.has_relation(&candidate)
                || self.types.contains_key(&candidate)
                || self.functions.contains_key(&candidate)
            {
                return candidate;
            }
        }
        self.creation(name)
    }

    /// The name with its schema where it would be created: the written one, else the first of the search path.
    pub fn creation(&self, name: &Name) -> QName {
        let schema = name.schema().or_else(|| self.search_path.first().map(String::as_str)).unwrap_or("public");
        QName::new(apply::cut(schema), apply::cut(name.object()))
    }

    /// Whether a table, view, index or sequence has this name: they share one name space.
    pub fn has_relation(&self, name: &QName) -> bool {
        self.tables.contains_key(name)
            || self.views.contains_key(name)
            || self.indexes.contains_key(name)
            || self.sequences.contains_key(name)
    }

    /// The table of this name, as written.
    pub fn table(&self, name: &Name) -> Option<&Table> {
        self.tables.get(&self.resolve(name))
    }

    /// The indexes of a table, in the order of their names.
    pub fn indexes_of<'a>(&'a self, table: &'a QName) -> impl Iterator<Item = &'a Index> {
        // Only a table's own list is walked: a chain of thousands of tables asks this for each.
        self.tables.get(table).into_iter().flat_map(|it| it.indexes.iter()).filter_map(|name| self.indexes.get(name))
    }

    /// The overloads of a function, as written.
    pub fn functions(&self, name: &Name) -> &[Function] {
        self.functions.get(&self.resolve(name)).map_or(&[], Vec::as_slice)
    }

    /// Whether something that is not known may nevertheless be there: dynamic SQL ran before, or the schema is managed.
    pub fn may_exist(&self, name: &QName) -> bool {
        !self.opaque.is_empty() || self.managed.contains(&name.schema)
    }

    /// What was dropped in this file, in order.
    pub fn dropped_in(&self, file: FileId) -> impl Iterator<Item = &Dropped> {
        self.dropped.iter().rev().take_while(move |dropped| dropped.place.is_in(file))
    }
}
