//! A table as far as filling it needs to know it.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{self, Hint};
use super::shape::name_parts;
use super::{Shape, shape};
use crate::catalog::{Catalog, ConstraintType, Id, Kind, Object};
use crate::sql::{self, significant};
use crate::text::{bare_ident, quote_ident};

/// A column that can be given a value, or is computed from such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its place in the table.
    pub position: u32,
    /// Its type as SQL.
    pub data_type: String,
    /// What its type is made of, domains taken off: what a value is cast to before its checks are asked.
    pub base: String,
    /// What values of the type look like.
    pub shape: Shape,
    /// Whether null is refused, by its domain too.
    pub not_null: bool,
    /// The expression of its default, where that is no sequence's next number.
    pub default: Option<String>,
    /// The sequence that numbers it, as SQL.
    pub sequence: Option<String>,
    /// What it is computed from.
    pub generated: Option<String>,
}

impl Column {
    /// Its name as SQL.
    pub fn ident(&self) -> String {
        quote_ident(&self.name)
    }

    /// Whether it has another value in each row unless somebody gives it one: nobody expects equal ones there.
    pub fn numbers_itself(&self) -> bool {
        let calls = |it: &String| it.to_ascii_lowercase().contains("uuid") && it.contains('(');
        self.sequence.is_some() || self.default.as_ref().is_some_and(calls)
    }
}

/// A check, or what the partitions of a table take together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// Its expression.
    pub expression: String,
    /// Its columns, the computed ones as those that they are computed from.
    pub columns: BTreeSet<String>,
    /// The hints in it.
    pub hints: BTreeMap<String, Vec<Hint>>,
}

impl Check {
    /// Reads a check; the constants of functions that it calls are hints for all its columns.
    pub fn new(catalog: &Catalog, name: &str, expression: &str, columns: BTreeSet<String>) -> Self {
        let mut hints = check::hints(expression, &columns);
        for hint in check::hints_of_functions(catalog, expression) {
            for column in &columns {
                hints.entry(column.clone()).or_default().push(hint.clone());
            }
        }
        Self { name: name.to_owned(), expression: expression.to_owned(), columns, hints }
    }
}

