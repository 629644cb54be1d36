//! What the project says about tenants, users and roles.

use std::collections::BTreeMap;

/// `[rls]`, with what `[lint]` says where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The schemas whose tables clients reach.
    pub schemas: Vec<String>,
    /// The column that names the tenant.
    pub tenant_column: Option<String>,
    /// The table of tenants.
    pub tenant_table: Option<String>,
    /// The column that names the user.
    pub user_column: Option<String>,
    /// The table of users.
    pub user_table: Option<String>,
    /// The roles: `anon`, `user`, `admin` and `service_role`.
    pub roles: BTreeMap<String, RoleSettings>,
    /// Whether the database is a Supabase project's.
    pub is_supabase: bool,
}

/// `[rls.roles.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleSettings {
    /// The role of the server.
    pub role: Option<String>,
    /// Claims of the token, by path (`app_metadata.org_id`), beside those that are known.
    pub claims: BTreeMap<String, String>,
    /// Settings of the session.
    pub settings: BTreeMap<String, String>,
}
