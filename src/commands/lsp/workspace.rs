//! The projects that open documents belong to, and what lint finds in them. What has not changed is neither read nor parsed again.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::{MessageType, Uri};

use super::super::lint::{Chain, baseline_path, config_of, read_baseline};
use super::document::{Document, Documents};
use super::stamp::Stamp;
use super::uri::uri_of;
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::lint::baseline::{self, Baseline};
use crate::lint::{Finding, Kept, LintFile, lint_again, parse_changed};
use crate::migration::{Set, beside};
use crate::project::migrations::ROLLBACKS;
use crate::project::{Project, config};

/// What people are told beside what is found.
pub type Notice = (MessageType, String);

/// The workspace.
pub struct Workspace {
    /// The folders that the editor has opened.
    folders: Vec<Utf8PathBuf>,
    /// Where dbctl was started.
    here: Utf8PathBuf,
    /// The migrations folder that the command line names.
    migrations: Option<Utf8PathBuf>,
    projects: BTreeMap<Utf8PathBuf, Loaded>,
    /// The project of each open document that is a migration, and its path in there.
    places: BTreeMap<String, (Utf8PathBuf, String)>,
}

/// A project as it was read.
struct Loaded {
    chain: Chain,
    /// Its migrations on disk; `None` where the names have no layout.
    set: Option<Set>,
    baseline: Option<Baseline>,
    /// What the files were like before they were read.
    stamp: Stamp,
    files: Vec<LintFile>,
    /// What the files before the first open one leave.
    kept: Option<Kept>,
    findings: Vec<Finding>,
    /// The names of the open documents, by path.
    uris: BTreeMap<String, Uri>,
}

/// What is known about an open document.
pub struct Seen<'a> {
    /// Its project.
    pub project: &'a Project,
    /// The migrations on disk.
    pub set: Option<&'a Set>,
    /// All files of the chain.
    pub files: &'a [LintFile],
    /// The document among them.
    pub file: &'a LintFile,
    /// What is found in it.
    pub findings: Vec<&'a Finding>,
    uris: &'a BTreeMap<String, Uri>,
}

impl Seen<'_> {
    /// The name of a file of the project; the editor's own where it is open.
    pub fn uri_of(&self, path: &str) -> Option<Uri> {
        self.uris.get(path).cloned().or_else(|| uri_of(&self.project.root.join(path)))
    }
}

impl Workspace {
    /// Makes a workspace of the folder that dbctl was started in.
    pub fn new(here: Utf8PathBuf, migrations: Option<Utf8PathBuf>) -> Self {
        Self { folders: Vec::new(), here, migrations, projects: BTreeMap::new(), places: BTreeMap::new() }
    }

    /// The editor has opened folders.
    pub fn add_folders(&mut self, folders: impl IntoIterator<Item = Utf8PathBuf>) {
        self.folders.extend(folders.into_iter().map(|folder| folder.canonicalize_utf8().unwrap_or(folder)));
    }

    /// The editor has closed folders.
    pub fn remove_folders(&mut self, folders: impl IntoIterator<Item = Utf8PathBuf>) {
        for folder in folders {
            let folder = folder.canonicalize_utf8().unwrap_or(folder);
            self.folders.retain(|known| *known != folder);
        }
    }

    /// Lints what is open; answers what there is to say about the projects themselves.
    pub fn check(&mut self, documents: &Documents) -> Vec<Notice> {
        let mut by_root: BTreeMap<Utf8PathBuf, Vec<(Utf8PathBuf, &Document)>> = BTreeMap::new();
        for document in documents.iter() {
            let Some(path) = document.path.as_deref().filter(|path| path.extension() == Some("sql")) else { continue };
            let path = real(path);
            by_root.entry(self.root_of(&path)).or_default().push((path, document));
        }
        self.places.clear();
        let mut before = std::mem::take(&mut self.projects);
        let mut notices = Vec::new();
        for (root, open) in by_root {
            let known = before.remove(&root);
            let checked = catch_unwind(AssertUnwindSafe(|| self.check_project(&root, known, &open, &mut notices)));
            match checked {
                Ok(Ok(project)) => {
                    let places = project.uris.iter();
                    let places = places.map(|(path, uri)| (uri.as_str().to_owned(), (root.clone(), path.clone())));
                    self.places.extend(places);
                    self.projects.insert(root, project);
                }
                Ok(Err(failure)) => {
                    notices.extend(failure.diagnostics.iter().map(|it| (MessageType::ERROR, sentence(it))));
                }
                Err(_) => {
                    let text = "dbctl: lint has failed at this text: this is a bug in dbctl, please report it";
                    notices.push((MessageType::ERROR, text.to_owned()));
                }
            }
        }
        notices
    }

