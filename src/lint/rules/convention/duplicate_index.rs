//! `duplicate-index`: the same index twice.

use super::indexes::{self, Shape};
use super::tables;
use crate::diagnostic::Level;
use crate::lint::schema::{ConstraintDef, Place, Reference};
use crate::lint::{ChainCx, Check, Edit, Findings, Fix, Fixable, Group, Profile, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-index",
    group: Group::Convention,
    profile: Profile::Postgres,
    level: Level::Warning,
    opt_in: false,
    condition: "a table has two indexes with the same elements and the same condition at the end of the chain",
    effect: "every write pays for both, and no query gets anything from the second",
    remedy: "keep one; of a unique one and another the unique one",
    lock: None,
    fix: Fixable::Unsafe,
    options: &[],
    sources: &["https://www.postgresql.org/docs/18/sql-createindex.html"],
    bad: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), user_id uuid);\ncreate index orders_user_id_idx on public.orders (user_id);\n-- then\ncreate index orders_by_user on public.orders (user_id);",
    ],
    good: &[
        "create table public.orders (id uuid primary key default gen_random_uuid(), note text);\ncreate index orders_note_idx on public.orders (note);\ncreate index orders_note_like_idx on public.orders (note text_pattern_ops);",
    ],
    checks: &[Check::Chain(check)],
};

fn check(cx: &ChainCx<'_>, out: &mut Findings) {
    for table in tables::own(cx) {
        let shapes = indexes::shapes(cx, table);
        for (at, shape) in shapes.iter().enumerate() {
            // The index of the primary key is the one that stays.
            let key = table.primary_key().map(|key| key.name.as_str());
            if key.is_some() && shape.index.constraint.as_deref() == key {
                continue;
            }
            let twin = shapes.iter().enumerate().find(|(other, it)| {
                let stays = key.is_some() && it.index.constraint.as_deref() == key;
                is_twin(shape, it, at > *other || stays)
            });
            if let Some((_, twin)) = twin {
                report(cx, shape, twin, out);
            }
        }
    }
}

/// Whether `shape` is what the other one is already: the later of two equals, or the one that is not unique.
fn is_twin(shape: &Shape<'_>, other: &Shape<'_>, later: bool) -> bool {
    if shape.index.name == other.index.name || shape.elements != other.elements || !shape.is_like(other) {
        return false;
    }
    // Without the index of a constraint the constraint goes.
    match (shape.index.unique, other.index.unique) {
        (false, true) => true,
        (true, false) => false,
        (false, false) => later,
        (true, true) => match (&shape.index.constraint, &other.index.constraint) {
            (None, Some(_)) => true,
            (Some(_), None) => false,
            _ => later,
        },
    }
}

fn report(cx: &ChainCx<'_>, shape: &Shape<'_>, other: &Shape<'_>, out: &mut Findings) {
    let (name, twin) = (&shape.index.name, &other.index.name);
    let help = match &shape.index.constraint {
        Some(constraint) => {
            format!(
                "alter table {} drop constraint if exists {};",
                shape.index.table,
                crate::text::bare_ident(constraint)
            )
        }
        None => format!("drop index concurrently if exists {name};"),
    };
    let mut finding = cx
        .finding(shape.index.created, format!("`{name}` serves nothing that `{twin}` does not: every write pays twice"))
        .label("the same again")
        .object(&shape.index.table)
        .see(other.index.created, "the other one")
        .touched(other.index.created.file)
        .help(format!("drop it: `{help}`"));
    let bound = bound(cx, shape, other);
    if !bound.is_empty() {
        let names = bound.join(", ");
        out.push(finding.note(format!("depends on it: {names}; drop that first, and add it again behind")));
        return;
    }
    if let Some(statement) = shape.statement {
        finding = finding.fix(Fix::unchecked("leave it out", vec![Edit::delete(statement)]));
    }
    out.push(finding);
}

/// The foreign keys that depend on the index: of two that fit PostgreSQL takes the older one when a key is added.
fn bound(cx: &ChainCx<'_>, shape: &Shape<'_>, other: &Shape<'_>) -> Vec<String> {
    let order = |place: &Place| (place.file, place.span.start);
    let (index, made) = (shape.index, order(&shape.index.created));
    if !index.unique || index.filter.is_some() {
        return Vec::new();
    }
    let columns = index.leading_columns();
    let fits = |reference: &Reference| {
        let referred = &reference.columns;
        reference.table == index.table
            && referred.len() == columns.len()
            && referred.iter().all(|column| columns.contains(&column.as_str()))
    };
    let is_first = |added: &Place| {
        made < order(added) && (made < order(&other.index.created) || order(added) < order(&other.index.created))
    };
    let mut found = Vec::new();
    for table in cx.tables() {
        for constraint in &table.constraints {
            if matches!(&constraint.def, ConstraintDef::ForeignKey(reference) if fits(reference))
                && is_first(&constraint.created)
            {
                found.push(format!("`{}` of `{}`", constraint.name, table.name));
            }
        }
    }
    found
}
