//! Whose rows are, seen on small schemas.

use super::*;
use crate::catalog::{Entry, Policy, Table};
use std::collections::BTreeMap;

fn entry(object: Object) -> Entry {
    Entry {
        object,
        owner: String::new(),
        acl: BTreeSet::new(),
        grantees: Vec::new(),
        comment: None,
        labels: BTreeMap::new(),
    }
}

fn catalog(tables: &[(&str, &[(&str, &str)])], keys: &[(&str, &str, &str)], policies: &[(&str, &str)]) -> Catalog {
    let mut catalog = Catalog::default();
    let id = |name: &str| {
        let (schema, name) = name.split_once('.').unwrap_or(("public", name));
        Id::new(Kind::Table, schema, name)
    };
    for (name, columns) in tables {
        catalog.entries.insert(id(name), entry(Object::Table(Table::default())));
        for (position, (column, data_type)) in columns.iter().enumerate() {
            let position = u32::try_from(position).unwrap() + 1;
            let it = Column { position, data_type: (*data_type).to_owned(), ..Column::default() };
            catalog.entries.insert(id(name).beside(Kind::Column, *column), entry(Object::Column(it)));
        }
        let first = columns.first().unwrap().0;
        let key =
            format!(r#"{{"what":"primary","definition":"","columns":["{first}"],"validated":true,"local":true}}"#);
        let key = Object::parse(Kind::Constraint, &key).unwrap();
        catalog.entries.insert(id(name).beside(Kind::Constraint, "pkey"), entry(key));
    }
    for (table, column, to) in keys {
        let to = id(to);
        let text = format!(
            r#"{{"what":"foreign","definition":"","columns":["{column}"],"validated":true,"local":true,"references":["{}","{}"]}}"#,
            to.schema, to.name
        );
        let key = Object::parse(Kind::Constraint, &text).unwrap();
        catalog.entries.insert(id(table).beside(Kind::Constraint, format!("{column}_fkey")), entry(key));
    }
    for (table, using) in policies {
        let policy = Policy {
            command: "all".to_owned(),
            permissive: true,
            roles: Vec::new(),
            using: Some((*using).to_owned()),
            check: None,
        };
        catalog.entries.insert(id(table).beside(Kind::Policy, "p"), entry(Object::Policy(policy)));
    }
    catalog
}

fn find(catalog: &Catalog, settings: &Settings) -> BTreeMap<String, Relation> {
    let facts = Facts::read(catalog);
    let settings = Settings { schemas: vec!["public".to_owned()], ..settings.clone() };
    let subjects = Subjects::find(catalog, &facts, &settings);
    subjects.tables.iter().map(|it| (it.table.name.clone(), it.relation.clone())).collect()
}

#[test]
fn foreign_keys_say_whose_rows_are() {
    let catalog = catalog(
        &[
            ("auth.users", &[("id", "uuid")]),
            ("organizations", &[("id", "uuid")]),
            ("members", &[("org", "uuid"), ("person", "uuid")]),
            ("orders", &[("id", "bigint"), ("owner_org", "uuid")]),
            ("lines", &[("id", "bigint"), ("order_id", "bigint")]),
            ("profiles", &[("id", "uuid")]),
            ("countries", &[("code", "text")]),
        ],
        &[
            ("members", "org", "organizations"),
            ("members", "person", "auth.users"),
            ("orders", "owner_org", "organizations"),
            ("lines", "order_id", "orders"),
            ("profiles", "id", "auth.users"),
        ],
        &[],
    );
    let found = find(&catalog, &Settings::default());
    assert_eq!(found["organizations"], Relation::Tenants);
    assert_eq!(found["members"], Relation::Tenant("org".to_owned()));
    assert_eq!(found["orders"], Relation::Tenant("owner_org".to_owned()));
    assert_eq!(found["lines"], Relation::Through(Id::new(Kind::Table, "public", "orders")));
    assert_eq!(found["profiles"], Relation::Users);
    assert_eq!(found["countries"], Relation::Shared);
}

#[test]
fn policies_say_it_where_no_foreign_key_does() {
    let catalog = catalog(
        &[
            ("notes", &[("id", "uuid"), ("writer", "uuid")]),
            ("parts", &[("id", "bigint"), ("of", "uuid")]),
            ("deals", &[("id", "bigint"), ("party", "uuid")]),
            ("owned", &[("id", "bigint"), ("tenant_id", "uuid")]),
        ],
        &[],
        &[
            ("notes", "(( SELECT auth.uid() AS uid) = writer)"),
            ("parts", "(of = (((auth.jwt() -> 'app_metadata'::text) ->> 'org_id'::text))::uuid)"),
            ("deals", "(party = (current_setting('app.tenant_id'::text, true))::uuid)"),
        ],
    );
    let found = find(&catalog, &Settings::default());
    assert_eq!(found["notes"], Relation::User("writer".to_owned()));
    assert_eq!(found["parts"], Relation::Tenant("of".to_owned()));
    assert_eq!(found["deals"], Relation::Tenant("party".to_owned()));
    assert_eq!(found["owned"], Relation::Tenant("tenant_id".to_owned()));
    let said = Settings { tenant_column: Some("id".to_owned()), ..Settings::default() };
    assert_eq!(find(&catalog, &said)["notes"], Relation::Tenant("id".to_owned()));
}
