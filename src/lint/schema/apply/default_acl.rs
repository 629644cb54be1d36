//! Default privileges: who may do what with an object from the start.

use super::Cx;
use super::name::values;
use crate::lint::schema::{Acl, DefaultPrivilege, Schema};
use crate::sql::ast::{AlterDefaultPrivileges, ObjectKind};
use crate::text::Span;

impl Schema {
    /// `alter default privileges`.
    pub(super) fn alter_default_privileges(&mut self, cx: &Cx<'_>, alter: &AlterDefaultPrivileges, span: Span) {
        self.default_privileges.push(DefaultPrivilege {
            schemas: values(&alter.schemas),
            revoke: alter.revoke,
            privileges: alter.privileges.clone(),
            kind: alter.kind,
            grantees: values(&alter.grantees),
            place: cx.place(span),
        });
    }

    /// The privileges of an object that is made in a schema now.
    ///
    /// Those for all schemas stand in the place of what PostgreSQL grants by itself; those for one schema only add to them, so
    /// that a `revoke … in schema` takes nothing but earlier defaults of that schema away.
    pub(super) fn default_acl(&self, kind: ObjectKind, schema: &str) -> Acl {
        let (mut everywhere, mut here) = (Acl::default(), Acl::default());
        if kind == ObjectKind::Function {
            everywhere.grant("public", &["execute".to_owned()]);
        }
        let meant = |it: &&DefaultPrivilege| it.kind == kind;
        for default in self.default_privileges.iter().filter(meant) {
            let acl = match default.schemas.as_slice() {
                [] => &mut everywhere,
                schemas if schemas.iter().any(|it| it == schema) => &mut here,
                _ => continue,
            };
            for role in &default.grantees {
                if default.revoke {
                    super::grant::take(acl, role, &default.privileges, kind);
                } else {
                    acl.grant(role, &default.privileges);
                }
            }
        }
        for (role, privileges) in here.roles {
            everywhere.roles.entry(role).or_default().extend(privileges);
        }
        everywhere
    }
}
