//! Which objects a statement is about: those that it makes, changes or takes away, and those that it needs for that.

use std::collections::BTreeSet;

use crate::lint::schema::{QName, Schema};
use crate::sql::ast::{
    ColumnConstraintKind, ConstraintKind, GrantTarget, Name, ObjectKind, Stmt, StmtKind, TableActionKind,
};

/// Names of relations, routines and types, and of schemas that are meant whole.
#[derive(Debug, Clone, Default)]
pub(in crate::lint) struct Names {
    /// Single objects.
    pub objects: BTreeSet<QName>,
    /// Whole schemas.
    pub schemas: BTreeSet<String>,
}

impl Names {
    /// Adds those of a statement.
    pub(in crate::lint) fn add(&mut self, schema: &Schema, stmt: &Stmt) {
        let mut found: Vec<&Name> = Vec::new();
        let mut owned: Vec<Name> = Vec::new();
        match &stmt.kind {
            StmtKind::CreateTable(create) => {
                found.push(&create.name);
                found.extend(create.inherits.iter().chain(&create.partition_of));
                found.extend(create.like.iter().map(|like| &like.table));
                found.extend(create.constraints.iter().filter_map(|it| referenced(&it.kind)));
                found.extend(
                    create.columns.iter().flat_map(|it| &it.constraints).filter_map(|it| column_reference(&it.kind)),
                );
            }
            StmtKind::CreateTableAs(create) => {
                found.push(&create.name);
                owned.extend(create.query.iter().flat_map(crate::sql::ast::Query::relations));
            }
            StmtKind::AlterTable(alter) => {
                found.push(&alter.name);
                for action in &alter.actions {
                    match &action.kind {
                        TableActionKind::AddColumn { column, .. } => {
                            found.extend(column.constraints.iter().filter_map(|it| column_reference(&it.kind)));
                        }
                        TableActionKind::AddConstraint(constraint) => found.extend(referenced(&constraint.kind)),
                        TableActionKind::AttachPartition { table, .. }
                        | TableActionKind::DetachPartition { table, .. }
                        | TableActionKind::Inherit { table, .. } => found.push(table),
                        TableActionKind::Rename(to) => {
                            let from = schema.resolve(&alter.name);
                            self.objects.insert(QName::new(from.schema, to.value.as_str()));
                        }
                        TableActionKind::SetSchema(to) => {
                            self.objects.insert(QName::new(to.value.as_str(), alter.name.object()));
                        }
                        _ => {}
                    }
                }
            }
            StmtKind::CreateIndex(create) => found.push(&create.table),
            StmtKind::CreateView(view) => {
                found.push(&view.name);
                owned.extend(view.query.relations());
            }
            StmtKind::CreateRoutine(create) => found.push(&create.name),
            StmtKind::AlterRoutine(alter) => {
                found.push(&alter.routine.name);
                let moved = alter.set_schema.as_ref().map(|to| to.value.as_str());
                let renamed = alter.rename.as_ref().map(|to| to.value.as_str());
                if moved.is_some() || renamed.is_some() {
                    let from = schema.resolve(&alter.routine.name);
                    self.objects.insert(QName::new(moved.unwrap_or(&from.schema), renamed.unwrap_or(&from.name)));
                }
            }
            StmtKind::CreateTrigger(create) => found.push(&create.table),
            StmtKind::CreatePolicy(create) => {
                found.push(&create.table);
                for expr in create.using.iter().chain(&create.check) {
                    expr.all().into_iter().for_each(|expr| owned.extend(query_relations(expr)));
                }
            }
            StmtKind::AlterPolicy(alter) => found.push(&alter.table),
            StmtKind::CreateType(create) => found.push(&create.name),
            StmtKind::AlterEnum(alter) => found.push(&alter.name),
            StmtKind::CreateDomain(create) => found.push(&create.name),
            StmtKind::CreateSequence(create) => found.push(&create.name),
            StmtKind::CreateObject(create) => found.extend(create.name.iter().chain(&create.on)),
            StmtKind::AlterObject(alter) => {
                found.extend(alter.name.iter().chain(&alter.on));
                if alter.kind == ObjectKind::Schema {
                    self.schemas.extend(alter.name.iter().map(|name| name.object().to_owned()));
                }
            }
            StmtKind::Drop(drop) if drop.kind == ObjectKind::Schema => {
                self.schemas.extend(drop.names.iter().map(|name| name.object().to_owned()));
            }
            StmtKind::Drop(drop) => {
                match &drop.on {
                    Some(table) => found.push(table),
                    None => found.extend(&drop.names),
                }
                found.extend(drop.routines.iter().map(|routine| &routine.name));
            }
            StmtKind::Grant(grant) => match &grant.target {
                GrantTarget::Objects(ObjectKind::Schema, _) | GrantTarget::Roles(_) => {}
                GrantTarget::Objects(_, names) => found.extend(names),
                GrantTarget::Routines(routines) => found.extend(routines.iter().map(|routine| &routine.name)),
                GrantTarget::AllInSchema(_, schemas) => {
                    self.schemas.extend(schemas.iter().map(|schema| schema.value.clone()));
                }
            },
            _ => {}
        }
        self.objects.extend(found.into_iter().chain(&owned).map(|name| schema.resolve(name)));
    }
}

fn referenced(kind: &ConstraintKind) -> Option<&Name> {
    match kind {
        ConstraintKind::ForeignKey { reference, .. } => Some(&reference.table),
        _ => None,
    }
}

fn column_reference(kind: &ColumnConstraintKind) -> Option<&Name> {
    match kind {
        ColumnConstraintKind::References(reference) => Some(&reference.table),
        _ => None,
    }
}

fn query_relations(expr: &crate::sql::ast::Expr) -> Vec<Name> {
    use crate::sql::ast::ExprKind;
    match &expr.kind {
        ExprKind::Subquery(query) | ExprKind::Exists(query) | ExprKind::In { query: Some(query), .. } => {
            query.relations()
        }
        _ => Vec::new(),
    }
}
