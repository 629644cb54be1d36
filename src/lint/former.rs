//! Names as they were: what is said of the end of a chain at an early place, where things had other names.

use std::collections::{BTreeSet, HashMap};

use super::Finding;
use super::schema::{Place, Renamed, Schema};
use crate::text::bare_ident;

/// The renames of a chain, by the words of the names they gave.
pub(super) struct Renames<'a> {
    all: &'a [Renamed],
    by_word: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Renames<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, renamed) in schema.renamed.iter().enumerate() {
            let given = renamed.column.as_ref().map_or(&renamed.to.name, |(_, to)| to);
            // One word is enough to find the text by: the longest is the rarest.
            if let Some(word) = words(given).max_by_key(|word| word.len()) {
                by_word.entry(word).or_default().push(number);
            }
        }
        Self { all: &schema.renamed, by_word }
    }

    /// Puts the names that held at the place of a finding for those of the end of the chain, and says once which is which.
    ///
    /// Migrations that a fix adds come last, as does what a help wants in one of its own: they keep the names of the end.
    pub(super) fn as_it_was(&self, finding: &mut Finding) {
        if self.all.is_empty() {
            return;
        }
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.text);
        let texts = [&finding.message, &finding.label].into_iter().chain(&finding.object).chain(&finding.helps);
        let mut candidates: BTreeSet<usize> = texts.chain(edits).flat_map(|text| self.naming(text)).collect();
        // The last rename is taken back first; the name it takes back to may have been given by an earlier one.
        while let Some(number) = candidates.pop_last() {
            let renamed = &self.all[number];
            if is_behind(renamed.place, finding.place) {
                take_back(finding, renamed);
                let old = renamed.column.as_ref().map_or(&renamed.from.name, |(from, _)| from);
                candidates.extend(self.naming(old).filter(|earlier| *earlier < number));
            }
        }
    }

    /// The renames that gave a name which may stand in a text.
    fn naming<'b>(&'b self, text: &'b str) -> impl Iterator<Item = usize> + 'b {
        words(text).filter_map(|word| self.by_word.get(word)).flatten().copied()
    }
}

/// The words of a text or a name, without the signs between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

fn take_back(finding: &mut Finding, renamed: &Renamed) {
    let of = finding.object.clone();
    let changed = replace(&mut finding.message, renamed, of.as_deref())
        | finding.object.as_mut().is_some_and(|object| replace(object, renamed, of.as_deref()));
    replace(&mut finding.label, renamed, of.as_deref());
    let here = finding.helps.iter_mut().filter(|help| !help.starts_with("in a migration of its own"));
    let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.text);
    here.chain(edits).for_each(|text| {
        replace(text, renamed, of.as_deref());
    });
    if changed {
        let note = match &renamed.column {
            Some((from, to)) => format!("column `{}` is now `{}`", bare_ident(from), bare_ident(to)),
            None => format!("`{}` is now `{}`", renamed.from, renamed.to),
        };
        finding.notes.push(note);
    }
}

fn is_behind(one: Place, other: Place) -> bool {
    (one.file, one.span.start) > (other.file, other.span.start)
}

/// Takes a rename back in a text about an object, and says whether there was anything to take back.
fn replace(text: &mut String, renamed: &Renamed, object: Option<&str>) -> bool {
    let (new, old, is_column) = match &renamed.column {
        None => (renamed.to.to_string(), renamed.from.to_string(), false),
        Some((from, to)) if object == Some(&renamed.from.to_string()) => {
            (bare_ident(to).into_owned(), bare_ident(from).into_owned(), true)
        }
        Some(_) => return false,
    };
    let mut done = String::with_capacity(text.len());
    let mut at = 0;
    for (found, _) in text.match_indices(&new) {
        let before = text[..found].chars().next_back();
        let behind = text[found + new.len()..].chars().next();
        if found >= at && if is_column { is_listed(before, behind) } else { is_whole(before, behind) } {
            done.push_str(&text[at..found]);
            done.push_str(&old);
            at = found + new.len();
        }
    }
    if at == 0 {
        return false;
    }
    done.push_str(&text[at..]);
    *text = done;
    true
}

/// Whether a name stands by itself; its own columns may follow.
fn is_whole(before: Option<char>, behind: Option<char>) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '"' | '$');
    !before.is_some_and(|letter| part(letter) || letter == '.') && !behind.is_some_and(part)
}

/// Whether a word stands where only a column does: quoted by itself, behind a table, or in a list.
fn is_listed(before: Option<char>, behind: Option<char>) -> bool {
    matches!(before, Some('`' | '(' | '.' | ' ')) && matches!(behind, Some('`' | ')' | ','))
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, Finding, Input, example, lint, parse_all};

    fn findings(sql: &str, rule: &str) -> Vec<Finding> {
        let mut inputs: Vec<Input> = example::inputs(sql);
        for input in &mut inputs {
            input.selected = true;
        }
        let config = Config { only: [rule.to_owned()].into(), ..Config::default() };
        lint(&parse_all(inputs), &config).findings
    }

    const CHAIN: &str = "create table public.orders (id uuid primary key);
create table public.items (id uuid primary key, order_id uuid references public.orders (id), items text);
-- then
alter table public.items rename to order_items;
alter table public.orders rename to purchases;
-- then
alter table public.order_items rename column order_id to purchase_id;";

    #[test]
    fn an_early_place_has_its_own_names() {
        let found = findings(CHAIN, "fk-index");
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            finding.message,
            "each delete in `public.orders` reads all of `public.items`: no index begins with (order_id)"
        );
        assert_eq!(finding.object.as_deref(), Some("public.items"));
        assert_eq!(
            finding.notes,
            [
                "column `order_id` is now `purchase_id`",
                "`public.orders` is now `public.purchases`",
                "`public.items` is now `public.order_items`"
            ]
        );
        let edits = &finding.fix.as_ref().map(|fix| fix.edits.clone()).unwrap_or_default();
        assert!(edits[0].text.ends_with("on public.items (order_id);"), "{edits:?}");
        assert!(finding.helps[0].contains("on public.items (order_id)"), "{:?}", finding.helps);
    }

    #[test]
    fn what_is_written_last_has_the_last_names() {
        let later = "create table public.orders (id uuid primary key);
create table public.items (id uuid primary key, order_id uuid);
-- then
alter table public.items add foreign key (order_id) references public.orders;
-- then
alter table public.items rename to order_items;";
        let found = findings(later, "fk-index");
        assert!(found[0].message.contains("`public.items`"), "{}", found[0].message);
        assert!(found[0].helps[0].contains("on public.order_items (order_id)"), "{:?}", found[0].helps);
        let adds = found[0].fix.as_ref().map(|fix| fix.adds.clone()).unwrap_or_default();
        assert!(adds[0].sql.contains("on public.order_items (order_id)"), "{adds:?}");
    }
}