/// What must be different in two rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The constraint or the index.
    pub name: String,
    /// The columns, those in expressions too.
    pub columns: BTreeSet<String>,
    /// The columns of the predicate of a partial one.
    pub predicate: BTreeSet<String>,
    /// Whether it is for some rows only, or refuses more than equal values.
    pub is_loose: bool,
    /// Whether nulls are equal.
    pub nulls_equal: bool,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<String>,
    /// The table it refers to.
    pub to: Id,
    /// The columns it refers to, in the same order.
    pub references: Vec<String>,
    /// `MATCH FULL`: all null, or none.
    pub is_full: bool,
    /// Whether it can be deferred.
    pub deferrable: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub id: Id,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its unique keys.
    pub keys: Vec<Key>,
    /// Its foreign keys.
    pub foreign: Vec<ForeignKey>,
    /// What tells its rows apart: the primary key, else every column that can be compared.
    pub identity: Vec<String>,
    /// Whether it is partitioned.
    pub partitioned: bool,
    /// What is checked at the end of the transaction: the statements of triggers, the definitions of constraints.
    pub late: Vec<String>,
    /// Words by column that functions of triggers ask for.
    pub words: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// Its name as SQL.
    pub fn sql(&self) -> String {
        format!("{}.{}", quote_ident(&self.id.schema), quote_ident(&self.id.name))
    }

    /// A column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// Whether a foreign key can be left null.
    pub fn is_optional(&self, key: &ForeignKey) -> bool {
        let is_free = |name: &String| self.column(name).is_some_and(|it| !it.not_null);
        if key.is_full { key.columns.iter().all(is_free) } else { key.columns.iter().any(is_free) }
    }

    /// A table without anything.
    pub fn empty(id: Id) -> Self {
        Self {
            id,
            columns: Vec::new(),
            checks: Vec::new(),
            keys: Vec::new(),
            foreign: Vec::new(),
            identity: Vec::new(),
            partitioned: false,
            late: Vec::new(),
            words: BTreeMap::new(),
        }
    }

    /// Reads a table of a catalog.
    pub fn read(catalog: &Catalog, id: &Id) -> Option<Self> {
        let Object::Table(of) = &catalog.get(id)?.object else { return None };
        let mut table = Self::empty(id.clone());
        table.columns = columns(catalog, id);
        table.partitioned = of.partition_key.is_some();
        table.late = catalog.parts(id, Kind::Trigger).filter_map(|(_, entry)| late(&entry.object)).collect();
        table.words = table.asked_for(catalog);
        table.checks = table.columns.iter().flat_map(|it| of_domains(catalog, it)).collect();
        table.checks.extend(table.computed(catalog));
        for (part, entry) in catalog.parts(id, Kind::Constraint) {
            if let Object::Constraint(constraint) = &entry.object
                && !constraint.not_enforced
            {
                table.late.extend(constraint.deferred.then(|| constraint.definition.clone()));
                table.constraint(catalog, &part.part, constraint);
            }
        }
        for index in catalog.parts_of_schema(Kind::Index, &id.schema) {
            if let Some(Object::Index(it)) = catalog.get(index).map(|it| &it.object)
                && it.unique
                && it.table == id.name
            {
                let predicate = it.predicate.as_deref().map(|it| table.mentioned(it)).unwrap_or_default();
                table.keys.push(Key {
                    name: index.name.clone(),
                    columns: table.given(table.mentioned(it.definition.split(" INCLUDE (").next().unwrap_or_default())),
                    is_loose: it.predicate.is_some(),
                    predicate,
                    nulls_equal: it.definition.contains("NULLS NOT DISTINCT"),
                });
            }
        }
        if table.identity.is_empty() {
            let comparable = table.columns.iter().filter(|it| it.shape.is_comparable() && it.data_type != "json");
            table.identity = comparable.map(|it| it.name.clone()).collect();
        }
        Some(table)
    }

    /// That computed columns that are `not null` are that, as checks of what they are computed from.
    fn computed(&self, catalog: &Catalog) -> Vec<Check> {
        let computed = self.columns.iter().filter(|it| it.not_null).filter_map(|it| Some((it, it.generated.as_ref()?)));
        computed
            .map(|(column, expression)| {
                let columns = self.mentioned(expression);
                Check::new(catalog, &column.name, &format!("({expression}) is not null"), columns)
            })
            .collect()
    }

    /// The words in the functions of triggers that look at columns before a row is inserted.
    fn asked_for(&self, catalog: &Catalog) -> BTreeMap<String, Vec<String>> {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, entry) in catalog.parts(&self.id, Kind::Trigger) {
            let Object::Trigger(trigger) = &entry.object else { continue };
            let Some((_, called)) = trigger.definition.rsplit_once(" EXECUTE ") else { continue };
            for (text, hints) in check::bodies(catalog, called) {
                let text = text.to_ascii_lowercase();
                for column in self.columns.iter().filter(|it| text.contains(&format!("new.{}", it.name))) {
                    let words = hints.iter().filter_map(|it| match it {
                        Hint::Word(word) if !word.contains([' ', '%']) && !word.is_empty() => Some(word.clone()),
                        _ => None,
                    });
                    found.entry(column.name.clone()).or_default().extend(words);
                }
            }
        }
        found
    }

    /// The columns of a foreign key that are null where it refers to nothing, or get their values later: those that no
    /// other key has, where there are such.
    pub fn waiting(&self, key: &ForeignKey) -> Vec<String> {
        let is_null = |name: &&String| self.column(name).is_some_and(|it| !it.not_null);
        let is_shared = |name: &&String| self.foreign.iter().filter(|it| it.columns.contains(name)).count() > 1;
        let columns = |filter: &dyn Fn(&&String) -> bool| -> Vec<String> {
            key.columns.iter().filter(|it| filter(it)).cloned().collect()
        };
        let lone = columns(&|it| is_null(it) && !is_shared(it));
        let free = columns(&is_null);
        if free.is_empty() || key.is_full {
            key.columns.clone()
        } else if lone.is_empty() {
            free
        } else {
            lone
        }
    }

    /// Columns, the computed ones as those that they are computed from.
    fn given(&self, columns: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut given = BTreeSet::new();
        for name in columns {
            match self.column(&name).and_then(|it| it.generated.as_ref()) {
                Some(expression) => given.extend(self.mentioned(expression)),
                None => {
                    given.insert(name);
                }
            }
        }
        given
    }

    fn constraint(&mut self, catalog: &Catalog, name: &str, constraint: &crate::catalog::Constraint) {
        let columns = || constraint.columns.iter().cloned().collect::<BTreeSet<_>>();
        match constraint.what {
            ConstraintType::Primary | ConstraintType::Unique | ConstraintType::Exclusion => {
                if constraint.what == ConstraintType::Primary {
                    self.identity.clone_from(&constraint.columns);
                }
                let is_exclusion = constraint.what == ConstraintType::Exclusion;
                let columns = if is_exclusion { self.mentioned(&constraint.definition) } else { columns() };
                let columns = self.given(columns);
                self.keys.push(Key {
                    name: name.to_owned(),
                    columns,
                    predicate: BTreeSet::new(),
                    is_loose: is_exclusion,
                    nulls_equal: constraint.definition.contains("NULLS NOT DISTINCT"),
                });
            }
            ConstraintType::Check => {
                if let Some(expression) = check::expression(&constraint.definition) {
                    let mut check = Check::new(catalog, name, expression, columns());
                    check.columns = self.given(check.columns);
                    for column in self.columns.iter().filter(|it| it.generated.is_some()) {
                        for hint in check.hints.get(&column.name).cloned().unwrap_or_default() {
                            for name in self.given([column.name.clone()]) {
                                check.hints.entry(name).or_default().push(hint.clone());
                            }
                        }
                    }
                    self.checks.push(check);
                }
            }
            ConstraintType::Foreign => {
                let Some((schema, to)) = &constraint.references else { return };
                let to = Id::new(Kind::Table, schema, to);
                let references = references(&constraint.definition);
                if references.len() == constraint.columns.len() {
                    self.foreign.push(ForeignKey {
                        name: name.to_owned(),
                        columns: constraint.columns.clone(),
                        to: root(catalog, &to),
                        references,
                        is_full: constraint.definition.contains(" MATCH FULL"),
                        deferrable: constraint.deferrable,
                    });
                }
            }
            ConstraintType::Trigger | ConstraintType::NotNull => {}
        }
    }

    /// The columns that a piece of SQL names.
    pub fn mentioned(&self, text: &str) -> BTreeSet<String> {
        let tokens = significant(text);
        let words = tokens.iter().filter_map(|token| {
            let word = token.span.of(text);
            match token.kind {
                sql::Kind::Word => Some(word.to_owned()),
                sql::Kind::Quoted => name_parts(word).pop(),
                _ => None,
            }
        });
        words.filter(|word| self.column(word).is_some()).collect()
    }
}

