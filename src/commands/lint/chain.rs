//! One project's migrations as lint is given them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::super::Cx;
use crate::error::Failure;
use crate::lint::{Config, Input};
use crate::migration::{Down, SameVersion, Set};
use crate::project::config::Platform;
use crate::project::{self, Project, migrations};
use crate::text::Source;

/// The migrations of a project, and which of them are wanted.
#[derive(Clone)]
pub struct Chain {
    /// The project.
    pub project: Project,
    /// What stands before each path that is shown: the project's folder as seen from where dbctl runs.
    pub prefix: String,
    /// Paths that are wanted, relative to the project; `None` for all.
    pub wanted: Option<BTreeSet<String>>,
    /// Texts that stand for what is on disk, by path relative to the project.
    pub texts: BTreeMap<String, Arc<str>>,
    /// Files that are no migrations of the project, relative to it where they are inside.
    pub extra: Vec<Utf8PathBuf>,
    /// Files that the command line names one by one, as they are shown.
    pub named: BTreeSet<String>,
    /// Versions up to this one are history.
    pub after: Option<String>,
    /// Paths that are known elsewhere: on the base branch, or applied.
    pub base: BTreeSet<String>,
    /// Paths of `base` whose statements have changed since.
    pub edited: BTreeSet<String>,
    /// Paths of `base` whose comments alone have changed since.
    pub recommented: BTreeSet<String>,
}

/// The project's lint configuration.
pub fn config_of(project: &Project) -> Config {
    let is_supabase = project.platform() == Platform::Supabase;
    Config { is_supabase, ..project.config.linter.clone() }
}

impl Chain {
    /// All migrations of a project.
    pub fn all(project: Project) -> Self {
        Self {
            project,
            prefix: String::new(),
            wanted: None,
            texts: BTreeMap::new(),
            extra: Vec::new(),
            named: BTreeSet::new(),
            after: None,
            base: BTreeSet::new(),
            edited: BTreeSet::new(),
            recommented: BTreeSet::new(),
        }
    }

    /// The migrations as they are on disk now; what stands on no list comes last.
    pub fn inputs(&self) -> Result<Vec<Input>, Failure> {
        self.inputs_of(self.set()?.as_ref())
    }

