//! Where statements name types: columns, attributes and domains, and on request arguments, variables and casts.

use crate::lint::schema::Place;
use crate::lint::{Edit, EventCx, Finding, Fix, Origin};
use crate::sql::ast::{
    AlterColumn, AlterTable, Block, Column, ColumnConstraintKind, CreateRoutine, CreateTable, CreateTableAs, ExprKind,
    Name, Persistence, QueryBody, Relation, Returns, RoutineBody, StmtKind, TableActionKind, TypeDefinition, TypeName,
};
use crate::text::{Span, bare_ident};

/// What has the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A column that is defined here.
    Column,
    /// A column that exists and changes its type.
    Altered,
    /// An attribute of a composite type.
    Attribute,
    /// A domain.
    Domain,
    /// A column of `create table as`, by its cast.
    Computed,
    /// An argument or result of a routine.
    Argument,
    /// A variable of a body.
    Variable,
    /// A cast.
    Cast,
}

/// A type where it is used.
#[derive(Debug, Clone)]
pub(super) struct Used<'a> {
    /// The type.
    pub(super) ty: &'a TypeName,
    /// By what.
    pub(super) role: Role,
    /// The column's, attribute's, argument's or variable's name; empty where there is none.
    pub(super) name: &'a str,
    /// The column's definition.
    pub(super) column: Option<&'a Column>,
    /// The table, type, domain or routine.
    pub(super) owner: Option<&'a Name>,
}

impl Used<'_> {
    /// What has the type, in words, at the beginning of a message: `` `public.orders.paid_at` ``.
    pub(super) fn subject(&self, cx: &EventCx<'_>) -> String {
        let owner = self.owner.map(|owner| self.qualified(cx, owner));
        let owner = owner.as_deref().unwrap_or("?");
        match self.role {
            Role::Column | Role::Altered | Role::Attribute | Role::Computed => {
                format!("`{owner}.{}`", bare_ident(self.name))
            }
            Role::Domain => format!("domain `{owner}`"),
            Role::Argument if self.name.is_empty() => format!("the result of `{owner}`"),
            Role::Argument => format!("argument `{}` of `{owner}`", bare_ident(self.name)),
            Role::Variable => format!("variable `{}`", bare_ident(self.name)),
            Role::Cast => "the cast".to_owned(),
        }
    }

    fn qualified(&self, cx: &EventCx<'_>, owner: &Name) -> String {
        match self.role {
            Role::Altered => cx.resolve(owner),
            _ if matches!(cx.stmt().kind, StmtKind::AlterTable(_)) => cx.resolve(owner),
            _ => cx.schema.creation(owner),
        }
        .to_string()
    }

    /// A finding at the type, about what has it.
    pub(super) fn finding(&self, cx: &EventCx<'_>, message: impl Into<String>) -> Finding {
        let finding = cx.finding(self.ty.span, message).typed(self.defined(cx));
        match self.owner {
            Some(owner) => finding.about(self.qualified(cx, owner)),
            None => finding,
        }
    }

    /// The column with its type, where the chain knows what becomes of it.
    fn defined(&self, cx: &EventCx<'_>) -> Option<(Place, Option<TypeName>)> {
        if cx.event.origin == Origin::Routine || self.ty.copied {
            return None;
        }
        let table = || cx.table(self.owner?);
        let place = match self.role {
            Role::Column if matches!(cx.stmt().kind, StmtKind::CreateTable(_)) || table().is_some() => {
                Place::new(cx.file.id, self.column?.span)
            }
            Role::Altered => table()?.column(self.name)?.created,
            _ => return None,
        };
        Some((place, Some(self.ty.clone())))
    }

    /// An edit that gives it another type with the same modifiers and dimensions.
    pub(super) fn renamed(&self, cx: &EventCx<'_>, new: &str) -> Edit {
        let written = cx.text(self.ty.name_span);
        let inside = if written.contains('(') { format!("({})", self.ty.modifiers.join(", ")) } else { String::new() };
        Edit::replace(self.ty.name_span, format!("{}{inside}", in_case_of(written, new)))
    }

    /// An edit that gives it another type without its modifiers; the dimensions stay.
    pub(super) fn replaced(&self, cx: &EventCx<'_>, new: &str) -> Edit {
        let start = self.ty.name_span.start;
        let text = cx.text(Span::new(start, self.ty.span.end));
        let name = if self.ty.dimensions == 0 {
            text
        } else {
            let array = text.to_ascii_lowercase().find(" array").unwrap_or(text.len());
            text[..text.find('[').unwrap_or(array)].trim_end()
        };
        Edit::replace(Span::new(start, start + name.len()), in_case_of(name, new))
    }

    /// A fix by an edit of the type: safe where the column is new, in need of a look where rows have the old type.
    pub(super) fn fix(&self, title: impl Into<String>, edit: Edit) -> Fix {
        match self.role {
            Role::Column | Role::Domain | Role::Attribute | Role::Computed => Fix::safe(title, vec![edit]),
            Role::Altered | Role::Argument | Role::Variable | Role::Cast => Fix::unchecked(title, vec![edit]),
        }
    }

    /// The column's default.
    pub(super) fn default(&self) -> Option<&crate::sql::ast::Expr> {
        self.column?.constraints.iter().find_map(|constraint| match &constraint.kind {
            ColumnConstraintKind::Default(expr) => Some(expr),
            _ => None,
        })
    }
}

