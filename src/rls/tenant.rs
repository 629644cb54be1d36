//! Which table holds the tenants.

use super::read::Facts;
use super::settings::Settings;
use super::subject::{ForeignKey, foreign_keys, is_tenant_reading, is_user_reading, is_users_own, named};
use crate::catalog::{Catalog, Id};

/// What tables of tenants are called.
const TENANT_TABLES: [&str; 14] = [
    "organizations",
    "organisations",
    "orgs",
    "organization",
    "tenants",
    "tenant",
    "workspaces",
    "teams",
    "companies",
    "accounts",
    "customers",
    "clients",
    "stores",
    "schools",
];

/// The table of tenants: what the project says, what is called so, else the one that memberships refer to.
pub(super) fn tenant_table(
    catalog: &Catalog,
    facts: &Facts,
    tables: &[&Id],
    users: Option<&Id>,
    settings: &Settings,
) -> Option<Id> {
    if let Some(word) = &settings.tenant_table
        && let Some(id) = named(catalog, tables, word)
    {
        return Some(id);
    }
    let keys = foreign_keys(catalog);
    // The table that the column refers to which is said to name the tenant.
    if let Some(column) = &settings.tenant_column {
        let mut of_column = keys.iter().filter(|key| matches!(key.columns, [it] if it == column));
        if let Some(key) = of_column.find(|key| is_users_own(&key.to)) {
            return Some(key.to.clone());
        }
    }
    let refers = |to: &Id| -> Vec<&ForeignKey<'_>> {
        keys.iter().filter(|key| key.to == *to && key.table != *to && key.columns.len() == 1).collect()
    };
    // Rows may only hang together: what is a tenant is what policies ask for, where there are policies.
    let is_asked = |to: &Id| {
        facts.by_policy.is_empty()
            || facts.readings.iter().any(is_tenant_reading)
            || refers(to).iter().any(|key| {
                let tenant = (key.table.clone(), key.columns[0].clone());
                let is_member = |column: &str| facts.of(&key.table, column).any(is_user_reading);
                let has_user = catalog.columns(&key.table).iter().any(|(part, ..)| is_member(&part.part))
                    || users == Some(&key.table);
                has_user && facts.columns.values().any(|columns| columns.contains(&tenant))
            })
    };
    let mut known = TENANT_TABLES.iter().filter_map(|name| tables.iter().find(|id| id.name == *name));
    let known = known.find(|id| !refers(id).is_empty() && is_asked(id)).map(|id| (*id).clone());
    known.or_else(|| of_memberships(catalog, facts, tables, users, &keys))
}

/// The table that a table of memberships refers to, whatever both are called: its rows tie a user to one, and policies of
/// other tables ask them. Of several it is the one that most tables refer to.
fn of_memberships(
    catalog: &Catalog,
    facts: &Facts,
    tables: &[&Id],
    users: Option<&Id>,
    keys: &[ForeignKey<'_>],
) -> Option<Id> {
    let is_user = |table: &Id, column: &str| {
        facts.of(table, column).any(is_user_reading)
            || keys.iter().any(|key| key.table == *table && key.columns == [column] && users == Some(&key.to))
    };
    let asks = |table: &Id, column: &(Id, String)| {
        facts.columns.iter().any(|(policy, columns)| {
            policy.schema == table.schema && policy.name == table.name && columns.contains(column)
        })
    };
    let mut found: Vec<(usize, &Id)> = Vec::new();
    for id in tables.iter().copied().filter(|id| users != Some(*id)) {
        let referring: Vec<&ForeignKey<'_>> =
            keys.iter().filter(|key| key.to == *id && key.table != *id && key.columns.len() == 1).collect();
        let is_membership = |key: &&ForeignKey<'_>| {
            let ties = |column: &str| column != key.columns[0] && is_user(&key.table, column);
            catalog.columns(&key.table).iter().any(|(part, ..)| ties(&part.part))
        };
        // What somebody owns by himself, and shares, is no tenant.
        let is_own = catalog.columns(id).iter().any(|(part, ..)| facts.of(id, &part.part).any(is_user_reading));
        let is_asked = referring.iter().filter(|key| is_membership(key)).any(|key| {
            let column = (key.table.clone(), key.columns[0].clone());
            let of_others = referring.iter().any(|other| other.table != key.table && asks(&other.table, &column));
            of_others || asks(id, &column) && !is_own
        });
        if is_asked {
            found.push((referring.len(), id));
        }
    }
    found.into_iter().rev().max_by_key(|(count, _)| *count).map(|(_, id)| id.clone())
}
