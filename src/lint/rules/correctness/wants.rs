//! What a statement needs to be there when it runs.

use crate::sql::ast::{
    AlterColumn, AlterTable, Column, ColumnConstraintKind, ConstraintKind, CreateTable, Drop, ExprKind, ForeignKey,
    GrantTarget, Ident, IndexElement, Insert, Name, ObjectKind, Relation, RoutineRef, Stmt, StmtKind, TableActionKind,
    TableConstraint, Visitor,
};

/// Something that must be there.
#[derive(Debug, Clone)]
pub(super) enum Want<'a> {
    /// A table, view, index or sequence.
    Relation(Name),
    /// A column of a table.
    Column(&'a Name, &'a Ident),
    /// A column of the table that the statement creates.
    Own(&'a CreateTable, &'a Ident),
    /// A constraint of a table.
    Constraint(&'a Name, &'a Ident),
    /// A policy of a table.
    Policy(&'a Name, &'a Ident),
    /// A trigger of a table.
    Trigger(&'a Name, &'a Ident),
    /// A function for a trigger.
    TriggerFunction(&'a Name),
    /// A function or procedure that a statement names.
    Routine(&'a RoutineRef),
    /// An enum.
    Enum(&'a Name),
    /// A role that a policy names.
    Role(&'a Ident),
}

/// What the statement needs.
pub(super) fn wants(stmt: &Stmt) -> Vec<Want<'_>> {
    let mut found = Vec::new();
    let out = &mut found;
    match &stmt.kind {
        StmtKind::AlterTable(alter) if !alter.if_exists => altered(alter, out),
        StmtKind::CreateTable(create) => created(create, out),
        StmtKind::CreateIndex(create) => {
            out.push(Want::Relation(create.table.clone()));
            elements(&create.table, &create.elements, out);
            out.extend(create.include.iter().map(|column| Want::Column(&create.table, column)));
        }
        StmtKind::CreateTrigger(create) => {
            out.push(Want::Relation(create.table.clone()));
            out.push(Want::TriggerFunction(&create.function));
        }
        StmtKind::CreatePolicy(create) => {
            out.push(Want::Relation(create.table.clone()));
            out.extend(create.roles.iter().map(Want::Role));
        }
        StmtKind::AlterPolicy(alter) => {
            out.push(Want::Relation(alter.table.clone()));
            out.push(Want::Policy(&alter.table, &alter.name));
            out.extend(alter.roles.iter().flatten().map(Want::Role));
        }
        StmtKind::AlterEnum(alter) => out.push(Want::Enum(&alter.name)),
        StmtKind::CommentOn(comment) => {
            if let ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index =
                comment.kind
            {
                out.extend(comment.name.iter().cloned().map(Want::Relation));
            }
            out.extend(comment.routine.iter().map(Want::Routine));
        }
        StmtKind::Grant(grant) => match &grant.target {
            GrantTarget::Objects(ObjectKind::Table, names) => out.extend(names.iter().cloned().map(Want::Relation)),
            GrantTarget::Routines(routines) => out.extend(routines.iter().map(Want::Routine)),
            _ => {}
        },
        StmtKind::AlterRoutine(alter) => out.push(Want::Routine(&alter.routine)),
        StmtKind::Truncate { tables, .. } | StmtKind::Lock { tables, .. } => {
            out.extend(tables.iter().cloned().map(Want::Relation));
        }
        StmtKind::RefreshView { name, .. } => out.push(Want::Relation(name.clone())),
        StmtKind::Drop(drop) if !drop.if_exists => dropped(drop, out),
        StmtKind::Insert(insert) => {
            columns_of(insert, out);
            rows(stmt, out);
        }
        StmtKind::Update(update) => {
            let set = update.set.iter().map(|assignment| Want::Column(&update.table, &assignment.column));
            out.extend(set);
            rows(stmt, out);
        }
        StmtKind::Select(_)
        | StmtKind::Delete(_)
        | StmtKind::Merge(_)
        | StmtKind::CreateTableAs(_)
        | StmtKind::CreateView(_) => rows(stmt, out),
        _ => {}
    }
    found
}

fn columns_of<'a>(insert: &'a Insert, out: &mut Vec<Want<'a>>) {
    out.extend(insert.columns.iter().map(|column| Want::Column(&insert.table, column)));
}

/// The relations that are read and written, without the names of `with`.
fn rows(stmt: &Stmt, out: &mut Vec<Want<'_>>) {
    struct Relations {
        found: Vec<Name>,
        own: Vec<String>,
    }
    impl Visitor for Relations {
        fn query(&mut self, query: &crate::sql::ast::Query) -> bool {
            self.own.extend(query.ctes.iter().map(|cte| cte.name.value.clone()));
            true
        }

        fn stmt(&mut self, stmt: &Stmt) -> bool {
            let ctes = match &stmt.kind {
                StmtKind::Insert(insert) => &insert.ctes,
                StmtKind::Update(update) => &update.ctes,
                StmtKind::Delete(delete) => &delete.ctes,
                _ => return true,
            };
            self.own.extend(ctes.iter().map(|cte| cte.name.value.clone()));
            true
        }

        fn relation(&mut self, name: &Name) {
            self.found.push(name.clone());
        }
    }
    // `with` of `merge` is not kept: what it reads may be one of its names.
    if matches!(stmt.kind, StmtKind::Merge(_)) {
        return;
    }
    let mut relations = Relations { found: Vec::new(), own: Vec::new() };
    stmt.walk(&mut relations);
    if let StmtKind::CreateView(view) = &stmt.kind {
        relations.own.push(view.name.object().to_owned());
    }
    let own = relations.own;
    let is_own = |name: &Name| name.schema().is_none() && own.iter().any(|own| own == name.object());
    out.extend(relations.found.into_iter().filter(|name| !is_own(name)).map(Want::Relation));
}

fn altered<'a>(alter: &'a AlterTable, out: &mut Vec<Want<'a>>) {
    if alter.relation == Relation::Type {
        return;
    }
    out.push(Want::Relation(alter.name.clone()));
    if alter.relation != Relation::Table {
        return;
    }
    // What the statement itself adds is there for its other actions.
    let adds = |wanted: &Ident| {
        alter.actions.iter().any(
            |action| matches!(&action.kind, TableActionKind::AddColumn { column, .. } if column.name.value == wanted.value),
        )
    };
    let table = &alter.name;
    for action in &alter.actions {
        match &action.kind {
            TableActionKind::AddColumn { column, .. } => inline(column, out),
            TableActionKind::DropColumn { if_exists: false, name, .. } => out.push(Want::Column(table, name)),
            TableActionKind::AlterColumn {
                name,
                change:
                    AlterColumn::Type { .. }
                    | AlterColumn::SetDefault(_)
                    | AlterColumn::DropDefault
                    | AlterColumn::SetNotNull
                    | AlterColumn::DropNotNull
                    | AlterColumn::AddIdentity { .. },
            } if !adds(name) => out.push(Want::Column(table, name)),
            TableActionKind::RenameColumn { from, .. } => out.push(Want::Column(table, from)),
            TableActionKind::AddConstraint(constraint) => {
                let (columns, reference) = constrained(constraint);
                out.extend(columns.iter().filter(|column| !adds(column)).map(|column| Want::Column(table, column)));
                if let Some(reference) = reference {
                    referred(reference, None, out);
                }
            }
            TableActionKind::DropConstraint { if_exists: false, name, .. }
            | TableActionKind::ValidateConstraint(name)
            | TableActionKind::RenameConstraint { from: name, .. } => out.push(Want::Constraint(table, name)),
            TableActionKind::AttachPartition { table: other, .. }
            | TableActionKind::DetachPartition { table: other, .. }
            | TableActionKind::Inherit { table: other, .. } => out.push(Want::Relation(other.clone())),
            _ => {}
        }
    }
}