/// `new` in capitals where what it replaces was.
pub(super) fn in_case_of(written: &str, new: &str) -> String {
    let shouted =
        written.bytes().any(|byte| byte.is_ascii_uppercase()) && !written.bytes().any(|byte| byte.is_ascii_lowercase());
    if shouted { new.to_ascii_uppercase() } else { new.to_owned() }
}

/// Looks at every type that a statement gives to something that stays: columns of tables, attributes, domains.
///
/// Temporary tables go and foreign ones have the types of their server: neither is looked at.
pub(super) fn stored<'a>(cx: &EventCx<'a>, mut look: impl FnMut(Used<'a>)) {
    match &cx.stmt().kind {
        StmtKind::CreateTable(table) => created(table, &mut look),
        StmtKind::CreateTableAs(table) => computed(table, &mut look),
        StmtKind::AlterTable(alter) => altered(cx, alter, &mut look),
        StmtKind::CreateType(it) => {
            if let TypeDefinition::Composite(attributes) = &it.definition {
                for (name, ty) in attributes {
                    look(Used { ty, role: Role::Attribute, name: &name.value, column: None, owner: Some(&it.name) });
                }
            }
        }
        StmtKind::CreateDomain(it) => {
            look(Used { ty: &it.base, role: Role::Domain, name: "", column: None, owner: Some(&it.name) });
        }
        _ => {}
    }
}

fn created<'a>(table: &'a CreateTable, look: &mut impl FnMut(Used<'a>)) {
    if table.foreign || table.persistence == Persistence::Temporary {
        return;
    }
    for column in &table.columns {
        if let Some(ty) = &column.type_name {
            let name = &column.name.value;
            look(Used { ty, role: Role::Column, name, column: Some(column), owner: Some(&table.name) });
        }
    }
}

fn computed<'a>(table: &'a CreateTableAs, look: &mut impl FnMut(Used<'a>)) {
    let Some(query) = &table.query else { return };
    let QueryBody::Select(select) = &query.body else { return };
    if table.persistence == Persistence::Temporary {
        return;
    }
    for (index, target) in select.targets.iter().enumerate() {
        let ExprKind::Cast { expr, to } = &target.expr.kind else { continue };
        let named = table.columns.get(index).or(target.alias.as_ref());
        let name =
            named.or_else(|| expr.as_column().and_then(|parts| parts.last())).map_or(to.name.as_str(), |it| &it.value);
        look(Used { ty: to, role: Role::Computed, name, column: None, owner: Some(&table.name) });
    }
}

fn altered<'a>(cx: &EventCx<'a>, alter: &'a AlterTable, look: &mut impl FnMut(Used<'a>)) {
    if !matches!(alter.relation, Relation::Table | Relation::Type) {
        return;
    }
    if cx.table(&alter.name).is_some_and(crate::lint::schema::Table::is_temporary) {
        return;
    }
    let owner = Some(&alter.name);
    for action in &alter.actions {
        match &action.kind {
            TableActionKind::AddColumn { column, .. } => {
                let role = if alter.relation == Relation::Type { Role::Attribute } else { Role::Column };
                if let Some(ty) = &column.type_name {
                    look(Used { ty, role, name: &column.name.value, column: Some(column), owner });
                }
            }
            TableActionKind::AlterColumn { name, change: AlterColumn::Type { type_name, .. } } => {
                look(Used { ty: type_name, role: Role::Altered, name: &name.value, column: None, owner });
            }
            _ => {}
        }
    }
}

/// Looks at the types of a routine's arguments, results and variables, and of a DO block's variables.
pub(super) fn declared<'a>(cx: &EventCx<'a>, mut look: impl FnMut(Used<'a>)) {
    match &cx.stmt().kind {
        StmtKind::CreateRoutine(routine) => arguments(routine, &mut look),
        StmtKind::Do { body: Some(block), .. } => variables(block, &mut look),
        _ => {}
    }
}

fn arguments<'a>(routine: &'a CreateRoutine, look: &mut impl FnMut(Used<'a>)) {
    let owner = Some(&routine.name);
    for parameter in &routine.parameters {
        let name = parameter.name.as_ref().map_or("", |name| &name.value);
        look(Used { ty: &parameter.type_name, role: Role::Argument, name, column: None, owner });
    }
    match &routine.returns {
        Some(Returns::Type(ty)) => look(Used { ty, role: Role::Argument, name: "", column: None, owner }),
        Some(Returns::Table(columns)) => {
            for (name, ty) in columns {
                look(Used { ty, role: Role::Argument, name: &name.value, column: None, owner });
            }
        }
        None => {}
    }
    if let Some(RoutineBody::Block(block)) = &routine.body {
        variables(block, look);
    }
}

fn variables<'a>(block: &'a Block, look: &mut impl FnMut(Used<'a>)) {
    for variable in &block.variables {
        if let Some(ty) = &variable.type_name {
            look(Used { ty, role: Role::Variable, name: &variable.name.value, column: None, owner: None });
        }
    }
}
