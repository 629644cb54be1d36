//! A state as a flat list of what is in it, so that two states can be compared part by part.

use std::collections::BTreeMap;
use std::fmt;

use super::shape;
use crate::lint::LintFile;
use crate::lint::schema::{
    Column, Constraint, ConstraintDef, Function, Index, IndexKey, Place, QName, Schema, Table, TypeKind,
};
use crate::sql::ast::{ObjectKind, RoutineKind};
use crate::sql::significant;
use crate::text::bare_ident;

/// What a part of a state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) enum Part {
    /// An object by itself.
    Object(ObjectKind),
    /// Something within a table, view or type: a column, a constraint, a policy, a trigger.
    Within(ObjectKind),
    /// A label of an enum.
    Label,
    /// Who may do what with an object.
    Privileges(ObjectKind),
    /// `alter default privileges`.
    DefaultPrivileges,
}

/// Which part of a state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lint) struct Key {
    /// The object, or the one it stands in.
    pub name: QName,
    /// What.
    pub part: Part,
    /// Its own name within the object; for functions the types in parentheses.
    pub sub: String,
}

impl Key {
    /// Whether it goes when that object goes.
    pub fn is_within(&self, object: &Self) -> bool {
        matches!(object.part, Part::Object(_)) && self.name == object.name && self.part != object.part
    }
}

/// As words: ``column `phone` of `public.users` ``.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, sub) = (&self.name, bare_ident(&self.sub));
        let bare = bare_ident(&name.name);
        match self.part {
            Part::Object(kind) if name.schema.is_empty() => write!(formatter, "{} `{bare}`", noun(kind)),
            Part::Object(kind @ (ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate)) => {
                write!(formatter, "{} `{name}{}`", noun(kind), self.sub)
            }
            Part::Object(kind) => write!(formatter, "{} `{name}`", noun(kind)),
            Part::Within(kind @ (ObjectKind::Policy | ObjectKind::Trigger)) => {
                write!(formatter, "{} `{sub}` on `{name}`", noun(kind))
            }
            Part::Within(kind) => write!(formatter, "{} `{sub}` of `{name}`", noun(kind)),
            Part::Label => write!(formatter, "value `{}` of type `{name}`", self.sub),
            Part::Privileges(kind) if name.schema.is_empty() => {
                write!(formatter, "the privileges on {} `{bare}`", noun(kind))
            }
            Part::Privileges(kind) => write!(formatter, "the privileges on {} `{name}{}`", noun(kind), self.sub),
            Part::DefaultPrivileges => formatter.write_str("the default privileges"),
        }
    }
}

/// A kind of object in words.
pub(in crate::lint) fn noun(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Aggregate => "aggregate",
        ObjectKind::Collation => "collation",
        ObjectKind::Column => "column",
        ObjectKind::Constraint => "constraint",
        ObjectKind::Database => "database",
        ObjectKind::Domain => "domain",
        ObjectKind::Extension => "extension",
        ObjectKind::ForeignTable => "foreign table",
        ObjectKind::Function => "function",
        ObjectKind::Index => "index",
        ObjectKind::MaterializedView => "materialized view",
        ObjectKind::Policy => "policy",
        ObjectKind::Procedure => "procedure",
        ObjectKind::Publication => "publication",
        ObjectKind::Role => "role",
        ObjectKind::Routine => "routine",
        ObjectKind::Rule => "rule",
        ObjectKind::Schema => "schema",
        ObjectKind::Sequence => "sequence",
        ObjectKind::Statistics => "statistics",
        ObjectKind::Subscription => "subscription",
        ObjectKind::Table => "table",
        ObjectKind::Trigger => "trigger",
        ObjectKind::Type => "type",
        ObjectKind::View => "view",
        ObjectKind::EventTrigger => "event trigger",
        ObjectKind::ForeignDataWrapper => "foreign-data wrapper",
        ObjectKind::Server => "server",
        ObjectKind::Operator => "operator",
        ObjectKind::OperatorClass => "operator class",
        ObjectKind::OperatorFamily => "operator family",
        ObjectKind::TextSearchConfiguration => "text search configuration",
        ObjectKind::TextSearchDictionary => "text search dictionary",
        _ => "object",
    }
}