    /// What is known about a document since the last check; `None` where it is no migration.
    pub fn seen(&self, uri: &Uri) -> Option<Seen<'_>> {
        let (root, path) = self.places.get(uri.as_str())?;
        let Loaded { chain, set, files, findings, uris, .. } = self.projects.get(root)?;
        let file = files.iter().find(|file| file.path() == path)?;
        let findings = findings.iter().filter(|finding| finding.place.is_in(file.id)).collect();
        Some(Seen { project: &chain.project, set: set.as_ref(), files, file, findings, uris })
    }

    /// The folder of the project that a file belongs to.
    fn root_of(&self, path: &Utf8Path) -> Utf8PathBuf {
        let configured = path.ancestors().skip(1).find(|folder| folder.join(config::FILE_NAME).is_file());
        let opened =
            || self.folders.iter().filter(|folder| path.starts_with(folder)).max_by_key(|it| it.as_str().len());
        configured.map(Utf8Path::to_owned).or_else(|| opened().cloned()).unwrap_or_else(|| self.here.clone())
    }

    fn check_project(
        &self,
        root: &Utf8Path,
        known: Option<Loaded>,
        open: &[(Utf8PathBuf, &Document)],
        notices: &mut Vec<Notice>,
    ) -> Result<Loaded, Failure> {
        let (parsed, known) = match known {
            Some(mut known) => (std::mem::take(&mut known.files), Some(known)),
            None => (Vec::new(), None),
        };
        let (mut project, warnings) = match known.filter(|known| known.stamp == stamp(&known.chain.project)) {
            Some(known) => (known, Vec::new()),
            None => self.load(root, open)?,
        };
        notices.extend(warnings.iter().map(|it| (MessageType::WARNING, sentence(it))));
        project.lint(parsed, open)?;
        Ok(project)
    }

    /// Reads a project.
    fn load(&self, root: &Utf8Path, open: &[(Utf8PathBuf, &Document)]) -> Result<(Loaded, Vec<Diagnostic>), Failure> {
        let (project, warnings) = Project::find(root, self.migrations.as_deref())?;
        let stamp = stamp(&project);
        let mut chain = Chain::all(project);
        chain.after = chain.project.config.lint.as_ref().and_then(|lint| lint.after.clone());
        let paths: Vec<String> = open.iter().filter_map(|(path, _)| path_in(&chain.project, path)).collect();
        // A folder that nobody works in may be missing or broken as it likes.
        let set = if paths.is_empty() {
            None
        } else {
            chain.extra = paths.into_iter().map(Utf8PathBuf::from).collect();
            chain.set()?
        };
        let baseline = read_baseline(&baseline_path(&chain.project))?;
        let (files, findings, uris) = (Vec::new(), Vec::new(), BTreeMap::new());
        Ok((Loaded { chain, set, baseline, stamp, files, kept: None, findings, uris }, warnings))
    }
}

impl Loaded {
    /// Lints the open documents, with all else as it is on disk.
    fn lint(&mut self, parsed: Vec<LintFile>, open: &[(Utf8PathBuf, &Document)]) -> Result<(), Failure> {
        let chain = &mut self.chain;
        chain.texts.clear();
        chain.extra.clear();
        self.uris.clear();
        for (file, document) in open {
            let Some(path) = path_in(&chain.project, file) else { continue };
            // What is on disk and no migration there is none in the editor either.
            if !is_down(&path) && !file.exists() {
                chain.extra.push(path.clone().into());
            }
            chain.texts.insert(path.clone(), document.text.clone());
            self.uris.insert(path, document.uri.clone());
        }
        chain.wanted = Some(self.uris.keys().cloned().collect::<BTreeSet<_>>());
        if self.uris.is_empty() {
            self.findings.clear();
            return Ok(());
        }
        let config = config_of(&chain.project);
        let (files, unchanged) = parse_changed(chain.inputs_of(self.set.as_ref())?, parsed);
        self.files = files;
        self.findings = lint_again(&self.files, &config, unchanged, &mut self.kept).findings;
        if let Some(known) = &self.baseline {
            let found = std::mem::take(&mut self.findings);
            self.findings = baseline::apply(known, &self.files, &config, found).findings;
        }
        Ok(())
    }
}

/// What the files of a project are like now.
fn stamp(project: &Project) -> Stamp {
    let mut stamp = Stamp::default();
    for name in [config::FILE_NAME, ".env", ".env.local"] {
        stamp.file(project.root.join(name));
    }
    stamp.file(baseline_path(project));
    stamp.folder(&project.migrations_path());
    stamp.folder(&rollbacks(&project.migrations_path()));
    stamp
}

/// A path without links but for the file itself, which need not be there yet.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let Some((folder, name)) = path.parent().zip(path.file_name()) else { return path.to_owned() };
    folder.canonicalize_utf8().map_or_else(|_| path.to_owned(), |folder| folder.join(name))
}

/// The path of a file in the migrations folder, or in that of down files beside it, as the chain writes it; `None` for every
/// other file.
fn path_in(project: &Project, file: &Utf8Path) -> Option<String> {
    let inside = |folder: Utf8PathBuf, written: &Utf8Path| {
        let folder = folder.canonicalize_utf8().unwrap_or(folder);
        file.strip_prefix(&folder).ok().map(|below| written.join(below).into_string())
    };
    let downs = || inside(rollbacks(&project.migrations_path()), &rollbacks(&project.migrations));
    inside(project.migrations_path(), &project.migrations).or_else(|| downs().filter(|path| is_down(path)))
}

/// The folder of down files beside a migrations folder.
fn rollbacks(migrations: &Utf8Path) -> Utf8PathBuf {
    beside(migrations, &Utf8Path::new("..").join(ROLLBACKS))
}

fn is_down(path: &str) -> bool {
    path.ends_with(".down.sql") || path.ends_with("/down.sql")
}

/// A diagnostic in one line: what, where, why, and what mends it.
fn sentence(diagnostic: &Diagnostic) -> String {
    let mut text = format!("dbctl: {}", diagnostic.title);
    for label in &diagnostic.labels {
        let at = label.source.position(label.span.start);
        let place = format!("{}:{}:{}", label.source.name(), at.line, at.column);
        let said = if label.text.is_empty() { place } else { format!("{place}: {}", label.text) };
        text = format!("{text} ({said})");
    }
    for more in diagnostic.causes.iter().chain(&diagnostic.helps) {
        text.push_str("; ");
        text.push_str(more);
    }
    text
}
