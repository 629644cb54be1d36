//! What a random schema is made of. An object may refer only to those before it, but for what is written at the end:
//! foreign keys, triggers, policies, rules.

/// A type: a built-in one by its name, or an object of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// A built-in one.
    Plain(&'static str),
    /// An object: schema and name.
    Own(Name),
}

/// A schema and a name in it.
pub(super) type Name = (&'static str, String);

/// A whole schema.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    /// Its objects in the order in which they are made.
    pub(super) items: Vec<Item>,
    /// What roles grant by default: schema, kind of objects, privilege, role.
    pub(super) defaults: Vec<(&'static str, &'static str, &'static str, &'static str)>,
    /// A publication's tables with how much of them: columns, a filter.
    pub(super) published: Vec<(Name, usize)>,
}

/// An object.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// What it is called.
    pub(super) name: Name,
    /// What is its own.
    pub(super) body: Body,
    /// Who owns it, where that is not the maker.
    pub(super) owner: Option<&'static str>,
    /// Privilege and role.
    pub(super) grants: Vec<(&'static str, &'static str)>,
    /// Its comment.
    pub(super) comment: Option<usize>,
}

/// What an object is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// An enum with the numbers of its values.
    Enum(Vec<usize>),
    /// A composite type.
    Composite(Vec<(String, Type)>),
    /// A domain.
    Domain(Domain),
    /// A range over a type.
    Range(&'static str),
    /// A sequence: increment, cycle.
    Sequence(usize, bool),
    /// A function or procedure.
    Function(Function),
    /// A table.
    Table(Box<Table>),
    /// A view.
    View(View),
}

/// A domain.
#[derive(Debug, Clone)]
pub(super) struct Domain {
    pub(super) base: Type,
    pub(super) default: Option<usize>,
    pub(super) not_null: bool,
    pub(super) checks: Vec<(String, usize)>,
}

/// What a function gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Returns {
    /// A value.
    Type(Type),
    /// The rows of a relation.
    Rows(Name),
    /// A table of columns.
    Table(Vec<(String, Type)>),
    /// It is a trigger function.
    Trigger,
    /// It is a procedure.
    Nothing,
}

/// A function or procedure.
#[derive(Debug, Clone)]
pub(super) struct Function {
    pub(super) arguments: Vec<(String, Type, bool)>,
    pub(super) returns: Returns,
    /// Which of the bodies it has.
    pub(super) body: usize,
    /// A relation that its body reads, bound when it is made.
    pub(super) reads: Option<Name>,
    pub(super) attributes: &'static str,
}

/// A table.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that PostgreSQL has")]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) indexes: Vec<Index>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) policies: Vec<Policy>,
    pub(super) rules: Vec<(String, &'static str, usize)>,
    pub(super) statistics: Vec<(String, Vec<String>)>,
    pub(super) unlogged: bool,
    pub(super) fillfactor: Option<usize>,
    pub(super) row_security: bool,
    pub(super) force: bool,
    pub(super) replica_full: bool,
    /// How, and by which column, it is partitioned.
    pub(super) partitioned: Option<(&'static str, String)>,
    /// The table that it is a partition of, and its number among them; zero is the default one.
    pub(super) partition_of: Option<(Name, usize)>,
    pub(super) inherits: Vec<Name>,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) value: Value,
    pub(super) not_null: bool,
    pub(super) collation: bool,
    pub(super) storage: Option<&'static str>,
    pub(super) statistics: Option<usize>,
    pub(super) comment: Option<usize>,
    pub(super) grants: Vec<(&'static str, &'static str)>,
}

/// Where a column's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nowhere.
    None,
    /// A constant.
    Literal(usize),
    /// A function without arguments.
    Call(Name),
    /// A sequence.
    Next(Name),
    /// It numbers itself.
    Identity(&'static str, usize),
    /// A sequence that it owns.
    Serial,
    /// It is computed.
    Generated(Test),
}

/// A condition on a column; how it is written depends on the column's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) column: String,
    pub(super) form: usize,
    /// A function that takes the column, and gives a boolean.
    pub(super) call: Option<Name>,
}

/// A constraint.
#[derive(Debug, Clone)]
pub(super) struct Constraint {
    pub(super) name: String,
    pub(super) what: What,
    pub(super) comment: Option<usize>,
}

