//! What `--rename` means in two schemas.

use std::collections::BTreeSet;

use super::ask::{Asked, RenameError, Written};
use super::order::Moves;
use super::{has, is_part, names, noun, written};
use crate::catalog::{Catalog, Id, Kind};
use crate::text::{bare_ident, did_you_mean, likeness};

/// What is known of the two schemas while renames are looked up.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The schema to begin with.
    pub from: &'a Catalog,
    /// The schema to come to.
    pub to: &'a Catalog,
}

/// The name in the one schema and that in the other, for each rename that was asked for.
///
/// # Errors
/// Fails where one names nothing, or more than one thing.
pub fn resolve(asked: &[Asked], known: Known<'_>) -> Result<Vec<(Id, Id)>, RenameError> {
    let mut moves = Moves::default();
    let mut pairs: Vec<Option<(Id, Id)>> = vec![None; asked.len()];
    // What a part belongs to may be renamed by another flag.
    for level in [Level::Schema, Level::Object, Level::Part] {
        let all = Mentioned::of(asked, known, &moves);
        for (asked, pair) in asked.iter().zip(&mut pairs).filter(|(_, pair)| pair.is_none()) {
            let may_be = meanings(asked, known, &moves, &all, level);
            let [(old, new)] = may_be.as_slice() else {
                if may_be.len() > 1 {
                    return Err(ambiguous(asked, &may_be));
                }
                continue;
            };
            moves.note(old, new);
            *pair = Some((old.clone(), new.clone()));
        }
    }
    asked.iter().zip(pairs).map(|(asked, pair)| pair.ok_or_else(|| why_not(asked, known, &moves))).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Schema,
    Object,
    Part,
}

impl Level {
    fn of(id: &Id) -> Self {
        match id.kind {
            Kind::Schema => Self::Schema,
            _ if is_part(id) => Self::Part,
            _ => Self::Object,
        }
    }
}

/// All names that are said: a name may be taken where its owner gives it up at the same time.
struct Mentioned {
    old: BTreeSet<Id>,
    new: BTreeSet<Id>,
}

impl Mentioned {
    fn of(asked: &[Asked], known: Known<'_>, moves: &Moves) -> Self {
        let olds = |asked: &Asked| named(&asked.old, known.from).collect::<Vec<_>>();
        let new =
            asked.iter().flat_map(|asked| olds(asked).into_iter().filter_map(|old| new_id(&old, asked, known, moves)));
        Self { new: new.collect(), old: asked.iter().flat_map(olds).collect() }
    }
}

/// What a rename may mean: pairs that are a rename indeed.
fn meanings(asked: &Asked, known: Known<'_>, moves: &Moves, all: &Mentioned, level: Level) -> Vec<(Id, Id)> {
    let olds = named(&asked.old, known.from).filter(|id| Level::of(id) == level);
    let pairs = olds.filter_map(|old| Some((new_id(&old, asked, known, moves)?, old)));
    let is_meant = |(new, old): &(Id, Id)| {
        let gone = !has(known.to, &moves.id(old)) || all.new.contains(&moves.id(old));
        let free = !has(known.from, &moves.back().id(new)) || all.old.contains(&moves.back().id(new));
        gone && free && has(known.to, new)
    };
    pairs.filter(is_meant).map(|(new, old)| (old, new)).collect()
}

/// What an old name becomes by what is said; nothing where that names another kind of thing.
fn new_id(old: &Id, asked: &Asked, known: Known<'_>, moves: &Moves) -> Option<Id> {
    let kept = moves.id(old);
    let parts = &asked.new.parts;
    let last = parts.last()?;
    let before = &parts[..parts.len() - 1];
    if is_part(old) {
        let is_container = match before {
            [] => true,
            [name] => name.name == kept.name || name.name == old.name,
            [schema, name] => {
                (&schema.name, &name.name) == (&kept.schema, &kept.name)
                    || (&schema.name, &name.name) == (&old.schema, &old.name)
            }
            _ => false,
        };
        let part = if old.kind == Kind::Enum { &last.raw } else { &last.name };
        return is_container.then(|| Id::part(kept.kind, &kept.schema, &kept.name, part));
    }
    let schema = match before {
        [] => kept.schema.clone(),
        [schema] if !old.schema.is_empty() => schema.name.clone(),
        _ => return None,
    };
    let new = Id::part(kept.kind, schema, &last.name, &kept.part);
    if has(known.to, &new) || new.part.is_empty() {
        return Some(new);
    }
    // The types of a routine's arguments may have other names now.
    let routines = known.to.parts(&new, new.kind).map(|(id, _)| id);
    let mut routines = routines.filter(|id| !known.from.entries.contains_key(id));
    let found = routines.next().cloned();
    found.filter(|_| routines.next().is_none()).or_else(|| Some(new.clone()))
}

