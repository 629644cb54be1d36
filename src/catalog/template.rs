//! What a new database holds.

use super::{Acl, Catalog, Entry, Grantee, Id, Kind, Object, Privilege, Schema};

impl Catalog {
    /// A new database on the server of another schema: `public`, as `template0` has it. Until PostgreSQL 14 everybody may make
    /// objects there: <https://www.postgresql.org/docs/15/release-15.html>.
    #[must_use]
    pub fn of_new_database(other: &Self) -> Self {
        let is_open = other.version > 0 && other.version < 15;
        let may = |to: &Grantee, what: &str| Privilege { to: to.clone(), what: what.to_owned(), grantable: false };
        let mut acl: Acl = ["CREATE", "USAGE"].iter().map(|what| may(&Grantee::Owner, what)).collect();
        acl.insert(may(&Grantee::Public, "USAGE"));
        if is_open {
            acl.insert(may(&Grantee::Public, "CREATE"));
        }
        let owner = if is_open { other.user.clone() } else { "pg_database_owner".to_owned() };
        let entry = Entry {
            object: Object::Schema(Schema::default()),
            owner,
            acl,
            grantees: vec![Grantee::Owner, Grantee::Public],
            comment: Some("standard public schema".to_owned()),
            labels: std::collections::BTreeMap::new(),
        };
        let entries = [(Id::new(Kind::Schema, "", "public"), entry)].into_iter().collect();
        Self { entries, user: other.user.clone(), ..Self::default() }
    }
}
