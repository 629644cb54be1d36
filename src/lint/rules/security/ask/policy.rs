//! The policies that are left at the end of the chain, with the places where they are written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lint::schema::{FileId, Place, Policy, QName, Table};
use crate::lint::{ChainCx, Config, Origin};
use crate::sql::ast::{CreatePolicy, Expr, ObjectKind, PolicyCommand, StmtKind, TableActionKind};

/// An expression of a policy and the file in which it is written.
#[derive(Debug, Clone, Copy)]
pub struct Clause<'a> {
    /// The file.
    pub file: FileId,
    /// The expression.
    pub expr: &'a Expr,
}

impl Clause<'_> {
    /// Where it is written.
    pub fn place(&self) -> Place {
        Place::new(self.file, self.expr.span)
    }
}

/// A policy that is left.
#[derive(Debug)]
pub struct Live<'a> {
    /// The file that creates it.
    pub file: FileId,
    /// The statement that creates it.
    pub create: &'a CreatePolicy,
    /// The table.
    pub name: QName,
    /// The table, where the chain knows it.
    pub table: Option<&'a Table>,
    /// Whether `to` is written, in the end.
    pub roles_written: bool,
    /// To whom; `public` when nothing is written.
    pub roles: Vec<&'a str>,
    /// `using`.
    pub using: Option<Clause<'a>>,
    /// `with check`.
    pub check: Option<Clause<'a>>,
}

impl<'a> Live<'a> {
    /// Where its name is written.
    pub fn place(&self) -> Place {
        Place::new(self.file, self.create.name.span)
    }

    /// Its expressions.
    pub fn clauses(&self) -> impl Iterator<Item = Clause<'a>> {
        self.using.into_iter().chain(self.check)
    }

    /// Whether row-level security is on, as far as is known.
    pub fn is_enforced(&self) -> bool {
        self.table.is_none_or(|table| table.row_security || table.is_platform())
    }

    /// The roles of the API that it is for, `public` too.
    pub fn api_roles(&self, config: &Config) -> Vec<&'a str> {
        let counts = |role: &&str| *role == "public" || config.api_roles.iter().any(|api| api == role);
        self.roles.iter().copied().filter(counts).collect()
    }

    /// Whether it decides about a command.
    pub fn covers(&self, command: PolicyCommand) -> bool {
        self.create.command == PolicyCommand::All || self.create.command == command
    }

    /// Whether it can be for the same caller as another.
    pub fn shares_role(&self, other: &Self) -> bool {
        let all = |roles: &[&str]| roles.contains(&"public");
        all(&self.roles) || all(&other.roles) || self.roles.iter().any(|role| other.roles.contains(role))
    }
}

/// The policies that are left, in the order they are written.
pub fn live<'a>(cx: &ChainCx<'a>) -> Vec<Live<'a>> {
    let mut left: BTreeMap<(FileId, usize), (&Table, &Policy)> = BTreeMap::new();
    for table in cx.schema.tables.values() {
        for policy in &table.policies {
            if let Some(file) = policy.created.file {
                left.insert((file, policy.created.span.start), (table, policy));
            }
        }
    }
    let mut names: Option<BTreeSet<QName>> = None;
    let mut found: Vec<Live<'a>> = Vec::new();
    let mut by_name: HashMap<(QName, &'a str), usize> = HashMap::new();
    for file in cx.files {
        for event in file.events.iter().filter(|event| event.origin != Origin::Routine) {
            match &event.stmt.kind {
                StmtKind::CreatePolicy(create) => {
                    let span = event.stmt.span;
                    let known = left
                        .range((file.id, span.start)..=(file.id, span.end))
                        .map(|(_, known)| *known)
                        .find(|(_, policy)| policy.created.span.end <= span.end);
                    let name = known.map_or_else(|| cx.schema.resolve(&create.table), |(table, _)| table.name.clone());
                    if known.is_none()
                        && (names.get_or_insert_with(|| made(cx)).contains(&name)
                            || !may_be_left(cx, &name, create, Place::new(file.id, span)))
                    {
                        continue;
                    }
                    by_name.insert((name.clone(), &create.name.value), found.len());
                    found.push(written(file.id, create, name, known));
                }
                StmtKind::AlterPolicy(alter) => {
                    let key = (cx.schema.resolve(&alter.table), alter.name.value.as_str());
                    let Some(policy) = by_name.get(&key).map(|&at| &mut found[at]) else { continue };
                    if let Some(roles) = &alter.roles {
                        policy.roles = roles.iter().map(|role| role.value.as_str()).collect();
                        policy.roles_written = true;
                    }
                    if let Some(expr) = &alter.using {
                        policy.using = Some(Clause { file: file.id, expr });
                    }
                    if let Some(expr) = &alter.check {
                        policy.check = Some(Clause { file: file.id, expr });
                    }
                    if let Some(name) = &alter.rename
                        && let Some(at) = by_name.remove(&key)
                    {
                        by_name.insert((key.0, &name.value), at);
                    }
                }
                _ => {}
            }
        }
    }
    found
}

fn written<'a>(
    file: FileId,
    create: &'a CreatePolicy,
    name: QName,
    known: Option<(&'a Table, &'a Policy)>,
) -> Live<'a> {
    let roles: Vec<&str> = create.roles.iter().map(|role| role.value.as_str()).collect();
    Live {
        file,
        create,
        name,
        table: known.map(|(table, _)| table),
        roles_written: !roles.is_empty(),
        roles: if roles.is_empty() { vec!["public"] } else { roles },
        using: create.using.as_ref().map(|expr| Clause { file, expr }),
        check: create.check.as_ref().map(|expr| Clause { file, expr }),
    }
}

/// The names that tables have had which the chain makes: of these the state knows all policies.
fn made(cx: &ChainCx<'_>) -> BTreeSet<QName> {
    let mut made = BTreeSet::new();
    for event in cx.files.iter().flat_map(|file| &file.events).filter(|event| event.origin != Origin::Routine) {
        match &event.stmt.kind {
            StmtKind::CreateTable(create) => {
                made.insert(cx.schema.resolve(&create.name));
            }
            StmtKind::CreateTableAs(create) => {
                made.insert(cx.schema.resolve(&create.name));
            }
            StmtKind::AlterTable(alter) => {
                let schema = cx.schema.resolve(&alter.name).schema;
                let renamed = alter.actions.iter().filter_map(|action| match &action.kind {
                    TableActionKind::Rename(name) => Some(QName::new(schema.as_str(), name.value.as_str())),
                    _ => None,
                });
                made.extend(renamed);
            }
            _ => {}
        }
    }
    made
}

/// Whether a policy that the state does not have may be there: its table is not known, and neither was dropped later.
fn may_be_left(cx: &ChainCx<'_>, table: &QName, create: &CreatePolicy, place: Place) -> bool {
    if cx.schema.tables.get(table).is_some_and(|table| !table.is_platform()) {
        return false;
    }
    let at = |place: Place| (place.file, place.span.start);
    !cx.schema.dropped.iter().any(|dropped| {
        at(dropped.place) > at(place)
            && dropped.name == *table
            && match dropped.kind {
                ObjectKind::Table | ObjectKind::ForeignTable => true,
                ObjectKind::Policy => dropped.sub.as_deref() == Some(create.name.value.as_str()),
                _ => false,
            }
    })
}

/// A command as SQL has it.
pub fn word(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "all",
        PolicyCommand::Select => "select",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    }
}