/// The objects, parts and values that a written name may mean.
fn named<'a>(written: &'a Written, catalog: &'a Catalog) -> impl Iterator<Item = Id> + 'a {
    names(catalog).filter(|id| is_named(written, id))
}

fn is_named(written: &Written, id: &Id) -> bool {
    let is_kind = written.kind.is_empty() || written.kind == noun(id) || written.kind == id.kind.sql();
    let is_value = id.kind == Kind::Enum && is_part(id);
    // Only values stand in single quotes.
    if !is_kind || !is_value && written.parts.iter().any(|it| it.is_literal) {
        return false;
    }
    if let Some(arguments) = &written.arguments {
        let squeezed =
            |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ").replace(", ", ",");
        if !matches!(id.kind, Kind::Function | Kind::Procedure | Kind::Aggregate)
            || squeezed(arguments) != squeezed(&id.part)
        {
            return false;
        }
    }
    let is_last = |name: &str, raw: &str| if is_value { raw == id.part } else { name == id.part };
    match (is_part(id), written.parts.as_slice()) {
        (false, [it]) => it.name == id.name,
        (false, [schema, it]) => it.name == id.name && schema.name == id.schema,
        (true, [of, it]) => of.name == id.name && is_last(&it.name, &it.raw),
        (true, [schema, of, it]) => of.name == id.name && schema.name == id.schema && is_last(&it.name, &it.raw),
        _ => false,
    }
}

fn ambiguous(asked: &Asked, may_be: &[(Id, Id)]) -> RenameError {
    let said = |(old, _): &(Id, Id)| format!("{} {}", noun(old), written(old));
    RenameError::Ambiguous {
        word: asked.word.clone(),
        may_be: may_be.iter().map(|pair| format!("`{}`", said(pair))).collect(),
        instead: may_be.first().map_or_else(String::new, |pair| format!("{}={}", said(pair), asked.new.text)),
    }
}

/// Why something that was asked for is no rename.
fn why_not(asked: &Asked, known: Known<'_>, moves: &Moves) -> RenameError {
    let word = asked.word.clone();
    let Some(old) = named(&asked.old, known.from).next() else {
        let said = asked.old.text.clone();
        // What is to be renamed is gone afterwards: such names are the likeliest.
        let (gone, rest): (Vec<Id>, Vec<Id>) = names(known.from).partition(|id| !has(known.to, id));
        let shown = |ids: &[Id]| ids.iter().map(|id| said_with(id, asked.old.parts.len())).collect::<Vec<_>>();
        let nearest = |known: &[String]| did_you_mean(&said, known.iter().map(String::as_str)).map(str::to_owned);
        let near = nearest(&shown(&gone)).or_else(|| nearest(&shown(&rest)));
        let is_done = named(&asked.new, known.to).any(|id| has(known.from, &id));
        return RenameError::NoOld { word, old: said, near, is_done };
    };
    let Some(new) = new_id(&old, asked, known, moves) else {
        return RenameError::NoNew { word, kind: noun(&old), new: asked.new.text.clone(), instead: Vec::new() };
    };
    if has(known.to, &new) {
        return if has(known.from, &moves.back().id(&new)) {
            RenameError::Taken { word, new: written(&new) }
        } else {
            RenameError::Stays { word, old: written(&old) }
        };
    }
    let kept = moves.id(&old);
    let is_beside = |id: &Id| {
        id.kind == kept.kind
            && is_part(id) == is_part(&kept)
            && (!is_part(id) || (&id.schema, &id.name) == (&kept.schema, &kept.name))
    };
    let others = names(known.to).filter(|id| is_beside(id) && !has(known.from, &moves.back().id(id)));
    let mut instead: Vec<String> = others.map(|id| written(&id)).collect();
    instead.sort_by(|a, b| likeness(&written(&new), b).total_cmp(&likeness(&written(&new), a)));
    RenameError::NoNew { word, kind: noun(&old), new: written(&new), instead }
}

