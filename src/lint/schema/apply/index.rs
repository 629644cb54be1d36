//! Indexes: created by themselves or for a constraint, on partitions too.

use super::Cx;
use super::constraint::keys;
use super::figure::figure;
use super::name::{distinct, joined, value, values};
use crate::lint::schema::{Index, IndexKey, QName, Schema};
use crate::sql::ast::{CreateIndex, Expr};
use crate::text::Span;

impl Schema {
    /// `create index`.
    pub(super) fn create_index(&mut self, cx: &Cx<'_>, create: &CreateIndex, span: Span) {
        let table = self.resolve(&create.table);
        let elements: Vec<Expr> = create.elements.iter().map(|element| element.expr.clone()).collect();
        let (keys, include) = (keys(&elements), values(&create.include));
        let name = match &create.name {
            Some(name) => {
                let name = QName::new(table.schema.as_str(), value(name));
                if self.is_kept(cx, self.has_relation(&name), create.if_not_exists) {
                    return;
                }
                self.remove_index(&name);
                name
            }
            None => self.free_index(cx, &table, &keys, &include),
        };
        let place = cx.place(create.name.as_ref().map_or(span, |name| name.span));
        let index = Index {
            name,
            table: table.clone(),
            keys,
            include,
            unique: create.unique,
            filter: create.filter.clone(),
            method: create.method.clone(),
            constraint: None,
            concurrently: create.concurrently,
            only: create.only,
            parent: None,
            created: place,
        };
        self.touch(cx, &table);
        let of_partitions = (!create.only).then(|| index.clone());
        self.put_index(index);
        if let Some(index) = of_partitions {
            self.index_of_partitions(cx, &index);
        }
    }

    pub(super) fn free_index(&self, cx: &Cx<'_>, table: &QName, keys: &[IndexKey], include: &[String]) -> QName {
        let columns = key_names(cx, keys, include);
        QName::new(table.schema.as_str(), self.free_relation(table, Some(&joined(&columns)), "idx", false))
    }

    /// Puts an index in the state and in the list of its table or view.
    pub(super) fn put_index(&mut self, index: Index) {
        let list = match self.tables.get_mut(&index.table) {
            Some(table) => Some(&mut table.indexes),
            None => self.views.get_mut(&index.table).map(|view| &mut view.indexes),
        };
        if let Some(list) = list
            && let Err(at) = list.binary_search(&index.name)
        {
            list.insert(at, index.name.clone());
        }
        self.indexes.insert(index.name.clone(), index);
    }

    /// An index of a partitioned table is one of each partition, unless it has such a one.
    fn index_of_partitions(&mut self, cx: &Cx<'_>, parent: &Index) {
        for partition in self.partitions(&parent.table) {
            self.index_of_partition(cx, parent, &partition);
        }
    }

    /// Finds or makes a partition's part of an index that belongs to no constraint.
    pub(super) fn index_of_partition(&mut self, cx: &Cx<'_>, parent: &Index, partition: &QName) {
        let own = self.indexes_of(partition).find(|own| own.parent.is_none() && is_same(own, parent));
        if let Some(own) = own.map(|own| own.name.clone()) {
            if let Some(own) = self.indexes.get_mut(&own) {
                own.parent = Some(parent.name.clone());
            }
            return;
        }
        let name = self.free_index(cx, partition, &parent.keys, &parent.include);
        let index = Index {
            name,
            table: partition.clone(),
            parent: Some(parent.name.clone()),
            only: false,
            constraint: None,
            ..parent.clone()
        };
        self.put_index(index.clone());
        self.index_of_partitions(cx, &index);
    }

    /// Takes an index away, with those of partitions that belong to it.
    pub(super) fn remove_index(&mut self, name: &QName) {
        let Some(index) = self.indexes.remove(name) else { return };
        let list = match self.tables.get_mut(&index.table) {
            Some(table) => Some(&mut table.indexes),
            None => self.views.get_mut(&index.table).map(|view| &mut view.indexes),
        };
        if let Some(list) = list {
            list.retain(|it| it != name);
        }
        for partition in self.partitions(&index.table) {
            let part = self.indexes_of(&partition).find(|it| it.parent.as_ref() == Some(name));
            if let Some((part, constraint)) = part.map(|it| (it.name.clone(), it.constraint.clone())) {
                self.remove_index(&part);
                if let Some(it) = self.tables.get_mut(&partition) {
                    it.constraints.retain(|it| Some(&it.name) != constraint.as_ref());
                }
            }
        }
    }

    /// Gives an index another name; what is at hand of it follows.
    pub(super) fn rename_index(&mut self, from: &QName, to: &QName) {
        if from == to {
            return;
        }
        let Some(mut index) = self.indexes.remove(from) else { return };
        index.name = to.clone();
        let list = match self.tables.get_mut(&index.table) {
            Some(table) => Some(&mut table.indexes),
            None => self.views.get_mut(&index.table).map(|view| &mut view.indexes),
        };
        if let Some(list) = list {
            list.retain(|it| it != from);
        }
        for partition in self.partitions(&index.table) {
            let parts: Vec<QName> = self
                .indexes_of(&partition)
                .filter(|it| it.parent.as_ref() == Some(from))
                .map(|it| it.name.clone())
                .collect();
            for part in parts {
                if let Some(part) = self.indexes.get_mut(&part) {
                    part.parent = Some(to.clone());
                }
            }
        }
        self.put_index(index);
    }
}

/// What the parts of an index are called in its name.
pub(super) fn key_names(cx: &Cx<'_>, keys: &[IndexKey], include: &[String]) -> Vec<String> {
    let name = |key: &IndexKey| match key {
        IndexKey::Column(name) => name.clone(),
        IndexKey::Expr(expr) => figure(expr, cx).named().unwrap_or_else(|| "expr".to_owned()),
    };
    distinct(keys.iter().map(name).chain(include.iter().cloned()).collect())
}

/// Whether an index can stand for a part of another; expressions are told apart by where they are written only.
pub(super) fn is_same(one: &Index, other: &Index) -> bool {
    one.keys == other.keys
        && one.include == other.include
        && one.unique == other.unique
        && one.method == other.method
        && one.filter == other.filter
}
