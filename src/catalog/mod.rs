//! A database's schema as data: objects by name, what each may have, and what each needs.

mod access_method;
pub mod acl;
mod aggregate;
mod assemble;
mod base_type;
mod cast;
mod census;
mod collation;
mod column;
mod composite;
mod constraint;
pub mod default_privileges;
mod dependant;
mod domain;
mod enum_type;
mod extension;
mod foreign_data;
mod id;
mod index;
mod inheritance;
mod item;
mod language;
mod materialized_view;
mod object;
mod operator;
mod policy;
mod publication;
mod range;
mod routine;
mod rule;
mod schema;
pub mod scope;
mod sequence;
pub mod snapshot;
mod store;
mod subscription;
mod table;
mod template;
mod text_search;
mod trigger;
mod vicinity;
mod view;

pub use access_method::AccessMethod;
pub use acl::{Acl, Grantee, Privilege};
pub use aggregate::{Aggregate, AggregateState};
pub use assemble::{Dependency, Raw, RawObject, assemble};
pub use base_type::BaseType;
pub use cast::{Cast, CastContext, Conversion};
pub use census::{Census, How, Unlike, Unlikeness};
pub use collation::Collation;
pub use column::{Column, Default, Generated, Identity, NotNull};
pub use composite::{Attribute, Composite};
pub use constraint::{Constraint, ConstraintType};
pub use default_privileges::DefaultPrivileges;
pub use dependant::Dependant;
pub use domain::Domain;
pub use enum_type::Enum;
pub use extension::Extension;
pub use foreign_data::{ForeignDataWrapper, Server, UserMapping};
pub use id::{Id, Kind, Name, Space};
pub use index::{Index, Statistics};
pub use inheritance::Inheritance;
pub use item::{Item, Key};
pub use language::{Language, Transform};
pub use materialized_view::MaterializedView;
pub use object::Object;
pub use operator::{FunctionMember, Operator, OperatorClass, OperatorFamily, OperatorLink, OperatorMember};
pub use policy::Policy;
pub use publication::{Publication, PublicationSchema, PublicationTable};
pub use range::Range;
pub use routine::{Argument, ArgumentMode, Body, Function, Parallel, Procedure, Volatility};
pub use rule::Rule;
pub use schema::Schema;
pub use scope::Scope;
pub use sequence::{Sequence, SequenceOptions};
pub use store::{Moment, Pair, Store};
pub use subscription::Subscription;
pub use table::{ForeignTable, ReplicaIdentity, Table};
pub use text_search::{TextSearchConfiguration, TextSearchDictionary, TextSearchParser, TextSearchTemplate};
pub use trigger::{Enabled, EventTrigger, Trigger};
pub use view::View;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Options by name, in the order in which they were set.
pub type Options = Vec<(String, String)>;

/// An object and what every object may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What is its own.
    pub object: Object,
    /// Its owner; empty for what has none of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Who may do what with it; empty for what knows no privileges.
    #[serde(default, skip_serializing_if = "Acl::is_empty")]
    pub acl: Acl,
    /// Those who have privileges, in the order in which they got them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grantees: Vec<Grantee>,
    /// Its comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its security labels by provider.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// A database's schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The server's major version; zero for a schema that no server gave.
    pub version: u32,
    /// The role that was asked as: whoever applies a plan makes objects that are his.
    pub user: String,
    /// The objects.
    pub entries: BTreeMap<Id, Entry>,
    /// What each object needs to be there.
    pub needs: BTreeMap<Id, BTreeSet<Id>>,
    /// What is there but left out: a platform's, an extension's, or outside what was asked for. Objects may need it.
    pub outside: BTreeSet<Id>,
    /// What is left out and depends on what is not.
    pub dependants: BTreeSet<Dependant>,
    /// What no object of this model stands for, in words.
    pub unknown: BTreeSet<String>,
}

impl Catalog {
    /// An object.
    pub fn get(&self, id: &Id) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// What belongs to a relation and is of a kind, by name.
    pub fn parts<'a>(&'a self, of: &'a Id, kind: Kind) -> impl Iterator<Item = (&'a Id, &'a Entry)> {
        let first = of.beside(kind, "");
        self.entries
            .range(first..)
            .take_while(move |(id, _)| id.kind == kind && id.schema == of.schema && id.name == of.name)
    }

    /// The objects of a kind in a schema.
    pub fn parts_of_schema<'a>(&'a self, kind: Kind, schema: &'a str) -> impl Iterator<Item = &'a Id> {
        let ids = self.entries.range(Id::new(kind, schema, "")..).map(|(id, _)| id);
        ids.take_while(move |id| id.kind == kind && id.schema == schema)
    }

    /// The objects of a kind, in all schemas.
    pub fn parts_of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Id, &Entry)> {
        self.entries.range(Id::new(kind, "", "")..).take_while(move |(id, _)| id.kind == kind)
    }

    /// The columns of a relation in their order.
    pub fn columns<'a>(&'a self, of: &'a Id) -> Vec<(&'a Id, &'a Entry, &'a Column)> {
        let column = |(id, entry): (&'a Id, &'a Entry)| match &entry.object {
            Object::Column(column) => Some((id, entry, column)),
            _ => None,
        };
        let mut columns: Vec<_> = self.parts(of, Kind::Column).filter_map(column).collect();
        columns.sort_by_key(|(_, _, column)| column.position);
        columns
    }

    /// The objects that need each object.
    pub fn dependants(&self) -> BTreeMap<&Id, Vec<&Id>> {
        let mut dependants: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for (id, needed) in &self.needs {
            for it in needed {
                dependants.entry(it).or_default().push(id);
            }
        }
        dependants
    }
}
