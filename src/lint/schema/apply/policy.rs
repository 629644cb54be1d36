//! Row-level security policies.

use std::collections::BTreeSet;

use super::Cx;
use super::name::{value, values};
use crate::lint::schema::{Policy, QName, Schema};
use crate::sql::ast::{AlterPolicy, CreatePolicy, Expr, ExprKind, Query};

/// The queries within an expression, the outermost ones.
fn queries(expr: &Expr) -> Vec<&Query> {
    let of = |expr: &&'_ Expr| matches!(expr.kind, ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::In { .. });
    expr.all()
        .into_iter()
        .filter(of)
        .filter_map(|expr| match &expr.kind {
            ExprKind::Subquery(query) | ExprKind::Exists(query) => Some(query.as_ref()),
            ExprKind::In { query, .. } => query.as_deref(),
            _ => None,
        })
        .collect()
}

impl Schema {
    /// `create policy`.
    pub(super) fn create_policy(&mut self, cx: &Cx<'_>, create: &CreatePolicy) {
        let table = self.resolve(&create.table);
        let Some(it) = self.tables.get(&table) else { return };
        let name = value(&create.name);
        let exists = it.policies.iter().any(|policy| policy.name == name);
        if self.is_kept(cx, exists, false) {
            return;
        }
        let mut roles = values(&create.roles);
        if roles.is_empty() {
            roles.push("public".to_owned());
        }
        let policy = Policy {
            name: name.clone(),
            created: cx.place(create.name.span),
            permissive: create.permissive,
            command: create.command,
            roles,
            using: create.using.clone(),
            check: create.check.clone(),
        };
        self.touch(cx, &table);
        self.depend_policy(&table, &policy);
        if let Some(it) = self.tables.get_mut(&table) {
            it.policies.retain(|policy| policy.name != name);
            it.policies.push(policy);
        }
    }

    /// `alter policy`.
    pub(super) fn alter_policy(&mut self, cx: &Cx<'_>, alter: &AlterPolicy) {
        let (table, name) = (self.resolve(&alter.table), value(&alter.name));
        self.touch(cx, &table);
        let Some(it) = self.tables.get_mut(&table) else { return };
        let Some(policy) = it.policies.iter_mut().find(|policy| policy.name == name) else { return };
        if let Some(rename) = &alter.rename {
            policy.name = value(rename);
        }
        if let Some(roles) = &alter.roles {
            policy.roles = values(roles);
        }
        if alter.using.is_some() {
            policy.using.clone_from(&alter.using);
        }
        if alter.check.is_some() {
            policy.check.clone_from(&alter.check);
        }
        let policy = policy.clone();
        self.depend_policy(&table, &policy);
    }

    fn depend_policy(&mut self, table: &QName, policy: &Policy) {
        for read in self.policy_reads(policy) {
            self.depend(&read, table);
        }
    }

    /// The relations that a policy's queries read.
    pub(super) fn policy_reads(&self, policy: &Policy) -> Vec<QName> {
        let exprs = policy.using.iter().chain(&policy.check);
        exprs.flat_map(queries).flat_map(|query| self.reads(query)).collect()
    }

    /// The columns of relations that a policy's queries need.
    pub(super) fn policy_uses(&self, policy: &Policy) -> BTreeSet<(QName, String)> {
        let exprs = policy.using.iter().chain(&policy.check);
        exprs.flat_map(queries).flat_map(|query| self.uses(query)).collect()
    }
}
