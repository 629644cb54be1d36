//! What the rules on `alter` share.

use super::create::catch_help;
use super::edit::{before, catching, put, under};
use super::judge::{Judged, described, full, judge, named};
use crate::lint::ask::effect::{Deed, Effect, Kind, Ref, Thing};
use crate::lint::ask::guard::{is_temporary, verdict};
use crate::lint::ask::ledger::{Target, presence};
use crate::lint::ask::raised;
use crate::lint::{Edit, EventCx, Findings, Fix};
use crate::sql::ast::{
    AlterTable, ConstraintKind, Ident, Name, ObjectAction, ObjectKind, Relation, RoutineRef, StmtKind, TableActionKind,
    TableConstraint,
};
use crate::text::{bare_ident, quote_literal};

/// Whether an `alter` does nothing on a second run: its table is temporary, or gone and it says `if exists`.
pub(super) fn is_idle(cx: &EventCx<'_>, alter: &AlterTable) -> bool {
    let table = || Target::new(Thing::object(alter.relation.into(), &alter.name));
    is_temporary(cx, &alter.name) || (alter.if_exists && presence(cx, &table(), cx.index, false) == Some(false))
}

/// Looks at `add column` and `add attribute`.
pub(super) fn add_column(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    let adds = |kind: &TableActionKind| matches!(kind, TableActionKind::AddColumn { if_not_exists: false, .. });
    if !alter.actions.iter().any(|action| adds(&action.kind)) || is_idle(cx, alter) {
        return;
    }
    let column = Kind::Object(ObjectKind::Column);
    for judged in judge(cx, |effect| effect.deed == Deed::Makes && effect.thing.kind == column) {
        // What `rename column` makes is another rule's.
        let added = alter.actions.iter().any(|action| {
            adds(&action.kind)
                && action.span.end >= judged.effect.span.end
                && action.span.start <= judged.effect.span.start
        });
        if !added || !judged.verdict.is_bare() {
            continue;
        }
        let (label, help, fix) = if alter.relation == Relation::Type {
            ("nothing guards it", catch_help(&judged), catching(cx, &judged.raised))
        } else {
            let fix = put(cx, judged.effect.span.start, "if not exists");
            ("no `if not exists`", "write `add column if not exists`".to_owned(), Some(fix))
        };
        super::create::report(cx, out, &judged, label, help, fix);
    }
}

/// The name that PostgreSQL makes up for a constraint, as long as it fits: `orders_user_id_fkey`.
fn made_up(table: &Name, kind: &ConstraintKind) -> Option<String> {
    let joined = |columns: &[Ident]| columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>().join("_");
    let (columns, suffix) = match kind {
        ConstraintKind::PrimaryKey { .. } => (String::new(), "pkey"),
        ConstraintKind::Unique { columns, .. } => (joined(columns), "key"),
        ConstraintKind::ForeignKey { columns, .. } => (joined(columns), "fkey"),
        ConstraintKind::Check { expr, .. } => {
            let mut columns: Vec<&str> = expr
                .all()
                .into_iter()
                .filter_map(|expr| expr.as_column()?.last())
                .map(|part| part.value.as_str())
                .collect();
            columns.dedup();
            (if let [only] = columns.as_slice() { (*only).to_owned() } else { String::new() }, "check")
        }
        ConstraintKind::Exclude { elements } => {
            let columns = elements.iter().filter_map(|expr| expr.as_column()?.last()).map(|part| part.value.as_str());
            (columns.collect::<Vec<_>>().join("_"), "excl")
        }
        ConstraintKind::NotNull(column) => (column.value.clone(), "not_null"),
    };
    let parts = [table.object(), columns.as_str(), suffix].into_iter().filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("_");
    (name.len() < 64).then_some(name)
}

