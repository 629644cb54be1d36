//! The kinds of object that lint knows by name only: collations, casts, publications, rules, aggregates and so on; schemas and
//! extensions.

use squawk_syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

use super::kind::object_kind;
use super::node::{Lower, Node};
use crate::sql::ast::{
    AlterObject, CreateExtension, CreateObject, CreateSchema, Ident, Name, ObjectAction, ObjectKind, Stmt, StmtKind,
    TypeName,
};
use crate::text::Span;

impl Lower<'_> {
    /// `create` of an object without its own statement in the tree.
    pub(super) fn create_object(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let kind = object_kind(node.kind())?;
        let named = node
            .children()
            .find(|child| !matches!(child.kind(), SyntaxKind::OR_REPLACE | SyntaxKind::IF_NOT_EXISTS))?;
        let name = match kind {
            ObjectKind::Cast | ObjectKind::Transform | ObjectKind::UserMapping => None,
            // Its name may be made up by the server.
            ObjectKind::Statistics if named.kind() != SyntaxKind::STATISTICS => None,
            ObjectKind::Operator => self.operator(&named),
            _ => self.name(&named),
        };
        let rule = node.child(SyntaxKind::RULE_ON);
        Some(StmtKind::CreateObject(Box::new(CreateObject {
            kind,
            or_replace: node.holds(SyntaxKind::OR_REPLACE),
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name,
            on: rule.and_then(|on| self.name(&on.child(SyntaxKind::RELATION_NAME_REF)?)),
            args: (kind == ObjectKind::Aggregate).then(|| self.aggregate_types(node)).flatten(),
            written: self.created_span(node, &named, kind),
            tables: self.tables_of(node, kind),
        })))
    }

    /// The name of an operator, which is made of signs.
    fn operator(&self, node: &SyntaxNode) -> Option<Name> {
        let mut parts: Vec<Ident> = Vec::new();
        let mut sign: Option<Ident> = None;
        for token in node.tokens() {
            let kind = token.kind();
            if kind == SyntaxKind::IDENT || kind.is_keyword() {
                parts.push(self.ident_token(&token));
            } else if kind != SyntaxKind::DOT {
                let part = self.ident_token(&token);
                match &mut sign {
                    Some(sign) => {
                        sign.value.push_str(&part.value);
                        sign.span.end = part.span.end;
                    }
                    None => sign = Some(part),
                }
            }
        }
        parts.extend(sign);
        let span = Span::new(parts.first()?.span.start, parts.last()?.span.end);
        Some(Name { parts, span })
    }

    /// An aggregate's argument types; the old way to write them is an option.
    fn aggregate_types(&self, node: &SyntaxNode) -> Option<Vec<TypeName>> {
        if let Some(list) = node.child(SyntaxKind::PARAM_LIST) {
            return Some(self.argument_types(&list));
        }
        let list = node.child(SyntaxKind::ATTRIBUTE_LIST)?;
        let base = list
            .every(SyntaxKind::ATTRIBUTE_OPTION)
            .find(|option| option.child(SyntaxKind::ATTRIBUTE_NAME).is_some_and(|name| name.words() == "basetype"))?;
        Some(self.first_type(&base.child(SyntaxKind::ATTRIBUTE_VALUE)?).into_iter().collect())
    }

    fn created_span(&self, node: &SyntaxNode, named: &SyntaxNode, kind: ObjectKind) -> Span {
        let last = match kind {
            ObjectKind::Transform => node.child(SyntaxKind::LANGUAGE_REF),
            ObjectKind::UserMapping => node.child(SyntaxKind::SERVER_CLAUSE),
            _ => return self.span(named),
        };
        let last = last.unwrap_or_else(|| named.clone());
        match node.token(SyntaxKind::FOR_KW) {
            Some(first) => self.element_span(&SyntaxElement::Token(first), &SyntaxElement::Node(last)),
            None => self.span_between(named, &last),
        }
    }

    /// The tables that a rule's statements, statistics or a publication name.
    fn tables_of(&self, node: &SyntaxNode, kind: ObjectKind) -> Vec<Name> {
        let within = match kind {
            ObjectKind::Rule => node.child(SyntaxKind::RULE_DO),
            ObjectKind::Statistics => node.child(SyntaxKind::FROM_TABLE),
            ObjectKind::Publication => node.child(SyntaxKind::FOR_PUBLICATION_OBJECTS),
            _ => None,
        };
        let names = within
            .into_iter()
            .flat_map(|within| within.descendants())
            .filter(|name| matches!(name.kind(), SyntaxKind::RELATION_NAME_REF | SyntaxKind::TABLE_NAME_REF));
        names.filter_map(|name| self.name(&name)).collect()
    }

    /// `alter` of an object without its own statement in the tree.
    pub(super) fn alter_object(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let kind = object_kind(node.kind())?;
        let mut parts = node.children();
        let named = parts.next();
        let name = match kind {
            ObjectKind::LargeObject | ObjectKind::UserMapping => None,
            ObjectKind::Operator => {
                named.as_ref().and_then(|sig| sig.child(SyntaxKind::OP)).and_then(|sign| self.operator(&sign))
            }
            _ => named.as_ref().and_then(|named| self.name(named)),
        };
        let clause = |part: &SyntaxNode| {
            matches!(part.kind(), SyntaxKind::ON_RELATION | SyntaxKind::USING_METHOD | SyntaxKind::SERVER_CLAUSE)
        };
        let action = parts.find(|part| !clause(part));
        let action = action.map_or_else(|| ObjectAction::Other(String::new()), |action| self.simple_action_of(&action));
        Some(StmtKind::AlterObject(Box::new(AlterObject { kind, name, on: self.owner_table(node), action })))
    }

    /// An action that many kinds of object share.
    pub(super) fn simple_action_of(&self, action: &SyntaxNode) -> ObjectAction {
        let part = action.children().next();
        let known = match action.kind() {
            SyntaxKind::SET_SCHEMA => part.and_then(|schema| self.ident(&schema)).map(ObjectAction::SetSchema),
            SyntaxKind::OWNER_TO => part.map(|role| ObjectAction::Owner(role.words())),
            SyntaxKind::ROLE_REF => Some(ObjectAction::Owner(action.words())),
            _ if is_rename(action) => self.new_name(action).map(ObjectAction::Rename),
            _ => None,
        };
        known.unwrap_or_else(|| ObjectAction::Other(action.words()))
    }

    /// `create schema`; its elements are statements of their own.
    pub(super) fn create_schema(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let target = node.child(SyntaxKind::NAMED_SCHEMA).or_else(|| node.child(SyntaxKind::AUTHORIZATION_SCHEMA))?;
        let name = target.children().next()?;
        Some(StmtKind::CreateSchema(Box::new(CreateSchema {
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name: self.ident(&name)?,
        })))
    }

    /// The statements within `create schema`.
    pub(super) fn schema_elements(&mut self, node: &SyntaxNode) -> Vec<Stmt> {
        let is_element = |child: &SyntaxNode| {
            !matches!(
                child.kind(),
                SyntaxKind::IF_NOT_EXISTS
                    | SyntaxKind::NAMED_SCHEMA
                    | SyntaxKind::AUTHORIZATION_SCHEMA
                    | SyntaxKind::ERROR
            )
        };
        node.children().filter(is_element).map(|child| self.stmt(&child)).collect()
    }

    /// `create extension`.
    pub(super) fn create_extension(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let version = node.child(SyntaxKind::EXTENSION_VERSION_CLAUSE).and_then(|clause| clause.children().next());
        Some(StmtKind::CreateExtension(Box::new(CreateExtension {
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name: self.ident(&node.child(SyntaxKind::EXTENSION)?)?,
            schema: node
                .child(SyntaxKind::EXTENSION_SCHEMA)
                .and_then(|it| self.ident(&it.child(SyntaxKind::SCHEMA_REF)?)),
            version: version.map(|version| version.written()),
            cascade: node.has(SyntaxKind::CASCADE_KW),
        })))
    }
}

