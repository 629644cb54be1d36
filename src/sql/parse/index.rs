//! `create index`, and the elements that indexes and partition keys are made of.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::node::{Lower, Node};
use crate::sql::ast::{CreateIndex, Expr, IndexElement, Name, StmtKind};

impl Lower<'_> {
    /// `create index`.
    pub(super) fn create_index(&mut self, node: &SyntaxNode) -> Option<StmtKind> {
        let (table, only) = self.relation_name(node)?;
        let keyword = self.token_span(&node.token(SyntaxKind::INDEX_KW)?);
        let name = node.child(SyntaxKind::INDEX).and_then(|index| self.name(&index)?.parts.pop());
        let method = node.child(SyntaxKind::USING_METHOD).and_then(|using| {
            let method = self.ident(&using.child(SyntaxKind::ACCESS_METHOD_REF)?)?;
            Some(method.value)
        });
        let items = node.child(SyntaxKind::PARTITION_ITEM_LIST);
        let items = items.iter().flat_map(|list| list.every(SyntaxKind::PARTITION_ITEM));
        let elements = items.filter_map(|item| self.index_element(&item)).collect();
        let include = node.child(SyntaxKind::INDEX_INCLUDE_CLAUSE);
        let include = include.and_then(|include| include.child(SyntaxKind::PARTITION_ITEM_LIST));
        Some(StmtKind::CreateIndex(Box::new(CreateIndex {
            unique: node.has(SyntaxKind::UNIQUE_KW),
            keyword,
            concurrently: node.has(SyntaxKind::CONCURRENTLY_KW),
            if_not_exists: node.holds(SyntaxKind::IF_NOT_EXISTS),
            name,
            only,
            table,
            method: method.unwrap_or_else(|| "btree".to_owned()),
            elements,
            include: include.map_or_else(Vec::new, |list| self.idents_in(&list)),
            nulls_not_distinct: node.holds(SyntaxKind::NULLS_NOT_DISTINCT),
            filter: node.child(SyntaxKind::WHERE_CLAUSE).and_then(|filter| self.first_expr(&filter)),
        })))
    }

    fn index_element(&mut self, item: &SyntaxNode) -> Option<IndexElement> {
        let expr = self.item_expr(item)?;
        let collate = item.child(SyntaxKind::COLLATE);
        let collation = collate.and_then(|collate| collate.child(SyntaxKind::COLLATION_REF));
        let descending = item.holds(SyntaxKind::SORT_DESC);
        Some(IndexElement {
            expr,
            collation: collation.and_then(|collation| self.name(&collation)),
            opclass: item.child(SyntaxKind::OP_CLASS_REF).and_then(|class| self.name(&class)),
            descending,
            nulls_first: item.holds(SyntaxKind::NULLS_FIRST) || descending && !item.holds(SyntaxKind::NULLS_LAST),
        })
    }

    /// The expression of an index element or a partition key, without `collate`, which the tree wraps around it.
    pub(super) fn item_expr(&mut self, item: &SyntaxNode) -> Option<Expr> {
        let wrapped = item.child(SyntaxKind::COLLATE).and_then(|collate| self.first_expr(&collate));
        wrapped.or_else(|| self.first_expr(item))
    }

    /// `[only] name [*]` of a table, and whether `only` is written.
    pub(super) fn relation_name(&self, node: &SyntaxNode) -> Option<(Name, bool)> {
        let relation = node.child(SyntaxKind::TABLE_RELATION_NAME)?;
        let name = self.name(&relation.child(SyntaxKind::TABLE_NAME_REF)?)?;
        Some((name, relation.has(SyntaxKind::ONLY_KW)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::ast::ExprKind;
    use crate::sql::parse::parse;

    fn index(sql: &str) -> CreateIndex {
        let StmtKind::CreateIndex(index) = parse(sql).statements.remove(0).kind else { panic!("{sql}") };
        *index
    }

    #[test]
    fn an_index_keeps_everything_that_makes_it_differ() {
        let sql = "create unique index concurrently if not exists i on only s.t using GIN (a collate \"C\" x.ops desc nulls last, \
                   (b + 1), lower(c)) include (d, e) nulls not distinct where (a > 1) and b is null;";
        let index = index(sql);
        assert!(index.unique && index.concurrently && index.if_not_exists && index.only && index.nulls_not_distinct);
        assert_eq!((index.name.unwrap().value.as_str(), index.table.span.of(sql)), ("i", "s.t"));
        assert_eq!((index.method.as_str(), index.keyword.of(sql)), ("gin", "index"));
        let [first, second, third] = &index.elements[..] else { panic!("{:?}", index.elements) };
        assert!(matches!(&first.expr.kind, ExprKind::Column(parts) if parts[0].value == "a"));
        assert_eq!(first.collation.as_ref().map(Name::object), Some("C"));
        assert_eq!(first.opclass.as_ref().map(|class| class.span.of(sql)), Some("x.ops"));
        assert!(first.descending && !first.nulls_first);
        assert_eq!((second.expr.span.of(sql), third.expr.span.of(sql)), ("b + 1", "lower(c)"));
        assert_eq!(index.include.iter().map(|column| column.value.as_str()).collect::<Vec<_>>(), ["d", "e"]);
        assert_eq!(index.filter.unwrap().span.of(sql), "(a > 1) and b is null");
    }

    #[test]
    fn an_index_needs_no_name_and_no_method() {
        let index = index("create index on t ((a) desc)");
        assert_eq!((index.name, index.method.as_str()), (None, "btree"));
        assert!(index.elements[0].expr.as_column().is_some());
        assert!(index.elements[0].nulls_first);
    }
}
