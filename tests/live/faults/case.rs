//! A case: one file with the texts of its migrations.

use std::collections::BTreeMap;
use std::path::Path;

/// A planted fault and its twin.
pub(super) struct Case {
    /// `back/forgets_index`.
    pub(super) name: String,
    /// The command that finds it.
    pub(super) run: String,
    /// What `dbctl.toml` says.
    pub(super) settings: String,
    /// How each finding begins.
    pub(super) found: Vec<String>,
    /// The migration before.
    pub(super) base: String,
    /// A seed file of the project.
    pub(super) seed: Option<String>,
    /// The migration with the fault.
    pub(super) faulty: Migration,
    /// The same without.
    pub(super) twin: Migration,
}

/// A migration and its down file.
pub(super) struct Migration {
    /// What applies it.
    pub(super) up: String,
    /// What takes it back, where somebody has written that.
    pub(super) down: Option<String>,
}

impl Case {
    /// Reads one.
    pub(super) fn read(path: &Path) -> Self {
        let text = fs_err::read_to_string(path).unwrap();
        let mut parts: BTreeMap<&str, String> = BTreeMap::new();
        let (mut run, mut settings, mut found, mut part) = ("verify 2".to_owned(), String::new(), Vec::new(), None);
        let mut base = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("-- [").and_then(|rest| rest.strip_suffix(']')) {
                part = Some(parts.entry(name).or_default());
            } else if let Some(part) = &mut part {
                part.push_str(line);
                part.push('\n');
            } else if let Some(line) = line.strip_prefix("-- found: ") {
                found.push(line.trim().to_owned());
            } else if let Some(name) = line.strip_prefix("-- base: ") {
                let file = path.parent().unwrap().with_file_name("base").join(format!("{name}.sql"));
                base.push_str(&fs_err::read_to_string(file).unwrap());
            } else if let Some(line) = line.strip_prefix("-- run: ") {
                line.trim().clone_into(&mut run);
            } else if let Some(line) = line.strip_prefix("-- setting: ") {
                settings.push_str(&format!("{line}\n"));
            }
        }

        let path = path.with_extension("");
        let [name, kind] = [&path, path.parent().unwrap()].map(|it| it.file_name().unwrap().to_str().unwrap());
        assert!(!found.is_empty(), "{kind}/{name} does not say what is found");
        let mut migration = |name: &str| {
            let up = parts.remove(name).unwrap_or_else(|| panic!("{} has no part `{name}`", path.display()));
            Migration { up, down: parts.remove(format!("{name} down").as_str()) }
        };
        let (faulty, twin) = (migration("faulty"), migration("twin"));
        base.push_str(&parts.remove("base").unwrap_or_default());
        let seed = parts.remove("seed");
        assert!(parts.is_empty(), "{kind}/{name} has parts that are not known: {:?}", parts.keys());
        Self { name: format!("{kind}/{name}"), run, settings, found, base, seed, faulty, twin }
    }
}