    /// The same with the project's migrations read already.
    pub fn inputs_of(&self, set: Option<&Set>) -> Result<Vec<Input>, Failure> {
        let mut inputs = match set {
            Some(set) => self.of_set(set),
            None if self.project.migrations_path().is_dir() => self.of_folder()?,
            None => Vec::new(),
        };
        let known: BTreeSet<String> = inputs.iter().map(|input| input.path.clone()).collect();
        for path in &self.extra {
            let shown = self.shown(path.as_str());
            if known.contains(&shown) {
                continue;
            }
            let text: Arc<str> = match self.texts.get(path.as_str()) {
                Some(text) => Arc::clone(text),
                None => migrations::read_text(&self.project.root.join(path)).map_err(project::Error::from)?.into(),
            };
            let mut input = loose(shown, text);
            // A file that is not written yet is what it will be on disk.
            if path.starts_with(&self.project.migrations) {
                input.has_downs =
                    input.version.is_none() || set.is_none_or(|set| set.layout.files("1_x").down.is_some());
            }
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// The project's migrations; `None` where it has no folder and files were named.
    pub fn set(&self) -> Result<Option<Set>, Failure> {
        let project = &self.project;
        match migrations::read(&project.migrations_path(), &project.migrations, SameVersion::ByName) {
            Ok(set) => Ok(Some(set)),
            Err(migrations::Error::Missing { .. }) if !self.extra.is_empty() => Ok(None),
            // Names that no layout has are lint's to tell, file by file.
            Err(migrations::Error::Layout { .. }) => Ok(None),
            Err(error) => {
                let is_missing = matches!(error, migrations::Error::Missing { .. });
                let mut failure = Failure::from(project::Error::from(error));
                if let Some(diagnostic) = failure.diagnostics.first_mut().filter(|_| is_missing) {
                    diagnostic.helps.push("in a folder above several projects: `dbctl lint .`".to_owned());
                }
                Err(failure)
            }
        }
    }

    fn of_set(&self, set: &Set) -> Vec<Input> {
        let has_downs = set.layout.files("1_x").down.is_some();
        let inputs = set.migrations.iter().map(|migration| {
            let path = migration.path.as_str();
            let text = self.texts.get(path);
            let down = migration.down.as_ref().map(|down| {
                let text = self.texts.get(down.path.as_str()).cloned();
                (down.path.as_str(), text.unwrap_or_else(|| down.source.shared_text()))
            });
            let version = migration.version.text();
            Input {
                path: self.shown(path),
                version: Some(as_written(set, version).to_owned()),
                name: migration.name.clone(),
                has_downs,
                no_transaction: match text {
                    Some(text) => migration.is_without_transaction(&Source::new(path, Arc::clone(text))),
                    None => migration.no_transaction.is_some(),
                },
                text: text.cloned().unwrap_or_else(|| migration.source.shared_text()),
                selected: self.wants(path, down.as_ref().map(|(path, _)| *path), version),
                down: down.filter(|(_, text)| !Down::is_template(text)).map(|(path, text)| (self.shown(path), text)),
            }
        });
        inputs.collect()
    }

    /// The files of a folder whose names no layout has, each with the down file beside it.
    fn of_folder(&self) -> Result<Vec<Input>, Failure> {
        let folder = self.project.migrations_path();
        let files = migrations::sql_files(&folder).map_err(project::Error::from)?;
        let name = |path: &Utf8Path| {
            let below = path.strip_prefix(&self.project.root).unwrap_or(path);
            below.as_str().replace('\\', "/")
        };
        let text = |path: &Utf8Path| -> Result<Arc<str>, Failure> {
            match self.texts.get(&name(path)) {
                Some(text) => Ok(Arc::clone(text)),
                None => Ok(migrations::read_text(path).map_err(project::Error::from)?.into()),
            }
        };
        let is_down = |path: &Utf8Path| path.as_str().ends_with(".down.sql");
        let mut inputs = Vec::with_capacity(files.len());
        for path in files.iter().filter(|path| !is_down(path)) {
            let stem = path.as_str().trim_end_matches(".sql").trim_end_matches(".up");
            let down = Utf8PathBuf::from(format!("{stem}.down.sql"));
            let relative = name(path);
            let mut input = loose(self.shown(&relative), text(path)?);
            input.has_downs = true;
            let version = input.version.clone().unwrap_or_default();
            input.selected = self.wants(&relative, Some(&name(&down)), &version);
            if files.contains(&down) {
                input.down = Some((self.shown(&name(&down)), text(&down)?));
            }
            inputs.push(input);
        }
        Ok(inputs)
    }

    fn wants(&self, path: &str, down: Option<&str>, version: &str) -> bool {
        let newer = self.after.as_deref().is_none_or(|after| order(version) > order(after));
        let named = self
            .wanted
            .as_ref()
            .is_none_or(|wanted| wanted.contains(path) || down.is_some_and(|down| wanted.contains(down)));
        newer && named
    }

    /// A path of the project as it is shown.
    pub fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).replace('\\', "/")
    }
}

/// The version as in the file name. Where several files share one, the set tells them apart by their names: here they are to be
/// seen as the same. Folders of migrations share timestamps by nature (Prisma).
fn as_written<'a>(set: &Set, version: &'a str) -> &'a str {
    if set.layout.folders { version } else { version.split('_').next().unwrap_or(version) }
}

/// A file that is no migration of the project.
fn loose(path: String, text: Arc<str>) -> Input {
    let file = Utf8Path::new(&path).file_name().unwrap_or_default();
    let stem = file.trim_end_matches(".sql").trim_end_matches(".up");
    let (version, name) = stem.split_once('_').unwrap_or((stem, ""));
    let version =
        (!version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit())).then(|| version.to_owned());
    Input {
        name: name.to_owned(),
        no_transaction: text
            .lines()
            .any(|line| line.trim().replace(' ', "").eq_ignore_ascii_case("--dbctl:no-transaction")),
        version,
        path,
        text,
        down: None,
        has_downs: false,
        selected: true,
    }
}

/// Versions are numbers with other signs between.
fn order(version: &str) -> (usize, String) {
    let digits: String = version.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').to_owned();
    (digits.len(), digits)
}

impl Cx {
    /// The project's migrations as lint is given them.
    pub fn chain(&self, project: &Project) -> Chain {
        Chain::all(project.clone())
    }
}
