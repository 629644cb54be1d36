//! Who may do what.

use std::collections::{BTreeMap, BTreeSet};

use super::Place;
use crate::sql::ast::ObjectKind;

/// Privileges by role, those that migrations granted; what PostgreSQL grants by itself (EXECUTE to PUBLIC) is written in as the
/// object is made, so that a `revoke` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl {
    /// The role (`public` for PUBLIC) and its privileges in lower case (`select`, `execute`, `all`).
    pub roles: BTreeMap<String, BTreeSet<String>>,
}

impl Acl {
    /// Adds privileges.
    pub fn grant(&mut self, role: &str, privileges: &[String]) {
        self.roles.entry(role.to_owned()).or_default().extend(privileges.iter().cloned());
    }

    /// Takes privileges away; `all` takes every one.
    pub fn revoke(&mut self, role: &str, privileges: &[String]) {
        if privileges.iter().any(|privilege| privilege == "all") {
            self.roles.remove(role);
            return;
        }
        if let Some(held) = self.roles.get_mut(role) {
            held.retain(|privilege| !privileges.contains(privilege));
            if held.is_empty() {
                self.roles.remove(role);
            }
        }
    }

    /// Whether the role itself (not through PUBLIC or membership) holds the privilege.
    pub fn holds(&self, role: &str, privilege: &str) -> bool {
        self.roles.get(role).is_some_and(|held| held.contains(privilege) || held.contains("all"))
    }
}

/// One `alter default privileges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultPrivilege {
    /// In which schemas; empty for all.
    pub schemas: Vec<String>,
    /// `revoke`.
    pub revoke: bool,
    /// The privileges in lower case.
    pub privileges: Vec<String>,
    /// On which kind.
    pub kind: ObjectKind,
    /// To or from whom.
    pub grantees: Vec<String>,
    /// Where.
    pub place: Place,
}