/// Looks at `add constraint`, also of a domain.
pub(super) fn add_constraint(cx: &EventCx<'_>, out: &mut Findings) {
    match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => {
            let added = |kind: &TableActionKind| matches!(kind, TableActionKind::AddConstraint(_));
            if !alter.actions.iter().any(|action| added(&action.kind)) || is_idle(cx, alter) {
                return;
            }
            for action in &alter.actions {
                if let TableActionKind::AddConstraint(added) = &action.kind {
                    table_constraint(cx, out, alter, added);
                }
            }
        }
        StmtKind::AlterObject(alter) => {
            let ObjectAction::AddConstraint { name: Some(constraint), .. } = &alter.action else { return };
            let Some(domain) = &alter.name else { return };
            for judged in judge(cx, |_| true).into_iter().filter(|judged| judged.verdict.is_bare()) {
                let drop = format!("alter domain {domain} drop constraint if exists {}", bare_ident(&constraint.value));
                let fix = before(cx, "drop the constraint first", &drop);
                super::create::report(cx, out, &judged, "nothing guards it", format!("drop it first: `{drop};`"), fix);
            }
        }
        _ => {}
    }
}

fn table_constraint(cx: &EventCx<'_>, out: &mut Findings, alter: &AlterTable, added: &TableConstraint) {
    let constraint = Kind::Object(ObjectKind::Constraint);
    let mut found = judge(cx, |effect| {
        effect.deed == Deed::Makes
            && effect.thing.kind == constraint
            && added.span.start <= effect.span.start
            && effect.span.end <= added.span.end
    });
    let known = cx.schema.made_up_constraints(alter, cx.file.text()).into_iter().find(|(span, _)| *span == added.span);
    let guess = known.map(|(_, name)| name).or_else(|| made_up(&alter.name, &added.kind));
    let judged = match (found.pop(), &guess) {
        (Some(judged), _) => judged,
        (None, Some(name)) => {
            let thing = Thing { name: Ref::bare(name), ..Thing::of(constraint, &alter.name, Ref::bare(name)) };
            let effect = Effect { deed: Deed::Makes, thing, span: added.span, tolerant: false };
            let raised = raised::when_constrained(&added.kind);
            let mut target = Target::new(effect.thing.clone());
            super::judge::constrained(&added.kind, &mut target);
            let verdict = verdict(cx, &target, true, &raised);
            return unnamed(cx, out, alter, added, &Judged { effect, verdict, raised });
        }
        (None, None) => return,
    };
    if !judged.verdict.is_bare() {
        return;
    }
    let name = judged.effect.thing.name.name.clone();
    let only = if alter.only { "only " } else { "" };
    let drop = format!("alter table {only}{} drop constraint if exists {}", alter.name, bare_ident(&name));
    // A key is dear to build again, and foreign keys hang on it: it is left alone where it is there.
    let (help, fix) = if is_key(&added.kind) && alter.actions.len() == 1 {
        let test = format!("not {}", exists(constraint, Some(&alter.name.to_string()), &name, alter.relation));
        let fix = under(cx, &test);
        (format!("ask first: `do $$ begin if {test} then …; end if; end $$`"), fix)
    } else {
        (format!("drop it first: `{drop};`"), before(cx, "drop the constraint first", &drop))
    };
    super::create::report(cx, out, &judged, "nothing guards it", help, fix);
}

/// Whether an index goes with it.
fn is_key(kind: &ConstraintKind) -> bool {
    matches!(kind, ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. })
}

