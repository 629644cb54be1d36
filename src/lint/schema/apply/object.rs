//! Schemas, extensions, roles and the kinds of object that are known by name only.

use super::Cx;
use super::drop_object::of_table;
use super::name::{object, value};
use crate::lint::schema::{Acl, Function, QName, Schema};
use crate::sql::ast::{CreateExtension, CreateObject, CreateRole, CreateSchema, ObjectKind, RoutineKind, Volatility};

/// Extensions that bring a schema of their own, with things in it that no migration shows.
const OWN_SCHEMAS: [(&str, &[&str]); 11] = [
    ("pg_cron", &["cron"]),
    ("pg_net", &["net"]),
    ("pgsodium", &["pgsodium", "pgsodium_masks"]),
    ("supabase_vault", &["vault"]),
    ("pg_graphql", &["graphql", "graphql_public"]),
    ("pgmq", &["pgmq"]),
    ("pg_tle", &["pgtle"]),
    ("postgis_topology", &["topology"]),
    ("postgis_tiger_geocoder", &["tiger", "tiger_data"]),
    ("timescaledb", &["timescaledb_information", "timescaledb_experimental", "_timescaledb_catalog"]),
    ("pgtap", &[]),
];

/// Whether objects of this kind stand in a schema.
pub(super) fn has_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Aggregate
            | ObjectKind::Collation
            | ObjectKind::Conversion
            | ObjectKind::Domain
            | ObjectKind::ForeignTable
            | ObjectKind::Function
            | ObjectKind::Index
            | ObjectKind::MaterializedView
            | ObjectKind::Operator
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::Procedure
            | ObjectKind::PropertyGraph
            | ObjectKind::Routine
            | ObjectKind::Sequence
            | ObjectKind::Statistics
            | ObjectKind::Table
            | ObjectKind::TextSearchConfiguration
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchParser
            | ObjectKind::TextSearchTemplate
            | ObjectKind::Type
            | ObjectKind::View
    )
}

impl Schema {
    /// `create schema`.
    pub(super) fn create_schema(&mut self, cx: &Cx<'_>, create: &CreateSchema) {
        let name = value(&create.name);
        if self.is_kept(cx, self.schemas.contains_key(&name), create.if_not_exists) {
            self.made_sure.insert(name);
        } else {
            self.schemas.insert(name, cx.place(create.name.span));
        }
    }

    /// `create extension`.
    pub(super) fn create_extension(&mut self, cx: &Cx<'_>, create: &CreateExtension) {
        let name = value(&create.name);
        if self.is_kept(cx, self.extensions.contains_key(&name), create.if_not_exists) {
            return;
        }
        let place = cx.place(create.name.span);
        if let Some((_, schemas)) = OWN_SCHEMAS.iter().find(|(extension, _)| *extension == name) {
            for &schema in *schemas {
                self.schemas.entry(schema.to_owned()).or_insert(place);
                self.managed.insert(schema.to_owned());
            }
        }
        let schema = create.schema.as_ref().map(value).or_else(|| self.search_path.first().cloned());
        self.extensions.insert(name, (place, schema));
    }

    /// `create role`.
    pub(super) fn create_role(&mut self, cx: &Cx<'_>, create: &CreateRole) {
        if !create.alter {
            self.roles.entry(value(&create.name)).or_insert_with(|| cx.place(create.name.span));
        }
    }

    /// `create` of a kind that is known by name only; an aggregate is a function.
    pub(super) fn create_object(&mut self, cx: &Cx<'_>, create: &CreateObject) {
        let Some(written) = &create.name else { return };
        let place = cx.place(written.span);
        if create.kind == ObjectKind::Aggregate {
            let name = self.creation(written);
            let mut acl = Acl::default();
            acl.clone_from(&self.default_acl(ObjectKind::Function, &name.schema));
            let args = create.args.iter().flatten().map(|it| self.resolved_type(it)).collect();
            self.put_routine(
                cx,
                create.or_replace,
                Function {
                    name,
                    kind: RoutineKind::Aggregate,
                    args,
                    created: place,
                    returns: String::new(),
                    language: String::new(),
                    volatility: Volatility::Immutable,
                    security_definer: false,
                    settings: Vec::new(),
                    comment: None,
                    acl,
                    definition: None,
                },
            );
            return;
        }
        let name = match &create.on {
            Some(table) => of_table(&self.resolve(table), &object(written)),
            None if has_schema(create.kind) => self.creation(written),
            None => QName::new("", object(written)),
        };
        let key = (create.kind, name);
        if create.or_replace || !self.is_kept(cx, self.objects.contains_key(&key), create.if_not_exists) {
            self.objects.insert(key, place);
        }
    }
}
