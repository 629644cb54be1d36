//! What an object is called: the key under which a catalog keeps it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::bare_ident;

/// What an object is. The order is the one in which objects are shown, and made where nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A procedural language.
    Language,
    /// An access method of tables or indexes.
    AccessMethod,
    /// A collation.
    Collation,
    /// An enum type.
    Enum,
    /// A composite type made by itself.
    Composite,
    /// A domain.
    Domain,
    /// A range type with its multirange type.
    Range,
    /// A base type, or a shell of one.
    BaseType,
    /// A function, window functions too.
    Function,
    /// A procedure.
    Procedure,
    /// An aggregate function.
    Aggregate,
    /// An operator.
    Operator,
    /// An operator family.
    OperatorFamily,
    /// An operator class.
    OperatorClass,
    /// A cast.
    Cast,
    /// A conversion between encodings.
    Conversion,
    /// A transform of a type for a language.
    Transform,
    /// A text search parser.
    TextSearchParser,
    /// A text search template.
    TextSearchTemplate,
    /// A text search dictionary.
    TextSearchDictionary,
    /// A text search configuration.
    TextSearchConfiguration,
    /// A foreign-data wrapper.
    ForeignDataWrapper,
    /// A foreign server.
    Server,
    /// A user mapping.
    UserMapping,
    /// A sequence; that of an identity column belongs to the column.
    Sequence,
    /// A table, partitioned ones and partitions too.
    Table,
    /// A foreign table.
    ForeignTable,
    /// A column of a table, a foreign table, a view or a composite type.
    Column,
    /// The default of a column.
    Default,
    /// An index that no constraint owns.
    Index,
    /// A constraint of a table, a foreign table or a domain.
    Constraint,
    /// That a table inherits from another, or is a partition of it.
    Inheritance,
    /// Extended statistics.
    Statistics,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A rewrite rule that is no view's own.
    Rule,
    /// A trigger.
    Trigger,
    /// A policy of row-level security.
    Policy,
    /// An event trigger.
    EventTrigger,
    /// A publication.
    Publication,
    /// That a publication has a table.
    PublicationTable,
    /// That a publication has all tables of a schema.
    PublicationSchema,
    /// A subscription.
    Subscription,
    /// What objects that a role makes grant by default.
    DefaultPrivileges,
}

impl Kind {
    /// The words that SQL has for it: `materialized view`.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Language => "language",
            Self::AccessMethod => "access method",
            Self::Collation => "collation",
            Self::Enum | Self::Composite | Self::Range | Self::BaseType => "type",
            Self::Domain => "domain",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Aggregate => "aggregate",
            Self::Operator => "operator",
            Self::OperatorFamily => "operator family",
            Self::OperatorClass => "operator class",
            Self::Cast => "cast",
            Self::Conversion => "conversion",
            Self::Transform => "transform",
            Self::TextSearchParser => "text search parser",
            Self::TextSearchTemplate => "text search template",
            Self::TextSearchDictionary => "text search dictionary",
            Self::TextSearchConfiguration => "text search configuration",
            Self::ForeignDataWrapper => "foreign data wrapper",
            Self::Server => "server",
            Self::UserMapping => "user mapping",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::ForeignTable => "foreign table",
            Self::Column => "column",
            Self::Default => "default",
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::Inheritance => "inheritance",
            Self::Statistics => "statistics",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Rule => "rule",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::EventTrigger => "event trigger",
            Self::Publication | Self::PublicationTable | Self::PublicationSchema => "publication",
            Self::Subscription => "subscription",
            Self::DefaultPrivileges => "default privileges",
        }
    }

    /// The names that must be different: two objects of one space cannot have one name.
    ///
    /// A relation has a row type of its name, so that types and relations share a space:
    /// <https://www.postgresql.org/docs/18/catalog-pg-type.html>.
    pub fn space(self) -> Space {
        match self {
            Self::Enum | Self::Composite | Self::Domain | Self::Range | Self::BaseType => Space::Type,
            Self::Sequence | Self::Table | Self::ForeignTable | Self::View | Self::MaterializedView | Self::Index => {
                Space::Relation
            }
            Self::Function | Self::Procedure | Self::Aggregate => Space::Routine,
            other => Space::Own(other),
        }
    }
}

