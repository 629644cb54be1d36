//! The statements that make, change and take away an object: a file a kind.

mod access_method;
mod cast;
mod aggregate;
mod column;
mod constraint;
mod conversion;
mod default;
mod event_trigger;
mod facets;
mod foreign_data;
mod foreign_table;
mod operator;
mod operator_class;
mod function;
mod language;
mod options;
mod procedure;
mod routine;
mod schema;
mod sequence;
mod table;
mod text_search;

use foreign_data::{mapping, server, wrapper};
use operator_class::{class, family};
use text_search::{configuration, dictionary, parser, template};
mod transform;
mod trigger;

pub(super) use facets::{change_facets, create_facets};
pub(super) use options::literal;
pub(super) use sequence::own;
pub(super) use table::index_marks;

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
    Constraint constraint,
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
    Cast cast,
    Conversion conversion,
    AccessMethod access_method,
    Language language,
    Transform transform,
    Function function,
    Procedure procedure,
    Aggregate aggregate,
    Trigger trigger,
    EventTrigger event_trigger,
}

/// `drop KIND name`, which most kinds need and no more.
fn plain_drop(cx: &Cx<'_>) -> Step {
    Step::drop(cx.id, format!("drop {} {}", cx.id.kind.sql(), cx.id.address()))
}
