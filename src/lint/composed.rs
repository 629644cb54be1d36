//! Texts that are executed: where an edit in one would change something else than it means.
//!
//! What a statement of such a text is found at is a place in the file only where the text is one literal that says it letter by
//! letter. Of `format(…)`, `||` and of a literal with doubled quotes it is not.

use std::collections::BTreeMap;

use super::file::LintFile;
use super::finding::{Edit, Finding};
use crate::text::Span;

/// Takes the fixes away that would edit a text that is put together.
pub(super) fn forget_fixes(files: &[LintFile], findings: &mut [Finding]) {
    let mut commands: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let Some(file) = finding.place.file.and_then(|file| files.get(file)) else { continue };
        let spans = commands.entry(file.id).or_insert_with(|| {
            let mut spans: Vec<Span> = file.events.iter().filter_map(|event| event.command).collect();
            spans.dedup();
            spans
        });
        if fix.edits.iter().any(|edit| spans.iter().any(|span| is_astray(file.text(), *span, edit))) {
            finding.fix = None;
        }
    }
}

/// Whether the edit is in the expression of a command, but not of the text that runs.
fn is_astray(text: &str, command: Span, edit: &Edit) -> bool {
    let is_within = command.start <= edit.span.start && edit.span.end <= command.end;
    if !is_within {
        // One that takes more than the command away knows what it does.
        return edit.span.start < command.end
            && command.start < edit.span.end
            && !(edit.span.start <= command.start && command.end <= edit.span.end);
    }
    let Some((delimiter, inner)) = literal(command.of(text)) else { return true };
    let (start, end) = (command.start + delimiter.len(), command.end - delimiter.len());
    let clashes = delimiter.chars().next().is_some_and(|sign| edit.text.contains(sign) || inner.contains(delimiter));
    edit.span.start < start || end < edit.span.end || clashes
}

/// The quotes around a literal and what is between them; `None` of what is no literal, or one with escapes.
fn literal(written: &str) -> Option<(&str, &str)> {
    let delimiter = match written.as_bytes().first()? {
        b'\'' => &written[..1],
        b'$' => &written[..written[1..].find('$')? + 2],
        _ => return None,
    };
    Some((delimiter, written.strip_prefix(delimiter)?.strip_suffix(delimiter)?))
}

#[cfg(test)]
mod tests {
    use crate::lint::{Config, Profile, example, fix, lint, parse_all};

    fn mended(execute: &str) -> String {
        let text = format!("do $$ begin {execute}; end $$;");
        let mut config = Config { profiles: [Profile::Conventions].into(), ..Config::default() };
        config.only.insert("prefer-jsonb".to_owned());
        let found = lint(&parse_all(example::inputs(&text)), &config).findings;
        assert_eq!(found.len(), 1, "{execute}");
        let fixes: Vec<_> = found.iter().filter_map(|it| it.fix.as_ref()).collect();
        fix::apply(&text, &fixes).text.replace("do $$ begin ", "").replace("; end $$;", "")
    }

    #[test]
    fn only_a_literal_is_edited() {
        assert_eq!(
            mended("execute 'create table public.q (id uuid, j json)'"),
            "execute 'create table public.q (id uuid, j jsonb)'"
        );
        assert_eq!(
            mended("execute $q$create table public.q (id uuid, j json)$q$"),
            "execute $q$create table public.q (id uuid, j jsonb)$q$"
        );
        for composed in [
            "execute format('create table public.%I (id uuid, j json)', 'q')",
            "execute 'create table public.q ' || '(id uuid, j json)'",
            "execute concat('create table public.q ', '(id uuid, j json)')",
            "execute 'create table public.q (id text default ''a'', j json)'",
            "execute e'create table public.q\\n(id uuid, j json)'",
        ] {
            assert_eq!(mended(composed), composed);
        }
    }
}
