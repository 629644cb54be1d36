//! Functions and procedures, and how other statements name them.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::name::decoded;
use super::node::{Lower, Node, Place};
use crate::sql::ast::{
    AlterRoutine, ArgMode, CreateRoutine, Ident, Name, Parameter, Query, QueryBody, Returns, RoutineBody, RoutineKind,
    RoutineRef, Select, SetOption, Stmt, StmtKind, Target, TypeName, Volatility,
};
use crate::text::Span;

impl Lower<'_> {
    /// `create function`.
    pub(super) fn create_function(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = node.child(SyntaxKind::FUNCTION_NAME)?;
        self.create_routine(node, RoutineKind::Function, &name)
    }

    /// `create procedure`.
    pub(super) fn create_procedure(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let name = node.child(SyntaxKind::PROCEDURE_NAME)?;
        self.create_routine(node, RoutineKind::Procedure, &name)
    }

    fn create_routine(&mut self, node: &SyntaxNode, kind: RoutineKind, name: &SyntaxNode) -> Option<StmtKind> {
        let list = node.child(SyntaxKind::PARAM_LIST)?;
        let inline = node.child(SyntaxKind::ATOMIC_BODY).or_else(|| node.child(SyntaxKind::RETURN_STMT));
        let mut routine = CreateRoutine {
            kind,
            or_replace: node.holds(SyntaxKind::OR_REPLACE),
            name: self.name(name)?,
            parameters: list.every(SyntaxKind::PARAM).filter_map(|param| self.parameter(&param)).collect(),
            parameters_span: self.span(&list),
            returns: node.child(SyntaxKind::RET_TYPE).and_then(|returns| self.returns(&returns)),
            language: None,
            volatility: Volatility::Volatile,
            volatility_written: false,
            security_definer: None,
            settings: Vec::new(),
            attributes_at: self.span(node).end,
            body: None,
            body_span: None,
        };
        let mut definition = None;
        let options = node.child(SyntaxKind::FUNC_OPTION_LIST);
        for option in options.iter().flat_map(SyntaxNode::children) {
            if let Some(volatility) = volatility(option.kind()) {
                (routine.volatility, routine.volatility_written) = (volatility, true);
                continue;
            }
            match option.kind() {
                SyntaxKind::LANGUAGE_FUNC_OPTION => {
                    routine.language = option.children().next().and_then(|language| self.ident(&language));
                }
                SyntaxKind::SECURITY_DEFINER_FUNC_OPTION => routine.security_definer = Some(self.span(&option)),
                SyntaxKind::SECURITY_INVOKER_FUNC_OPTION => routine.security_definer = None,
                SyntaxKind::SET_FUNC_OPTION => routine.settings.extend(self.set_option(&option)),
                SyntaxKind::AS_FUNC_OPTION => definition = Some(option),
                _ => {}
            }
        }
        if let Some(body) = inline {
            let span = self.span(&body);
            (routine.attributes_at, routine.body_span) = (span.start, Some(span));
            routine.body = Some(RoutineBody::Sql(self.inline_body(&body)));
            routine.language.get_or_insert_with(|| Ident { value: "sql".to_owned(), quoted: false, span });
        } else if let Some(definition) = definition {
            routine.attributes_at = self.span(&definition).start;
            let literal = definition.child(SyntaxKind::AS_DEFINITION).and_then(|it| it.child(SyntaxKind::LITERAL));
            if let Some((body, span)) =
                literal.and_then(|literal| self.quoted_body(&literal, routine.language.as_ref()))
            {
                (routine.body, routine.body_span) = (Some(body), Some(span));
            }
        }
        Some(StmtKind::CreateRoutine(Box::new(routine)))
    }

    fn parameter(&mut self, node: &SyntaxNode) -> Option<Parameter> {
        let mode = if node.holds(SyntaxKind::PARAM_OUT) {
            ArgMode::Out
        } else if node.holds(SyntaxKind::PARAM_IN_OUT) {
            ArgMode::InOut
        } else if node.holds(SyntaxKind::PARAM_VARIADIC) {
            ArgMode::Variadic
        } else {
            ArgMode::In
        };
        Some(Parameter {
            span: self.span(node),
            mode,
            name: node.child(SyntaxKind::PARAM_NAME).and_then(|name| self.ident(&name)),
            type_name: self.first_type(node)?,
            default: node.child(SyntaxKind::PARAM_DEFAULT).and_then(|default| self.first_expr(&default)),
        })
    }

    fn returns(&self, node: &SyntaxNode) -> Option<Returns> {
        let Some(list) = node.child(SyntaxKind::RETURN_TABLE_ARG_LIST) else {
            return self.first_type(node).map(Returns::Type);
        };
        let column = |column: SyntaxNode| {
            Some((self.ident(&column.child(SyntaxKind::COLUMN_NAME)?)?, self.first_type(&column)?))
        };
        Some(Returns::Table(list.every(SyntaxKind::RETURN_TABLE_COLUMN).filter_map(column).collect()))
    }

    /// `set name = value` in a node that holds it.
    fn set_option(&self, node: &SyntaxNode) -> Option<SetOption> {
        let set = node.child(SyntaxKind::SET_CONFIG_PARAM)?;
        let value = match set.child(SyntaxKind::TO_CONFIG_VALUE) {
            Some(value) => {
                let written = value.written();
                let sign = value.tokens().next().map_or(0, |sign| match sign.kind() {
                    SyntaxKind::EQ | SyntaxKind::TO_KW => sign.text().len(),
                    _ => 0,
                });
                written.get(sign..).unwrap_or_default().trim_start().to_owned()
            }
            None => set.child(SyntaxKind::FROM_CURRENT)?.words(),
        };
        Some(SetOption { name: self.setting(&set)?, value, span: self.span(node) })
    }

    /// The name of a setting: its parts joined, folded.
    pub(super) fn setting(&self, node: &SyntaxNode) -> Option<String> {
        let name = self.name(&node.child(SyntaxKind::CONFIG_PARAMETER_REF)?)?;
        Some(name.parts.iter().map(|part| part.value.to_ascii_lowercase()).collect::<Vec<_>>().join("."))
    }

    /// `begin atomic … end`, `return expr`.
    fn inline_body(&mut self, node: &SyntaxNode) -> Vec<Stmt> {
        let statement = |lower: &mut Self, statement: &SyntaxNode| match statement.kind() {
            SyntaxKind::RETURN_STMT => lower.return_stmt(statement),
            _ => Some(lower.stmt(statement)),
        };
        if node.kind() == SyntaxKind::RETURN_STMT {
            return statement(self, node).into_iter().collect();
        }
        node.children().filter_map(|child| statement(self, &child)).collect()
    }

    /// `return expr` as the query that it is.
    fn return_stmt(&mut self, node: &SyntaxNode) -> Option<Stmt> {
        let expr = self.first_expr(node)?;
        let span = expr.span;
        let select = Select {
            distinct: false,
            targets: vec![Target { expr, alias: None }],
            into: None,
            from: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            having: None,
        };
        let body = QueryBody::Select(Box::new(select));
        let query = Query { span, ctes: Vec::new(), body, order_by: Vec::new(), limit: Vec::new(), locking: false };
        Some(Stmt { span: self.span(node), kind: StmtKind::Select(Box::new(query)) })
    }

    /// The body in a string, and where its text is written.
    fn quoted_body(&mut self, literal: &SyntaxNode, language: Option<&Ident>) -> Option<(RoutineBody, Span)> {
        let text = decoded(literal)?;
        let outer = self.place;
        let place = Place::Within(&text, &outer);
        let span = place.span(0, text.text().len());
        let body = match language.map(|language| language.value.as_str()) {
            Some("plpgsql") => match self.plpgsql(text.text(), place) {
                Some(block) => RoutineBody::Block(block),
                None => RoutineBody::Text(text.into_text()),
            },
            Some("sql") => RoutineBody::Sql(self.statements(text.text(), place)),
            _ => RoutineBody::Text(text.into_text()),
        };
        Some((body, span))
    }

    /// `alter function | procedure | routine | aggregate`.
    pub(super) fn alter_routine(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let mut children = node.children();
        let routine = self.routine_ref(&children.next()?)?;
        let mut alter = AlterRoutine {
            routine,
            rename: None,
            set_schema: None,
            owner: false,
            security_definer: None,
            settings: Vec::new(),
            resets: Vec::new(),
            volatility: None,
        };
        for action in children {
            match action.kind() {
                SyntaxKind::SET_SCHEMA => {
                    alter.set_schema = action.child(SyntaxKind::SCHEMA_REF).and_then(|schema| self.ident(&schema));
                }
                SyntaxKind::OWNER_TO => alter.owner = true,
                SyntaxKind::FUNC_OPTION_LIST => action.children().for_each(|option| self.altered(&option, &mut alter)),
                SyntaxKind::FUNCTION_RENAME_TO
                | SyntaxKind::PROCEDURE_RENAME_TO
                | SyntaxKind::ROUTINE_RENAME_TO
                | SyntaxKind::AGGREGATE_RENAME_TO => alter.rename = self.new_name(&action),
                _ => {}
            }
        }
        Some(StmtKind::AlterRoutine(Box::new(alter)))
    }

    fn altered(&self, option: &SyntaxNode, alter: &mut AlterRoutine) {
        match option.kind() {
            SyntaxKind::SECURITY_DEFINER_FUNC_OPTION => alter.security_definer = Some(true),
            SyntaxKind::SECURITY_INVOKER_FUNC_OPTION => alter.security_definer = Some(false),
            SyntaxKind::SET_FUNC_OPTION => alter.settings.extend(self.set_option(option)),
            SyntaxKind::RESET_FUNC_OPTION => {
                alter.resets.push(self.setting(option).unwrap_or_else(|| "all".to_owned()));
            }
            kind => {
                if let Some(volatility) = volatility(kind) {
                    alter.volatility = Some(volatility);
                }
            }
        }
    }

    /// The name behind `rename to`.
    pub(super) fn new_name(&self, node: &SyntaxNode) -> Option<Ident> {
        self.name(&node.children().next()?)?.parts.pop()
    }

    /// A routine with or without its arguments.
    pub(super) fn routine_ref(&mut self, node: &SyntaxNode) -> Option<RoutineRef> {
        let kind = match node.kind() {
            SyntaxKind::FUNCTION_SIG => RoutineKind::Function,
            SyntaxKind::PROCEDURE_SIG => RoutineKind::Procedure,
            SyntaxKind::ROUTINE_SIG => RoutineKind::Routine,
            SyntaxKind::AGGREGATE => RoutineKind::Aggregate,
            _ => return None,
        };
        let name: Name = self.name(node)?;
        let args = node.child(SyntaxKind::PARAM_LIST).map(|list| self.argument_types(&list));
        Some(RoutineRef { kind, name, args, span: self.span(node) })
    }

    /// The types that tell a routine from others of its name: `out` ones do not count, those behind `order by` do.
    pub(super) fn argument_types(&self, list: &SyntaxNode) -> Vec<TypeName> {
        let mut types = Vec::new();
        for child in list.children() {
            match child.kind() {
                SyntaxKind::PARAM if !child.holds(SyntaxKind::PARAM_OUT) => types.extend(self.first_type(&child)),
                SyntaxKind::AGGREGATE_ORDER_BY => types.extend(self.argument_types(&child)),
                _ => {}
            }
        }
        types
    }
}