/// What a constraint demands.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// A primary key.
    Primary(Vec<String>, &'static str),
    /// A unique one.
    Unique(Vec<String>, &'static str, &'static str),
    /// A check.
    Check(Test, &'static str),
    /// A foreign key: columns, table, its columns, the rest.
    Foreign(Vec<String>, Name, Vec<String>, &'static str),
    /// An exclusion.
    Exclude(String),
}

/// An index.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) unique: bool,
    /// Column or condition, and the rest of the element.
    pub(super) elements: Vec<(Test, bool, &'static str)>,
    pub(super) predicate: Option<Test>,
    pub(super) method: &'static str,
    pub(super) comment: Option<usize>,
}

/// A trigger.
#[derive(Debug, Clone)]
pub(super) struct Trigger {
    pub(super) name: String,
    pub(super) function: Name,
    pub(super) event: &'static str,
    pub(super) of: Option<String>,
    pub(super) when: Option<Test>,
    pub(super) is_constraint: bool,
    pub(super) state: &'static str,
    pub(super) comment: Option<usize>,
}

/// A policy.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) name: String,
    pub(super) command: &'static str,
    pub(super) role: &'static str,
    pub(super) using: Option<Test>,
    pub(super) check: Option<Test>,
    /// A relation whose rows are looked at.
    pub(super) exists: Option<Name>,
}

/// A view, a materialized one too.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) materialized: bool,
    pub(super) sources: Vec<Name>,
    pub(super) outputs: Vec<Output>,
    pub(super) condition: Option<(usize, Test)>,
    pub(super) options: &'static str,
    /// Names of its indexes, and the columns.
    pub(super) indexes: Vec<(String, String)>,
    /// Whether a trigger stands in for inserts.
    pub(super) instead: Option<Name>,
    pub(super) comments: Vec<(String, usize)>,
}

/// A column of a view: its name, the number of its source, and what is shown.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) name: String,
    pub(super) source: usize,
    pub(super) shown: Shown,
}

/// What a view shows.
#[derive(Debug, Clone)]
pub(super) enum Shown {
    /// A column.
    Column(String),
    /// A column as text.
    Text(String),
    /// A condition.
    Test(Test),
    /// What a function gives for a column.
    Call(Name, String),
    /// A number.
    Number(usize),
    /// The whole row, as text.
    Row,
}

impl World {
    /// The place of an object that can be named as a relation or a type.
    pub(super) fn find(&self, name: &Name) -> Option<usize> {
        self.items.iter().position(|item| item.name == *name && !matches!(item.body, Body::Function(_)))
    }

    /// An object that is there before a place.
    pub(super) fn before(&self, name: &Name, place: usize) -> Option<&Item> {
        self.find(name).filter(|at| *at < place).map(|at| &self.items[at])
    }

    /// A function; several may have one name.
    pub(super) fn functions(&self, name: &Name, place: usize) -> impl Iterator<Item = &Function> {
        self.items[..place.min(self.items.len())].iter().filter(move |item| item.name == *name).filter_map(|item| {
            match &item.body {
                Body::Function(function) => Some(function),
                _ => None,
            }
        })
    }

    /// A table.
    pub(super) fn table(&self, name: &Name) -> Option<&Table> {
        match &self.items[self.find(name)?].body {
            Body::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The columns of a relation with their types, the inherited ones first.
    pub(super) fn columns(&self, name: &Name) -> Vec<(String, Type)> {
        self.columns_before(name, self.items.len())
    }

    fn columns_before(&self, name: &Name, place: usize) -> Vec<(String, Type)> {
        let Some(at) = self.find(name).filter(|at| *at < place) else { return Vec::new() };
        match &self.items[at].body {
            Body::Table(table) => {
                let mut columns = Vec::new();
                let above = table.partition_of.iter().map(|(parent, _)| parent).chain(&table.inherits);
                for column in above.flat_map(|parent| self.columns_before(parent, at)) {
                    if !columns.iter().any(|(name, _)| *name == column.0) {
                        columns.push(column);
                    }
                }
                for column in &table.columns {
                    if !columns.iter().any(|(name, _)| *name == column.name) {
                        columns.push((column.name.clone(), column.kind.clone()));
                    }
                }
                columns
            }
            Body::View(view) => view.outputs.iter().map(|it| (it.name.clone(), self.shown(view, it, at))).collect(),
            _ => Vec::new(),
        }
    }

    fn shown(&self, view: &View, output: &Output, at: usize) -> Type {
        let column = |name: &str| {
            let columns =
                view.sources.get(output.source).map(|source| self.columns_before(source, at)).unwrap_or_default();
            columns.into_iter().find(|(it, _)| it == name).map_or(Type::Plain("text"), |(_, kind)| kind)
        };
        match &output.shown {
            Shown::Column(name) => column(name),
            Shown::Text(_) | Shown::Row => Type::Plain("text"),
            Shown::Test(_) => Type::Plain("boolean"),
            Shown::Number(_) => Type::Plain("integer"),
            Shown::Call(function, argument) => {
                let wanted = [column(argument)];
                let fits = |it: &&Function| it.arguments.iter().map(|(_, kind, _)| kind).eq(&wanted);
                match self.functions(function, self.items.len()).find(fits).map(|it| it.returns.clone()) {
                    Some(Returns::Type(kind)) => kind,
                    _ => Type::Plain("text"),
                }
            }
        }
    }
}