/// A constraint without a name: PostgreSQL makes up another name on each run.
fn unnamed(cx: &EventCx<'_>, out: &mut Findings, alter: &AlterTable, added: &TableConstraint, judged: &Judged<'_>) {
    if !judged.verdict.is_bare() {
        return;
    }
    let name = &judged.effect.thing.name.name;
    let message =
        format!("every run adds another constraint to `{}`: this one has no name", full(&Ref::from(&alter.name)));
    let only = if alter.only { "only " } else { "" };
    let drop = format!("alter table {only}{} drop constraint if exists {}", alter.name, bare_ident(name));
    let finding = cx.finding(added.span, message).label("no name").about(full(&Ref::from(&alter.name)));
    // A key is dear to build again, and foreign keys hang on it: it is left alone where it is there.
    let (help, fix) = if is_key(&added.kind) && alter.actions.len() == 1 {
        let constraint = Kind::Object(ObjectKind::Constraint);
        let test = format!("not {}", exists(constraint, Some(&alter.name.to_string()), name, alter.relation));
        let help =
            format!("name it `{}` and ask first: `do $$ begin if {test} then …; end if; end $$`", bare_ident(name));
        (help, under(cx, &test))
    } else {
        (format!("name it and drop it first: `{drop};`"), before(cx, "name the constraint and drop it first", &drop))
    };
    let finding = finding.help(help);
    let fix = fix.map(|fix| {
        let mut edits = fix.edits;
        let place = Edit::insert(added.span.start, format!("constraint {} ", bare_ident(name)));
        edits.insert(edits.len().min(1), place);
        Fix::unchecked(fix.title, edits)
    });
    out.push(match fix {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// SQL that is true when a thing is there; `None` for what the catalogs are not asked for simply.
fn lookup(cx: &EventCx<'_>, thing: &Thing<'_>) -> Option<String> {
    let literal = |name: &Ref<'_>| quote_literal(&full(name));
    let relation = match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => alter.relation,
        StmtKind::AlterObject(alter) if alter.kind == ObjectKind::Domain => Relation::Type,
        _ => Relation::Table,
    };
    Some(match thing.kind {
        kind if kind.is_relation() => format!("to_regclass({}) is not null", literal(&thing.name)),
        Kind::Object(ObjectKind::Type | ObjectKind::Domain) => {
            format!("to_regtype({}) is not null", literal(&thing.name))
        }
        Kind::Object(ObjectKind::Schema) => format!("to_regnamespace({}) is not null", literal(&thing.name)),
        Kind::Object(ObjectKind::Role) => format!("to_regrole({}) is not null", literal(&thing.name)),
        Kind::Object(ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine) => {
            let StmtKind::AlterRoutine(alter) = &cx.stmt().kind else { return None };
            routine(cx, &alter.routine)
        }
        Kind::Object(
            ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Policy | ObjectKind::Trigger | ObjectKind::Rule,
        )
        | Kind::Label
        | Kind::Identity
        | Kind::Generation
        | Kind::Attachment => {
            let name = if thing.kind == Kind::Attachment { full(&thing.name) } else { thing.name.name.to_string() };
            exists(thing.kind, Some(&full(thing.on.as_ref()?)), &name, relation)
        }
        _ => return None,
    })
}

fn routine(cx: &EventCx<'_>, routine: &RoutineRef) -> String {
    let written = cx.text(routine.span);
    match &routine.args {
        Some(args) if args.iter().all(|arg| !arg.copied) => {
            let types: Vec<String> = args.iter().map(ToString::to_string).collect();
            let signature = format!("{}({})", routine.name, types.join(", "));
            format!("to_regprocedure({}) is not null", quote_literal(&signature))
        }
        _ => format!("to_regproc({}) is not null", quote_literal(written.split('(').next().unwrap_or_default().trim())),
    }
}

/// `exists (select …)` for a thing of a table or type.
fn exists(kind: Kind, on: Option<&str>, name: &str, relation: Relation) -> String {
    let owner = quote_literal(on.unwrap_or_default());
    let name = quote_literal(name);
    let is_type = relation == Relation::Type;
    let query = match kind {
        Kind::Object(ObjectKind::Constraint) if is_type => {
            format!("pg_constraint where contypid = to_regtype({owner}) and conname = {name}")
        }
        Kind::Object(ObjectKind::Constraint) => {
            format!("pg_constraint where conrelid = to_regclass({owner}) and conname = {name}")
        }
        Kind::Object(ObjectKind::Policy) => {
            format!("pg_policy where polrelid = to_regclass({owner}) and polname = {name}")
        }
        Kind::Object(ObjectKind::Trigger) => {
            format!("pg_trigger where tgrelid = to_regclass({owner}) and tgname = {name}")
        }
        Kind::Object(ObjectKind::Rule) => {
            format!("pg_rewrite where ev_class = to_regclass({owner}) and rulename = {name}")
        }
        Kind::Label => format!("pg_enum where enumtypid = to_regtype({owner}) and enumlabel = {name}"),
        Kind::Identity => {
            format!("pg_attribute where attrelid = to_regclass({owner}) and attname = {name} and attidentity <> ''")
        }
        Kind::Generation => {
            format!("pg_attribute where attrelid = to_regclass({owner}) and attname = {name} and attgenerated <> ''")
        }
        Kind::Attachment => {
            format!("pg_inherits where inhparent = to_regclass({owner}) and inhrelid = to_regclass({name})")
        }
        _ => format!("pg_attribute where attrelid = to_regclass({owner}) and attname = {name} and not attisdropped"),
    };
    format!("exists (select from {query})")
}

/// Looks at `rename` of anything (`by_name`) or at `set schema`; labels of enums are another rule's.
pub(super) fn rename(cx: &EventCx<'_>, out: &mut Findings, by_name: bool) {
    let moves = match &cx.stmt().kind {
        StmtKind::AlterTable(alter) => {
            alter.actions.iter().any(|action| match action.kind {
                TableActionKind::SetSchema(_) => !by_name,
                TableActionKind::Rename(_)
                | TableActionKind::RenameColumn { .. }
                | TableActionKind::RenameConstraint { .. } => by_name,
                _ => false,
            }) && !is_idle(cx, alter)
        }
        StmtKind::AlterRoutine(alter) => {
            if by_name {
                alter.rename.is_some()
            } else {
                alter.set_schema.is_some()
            }
        }
        StmtKind::AlterPolicy(alter) => by_name && alter.rename.is_some(),
        StmtKind::AlterObject(alter) => match &alter.action {
            ObjectAction::Rename(_) => by_name,
            ObjectAction::SetSchema(_) => !by_name,
            ObjectAction::Other(words) => by_name && words.starts_with("rename "),
            _ => false,
        },
        _ => false,
    };
    if !moves {
        return;
    }
    let word = if by_name { "renaming" } else { "moving" };
    let found = judge(cx, |effect| matches!(effect.deed, Deed::Moves | Deed::Makes));
    let [old, new] = found.as_slice() else { return };
    let there = || presence(cx, &Target::new(old.effect.thing.clone()), cx.index, false) == Some(true);
    let judged = if old.verdict.is_bare() {
        old
    } else if there() && new.verdict.is_bare() {
        new
    } else {
        return;
    };
    let message = format!("{word} {} fails when the migration runs again", named(&old.effect.thing));
    let label = if judged.effect.deed == Deed::Moves { "is gone by then" } else { "is taken by then" };
    let condition = match judged.effect.deed {
        // The file puts another thing under the old name: only the new one tells whether it has run.
        Deed::Makes => lookup(cx, &new.effect.thing).map(|it| negated(&it)),
        _ => lookup(cx, &old.effect.thing),
    };
    guarded(cx, out, judged, message, label, condition);
}

/// The opposite of a lookup.
fn negated(lookup: &str) -> String {
    match lookup.strip_suffix(" is not null") {
        Some(called) => format!("{called} is null"),
        None => format!("not {lookup}"),
    }
}

/// Reports a statement that is to run only under a condition, or to be caught where there is none.
fn guarded(
    cx: &EventCx<'_>,
    out: &mut Findings,
    judged: &Judged<'_>,
    message: String,
    label: &str,
    condition: Option<String>,
) {
    let finding = described(cx.finding(judged.effect.span, message).label(label), judged);
    let (help, fix) = match condition {
        Some(condition) => {
            let help = format!("ask first: `do $$ begin if {condition} then …; end if; end $$`");
            (help, under(cx, &condition))
        }
        None => (catch_help(judged), catching(cx, &judged.raised[..1])),
    };
    let finding = finding.help(help);
    out.push(match fix {
        Some(fix) => finding.fix(fix),
        None => finding,
    });
}

/// Looks at `attach`, `detach`, `inherit` and `no inherit`.
pub(super) fn attach(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    let concurrently =
        alter.actions.iter().any(|it| matches!(it.kind, TableActionKind::DetachPartition { concurrently: true, .. }));
    let attaches = alter.actions.iter().any(|action| {
        matches!(
            action.kind,
            TableActionKind::AttachPartition { .. }
                | TableActionKind::DetachPartition { .. }
                | TableActionKind::Inherit { .. }
        )
    });
    if !attaches || is_idle(cx, alter) {
        return;
    }
    for judged in judge(cx, |effect| effect.thing.kind == Kind::Attachment) {
        if !judged.verdict.is_bare() {
            continue;
        }
        let made = judged.effect.deed == Deed::Makes;
        let (word, label) =
            if made { ("attaching", "is attached by then") } else { ("detaching", "is detached by then") };
        let child = full(&judged.effect.thing.name);
        let parent = judged.effect.thing.on.as_ref().map(full).unwrap_or_default();
        let message = format!("{word} `{child}` fails when the migration runs again: its parent is `{parent}`");
        let condition = lookup(cx, &judged.effect.thing).map(|there| if made { format!("not {there}") } else { there });
        if concurrently {
            let finding = described(cx.finding(judged.effect.span, message).label(label), &judged);
            out.push(finding.help("it cannot run in a block: look at `pg_inherits` before you run it again"));
        } else {
            guarded(cx, out, &judged, message, label, condition);
        }
    }
}

/// Looks at identity and generated columns, and at `set schema`.
pub(super) fn set(cx: &EventCx<'_>, out: &mut Findings) {
    rename(cx, out, false);
    let StmtKind::AlterTable(alter) = &cx.stmt().kind else { return };
    if !alter.actions.iter().any(|action| matches!(action.kind, TableActionKind::AlterColumn { .. }))
        || is_idle(cx, alter)
    {
        return;
    }
    for judged in judge(cx, |effect| matches!(effect.thing.kind, Kind::Identity | Kind::Generation)) {
        if !judged.verdict.is_bare() {
            continue;
        }
        let thing = &judged.effect.thing;
        let what = if thing.kind == Kind::Identity { "identity" } else { "expression" };
        if judged.effect.deed == Deed::Makes {
            let message = format!("adding an {what} to {} fails when the migration runs again", named(thing));
            let condition = lookup(cx, thing).map(|there| format!("not {there}"));
            guarded(cx, out, &judged, message, "has one by then", condition);
        } else {
            let message = format!("dropping the {what} of {} fails when the migration runs again", named(thing));
            let finding = described(cx.finding(judged.effect.span, message).label("no `if exists`"), &judged);
            let edit = Edit::insert(judged.effect.span.end, format!(" {}", super::edit::cased(cx, "if exists")));
            out.push(finding.help("write `if exists`").fix(Fix::safe("add `if exists`", vec![edit])));
        }
    }
}

/// Looks at `alter type … add value` and `rename value`.
pub(super) fn label(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterEnum(alter) = &cx.stmt().kind else { return };
    if alter.if_not_exists {
        return;
    }
    let found = judge(cx, |_| true);
    match found.as_slice() {
        [added] if added.verdict.is_bare() => {
            let fix = super::edit::behind(cx, "value", "if not exists");
            super::create::report(
                cx,
                out,
                added,
                "no `if not exists`",
                "write `add value if not exists`".to_owned(),
                fix,
            );
        }
        [old, new] => {
            let there = || presence(cx, &Target::new(old.effect.thing.clone()), cx.index, false) == Some(true);
            if old.verdict.is_bare() || (there() && new.verdict.is_bare()) {
                let message = format!("renaming {} fails when the migration runs again", named(&old.effect.thing));
                guarded(cx, out, old, message, "is renamed by then", lookup(cx, &old.effect.thing));
            }
        }
        _ => {}
    }
}

/// Looks at the tables that are added to a publication or dropped from it.
pub(super) fn member(cx: &EventCx<'_>, out: &mut Findings) {
    let StmtKind::AlterObject(alter) = &cx.stmt().kind else { return };
    if alter.kind != ObjectKind::Publication || !matches!(alter.action, ObjectAction::Other(_)) {
        return;
    }
    let bare: Vec<_> = judge(cx, |effect| effect.thing.kind == Kind::Member);
    let Some(judged) = bare.iter().find(|judged| judged.verdict.is_bare()) else { return };
    let word = if judged.effect.deed == Deed::Makes { "adding" } else { "dropping" };
    let publication = judged.effect.thing.on.as_ref().map(full).unwrap_or_default();
    let table = full(&judged.effect.thing.name);
    let message = format!("{word} `{table}` fails when the migration runs again: the publication is `{publication}`");
    guarded(cx, out, judged, message, "its tables are as they should be by then", None);
}
