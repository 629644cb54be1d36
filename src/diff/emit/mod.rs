//! The statements that make, change and take away an object: a file a kind.

mod access_method;
mod aggregate;
mod aside;
mod base_type;
mod between;
mod cast;
mod cast_pairs;
mod collation;
mod column;
mod column_type;
mod composite;
mod constraint;
mod conversion;
mod default;
mod default_privileges;
mod domain;
mod enum_type;
mod event_trigger;
mod extension;
mod facets;
mod foreign_data;
mod foreign_table;
mod function;
mod index;
mod inheritance;
mod language;
mod lineage;
mod materialized_view;
mod not_null;
mod online;
mod operator;
mod operator_class;
mod options;
mod policy;
mod procedure;
mod publication;
mod publication_schema;
mod publication_table;
mod range;
mod routine;
mod rule;
mod schema;
mod sequence;
mod stand_in;
mod statistics;
mod subscription;
mod table;
mod text;
mod text_search;
mod transform;
mod trigger;
mod type_cast;
mod view;

use foreign_data::{mapping, server, wrapper};
use operator_class::{class, family};
use text_search::{configuration, dictionary, parser, template};

pub(super) use aside::{is_in_container, is_left_behind, leftovers};
pub(super) use cast::{is_zoned, loses, under_domains};
pub(super) use cast_pairs::{INSTANTS, moment};
pub(super) use column::convert;
pub(super) use column_type::zone_said;
pub(super) use enum_type::needed_commits;
pub(super) use facets::{change_facets, change_owner, create_facets, owned_first};

pub(super) use online::is_at_once;
pub(super) use options::literal;
pub(super) use sequence::own;
pub(super) use table::{cluster_mark, index_marks, is_marked};
pub(super) use text::is_reread;
pub(super) use view::{dummy, fill};

use std::collections::BTreeSet;

use super::compare::{Fates, Options};
use super::step::Step;
use crate::catalog::{Catalog, Entry, Id, Kind, Object};

/// What an emitter may ask.
#[derive(Debug, Clone, Copy)]
pub struct Cx<'a> {
    /// The object.
    pub id: &'a Id,
    /// The object with what every object may have: as it will be, or as it is where it goes.
    pub entry: &'a Entry,
    /// What there is.
    pub from: &'a Catalog,
    /// What there will be.
    pub to: &'a Catalog,
    /// What becomes of the objects; nothing yet while states are compared.
    pub fates: &'a Fates,
    /// Parts that are made by themselves, though they could be made with what they are parts of: what they need needs that.
    pub apart: &'a BTreeSet<Id>,
    /// Indexes of partitioned tables that some partitions are to be without.
    pub partial: &'a BTreeSet<Id>,
    /// Whether owners are compared.
    pub owners: bool,
    /// Whether what is in use keeps its users waiting as little as can be.
    pub online: bool,
    /// Whether rows that are there get a stand-in in a column that has no value for them.
    pub stand_ins: bool,
}

/// What the emitters of a plan share.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What there is.
    pub from: &'a Catalog,
    /// What there will be.
    pub to: &'a Catalog,
    /// What becomes of the objects; nothing yet while states are compared.
    pub fates: &'a Fates,
    /// Parts that are made by themselves.
    pub apart: &'a BTreeSet<Id>,
    /// Indexes of partitioned tables that some partitions are to be without.
    pub partial: &'a BTreeSet<Id>,
    /// What the plan minds.
    pub options: Options,
}

impl<'a> Frame<'a> {
    /// What an emitter may ask about an object.
    pub fn cx(self, id: &'a Id, entry: &'a Entry) -> Cx<'a> {
        let Self { from, to, fates, apart, partial, options: Options { owners, online, stand_ins, .. } } = self;
        Cx { id, entry, from, to, fates, apart, partial, owners, online, stand_ins }
    }
}

/// How an object becomes another one of its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alter {
    /// The statements, where PostgreSQL can change it in place.
    pub steps: Vec<Step>,
    /// Whether it has to be taken away and made again; the statements then do not count.
    pub recreate: bool,
    /// The kinds of objects that need it and stand in the way: they are taken away before and made again afterwards.
    pub disturbs: &'static [Kind],
}

impl Alter {
    /// Statements that change it in place.
    pub fn in_place(steps: Vec<Step>) -> Self {
        Self { steps, ..Self::default() }
    }

    /// It has to be made again.
    pub fn recreate() -> Self {
        Self { recreate: true, ..Self::default() }
    }

    /// The same, but some of what needs it stands in the way.
    #[must_use]
    pub fn disturbing(self, disturbs: &'static [Kind]) -> Self {
        Self { disturbs, ..self }
    }
}

impl From<Vec<Step>> for Alter {
    fn from(steps: Vec<Step>) -> Self {
        Self::in_place(steps)
    }
}

macro_rules! emitters {
    ($($variant:ident $module:ident),* $(,)?) => {
        /// The statements that make an object: without owner, privileges, comment and labels.
        pub fn create(cx: &Cx<'_>) -> Vec<Step> {
            match &cx.entry.object {
                $(Object::$variant(it) => $module::create(it, cx),)*
            }
        }

        /// The statements that take it away.
        pub fn drop(cx: &Cx<'_>) -> Vec<Step> {
            match &cx.entry.object {
                $(Object::$variant(it) => $module::drop(it, cx),)*
            }
        }

        /// How the object of one state becomes that of the other.
        pub fn alter(old: &Object, cx: &Cx<'_>) -> Alter {
            match (old, &cx.entry.object) {
                $((Object::$variant(old), Object::$variant(new)) => $module::alter(old, new, cx),)*
                _ => Alter::recreate(),
            }
        }
    };
}

emitters! {
    Schema schema,
    Sequence sequence,
    Table table,
    ForeignTable foreign_table,
    Column column,
    Default default,
    Index index,
    Constraint constraint,
    View view,
    MaterializedView materialized_view,
    Rule rule,
    Language language,
    Transform transform,
    Function function,
    Procedure procedure,
    Aggregate aggregate,
    Trigger trigger,
    EventTrigger event_trigger,
    ForeignDataWrapper wrapper,
    Server server,
    UserMapping mapping,
    TextSearchParser parser,
    TextSearchTemplate template,
    TextSearchDictionary dictionary,
    TextSearchConfiguration configuration,
    Operator operator,
    OperatorFamily family,
    OperatorClass class,
    Cast type_cast,
    Conversion conversion,
    AccessMethod access_method,
    Inheritance inheritance,
    Statistics statistics,
    Enum enum_type,
    Composite composite,
    Domain domain,
    Range range,
    BaseType base_type,
    Collation collation,
    Policy policy,
    DefaultPrivileges default_privileges,
    Publication publication,
    PublicationTable publication_table,
    PublicationSchema publication_schema,
    Subscription subscription,
    Extension extension,
}

/// A column as `create table` has it, with what only other statements can say; its default is an object of its own.
pub fn column_definition(cx: &Cx<'_>) -> String {
    let Object::Column(it) = &cx.entry.object else { return String::new() };
    let text = column::definition(cx.id, it, None);
    let settings = column::settings(it, cx, cx.id).into_iter().map(|step| step.sql);
    std::iter::once(text).chain(settings).collect::<Vec<_>>().join("\n")
}

/// `drop KIND name`, which most kinds need and no more.
fn plain_drop(cx: &Cx<'_>) -> Step {
    Step::drop(cx.id, format!("drop {} {}", cx.id.kind.sql(), procedure::address(cx)))
}
