//! Columns as a statement defines them, with the sequences that some bring.

use super::Cx;
use super::constraint::New;
use super::name::value;
use crate::lint::schema::{Column, QName, Schema};
use crate::sql::ast::{self, ColumnConstraintKind, Expr, ExprKind, Ident, LiteralKind, Name, TypeName};
use crate::text::Span;

/// What `serial` stands for.
fn behind_serial(name: &str) -> Option<&'static str> {
    match name {
        "serial" => Some("integer"),
        "bigserial" => Some("bigint"),
        "smallserial" => Some("smallint"),
        _ => None,
    }
}

impl Schema {
    /// A column as it is defined, and the constraints that it adds to its table.
    pub(super) fn column(&mut self, cx: &Cx<'_>, table: &QName, defined: &ast::Column, news: &mut Vec<New>) -> Column {
        let name = value(&defined.name);
        let mut column = Column {
            name: name.clone(),
            type_name: defined.type_name.as_ref().map(|it| self.resolved_type(it)),
            not_null: false,
            default: None,
            generated: None,
            generation: None,
            identity: None,
            created: cx.place(defined.span),
            comment: None,
        };
        if let Some(type_name) = &mut column.type_name
            && type_name.schema.is_none()
            && let Some(plain) = behind_serial(&type_name.name)
        {
            plain.clone_into(&mut type_name.name);
            let sequence = self.own_sequence(cx, table, &name, defined.name.span);
            column.not_null = true;
            column.default = Some(nextval(&sequence, type_name.span));
        }
        self.constrain(cx, table, &mut column, &defined.constraints, news);
        column
    }

    /// What a column's constraints make of it, and those that are the table's.
    pub(super) fn constrain(
        &mut self,
        cx: &Cx<'_>,
        table: &QName,
        column: &mut Column,
        constraints: &[ast::ColumnConstraint],
        news: &mut Vec<New>,
    ) {
        for constraint in constraints {
            match &constraint.kind {
                ColumnConstraintKind::NotNull | ColumnConstraintKind::PrimaryKey => column.not_null = true,
                ColumnConstraintKind::Default(expr) => set_default(column, expr),
                ColumnConstraintKind::Generated { expr, stored } => {
                    column.generated = Some(*stored);
                    column.generation = Some(expr.clone());
                }
                ColumnConstraintKind::Identity(identity) => {
                    column.not_null = true;
                    column.identity = Some(*identity);
                    self.own_sequence(cx, table, &column.name, constraint.span);
                }
                ColumnConstraintKind::Null
                | ColumnConstraintKind::Unique
                | ColumnConstraintKind::Check { .. }
                | ColumnConstraintKind::References(_) => {}
            }
            news.extend(New::of_column(constraint, &column.name));
        }
    }

    /// A type with what `%type` copies put in its place.
    pub(super) fn resolved_type(&self, written: &TypeName) -> TypeName {
        let copied = || {
            let (path, column) = (written.schema.as_deref()?, written.name.as_str());
            let table = match path.rsplit_once('.') {
                Some((schema, table)) => QName::new(schema, table),
                None => self.resolve_parts(None, path),
            };
            let original = self.tables.get(&table)?.column(column)?.type_name.as_ref()?;
            Some(TypeName {
                dimensions: original.dimensions + written.dimensions,
                set_of: written.set_of,
                span: written.span,
                name_span: written.name_span,
                ..original.clone()
            })
        };
        if written.copied { copied().unwrap_or_else(|| written.clone()) } else { written.clone() }
    }

    /// A sequence that a column brings; its name.
    pub(super) fn own_sequence(&mut self, cx: &Cx<'_>, table: &QName, column: &str, span: Span) -> QName {
        let name = self.free_relation(table, Some(column), "seq", false);
        let sequence = QName::new(table.schema.as_str(), name);
        let owner = Some((table.clone(), column.to_owned()));
        self.sequences.insert(sequence.clone(), (cx.place(span), owner));
        self.depend(table, &sequence);
        sequence
    }
}

/// `default null` is none.
pub(super) fn set_default(column: &mut Column, expr: &Expr) {
    column.default = (!expr.is_null()).then(|| expr.clone());
}

/// `nextval('sequence')`, as `serial` means it.
fn nextval(sequence: &QName, span: Span) -> Expr {
    let part = Ident { value: "nextval".to_owned(), quoted: false, span };
    let name = Expr { span, kind: ExprKind::Literal(LiteralKind::String(sequence.to_string())) };
    let call = Name { parts: vec![part], span };
    Expr { span, kind: ExprKind::Call { name: call, args: vec![name], star: false, window: false } }
}
