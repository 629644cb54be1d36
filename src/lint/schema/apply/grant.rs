//! `grant`, `revoke`.

use super::Cx;
use super::name::values;
use super::search_path::in_schema;
use crate::lint::schema::{Acl, QName, Schema};
use crate::sql::ast::{Grant, GrantTarget, ObjectKind, RoutineKind};

/// What `all` means of an object.
fn every(kind: ObjectKind) -> &'static [&'static str] {
    match kind {
        ObjectKind::Table => &["select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain"],
        ObjectKind::Sequence => &["select", "update", "usage"],
        ObjectKind::Function => &["execute"],
        _ => &["usage"],
    }
}

/// Takes privileges away, out of `all` too.
pub(super) fn take(acl: &mut Acl, role: &str, privileges: &[String], kind: ObjectKind) {
    if let Some(held) = acl.roles.get_mut(role)
        && held.remove("all")
    {
        held.extend(every(kind).iter().map(|&it| it.to_owned()));
    }
    acl.revoke(role, privileges);
}

impl Schema {
    /// `grant`, `revoke`. What is on columns counts as granted, and its revoking takes nothing of the table's away.
    pub(super) fn grant(&mut self, cx: &Cx<'_>, grant: &Grant) {
        // Only the right to grant on goes.
        if grant.revoke && (grant.columns || grant.option) {
            return;
        }
        match &grant.target {
            GrantTarget::Objects(
                ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::ForeignTable,
                names,
            ) => {
                for name in names {
                    let name = self.resolve(name);
                    self.grant_on(cx, grant, &name);
                }
            }
            GrantTarget::Routines(routines) => {
                for routine in routines {
                    if let Some((name, at)) = self.find_routine(routine)
                        && let Some(function) = self.functions.get_mut(&name).and_then(|list| list.get_mut(at))
                    {
                        change(&mut function.acl, grant, ObjectKind::Function);
                    }
                }
            }
            GrantTarget::AllInSchema(kind, schemas) => {
                for schema in values(schemas) {
                    self.grant_in_schema(cx, grant, *kind, &schema);
                }
            }
            GrantTarget::Objects(..) | GrantTarget::Roles(_) => {}
        }
    }

    fn grant_on(&mut self, cx: &Cx<'_>, grant: &Grant, relation: &QName) {
        self.touch(cx, relation);
        let acl = match self.tables.get_mut(relation) {
            Some(table) => Some(&mut table.acl),
            None => self.views.get_mut(relation).map(|view| &mut view.acl),
        };
        if let Some(acl) = acl {
            change(acl, grant, ObjectKind::Table);
        }
    }

    fn grant_in_schema(&mut self, cx: &Cx<'_>, grant: &Grant, kind: ObjectKind, schema: &str) {
        match kind {
            ObjectKind::Table => {
                let relations: Vec<QName> = [in_schema(&self.tables, schema), in_schema(&self.views, schema)].concat();
                for relation in relations {
                    self.grant_on(cx, grant, &relation);
                }
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => {
                for name in in_schema(&self.functions, schema) {
                    for function in self.functions.get_mut(&name).into_iter().flatten() {
                        let meant = match kind {
                            ObjectKind::Function => function.kind != RoutineKind::Procedure,
                            ObjectKind::Procedure => function.kind == RoutineKind::Procedure,
                            _ => true,
                        };
                        if meant {
                            change(&mut function.acl, grant, ObjectKind::Function);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn change(acl: &mut Acl, grant: &Grant, kind: ObjectKind) {
    for role in values(&grant.grantees) {
        if grant.revoke {
            take(acl, &role, &grant.privileges, kind);
        } else {
            acl.grant(&role, &grant.privileges);
        }
    }
}
