//! The catalogs and what their columns mean.

use super::effect::Kind;
use super::probe::Probe;
use super::wanted::Wanted;
use crate::sql::ast::{Name, ObjectKind};

/// What a catalog or function tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Relation,
    Kinds(&'static [ObjectKind]),
    Type,
    Routine,
    Of(Kind),
}

impl Subject {
    /// The kinds of thing, and whether they are relations.
    pub(super) fn kinds(self) -> (Vec<Kind>, bool) {
        let list: &[ObjectKind] = match self {
            Self::Relation => &[
                ObjectKind::Table,
                ObjectKind::ForeignTable,
                ObjectKind::View,
                ObjectKind::MaterializedView,
                ObjectKind::Index,
                ObjectKind::Sequence,
            ],
            Self::Type => &[ObjectKind::Type, ObjectKind::Domain],
            Self::Routine => &[ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate, ObjectKind::Routine],
            Self::Kinds(list) => list,
            Self::Of(kind) => return (vec![kind], false),
        };
        (list.iter().map(|kind| Kind::Object(*kind)).collect(), self == Self::Relation)
    }
}

/// What a function looks up by name: `to_regclass('orders')`.
pub(super) fn function(name: &str) -> Option<Subject> {
    Some(match name {
        "to_regclass" => Subject::Relation,
        "to_regtype" => Subject::Type,
        "to_regproc" | "to_regprocedure" => Subject::Routine,
        "to_regnamespace" => Subject::Of(Kind::Object(ObjectKind::Schema)),
        "to_regrole" => Subject::Of(Kind::Object(ObjectKind::Role)),
        "to_regcollation" => Subject::Of(Kind::Object(ObjectKind::Collation)),
        "to_regoper" | "to_regoperator" => Subject::Of(Kind::Object(ObjectKind::Operator)),
        "to_regconfig" => Subject::Of(Kind::Object(ObjectKind::TextSearchConfiguration)),
        "to_regdictionary" => Subject::Of(Kind::Object(ObjectKind::TextSearchDictionary)),
        _ => return None,
    })
}

/// A name as a `reg…` value is written: schema and object, folded where not quoted, arguments left out.
pub(super) fn parts(text: &str) -> (Option<String>, String) {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        let last = parts.len() - 1;
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            '(' if !quoted => break,
            letter if quoted => parts[last].push(letter),
            letter if letter.is_whitespace() => {}
            letter => parts[last].extend(letter.to_lowercase()),
        }
    }
    let name = parts.pop().unwrap_or_default();
    (parts.pop(), name)
}