/// Whether an action is `rename to` of the object itself.
fn is_rename(action: &SyntaxNode) -> bool {
    action.has(SyntaxKind::RENAME_KW) && action.has(SyntaxKind::TO_KW) && action.children().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::parse::parse;

    #[test]
    fn any_created_object_has_a_kind_and_a_name_or_its_text() {
        let seen = |sql: &'static str| {
            let StmtKind::CreateObject(it) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
            let tables: Vec<_> = it.tables.iter().map(ToString::to_string).collect();
            (it.kind, it.name.map(|name| name.object().to_owned()), it.written.of(sql), tables.join(" "))
        };
        let expected = |kind, name: Option<&str>, written, tables: &str| {
            (kind, name.map(str::to_owned), written, tables.to_owned())
        };
        let rule = "create or replace rule r as on insert to s.t do instead (insert into a values (1); delete from b)";
        assert_eq!(seen(rule), expected(ObjectKind::Rule, Some("r"), "r", "a b"));
        let publication = seen("create publication p for table a, only s.b (x)");
        assert_eq!(publication, expected(ObjectKind::Publication, Some("p"), "p", "a s.b"));
        let operator = seen("create operator s.~~> (leftarg = int, function = f)");
        assert_eq!(operator, expected(ObjectKind::Operator, Some("~~>"), "s.~~>", ""));
        let mapping = seen("create user mapping if not exists for current_user server x");
        assert_eq!(mapping, expected(ObjectKind::UserMapping, None, "for current_user server x", ""));
        let cast = seen("create cast (a as b) without function");
        assert_eq!(cast, expected(ObjectKind::Cast, None, "(a as b)", ""));
        assert_eq!(seen("create statistics on a, b from s.t").3, "s.t");
    }

    #[test]
    fn altering_is_a_simple_action_or_its_words() {
        let altered = |sql: &str| {
            let StmtKind::AlterObject(it) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
            *it
        };
        let trigger = altered("alter trigger t on s.x rename to y");
        assert_eq!((trigger.kind, trigger.on.unwrap().to_string().as_str()), (ObjectKind::Trigger, "s.x"));
        assert!(matches!(trigger.action, ObjectAction::Rename(to) if to.value == "y"));
        let schema = altered("alter schema a owner to current_user");
        assert_eq!(schema.action, ObjectAction::Owner("current_user".to_owned()));
        let class = altered("alter operator class c using btree set schema s");
        assert!(matches!(class.action, ObjectAction::SetSchema(to) if to.value == "s"));
        let publication = altered("alter publication p add table a");
        assert_eq!(publication.action, ObjectAction::Other("add table a".to_owned()));
    }

    #[test]
    fn what_a_schema_is_made_with_follows_it() {
        for sql in [
            "create schema s create table t (a int) create view v as select 1;",
            "create schema s authorization r create table t (a int) create view v as select 1;",
        ] {
            let script = parse(sql);
            assert_eq!(script.errors, []);
            let [schema, table, view] = &script.statements[..] else { panic!("{script:?}") };
            assert!(matches!(&schema.kind, StmtKind::CreateSchema(it) if it.name.value == "s"));
            assert!(matches!(table.kind, StmtKind::CreateTable(_)) && matches!(view.kind, StmtKind::CreateView(_)));
        }
    }
}