/// What is known of a part: how it is defined, and where.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Fact {
    /// Its definition as text, for comparing.
    pub definition: String,
    /// Where it was made.
    pub created: Place,
}

/// All parts of a state.
pub(in crate::lint) type Facts = BTreeMap<Key, Fact>;

struct Read<'a> {
    facts: Facts,
    text: &'a dyn Fn(Place) -> Option<&'a str>,
}

impl Read<'_> {
    fn put(&mut self, name: &QName, part: Part, sub: &str, definition: String, created: Place) {
        let key = Key { name: name.clone(), part, sub: sub.to_owned() };
        self.facts.insert(key, Fact { definition, created });
    }
}

/// The parts of a state. The text that a place points into is needed for the bodies of functions.
pub(in crate::lint) fn of<'a>(schema: &Schema, text: &'a dyn Fn(Place) -> Option<&'a str>) -> Facts {
    let mut read = Read { facts: Facts::new(), text };
    for table in schema.tables.values() {
        of_table(&mut read, table);
    }
    for index in schema.indexes.values().filter(|index| index.constraint.is_none() && index.parent.is_none()) {
        read.put(&index.name, Part::Object(ObjectKind::Index), "", of_index(index), index.created);
    }
    for view in schema.views.values() {
        let kind = if view.materialized { ObjectKind::MaterializedView } else { ObjectKind::View };
        let definition = format!("{:?} {}", view.options, shape::of_query(&view.query));
        read.put(&view.name, Part::Object(kind), "", definition, view.created);
        read.put(&view.name, Part::Privileges(kind), "", format!("{:?}", view.acl.roles), view.created);
        for trigger in &view.triggers {
            let definition = format!("{:?} {:?} {}", trigger.timing, trigger.events, trigger.function);
            read.put(&view.name, Part::Within(ObjectKind::Trigger), &trigger.name, definition, trigger.created);
        }
    }
    for function in schema.functions.values().flatten() {
        let kind = match function.kind {
            RoutineKind::Procedure => ObjectKind::Procedure,
            RoutineKind::Aggregate => ObjectKind::Aggregate,
            RoutineKind::Function | RoutineKind::Routine => ObjectKind::Function,
        };
        let signature = function.signature();
        let definition = of_function(function, (read.text)(function.created));
        read.put(&function.name, Part::Object(kind), &signature, definition, function.created);
        read.put(
            &function.name,
            Part::Privileges(kind),
            &signature,
            format!("{:?}", function.acl.roles),
            function.created,
        );
    }
    for it in schema.types.values() {
        let (kind, definition) = match &it.kind {
            TypeKind::Enum(_) => (ObjectKind::Type, "enum".to_owned()),
            TypeKind::Composite(columns) => {
                let columns: Vec<String> = columns.iter().map(|(name, of)| format!("{name} {}", of.name)).collect();
                (ObjectKind::Type, columns.join(","))
            }
            TypeKind::Domain { base, checks } => {
                let checks: Vec<String> = checks.iter().map(shape::of_expr).collect();
                (ObjectKind::Domain, format!("{} {}", base.name, checks.join(",")))
            }
            TypeKind::Other => (ObjectKind::Type, String::new()),
        };
        read.put(&it.name, Part::Object(kind), "", definition, it.created);
        if let TypeKind::Enum(labels) = &it.kind {
            for label in labels {
                read.put(&it.name, Part::Label, &label.label, String::new(), label.created);
            }
        }
    }
    for (name, (place, owner)) in &schema.sequences {
        if owner.is_none() {
            read.put(name, Part::Object(ObjectKind::Sequence), "", String::new(), *place);
        }
    }
    let single = |name: &str| QName::new("", name);
    for (name, place) in &schema.schemas {
        read.put(&single(name), Part::Object(ObjectKind::Schema), "", String::new(), *place);
    }
    for (name, (place, _)) in &schema.extensions {
        read.put(&single(name), Part::Object(ObjectKind::Extension), "", String::new(), *place);
    }
    for (name, place) in &schema.roles {
        read.put(&single(name), Part::Object(ObjectKind::Role), "", String::new(), *place);
    }
    for ((kind, name), place) in &schema.objects {
        read.put(name, Part::Object(*kind), "", String::new(), *place);
    }
    if let Some(last) = schema.default_privileges.last() {
        let all: Vec<String> = schema
            .default_privileges
            .iter()
            .map(|it| format!("{:?} {} {:?} {:?} {:?}", it.schemas, it.revoke, it.privileges, it.kind, it.grantees))
            .collect();
        read.put(&single(""), Part::DefaultPrivileges, "", all.join(";"), last.place);
    }
    read.facts
}