fn volatility(kind: SyntaxKind) -> Option<Volatility> {
    Some(match kind {
        SyntaxKind::IMMUTABLE => Volatility::Immutable,
        SyntaxKind::STABLE => Volatility::Stable,
        SyntaxKind::VOLATILE => Volatility::Volatile,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    fn routine(sql: &str) -> CreateRoutine {
        let StmtKind::CreateRoutine(routine) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *routine
    }

    fn altered(sql: &str) -> AlterRoutine {
        let StmtKind::AlterRoutine(alter) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *alter
    }

    #[test]
    fn a_function_keeps_its_signature_its_attributes_and_where_they_could_be_written() {
        let sql = "create or replace function s.f(a int default 1, inout b text, variadic c int[]) returns setof s.t \
                   language plpgsql stable security definer set search_path = a, '' as $$ begin null; end $$;";
        let made = routine(sql);
        assert_eq!((made.name.to_string().as_str(), made.or_replace), ("s.f", true));
        let modes: Vec<_> = made.parameters.iter().map(|it| (it.mode, it.type_name.to_string())).collect();
        let expected = [(ArgMode::In, "integer"), (ArgMode::InOut, "text"), (ArgMode::Variadic, "integer[]")];
        assert_eq!(modes, expected.map(|(mode, name)| (mode, name.to_owned())));
        assert!(matches!(&made.returns, Some(Returns::Type(of)) if of.set_of));
        assert_eq!((made.volatility, made.volatility_written), (Volatility::Stable, true));
        assert_eq!(made.security_definer.unwrap().of(sql), "security definer");
        assert_eq!((made.settings[0].name.as_str(), made.settings[0].value.as_str()), ("search_path", "a, ''"));
        assert!(sql[made.attributes_at..].starts_with("as $$"));
        assert_eq!(made.body_span.unwrap().of(sql), " begin null; end ");
        assert!(matches!(&made.body, Some(RoutineBody::Block(block)) if block.span.of(sql) == "begin null; end"));
    }

    #[test]
    fn sql_bodies_are_statements_wherever_they_are_written() {
        let string = "create function f() returns table (a int) as 'select 1; select ''b''' language sql;";
        let Some(RoutineBody::Sql(statements)) = routine(string).body else { panic!() };
        assert_eq!(statements.iter().map(|it| it.span.of(string)).collect::<Vec<_>>(), ["select 1", "select ''b''"]);
        let inline = "create procedure p() begin atomic insert into t values (1); select 2; end;";
        let made = routine(inline);
        assert_eq!(made.language.unwrap().value, "sql");
        let Some(RoutineBody::Sql(statements)) = made.body else { panic!() };
        assert!(matches!(statements[0].kind, StmtKind::Insert(_)));
        let returned = routine("create function f() returns int return 1 + 1;").body;
        assert!(matches!(returned, Some(RoutineBody::Sql(it)) if matches!(it[0].kind, StmtKind::Select(_))));
        let other = routine("create function f() returns int language plpython3u as 'return 1';").body;
        assert_eq!(other, Some(RoutineBody::Text("return 1".to_owned())));
    }

    #[test]
    fn alter_names_the_routine_by_its_input_arguments() {
        let sql = "alter function f(int, out a text) security invoker set a to b reset all immutable;";
        let alter = altered(sql);
        assert_eq!(alter.routine.args.as_ref().unwrap().len(), 1);
        assert_eq!(alter.routine.span.of(sql), "f(int, out a text)");
        assert_eq!((alter.security_definer, alter.volatility), (Some(false), Some(Volatility::Immutable)));
        assert_eq!((alter.settings.len(), alter.resets), (1, vec!["all".to_owned()]));
        let alter = altered("alter aggregate s.a(*) rename to b;");
        assert_eq!((alter.routine.args, alter.rename.unwrap().value.as_str()), (Some(Vec::new()), "b"));
        let alter = altered("alter routine f owner to x;");
        assert_eq!((alter.routine.args, alter.owner), (None, true));
    }
}