/// A name with as many parts as somebody has written.
fn said_with(id: &Id, parts: usize) -> String {
    let whole = written(id);
    let schema = if id.schema.is_empty() { String::new() } else { format!("{}.", bare_ident(&id.schema)) };
    if parts < 2 + usize::from(is_part(id)) { whole.strip_prefix(&schema).unwrap_or(&whole).to_owned() } else { whole }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{put, table, values};
    use super::*;
    use crate::catalog::{Object, Policy};

    fn schemas() -> (Catalog, Catalog) {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        table(&mut from, "users", &[("id", "bigint"), ("name", "text"), ("note", "text")]);
        table(&mut to, "people", &[("id", "bigint"), ("full_name", "text"), ("note", "text")]);
        table(&mut from, "kept", &[("a", "text")]);
        table(&mut to, "kept", &[("a", "text"), ("b", "text")]);
        values(&mut from, "status", &["Old", "same"]);
        values(&mut to, "status", &["New", "same"]);
        (from, to)
    }

    fn resolved(words: &[&str]) -> Result<Vec<String>, String> {
        let (from, to) = schemas();
        let asked: Vec<Asked> = words.iter().map(|word| word.parse().unwrap()).collect();
        let pairs = resolve(&asked, Known { from: &from, to: &to }).map_err(|it| format!("{it}; {}", it.help()))?;
        Ok(super::super::order(&from, pairs).iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_are_found_with_and_without_what_they_belong_to() {
        let both = ["table public.users → public.people", "column public.people.name → full_name"];
        assert_eq!(resolved(&["public.users.name=full_name", "users=people"]).unwrap(), both);
        assert_eq!(resolved(&["users.name=people.full_name", "public.users=public.people"]).unwrap(), both);
        assert_eq!(resolved(&["table users=people", "column users.name=full_name"]).unwrap(), both);
        assert_eq!(
            resolved(&["public.status.Old=New"]).unwrap(),
            ["value public.status.\'Old\' → \'New\'".replace('\\', "")]
        );
        assert_eq!(resolved(&["status.'Old'='New'"]).unwrap().len(), 1);
    }

    #[test]
    fn names_may_be_swapped() {
        let mut schema = Catalog::default();
        table(&mut schema, "t", &[("a", "text"), ("b", "text")]);
        let asked: Vec<Asked> = ["t.a=b", "t.b=a"].iter().map(|word| word.parse().unwrap()).collect();
        let pairs = resolve(&asked, Known { from: &schema, to: &schema }).unwrap();
        assert_eq!(super::super::order(&schema, pairs).len(), 3);
        assert!(resolve(&asked[..1], Known { from: &schema, to: &schema }).is_err());
    }

    #[test]
    fn what_matches_nothing_is_told_with_what_would() {
        let error = |words: &[&str]| resolved(words).unwrap_err();
        assert!(error(&["public.user=public.people"]).contains("did you mean `public.users`"));
        assert!(error(&["users=peple"]).contains("there is no table `public.peple`"));
        assert!(error(&["users=peple"]).contains("`public.people`"));
        assert!(error(&["kept.a=b"]).contains("`public.kept.a` is still there"));
        assert!(error(&["users=kept"]).contains("`public.kept` is there already"));
        assert!(error(&["users=people", "users.name=nickname"]).contains("`public.people.full_name`"));
        assert!(error(&["people=humans"]).contains("there is no `people` in the schema to begin with"));
    }

    #[test]
    fn one_name_of_two_things_is_not_guessed() {
        let (mut from, mut to) = (Catalog::default(), Catalog::default());
        let policy = |to: &[&str]| {
            let roles = to.iter().map(|it| (*it).to_owned()).collect();
            Object::Policy(Policy { command: "all".to_owned(), permissive: true, roles, using: None, check: None })
        };
        table(&mut from, "t", &[("a", "text")]);
        table(&mut to, "t", &[("b", "text")]);
        put(&mut from, Id::part(Kind::Policy, "public", "t", "a"), policy(&["x"]));
        put(&mut to, Id::part(Kind::Policy, "public", "t", "b"), policy(&["y"]));
        let known = Known { from: &from, to: &to };
        let error = resolve(&["t.a=b".parse().unwrap()], known).unwrap_err();
        assert_eq!(error.help(), "say which: `--rename \"column public.t.a=b\"`");
        let pairs = resolve(&["policy t.a=b".parse().unwrap()], known).unwrap();
        assert_eq!(pairs[0].0.kind, Kind::Policy);
    }
}
