//! Lint on what others wrote: their labelled cases, real histories, and both with their words shaken.

mod histories;
mod labelled;
mod map;
mod mutations;

use std::path::Path;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use dbctl::lint::{Config, Finding, Input, LintFile, rules};
use dbctl::migration::{SameVersion, Set};
use dbctl::project::migrations;

use crate::support::files_under;

/// A history with its name, as lint is given it.
struct History {
    name: String,
    inputs: Vec<Input>,
}

/// Every folder of migrations under the corpora: those that dbctl itself can read as one.
fn histories(corpora: &Path) -> Vec<History> {
    let mut found = Vec::new();
    for kind in ["prisma", "rollback", "supabase"] {
        let Ok(entries) = fs_err::read_dir(corpora.join(kind)) else { continue };
        let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        for folder in folders {
            let folder = Utf8PathBuf::from_path_buf(folder).unwrap();
            let name = format!("{kind}/{}", folder.file_name().unwrap());
            let read = |same| migrations::read(&folder, Utf8Path::new("migrations"), same);
            let set = read(SameVersion::Refuse).or_else(|_| read(SameVersion::ByName)).unwrap();
            found.push(History { name, inputs: inputs_of(&set) });
        }
    }
    found
}

fn inputs_of(set: &Set) -> Vec<Input> {
    let has_downs = set.layout.files("1_x").down.is_some();
    let input = |migration: &dbctl::migration::Migration| Input {
        path: migration.path.to_string(),
        text: migration.source.shared_text(),
        version: Some(migration.version.text().to_owned()),
        name: migration.name.clone(),
        down: migration.down.as_ref().map(|down| (down.path.to_string(), down.source.shared_text())),
        has_downs,
        no_transaction: migration.no_transaction.is_some(),
        selected: true,
    };
    set.migrations.iter().map(input).collect()
}

/// One file that stands for itself.
fn loose(path: &str, text: impl Into<Arc<str>>) -> Input {
    Input {
        path: path.to_owned(),
        text: text.into(),
        version: Some("20240101000000".to_owned()),
        name: "example".to_owned(),
        down: None,
        has_downs: false,
        no_transaction: false,
        selected: true,
    }
}

/// All SQL of the corpora that is no history: the schemas that diff tools compare.
fn loose_files(corpora: &Path) -> Vec<(String, String)> {
    let folder = corpora.join("diff");
    if !folder.is_dir() {
        return Vec::new();
    }
    let files = files_under(&folder).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "sql"));
    let read = files.filter_map(|path| {
        let text = String::from_utf8(fs_err::read(&path).unwrap()).ok()?;
        Some((path.strip_prefix(corpora).unwrap().to_str().unwrap().to_owned(), text))
    });
    read.collect()
}

/// Every rule, also those that are off by default and those for runners without timeouts.
fn everything() -> Config {
    let only = rules::RULES.iter().map(|rule| rule.id.to_owned()).collect();
    Config { only, timeouts_set: false, ..Config::default() }
}

/// What is wrong with the places of a finding: its spans and its fix's edits lie in their files, between letters.
fn misplaced(files: &[LintFile], finding: &Finding) -> Option<String> {
    let places = [finding.place].into_iter().chain(finding.related.iter().map(|related| related.place));
    for place in places {
        let Some(file) = place.file else { continue };
        let Some(file) = files.get(file) else { return Some(format!("{}: there is no file {file}", finding.rule.id)) };
        if file.text().get(place.span.start..place.span.end).is_none() {
            return Some(format!("{}: {:?} is not in {}", finding.rule.id, place.span, file.path()));
        }
    }
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let Some(file) = finding.place.file else {
        return (edits.count() > 0).then(|| format!("{}: edits without a file", finding.rule.id));
    };
    let wrong = edits.filter(|edit| files[file].text().get(edit.span.start..edit.span.end).is_none());
    let wrong: Vec<_> = wrong.map(|edit| edit.span).collect();
    (!wrong.is_empty()).then(|| format!("{}: edits at {wrong:?} are not in {}", finding.rule.id, files[file].path()))
}
