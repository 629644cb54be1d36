//! Who reaches what through the API.

use crate::lint::Config;
use crate::lint::schema::Acl;

/// The roles of the API that hold a privilege, by themselves or because PUBLIC does.
pub fn api_roles<'a>(config: &'a Config, acl: &Acl, privilege: &str) -> Vec<&'a str> {
    let public = acl.holds("public", privilege);
    config.api_roles.iter().map(String::as_str).filter(|role| public || acl.holds(role, privilege)).collect()
}

/// Whether a role of the API may do something with a relation; so if only with some of its columns.
pub fn is_reachable(config: &Config, acl: &Acl) -> bool {
    let roles = config.api_roles.iter().map(String::as_str).chain(["public"]);
    roles.into_iter().any(|role| acl.roles.contains_key(role))
}