/// A space of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// Types, and the row types of relations.
    Type,
    /// Relations.
    Relation,
    /// Routines.
    Routine,
    /// What no other kind shares.
    Own(Kind),
}

/// What an object is called. It is shared: each object is named by many others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<Name>);

/// The parts of what an object is called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name {
    /// What it is.
    pub kind: Kind,
    /// Its schema, or that of the relation it belongs to; empty for what has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub schema: String,
    /// Its name; for what belongs to a relation, the relation's.
    pub name: String,
    /// Its own name where it belongs to a relation (columns, constraints, triggers, policies, rules), the types of a
    /// routine's or operator's arguments, the access method of an operator class, the target of a cast, the publication
    /// that has a table or schema, the kind of objects of default privileges.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
}

impl Deref for Id {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.0
    }
}

impl Id {
    /// An object in a schema.
    pub fn new(kind: Kind, schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self::part(kind, schema, name, "")
    }

    /// An object that belongs to a relation, or that has arguments.
    pub fn part(kind: Kind, schema: impl Into<String>, name: impl Into<String>, part: impl Into<String>) -> Self {
        Self(Arc::new(Name { kind, schema: schema.into(), name: name.into(), part: part.into() }))
    }

    /// Whether another object has the name that this one takes, so that only one of them can be there.
    pub fn is_namesake(&self, other: &Self) -> bool {
        let is_shared = |space: Space| matches!(space, Space::Type | Space::Relation);
        let (here, there) = (self.kind.space(), other.kind.space());
        self.kind != other.kind
            && (here == there || is_shared(here) && is_shared(there))
            && (&self.schema, &self.name, &self.part) == (&other.schema, &other.name, &other.part)
    }

    /// Another object of the same relation: a column's default, a table's column.
    #[must_use]
    pub fn beside(&self, kind: Kind, part: impl Into<String>) -> Self {
        Self::part(kind, &self.schema, &self.name, part)
    }

    /// The object's name with its schema, quoted where needed; that of its relation where it belongs to one.
    pub fn qualified(&self) -> String {
        if self.schema.is_empty() {
            bare_ident(&self.name).into_owned()
        } else {
            format!("{}.{}", bare_ident(&self.schema), bare_ident(&self.name))
        }
    }

    /// How statements such as `comment on`, `drop` and `alter … owner to` name the object, without its kind.
    pub fn address(&self) -> String {
        let name = self.qualified();
        match self.kind {
            Kind::Aggregate if self.part.is_empty() => format!("{name}(*)"),
            Kind::Function | Kind::Procedure | Kind::Aggregate => format!("{name}({})", self.part),
            Kind::Operator if self.schema.is_empty() => format!("{}({})", self.name, self.part),
            Kind::Operator => format!("{}.{}({})", bare_ident(&self.schema), self.name, self.part),
            Kind::OperatorClass | Kind::OperatorFamily => format!("{name} using {}", bare_ident(&self.part)),
            Kind::Cast => format!("({} as {})", self.name, self.part),
            Kind::Transform => format!("for {} language {}", self.name, bare_ident(&self.part)),
            Kind::UserMapping if self.part == "public" => format!("for public server {name}"),
            Kind::UserMapping => format!("for {} server {name}", bare_ident(&self.part)),
            Kind::Column => format!("{name}.{}", bare_ident(&self.part)),
            Kind::Inheritance => format!("{name} from {}", self.part),
            Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => {
                format!("{} on {name}", bare_ident(&self.part))
            }
            Kind::PublicationTable => format!("{} for table {name}", bare_ident(&self.part)),
            Kind::PublicationSchema => format!("{} for tables in schema {name}", bare_ident(&self.part)),
            _ => name,
        }
    }
}

impl fmt::Display for Id {
    /// As people read it: `index public.orders_user_id_idx`, `policy members on public.orders`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Default => write!(formatter, "default of {}.{}", self.qualified(), bare_ident(&self.part)),
            Kind::DefaultPrivileges => {
                write!(formatter, "default privileges of {} on {}", bare_ident(&self.name), self.part)?;
                if self.schema.is_empty() {
                    Ok(())
                } else {
                    write!(formatter, " in schema {}", bare_ident(&self.schema))
                }
            }
            kind => write!(formatter, "{} {}", kind.sql(), self.address()),
        }
    }
}