fn created<'a>(create: &'a CreateTable, out: &mut Vec<Want<'a>>) {
    out.extend(create.like.iter().map(|like| Want::Relation(like.table.clone())));
    out.extend(create.inherits.iter().chain(&create.partition_of).cloned().map(Want::Relation));
    let plain = create.like.is_empty()
        && create.inherits.is_empty()
        && create.partition_of.is_none()
        && create.of_type.is_none();
    for reference in create.columns.iter().flat_map(references) {
        referred(reference, Some(create), out);
    }
    for constraint in &create.constraints {
        let (columns, reference) = constrained(constraint);
        if plain {
            out.extend(columns.iter().map(|column| Want::Own(create, column)));
        }
        if let Some(reference) = reference {
            referred(reference, Some(create), out);
        }
    }
}

fn references(column: &Column) -> impl Iterator<Item = &ForeignKey> {
    column.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ColumnConstraintKind::References(reference) => Some(reference),
        _ => None,
    })
}

fn inline<'a>(column: &'a Column, out: &mut Vec<Want<'a>>) {
    references(column).for_each(|reference| referred(reference, None, out));
}

fn referred<'a>(reference: &'a ForeignKey, within: Option<&'a CreateTable>, out: &mut Vec<Want<'a>>) {
    // A table may refer to itself while it is made.
    if within.is_some_and(|create| create.name.object() == reference.table.object()) {
        return;
    }
    out.push(Want::Relation(reference.table.clone()));
    out.extend(reference.columns.iter().map(|column| Want::Column(&reference.table, column)));
}

fn constrained(constraint: &TableConstraint) -> (&[Ident], Option<&ForeignKey>) {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => (columns, None),
        ConstraintKind::ForeignKey { columns, reference } => (columns, Some(reference)),
        _ => (&[], None),
    }
}

fn elements<'a>(table: &'a Name, elements: &'a [IndexElement], out: &mut Vec<Want<'a>>) {
    for element in elements {
        if let ExprKind::Column(parts) = &element.expr.kind
            && let [column] = parts.as_slice()
        {
            out.push(Want::Column(table, column));
        }
    }
}

fn dropped<'a>(drop: &'a Drop, out: &mut Vec<Want<'a>>) {
    match drop.kind {
        ObjectKind::Table
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Index
        | ObjectKind::Sequence
        | ObjectKind::ForeignTable => out.extend(drop.names.iter().cloned().map(Want::Relation)),
        ObjectKind::Policy | ObjectKind::Trigger => {
            let Some(on) = &drop.on else { return };
            out.push(Want::Relation(on.clone()));
            let names = drop.names.iter().filter_map(|name| name.parts.last());
            out.extend(names.map(|name| {
                if drop.kind == ObjectKind::Policy { Want::Policy(on, name) } else { Want::Trigger(on, name) }
            }));
        }
        _ => out.extend(drop.routines.iter().map(Want::Routine)),
    }
}
