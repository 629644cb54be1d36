//! Text search parsers, templates, dictionaries and configurations.

use super::{Alter, Cx, plain_drop};
use crate::diff::step::Step;

/// Parsers. No statement changes one.
pub(super) mod parser {
    use super::{Alter, Cx, Step, plain_drop};
    use crate::catalog::TextSearchParser;

    pub fn create(it: &TextSearchParser, cx: &Cx<'_>) -> Vec<Step> {
        let mut sql = format!(
            "create text search parser {} (start = {}, gettoken = {}, end = {}, lextypes = {}",
            cx.id.address(),
            it.start,
            it.token,
            it.end,
            it.lextypes
        );
        if let Some(headline) = &it.headline {
            sql.push_str(&format!(", headline = {headline}"));
        }
        vec![Step::create(cx.id, sql + ")")]
    }

    pub fn drop(_: &TextSearchParser, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(_: &TextSearchParser, _: &TextSearchParser, _: &Cx<'_>) -> Alter {
        Alter::recreate()
    }
}

/// Templates. No statement changes one.
pub(super) mod template {
    use super::{Alter, Cx, Step, plain_drop};
    use crate::catalog::TextSearchTemplate;

    pub fn create(it: &TextSearchTemplate, cx: &Cx<'_>) -> Vec<Step> {
        let init = it.init.as_ref().map_or_else(String::new, |init| format!("init = {init}, "));
        vec![Step::create(
            cx.id,
            format!("create text search template {} ({init}lexize = {})", cx.id.address(), it.lexize),
        )]
    }

    pub fn drop(_: &TextSearchTemplate, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(_: &TextSearchTemplate, _: &TextSearchTemplate, _: &Cx<'_>) -> Alter {
        Alter::recreate()
    }
}

/// Dictionaries.
pub(super) mod dictionary {
    use super::{Alter, Cx, Step, plain_drop};
    use crate::catalog::TextSearchDictionary;
    use crate::risk::HazardKind;

    pub fn create(it: &TextSearchDictionary, cx: &Cx<'_>) -> Vec<Step> {
        let options = if it.options.is_empty() { String::new() } else { format!(", {}", it.options) };
        vec![Step::create(
            cx.id,
            format!("create text search dictionary {} (template = {}{options})", cx.id.address(), it.template),
        )]
    }

    pub fn drop(_: &TextSearchDictionary, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(old: &TextSearchDictionary, new: &TextSearchDictionary, cx: &Cx<'_>) -> Alter {
        if old.template != new.template {
            return Alter::recreate();
        }
        let changes = changes(&old.options, &new.options);
        if changes.is_empty() {
            return Alter::default();
        }
        Alter::in_place(vec![
            Step::alter(cx.id, format!("alter text search dictionary {} ({})", cx.id.address(), changes.join(", ")))
                .hazard(HazardKind::Untracked, format!("what was indexed with {} is not indexed anew", cx.id)),
        ])
    }

    /// The items that turn options into others: `name = value` sets one behind the rest, `name` takes one away.
    fn changes(old: &str, new: &str) -> Vec<String> {
        let (old, new) = (items(old), items(new));
        let is_gone = |name: &str| new.iter().all(|item| item.0 != name);
        let set: Vec<_> = new.iter().filter(|item| !old.contains(item)).collect();
        let stays = old.iter().filter(|item| new.contains(item));
        // What is set goes behind what stays: where that gives another order, all are set.
        let set = if stays.chain(set.iter().copied()).eq(new.iter()) { set } else { new.iter().collect() };
        let gone = old.iter().filter(|item| is_gone(item.0)).map(|item| item.0.to_owned());
        gone.chain(set.iter().map(|(name, value)| format!("{name} = {value}"))).collect()
    }

    /// The names and values of options as the catalog writes them.
    fn items(text: &str) -> Vec<(&str, &str)> {
        let mut items = Vec::new();
        let (mut start, mut quote) = (0, None);
        for (at, letter) in text.char_indices().chain([(text.len(), ',')]) {
            match (quote, letter) {
                (None, '\'' | '"') => quote = Some(letter),
                // A doubled quote ends one and begins another: nothing stands between them.
                (Some(open), letter) if letter == open => quote = None,
                (None, ',') => {
                    items.extend(text[start..at].split_once('=').map(|(name, value)| (name.trim(), value.trim())));
                    start = at + 1;
                }
                _ => {}
            }
        }
        items
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn options_change_one_by_one_unless_their_order_would_differ() {
            assert_eq!(changes("a = 'x, ''y''', b = 1", "a = 'x, ''y''', b = 2"), ["b = 2"]);
            assert_eq!(changes("a = 'x', b = 1", "b = 1"), ["a"]);
            assert_eq!(changes("a = 'x', b = 1", "a = 'y', b = 1"), ["a = 'y'", "b = 1"]);
            assert_eq!(changes("a = 'x'", "a = 'x'"), [""; 0]);
        }
    }
}

/// Configurations.
pub(super) mod configuration {
    use std::collections::BTreeMap;

    use super::{Alter, Cx, Step, plain_drop};
    use crate::catalog::TextSearchConfiguration;
    use crate::risk::HazardKind;
    use crate::text::bare_ident;

    type Mappings = BTreeMap<String, Vec<String>>;

    pub fn create(it: &TextSearchConfiguration, cx: &Cx<'_>) -> Vec<Step> {
        let sql = format!("create text search configuration {} (parser = {})", cx.id.address(), it.parser);
        let mut steps = vec![Step::create(cx.id, sql)];
        steps.extend(changes(&Mappings::new(), &it.mappings, cx));
        steps
    }

    pub fn drop(_: &TextSearchConfiguration, cx: &Cx<'_>) -> Vec<Step> {
        vec![plain_drop(cx)]
    }

    pub fn alter(old: &TextSearchConfiguration, new: &TextSearchConfiguration, cx: &Cx<'_>) -> Alter {
        if old.parser != new.parser {
            return Alter::recreate();
        }
        let mut steps = changes(&old.mappings, &new.mappings, cx);
        if let Some(step) = steps.pop() {
            let text = format!("what was indexed with {} is not indexed anew", cx.id);
            steps.push(step.hazard(HazardKind::Untracked, text));
        }
        Alter::in_place(steps)
    }

    /// Mappings, the types of tokens that ask the same dictionaries together.
    fn changes(old: &Mappings, new: &Mappings, cx: &Cx<'_>) -> Vec<Step> {
        let mut changes: BTreeMap<(&str, &[String]), Vec<String>> = BTreeMap::new();
        for token in old.keys().filter(|token| !new.contains_key(*token)) {
            changes.entry(("drop", &[])).or_default().push(bare_ident(token).into_owned());
        }
        for (token, dictionaries) in new {
            let word = match old.get(token) {
                None => "add",
                Some(before) if before != dictionaries => "alter",
                Some(_) => continue,
            };
            changes.entry((word, dictionaries)).or_default().push(bare_ident(token).into_owned());
        }
        let sql = |((word, dictionaries), tokens): ((&str, &[String]), Vec<String>)| {
            let with =
                if dictionaries.is_empty() { String::new() } else { format!(" with {}", dictionaries.join(", ")) };
            let what = format!("{word} mapping for {}{with}", tokens.join(", "));
            Step::alter(cx.id, format!("alter text search configuration {} {what}", cx.id.address()))
        };
        changes.into_iter().map(sql).collect()
    }
}