/// The columns that hold a thing's own name, from what belongs to others to the others: the first that is asked for decides.
const NAMES: &[(&[&str], Subject)] = &[
    (&["enumlabel"], Subject::Of(Kind::Label)),
    (&["polname", "policyname"], Subject::Of(Kind::Object(ObjectKind::Policy))),
    (&["tgname", "trigger_name"], Subject::Of(Kind::Object(ObjectKind::Trigger))),
    (&["rulename"], Subject::Of(Kind::Object(ObjectKind::Rule))),
    (&["inhrelid"], Subject::Of(Kind::Attachment)),
    (&["conname", "constraint_name"], Subject::Of(Kind::Object(ObjectKind::Constraint))),
    (&["attname", "column_name", "attribute_name"], Subject::Of(Kind::Object(ObjectKind::Column))),
    (&["indexname", "indexrelid", "indexrelname"], Subject::Kinds(&[ObjectKind::Index])),
    (&["typname", "type_name", "user_defined_type_name", "udt_name"], Subject::Type),
    (&["domain_name"], Subject::Kinds(&[ObjectKind::Domain])),
    (&["proname", "routine_name", "specific_name"], Subject::Routine),
    (&["extname"], Subject::Of(Kind::Object(ObjectKind::Extension))),
    (&["evtname"], Subject::Of(Kind::Object(ObjectKind::EventTrigger))),
    (&["subname"], Subject::Of(Kind::Object(ObjectKind::Subscription))),
    (&["srvname", "foreign_server_name"], Subject::Of(Kind::Object(ObjectKind::Server))),
    (&["fdwname", "foreign_data_wrapper_name"], Subject::Of(Kind::Object(ObjectKind::ForeignDataWrapper))),
    (&["collname", "collation_name"], Subject::Of(Kind::Object(ObjectKind::Collation))),
    (&["cfgname"], Subject::Of(Kind::Object(ObjectKind::TextSearchConfiguration))),
    (&["dictname"], Subject::Of(Kind::Object(ObjectKind::TextSearchDictionary))),
    (&["prsname"], Subject::Of(Kind::Object(ObjectKind::TextSearchParser))),
    (&["tmplname"], Subject::Of(Kind::Object(ObjectKind::TextSearchTemplate))),
    (&["oprname"], Subject::Of(Kind::Object(ObjectKind::Operator))),
    (&["opcname"], Subject::Of(Kind::Object(ObjectKind::OperatorClass))),
    (&["opfname"], Subject::Of(Kind::Object(ObjectKind::OperatorFamily))),
    (&["stxname", "statistics_name"], Subject::Of(Kind::Object(ObjectKind::Statistics))),
    (&["lanname"], Subject::Of(Kind::Object(ObjectKind::Language))),
    (&["amname"], Subject::Of(Kind::Object(ObjectKind::AccessMethod))),
    (&["datname"], Subject::Of(Kind::Object(ObjectKind::Database))),
    (&["spcname"], Subject::Of(Kind::Object(ObjectKind::Tablespace))),
    (&["viewname"], Subject::Kinds(&[ObjectKind::View])),
    (&["matviewname"], Subject::Kinds(&[ObjectKind::MaterializedView])),
    (&["sequencename", "sequence_name"], Subject::Kinds(&[ObjectKind::Sequence])),
    (&["foreign_table_name"], Subject::Kinds(&[ObjectKind::ForeignTable])),
    (&["relname", "tablename", "table_name"], Subject::Relation),
    (&["pubname"], Subject::Of(Kind::Object(ObjectKind::Publication))),
    (&["rolname", "usename", "role_name", "groname"], Subject::Of(Kind::Object(ObjectKind::Role))),
    (&["nspname", "schema_name"], Subject::Of(Kind::Object(ObjectKind::Schema))),
];

/// The columns that hold the name of the table, type or parent that a thing belongs to.
const OWNERS: &[&str] = &[
    "relname",
    "tablename",
    "table_name",
    "event_object_table",
    "conrelid",
    "tgrelid",
    "polrelid",
    "attrelid",
    "adrelid",
    "ev_class",
    "indrelid",
    "inhparent",
    "enumtypid",
    "contypid",
    "typname",
    "udt_name",
    "prrelid",
];

/// The columns that hold a schema.
const SCHEMAS: &[&str] = &[
    "nspname",
    "schemaname",
    "table_schema",
    "constraint_schema",
    "trigger_schema",
    "event_object_schema",
    "routine_schema",
    "specific_schema",
    "sequence_schema",
    "domain_schema",
    "user_defined_type_schema",
    "udt_schema",
    "relnamespace",
    "typnamespace",
    "pronamespace",
    "connamespace",
    "collnamespace",
    "extnamespace",
    "oprnamespace",
    "cfgnamespace",
    "stxnamespace",
    "foreign_table_schema",
];

/// Whether a column holds an object's oid, which a `reg…` value can be compared with.
pub(super) fn is_oid(column: &str) -> bool {
    column == "oid"
        || column.ends_with("relid")
        || column.ends_with("typid")
        || column.ends_with("namespace")
        || matches!(column, "castsource" | "casttarget" | "inhparent" | "ev_class" | "prpubid" | "pnpubid" | "pnnspid")
}

/// Whether a column holds the name of an object by itself.
pub(super) fn is_own_name(column: &str) -> bool {
    matches!(column, "relname" | "typname" | "nspname" | "proname" | "rolname" | "pubname" | "oid" | "extname")
}

/// The relations that a catalog lists.
fn relations(catalog: &str) -> Option<&'static [ObjectKind]> {
    Some(match catalog {
        "pg_tables" => &[ObjectKind::Table],
        "pg_stat_user_tables" | "pg_stat_all_tables" | "pg_statio_user_tables" => {
            &[ObjectKind::Table, ObjectKind::MaterializedView]
        }
        "tables" => &[ObjectKind::Table, ObjectKind::View, ObjectKind::ForeignTable],
        "views" => &[ObjectKind::View],
        _ => return None,
    })
}