/// The checks of a column's domains, said of the column.
fn of_domains(catalog: &Catalog, column: &Column) -> Vec<Check> {
    let mut found = Vec::new();
    let mut at = &column.shape;
    while let Shape::Domain { shape, checks, .. } = at {
        for expression in checks {
            let mut written = String::new();
            let mut end = 0;
            for token in significant(expression) {
                if token.kind == sql::Kind::Word && token.span.of(expression) == "VALUE" {
                    written += &expression[end..token.span.start];
                    written += &column.ident();
                    end = token.span.end;
                }
            }
            written += &expression[end..];
            found.push(Check::new(catalog, &column.data_type, &written, [column.name.clone()].into()));
        }
        at = shape;
    }
    if let Shape::Array(element) = at
        && let Shape::Domain { checks, .. } = element.as_ref()
    {
        // What an array's elements take is seen only when they are read: the check holds the hints.
        let mut check = Check::new(catalog, &column.data_type, "true", [column.name.clone()].into());
        for expression in checks {
            for (_, hints) in check::hints(expression, &["value".to_owned()].into()) {
                check.hints.entry(column.name.clone()).or_default().extend(hints);
            }
        }
        found.push(check);
    }
    found
}

/// A trigger that fires at the end of the transaction.
fn late(object: &Object) -> Option<String> {
    match object {
        Object::Trigger(it) if it.constraint && it.definition.contains(" INITIALLY DEFERRED ") => {
            Some(it.definition.clone())
        }
        _ => None,
    }
}