fn of_table(read: &mut Read<'_>, table: &Table) {
    let (name, created) = (&table.name, table.created);
    let definition = format!("{} {} {:?}", table.row_security, table.force_row_security, table.partition_of);
    read.put(name, Part::Object(ObjectKind::Table), "", definition, created);
    read.put(name, Part::Privileges(ObjectKind::Table), "", format!("{:?}", table.acl.roles), created);
    for column in &table.columns {
        read.put(name, Part::Within(ObjectKind::Column), &column.name, of_column(column), column.created);
    }
    for constraint in &table.constraints {
        let definition = of_constraint(constraint);
        read.put(name, Part::Within(ObjectKind::Constraint), &constraint.name, definition, constraint.created);
    }
    for policy in &table.policies {
        let exprs: Vec<String> = [&policy.using, &policy.check]
            .iter()
            .map(|expr| expr.as_ref().map(shape::of_expr).unwrap_or_default())
            .collect();
        let definition = format!("{} {:?} {:?} {exprs:?}", policy.permissive, policy.command, policy.roles);
        read.put(name, Part::Within(ObjectKind::Policy), &policy.name, definition, policy.created);
    }
    for trigger in &table.triggers {
        let definition = format!("{:?} {:?} {}", trigger.timing, trigger.events, trigger.function);
        read.put(name, Part::Within(ObjectKind::Trigger), &trigger.name, definition, trigger.created);
    }
}

/// The type alone, and then the rest behind a `|`: what is made anew need not have the rest.
fn of_column(column: &Column) -> String {
    let of = column.type_name.as_ref().map(|of| format!("{}({}){}", of.name, of.modifiers.join(","), of.dimensions));
    format!(
        "{}|{} {} {:?} {} {:?}",
        of.unwrap_or_default(),
        column.not_null,
        column.default.as_ref().map(shape::of_expr).unwrap_or_default(),
        column.generated,
        column.generation.as_ref().map(shape::of_expr).unwrap_or_default(),
        column.identity,
    )
}

fn of_constraint(constraint: &Constraint) -> String {
    match &constraint.def {
        ConstraintDef::PrimaryKey => format!("primary key {:?}", constraint.columns),
        ConstraintDef::Unique => format!("unique {:?}", constraint.columns),
        ConstraintDef::ForeignKey(to) => {
            format!(
                "{:?} references {} {:?} {:?} {:?}",
                constraint.columns, to.table, to.columns, to.on_delete, to.on_update
            )
        }
        ConstraintDef::Check(expr) => format!("check {}", shape::of_expr(expr)),
        ConstraintDef::Exclude => "exclude".to_owned(),
    }
}

fn of_index(index: &Index) -> String {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| match key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Expr(expr) => shape::of_expr(expr),
        })
        .collect();
    let filter = index.filter.as_ref().map(shape::of_expr);
    format!("{} {keys:?} {:?} {} {filter:?} {}", index.table, index.include, index.unique, index.method)
}

/// A function with its body's words, blanks and comments left out.
fn of_function(function: &Function, text: Option<&str>) -> String {
    let body = function.definition.as_ref().and_then(|definition| definition.body_span).and_then(|span| {
        let body = text?.get(span.start..span.end)?;
        Some(
            significant(body)
                .iter()
                .map(|token| token.span.of(body).to_ascii_lowercase())
                .collect::<Vec<_>>()
                .join(" "),
        )
    });
    format!(
        "{} {} {:?} {} {:?} {}",
        function.returns,
        function.language,
        function.volatility,
        function.security_definer,
        function.settings,
        body.unwrap_or_default()
    )
}

/// The text that a place in the chain points into.
pub(in crate::lint) fn text_of(files: &[LintFile], place: Place) -> Option<&str> {
    place.file.and_then(|file| files.get(file)).map(LintFile::text)
}