/// The question that a query of these relations with these facts asks; `None` when it reads something else than catalogs.
pub(super) fn probe<'a>(from: &[&Name], facts: &[(&str, Vec<Wanted>)]) -> Option<Probe<'a>> {
    let is_catalog = |name: &&Name| match name.schema() {
        Some(schema) => schema == "information_schema" || schema == "pg_catalog",
        None => name.object().starts_with("pg_"),
    };
    if from.is_empty() || !from.iter().all(is_catalog) {
        return None;
    }
    let reads = |catalog: &str| from.iter().any(|name| name.object() == catalog);
    let values = |columns: &[&str]| -> Vec<Wanted> {
        facts.iter().filter(|(column, _)| columns.contains(column)).flat_map(|(_, wanted)| wanted.clone()).collect()
    };
    let asked = |columns: &[&str]| facts.iter().any(|(column, _)| columns.contains(column));
    let schemas = values(SCHEMAS);
    let done =
        |kinds: Vec<Kind>, names: Vec<Wanted>, on: Vec<Wanted>| Some(Probe { kinds, names, on, schemas, query: None });
    // A table in a publication.
    if reads("pg_publication_tables") || reads("pg_publication_rel") || reads("pg_publication_namespace") {
        let names = values(&["tablename", "prrelid", "relname", "nspname", "pnnspid"]);
        if !names.is_empty() {
            return done(vec![Kind::Member], names, values(&["pubname", "prpubid", "pnpubid"]));
        }
    }
    if reads("pg_cast") {
        let mut names = values(&["castsource", "casttarget"]);
        for wanted in &mut names {
            wanted.name = format!("%{}%", wanted.name);
            wanted.pattern = true;
        }
        return done(vec![Kind::Object(ObjectKind::Cast)], names, Vec::new());
    }
    if reads("pg_conversion") {
        return done(vec![Kind::Object(ObjectKind::Conversion)], values(&["conname"]), Vec::new());
    }
    // What is not an identity column is another question.
    if values(&["is_identity", "attidentity", "is_generated", "attgenerated"])
        .iter()
        .any(|it| matches!(it.name.as_str(), "" | "NO" | "NEVER"))
    {
        return None;
    }
    if asked(&["is_identity", "attidentity"]) {
        return done(vec![Kind::Identity], values(&["attname", "column_name"]), values(OWNERS));
    }
    if asked(&["is_generated", "attgenerated"]) {
        return done(vec![Kind::Generation], values(&["attname", "column_name"]), values(OWNERS));
    }
    // `oid = 'public.orders'::regclass`: the catalog says what it is.
    if asked(&["oid"]) {
        let subject = if reads("pg_class") {
            Some(Subject::Relation)
        } else if reads("pg_type") {
            Some(Subject::Type)
        } else if reads("pg_proc") {
            Some(Subject::Routine)
        } else if reads("pg_namespace") {
            Some(Subject::Of(Kind::Object(ObjectKind::Schema)))
        } else {
            None
        };
        if let Some(subject) = subject.filter(|_| from.len() == 1) {
            return done(subject.kinds().0, values(&["oid"]), Vec::new());
        }
    }
    // A constraint of any name: `contype = 'p'`.
    let any_constraint = asked(&["contype", "constraint_type"]) && !asked(&["conname", "constraint_name"]);
    if any_constraint && (reads("pg_constraint") || reads("table_constraints")) {
        return done(vec![Kind::Object(ObjectKind::Constraint)], Vec::new(), values(OWNERS));
    }
    let (columns, subject) = NAMES.iter().find(|(columns, _)| asked(columns))?;
    let (mut kinds, is_relation) = subject.kinds();
    if is_relation && let Some(listed) = from.iter().find_map(|name| relations(name.object())) {
        kinds = listed.iter().map(|kind| Kind::Object(*kind)).collect();
    }
    let names = values(columns);
    let owners: Vec<&str> = OWNERS.iter().copied().filter(|owner| !columns.contains(owner)).collect();
    let is_schema = kinds == [Kind::Object(ObjectKind::Schema)];
    let on = if is_relation || is_schema { Vec::new() } else { values(&owners) };
    if is_schema {
        return Some(Probe { kinds, names, on, schemas: Vec::new(), query: None });
    }
    done(kinds, names, on)
}
