//! What all other statements cost: those that make, change and describe objects.

use super::{Look, of};
use crate::lint::ask::altered::members;
use crate::lint::ask::facts::noun;
use crate::lint::ask::reach::users;
use crate::lint::schema::{QName, TableKind};
use crate::risk::{Danger, LockMode, Phase, Reversible};
use crate::sql::ast::{
    AlterEnum, AlterObject, AlterRoutine, CommentOn, CreateIndex, Grant, GrantTarget, Name, ObjectAction, ObjectKind,
    PartitionBound, Stmt, StmtKind,
};
use crate::text::{Span, bare_ident};

impl Look<'_, '_> {
    /// Whatever is neither `alter table`, `drop`, nor about rows.
    pub(super) fn object(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::CreateTable(create) => {
                self.joined_new(create);
                if let (Some(parent), Some(PartitionBound::Values(bound))) = (&create.partition_of, &create.bound) {
                    let (parent, bound) = (self.named(parent), self.at.text(*bound));
                    let approval = format!("add-partition:{}", self.at.schema.creation(&create.name));
                    self.default_partition(&parent, bound, &approval);
                }
            }
            StmtKind::CreateIndex(index) => self.create_index(index, stmt),
            StmtKind::CreateView(view) if view.or_replace => self.replaced("view", &view.name),
            StmtKind::CreateRoutine(routine)
                if routine.or_replace && self.before.functions.contains_key(&self.named(&routine.name)) =>
            {
                let name = self.full(&routine.name);
                let text = format!("code that calls {name} gets the new body from then on");
                self.cost.reason(Danger::Touches, format!("replace-function:{name}"), text);
            }
            StmtKind::AlterRoutine(routine) => self.alter_routine(routine),
            StmtKind::RefreshView { name, concurrently, no_data } => self.refresh(name, *concurrently, *no_data),
            StmtKind::CreateTrigger(it) => {
                self.lock_view(&self.named(&it.table), LockMode::ShareRowExclusive);
            }
            StmtKind::CommentOn(comment) => self.commented(comment),
            StmtKind::CreateObject(it) if it.kind == ObjectKind::Rule => {
                it.on.iter().for_each(|on| self.lock_view(&self.named(on), LockMode::AccessExclusive));
            }
            StmtKind::AlterEnum(alter) => self.alter_enum(alter),
            StmtKind::AlterObject(alter) => self.alter_object(alter),
            StmtKind::Owned { drop } => {
                let what = self.line(stmt.span);
                if *drop {
                    self.is(Phase::Contract);
                    self.cost.returns(Reversible::DataLost, "the rows of all tables of the role are gone");
                    self.cost.reason(Danger::LosesData, "drop-owned", format!("drops all that a role owns: `{what}`"));
                } else {
                    self.cost.reason(Danger::Touches, "reassign-owned", format!("changes owners: `{what}`"));
                }
            }
            StmtKind::Grant(grant) => self.grant(grant),
            StmtKind::Vacuum { full: true, tables } => tables.iter().for_each(|it| self.rewritten(it, "vacuum full")),
            StmtKind::Cluster { table: Some(table), concurrently: false } => self.rewritten(table, "cluster"),
            StmtKind::Cluster { table: None, .. } => self.opaque("`cluster` without a table works on many"),
            StmtKind::Reindex { what, name: Some(name), concurrently, .. } => self.reindex(what, name, *concurrently),
            StmtKind::Do { body: None, language, .. } => self.opaque(&format!("a block in {language}")),
            StmtKind::CreateRole(role) if role.alter => {
                let name = bare_ident(&role.name.value);
                self.cost.reason(Danger::Touches, format!("alter-role:{name}"), format!("changes the role {name}"));
            }
            StmtKind::AlterSystem => {
                self.cost.reason(Danger::Touches, "alter-system", "changes a setting of the whole server");
            }
            StmtKind::AlterDatabase { name } => {
                self.cost.reason(Danger::Touches, format!("alter-database:{name}"), "changes settings of the database");
            }
            StmtKind::AlterDefaultPrivileges(it) => {
                let word = if it.revoke { "fewer" } else { "more" };
                let text = format!("new objects get {word} privileges");
                self.cost.reason(Danger::Touches, "default-privileges", text);
            }
            StmtKind::Invalid => self.opaque("it does not parse"),
            _ => {}
        }
    }

    fn alter_routine(&mut self, routine: &AlterRoutine) {
        let old = self.named(&routine.routine.name);
        if !self.before.functions.contains_key(&old) {
            return;
        }
        match (&routine.rename, &routine.set_schema) {
            (Some(to), _) => self.renamed("function", &old, &QName::new(old.schema.as_str(), to.value.as_str())),
            (None, Some(to)) => self.renamed("function", &old, &QName::new(to.value.as_str(), old.name.as_str())),
            (None, None) => {
                self.cost.reason(Danger::Touches, format!("alter-function:{old}"), format!("changes {old}"));
            }
        }
    }

    fn replaced(&mut self, noun: &str, name: &Name) {
        let name = self.named(name);
        self.lock_view(&name, LockMode::AccessExclusive);
        if self.before.views.contains_key(&name) {
            let text = format!("code that reads {name} gets the new query from then on");
            self.cost.reason(Danger::Touches, format!("replace-{noun}:{name}"), text);
        }
    }

    /// A lock on a view or sequence, where it is known.
    pub(super) fn lock_view(&mut self, name: &QName, mode: LockMode) {
        if self.at.schema.views.contains_key(name) || self.at.schema.sequences.contains_key(name) {
            self.lock_now(name, mode);
        }
    }

    fn commented(&mut self, comment: &CommentOn) {
        let Some(name) = &comment.name else { return };
        let of_column = || name.parts.split_last().filter(|(_, table)| !table.is_empty());
        let named = match comment.kind {
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence => Some(self.named(name)),
            ObjectKind::Column => {
                of_column().map(|(_, table)| self.named(&Name { parts: table.to_vec(), span: name.span }))
            }
            _ => None,
        };
        if let Some(name) = named {
            self.lock_view(&name, LockMode::ShareUpdateExclusive);
        }
    }

    fn create_index(&mut self, index: &CreateIndex, stmt: &Stmt) {
        let table = self.named(&index.table);
        let view = self.is_stored_view(&table);
        let known = self.at.schema.tables.get(&table);
        let is_there = index.if_not_exists
            && index.name.as_ref().is_some_and(|name| {
                self.before.indexes.contains_key(&QName::new(table.schema.as_str(), name.value.as_str()))
            });
        let is_alone = index.only && known.is_some_and(|it| it.kind == TableKind::Partitioned);
        let is_read = view || self.at.is_in_use(&index.table) && !known.is_some_and(|it| it.kind == TableKind::Foreign);
        let is_empty = crate::lint::ask::in_use::is_emptied(&self.at, &table);
        if !is_read || is_there || is_alone || is_empty {
            return;
        }
        if view {
            self.cost.scans.insert(self.former(&table).to_string());
        } else {
            self.scans_own(&table);
        }
        let name = index.name.as_ref().map(|name| name.value.as_str());
        let shown = name.map_or_else(|| table.to_string(), |name| QName::new(table.schema.as_str(), name).to_string());
        let approval = format!("create-index:{shown}");
        if index.unique {
            self.is(Phase::Contract);
            let keys: Vec<String> = index.elements.iter().map(|it| self.line(it.expr.span)).collect();
            let left = if index.concurrently { ", and leaves an invalid index behind" } else { "" };
            let why = format!("fails where two rows of {table} have the same `{}`{left}", keys.join(", "));
            self.cost.fails(why.as_str());
            let danger = if index.concurrently { Danger::TestsRows } else { Danger::FailsOnRows };
            self.cost.reason(danger, approval.as_str(), why);
        }
        if index.concurrently {
            let text = format!("reads {table} twice and waits for older transactions; reads and writes go on");
            self.cost.reason(Danger::Touches, approval, text);
            return;
        }
        self.cost.reason(Danger::BlocksWrites, approval, format!("builds an index over {table} while writes wait"));
        if known.is_none_or(|it| it.kind != TableKind::Partitioned) {
            let head = self.sql(Span::new(stmt.span.start, index.keyword.end));
            let tail = self.sql(Span::new(index.keyword.end, stmt.span.end));
            let guarded = tail.get(..13).is_some_and(|it| it.eq_ignore_ascii_case("if not exists"));
            let tail = if guarded { tail[13..].trim_start() } else { &tail };
            self.concurrently(name, &table.schema, &format!("{head} concurrently {tail}"));
        }
    }

    fn reindex(&mut self, what: &str, name: &Name, concurrently: bool) {
        let full = self.named(name);
        let table = match what {
            "table" => full.clone(),
            "index" => match self.at.schema.indexes.get(&full) {
                Some(index) => index.table.clone(),
                None => return,
            },
            _ => return self.opaque("it works on many tables"),
        };
        if !self.before.tables.contains_key(&self.former(&table)) && !self.is_stored_view(&table) {
            return;
        }
        self.scans_own(&table);
        if concurrently {
            let text = format!("reads {table} and waits for older transactions; reads and writes go on");
            self.cost.reason(Danger::Touches, format!("reindex:{full}"), text);
            return;
        }
        if what == "index" {
            self.lock_whole(&table, LockMode::Share);
        }
        let text = format!("builds {full} anew while writes of {table} wait, and reads that would use the index");
        self.cost.reason(Danger::BlocksWrites, format!("reindex:{full}"), text);
        self.cost.instead = vec![format!("reindex {what} concurrently {full}; -- outside a transaction")];
    }

    fn alter_enum(&mut self, alter: &AlterEnum) {
        let name = self.named(&alter.name);
        if self.is_new(ObjectKind::Type, &alter.name) {
            return;
        }
        if let Some(old) = &alter.renamed_from {
            self.is(Phase::Contract);
            let text = format!("code that writes or compares with '{old}' of {name} fails from then on");
            self.cost.reason(Danger::BreaksCode, format!("rename-value:{name}.{old}"), text);
            return;
        }
        let why = format!("PostgreSQL cannot take a label out of the enum {name} again");
        self.cost.returns(Reversible::No, why.as_str());
        let text = format!("adds '{}' to the enum {name} for good: no statement takes a label out", alter.value);
        self.cost.reason(Danger::Permanent, format!("add-value:{name}.{}", alter.value), text);
    }

    fn alter_object(&mut self, alter: &AlterObject) {
        let Some(name) = &alter.name else { return };
        let noun = noun(alter.kind);
        if let (ObjectKind::Publication, ObjectAction::Other(words)) = (alter.kind, &alter.action) {
            let tables: Vec<QName> = members(words)
                .iter()
                .map(|(_, member)| match member.schema {
                    Some(schema) => QName::new(schema, &*member.name),
                    None => self.at.schema.resolve_parts(None, &member.name),
                })
                .collect();
            for table in tables.iter().filter(|it| self.at.schema.tables.contains_key(*it)) {
                self.lock_now(table, LockMode::ShareUpdateExclusive);
            }
        }
        if let Some(on) = &alter.on {
            if self.at.is_in_use(on) {
                let table = self.named(on);
                let text = format!("changes the {noun} `{}` of {table}", bare_ident(name.object()));
                self.cost.reason(Danger::Touches, format!("alter-{noun}:{}", of(&table, name.object())), text);
            }
            return;
        }
        if self.is_new(alter.kind, name) {
            return;
        }
        let full = self.named(name);
        match &alter.action {
            ObjectAction::Rename(to) if !matches!(alter.kind, ObjectKind::Statistics | ObjectKind::EventTrigger) => {
                let new = QName::new(full.schema.as_str(), to.value.as_str());
                self.renamed(noun, &full, &new);
            }
            ObjectAction::SetSchema(to) => {
                let new = QName::new(to.value.as_str(), full.name.as_str());
                self.renamed(noun, &full, &new);
            }
            ObjectAction::AddConstraint { not_valid: false, .. } => self.domain(name, &full, "the new constraint"),
            ObjectAction::ValidateConstraint(constraint) => self.domain(name, &full, &constraint.value),
            ObjectAction::Other(words) if words == "set not null" => self.domain(name, &full, "not null"),
            _ => {
                let text = format!("changes the {noun} {full}");
                self.cost.reason(Danger::Touches, format!("alter-{}:{full}", noun.replace(' ', "-")), text);
            }
        }
    }

    /// A constraint of a domain is tested in every table that has it.
    fn domain(&mut self, name: &Name, full: &QName, constraint: &str) {
        self.is(Phase::Contract);
        let approval = format!("alter-domain:{full}");
        let Some(users) = users(&self.at, name) else {
            let text = format!("reads every table that uses {full} while its writes wait");
            self.cost.fails(format!("fails where a value of {full} does not obey {constraint}"));
            self.cost.reason(Danger::FailsOnRows, approval.as_str(), text.as_str());
            self.cost.reason(Danger::BlocksWrites, approval, text);
            return;
        };
        for table in users {
            self.scans(&table);
            self.lock(&table, LockMode::Share);
            let why = format!("fails where a value of {full} in {table} does not obey {constraint}");
            self.cost.fails(why.as_str());
            self.cost.reason(Danger::FailsOnRows, approval.as_str(), why);
            let text = format!("reads {table}, which uses {full}, while its writes wait");
            self.cost.reason(Danger::BlocksWrites, approval.as_str(), text);
        }
    }

    fn grant(&mut self, grant: &Grant) {
        let (on, is_new) = match &grant.target {
            GrantTarget::Objects(kind, names) => {
                let words: Vec<String> = names.iter().map(|name| self.full(name)).collect();
                (words.join(", "), names.iter().all(|name| self.is_new(*kind, name)))
            }
            GrantTarget::Routines(routines) => {
                let words: Vec<String> = routines.iter().map(|it| self.full(&it.name)).collect();
                (words.join(", "), routines.iter().all(|it| self.is_new(ObjectKind::Function, &it.name)))
            }
            GrantTarget::AllInSchema(kind, schemas) => {
                let words: Vec<&str> = schemas.iter().map(|it| it.value.as_str()).collect();
                (format!("all {}s in {}", noun(*kind), words.join(", ")), false)
            }
            GrantTarget::Roles(roles) => {
                let words: Vec<&str> = roles.iter().map(|it| it.value.as_str()).collect();
                (words.join(", "), false)
            }
        };
        if is_new {
            return;
        }
        let who: Vec<&str> = grant.grantees.iter().map(|it| it.value.as_str()).collect();
        let who = who.join(", ");
        if grant.revoke {
            self.is(Phase::Contract);
            let text = format!("{who} may do less with {on}: code that counts on it fails");
            self.cost.reason(Danger::Revokes, format!("revoke:{on}"), text);
        } else {
            self.cost.reason(Danger::Touches, format!("grant:{on}"), format!("{who} may do more with {on}"));
        }
    }
}