/// The table at the top of the partitions: rows come and are referred to through it.
pub fn root(catalog: &Catalog, table: &Id) -> Id {
    let mut at = table.clone();
    for _ in 0..64 {
        let parent = catalog.parents(&at).into_iter().find(|(_, it)| it.bound.is_some()).map(|(_, it)| it.parent_id());
        match parent {
            Some(parent) if parent != at => at = parent,
            _ => break,
        }
    }
    at
}

/// What stands behind the table's name in `REFERENCES s.t(a, b)`.
fn references(definition: &str) -> Vec<String> {
    let Some((_, rest)) = definition.split_once(" REFERENCES ") else { return Vec::new() };
    let tokens = significant(rest);
    let inside = tokens.iter().skip_while(|token| token.kind != sql::Kind::Open).skip(1);
    let names = inside.take_while(|token| token.kind != sql::Kind::Close);
    names
        .filter(|token| matches!(token.kind, sql::Kind::Word | sql::Kind::Quoted))
        .filter_map(|token| name_parts(token.span.of(rest)).pop())
        .collect()
}

/// The sequence in `nextval('s'::regclass)`.
fn numbering(default: &str) -> Option<String> {
    let rest = default.strip_prefix("nextval('")?;
    let name = rest.strip_suffix("'::regclass)").or_else(|| rest.strip_suffix("'::text)::regclass)"))?;
    Some(name.replace("''", "'"))
}

fn columns(catalog: &Catalog, id: &Id) -> Vec<Column> {
    let mut columns = Vec::new();
    for (part, _, column) in catalog.columns(id) {
        let default = match catalog.get(&id.beside(Kind::Default, &part.part)).map(|it| &it.object) {
            Some(Object::Default(it)) => Some(it.expression.clone()),
            _ => None,
        };
        let sequence = column
            .identity
            .as_ref()
            .map(|it| format!("{}.{}", bare_ident(&it.sequence.0), bare_ident(&it.sequence.1)))
            .or_else(|| numbering(default.as_deref()?));
        let shape = shape(catalog, &column.data_type);
        let (mut base, mut inner, mut of_domain) = (column.data_type.as_str(), &shape, false);
        while let Shape::Domain { base: below, shape: of, not_null, .. } = inner {
            (base, inner) = (below, of);
            of_domain |= not_null;
        }
        columns.push(Column {
            name: part.part.clone(),
            position: column.position,
            data_type: column.data_type.clone(),
            base: base.to_owned(),
            shape: shape.clone(),
            not_null: column.not_null.is_some() || of_domain,
            default: default.filter(|_| sequence.is_none()),
            sequence,
            generated: column.generated.as_ref().map(|it| it.expression.clone()),
        });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_out_of_definitions() {
        let definition = "FOREIGN KEY (a, b) REFERENCES public.\"T(\"(x, \"Y z\") MATCH FULL DEFERRABLE";
        assert_eq!(references(definition), ["x", "Y z"]);
        assert_eq!(numbering("nextval('public.\"S\"'::regclass)").as_deref(), Some("public.\"S\""));
        assert_eq!(numbering("gen_random_uuid()"), None);
    }
}
