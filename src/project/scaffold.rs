//! Files that dbctl writes into a project: the configuration, the ignore entry, new migrations, scripts.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, UndefinedBehavior, context};

use super::config::{FILE_NAME, Platform};
use super::{Error, Project, migrations};
use crate::migration::{Layout, Version, beside, file_name, slug};

/// What must not be committed, with the comment that says why.
const IGNORED: &str = "# dbctl: the local server, runs and other private state\n.dbctl/\n";

/// Two branches that each add a line to `dbctl.sum` are merged without a conflict.
const MERGED: &str = "# dbctl: branches that add different migrations merge cleanly\ndbctl.sum merge=union\n";

/// What `init` did.
pub struct Initialised {
    /// Files and folders that were written.
    pub written: Vec<String>,
    /// Those that were there.
    pub kept: Vec<String>,
}

/// A migration that was written.
pub struct Made {
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: String,
    /// The file that applies it, relative to the project.
    pub up: String,
    /// The file that takes it back, relative to the project; none where the layout has no place for it.
    pub down: Option<String>,
}

/// Writes what a project lacks.
pub fn init(project: &Project) -> Result<Initialised, Error> {
    let mut done = Initialised { written: Vec::new(), kept: Vec::new() };
    let config = project.root.join(FILE_NAME);
    if config.exists() {
        done.kept.push(FILE_NAME.to_owned());
    } else {
        let platform = match project.platform() {
            Platform::Postgres => "postgres",
            Platform::Supabase => "supabase",
        };
        let values = context! { migrations => project.migrations.as_str(), platform };
        write_file(&config, &render(include_str!("../../templates/dbctl.toml.j2"), values)?)?;
        done.written.push(FILE_NAME.to_owned());
    }
    let folder = project.migrations_path();
    if folder.is_dir() {
        done.kept.push(format!("{}/", project.migrations));
    } else {
        fs_err::create_dir_all(&folder).map_err(|source| Error::Write { path: folder.clone(), source })?;
        done.written.push(format!("{}/", project.migrations));
    }
    let is_ignored = |line: &str| {
        let line = line.trim_start_matches('/');
        matches!(line, ".dbctl" | ".dbctl/" | ".dbctl/*" | "**/.dbctl" | "**/.dbctl/")
    };
    ensure_line(project, ".gitignore", is_ignored, IGNORED, &mut done)?;
    ensure_line(project, ".gitattributes", |line| line.starts_with("dbctl.sum "), MERGED, &mut done)?;
    Ok(done)
}

/// Writes a migration and its down file; the version is newer than every other one of the folder.
pub fn new_migration(project: &Project, name: &str, now: Timestamp) -> Result<Made, Error> {
    make(project, name, None, now)
}

/// Writes a new migration with a text; what it does needs no way back.
pub fn new_migration_with(project: &Project, name: &str, text: &str, now: Timestamp) -> Result<Made, Error> {
    make(project, name, Some(text), now)
}

/// The files of the migrations that [`new_migration_with`] would write, one call after the other: paths relative to the project,
/// and their texts.
pub fn drafted<'a>(
    project: &Project,
    wanted: impl Iterator<Item = (&'a str, &'a str)>,
    now: Timestamp,
) -> Result<Vec<(String, String)>, Error> {
    let (layout, mut newest) = standing(project)?;
    let mut files = Vec::new();
    for (name, text) in wanted {
        let Draft { version, up, down } = draft(project, layout, newest.as_ref(), name, Some(text), now)?;
        files.extend([up].into_iter().chain(down).map(|(path, text)| (shown(project, &path), text)));
        newest = Some(version);
    }
    Ok(files)
}

/// A migration that nobody has written yet: absolute paths and what belongs there.
pub struct Draft {
    /// Its version.
    pub version: Version,
    /// The file that applies it.
    pub up: (Utf8PathBuf, String),
    /// The file that takes it back; none where the layout has no place for it.
    pub down: Option<(Utf8PathBuf, String)>,
}

/// Drafts a migration newer than `newest`, a version of the order that the project has; without a text it is a template to fill
/// in.
pub fn draft(
    project: &Project,
    layout: &Layout,
    newest: Option<&Version>,
    name: &str,
    text: Option<&str>,
    now: Timestamp,
) -> Result<Draft, Error> {
    let folder = project.migrations_path();
    let same = project.config.project.same_version;
    let version = layout.next_version(now.to_zoned(TimeZone::UTC).datetime(), newest, same);
    let files = layout.files(&file_name(&version, name));
    let up = folder.join(&files.up);
    let apart = migrations::down_apart(project.platform(), &files.up);
    let down = files.down.map(|down| apart.unwrap_or(down));
    let up_text = if let Some(text) = text {
        text.to_owned()
    } else {
        let title = name.replace(['\n', '\r'], " ");
        let near = |down: &Utf8Path| {
            files.up.parent().and_then(|folder| down.strip_prefix(folder).ok().map(Utf8Path::to_owned))
        };
        let down = down.as_deref().map(|down| near(down).unwrap_or_else(|| down.to_owned()).into_string());
        render(include_str!("../../templates/migration.sql.j2"), context! { title, down })?
    };
    let down_text = render(include_str!("../../templates/down.sql.j2"), context! { up => up.file_name() })?;
    let down = down.map(|down| (beside(&folder, &down), down_text));
    Ok(Draft { version, up: (up, up_text), down })
}

fn make(project: &Project, name: &str, text: Option<&str>, now: Timestamp) -> Result<Made, Error> {
    let folder = project.migrations_path();
    let (layout, mut newest) = standing(project)?;
    fs_err::create_dir_all(&folder).map_err(|source| Error::Write { path: folder.clone(), source })?;
    loop {
        let Draft { version, up: (up, up_text), down } = draft(project, layout, newest.as_ref(), name, text, now)?;
        // Two calls in one second may pick the same version: the first to create its file has it.
        match create_new(&up, &up_text) {
            Ok(()) => {}
            Err(Error::Write { source, .. }) if source.kind() == std::io::ErrorKind::AlreadyExists => {
                newest = Some(version);
                continue;
            }
            Err(error) => return Err(error),
        }
        if let Some((down, text)) = &down {
            create_new(down, text).inspect_err(|_| {
                // Two files or none: the message says that nothing was changed.
                let _gone = fs_err::remove_file(&up);
            })?;
        }
        return Ok(Made {
            version: version.text().to_owned(),
            name: slug(name),
            up: shown(project, &up),
            down: down.as_ref().map(|(path, _)| shown(project, path)),
        });
    }
}

/// A migration with its texts.
#[derive(Debug, Clone)]
pub struct Written {
    /// What it does, in words.
    pub name: String,
    /// What applies it.
    pub up: String,
    /// What takes it back.
    pub down: String,
}

/// Writes migrations with their down files, each with a newer version than the one before: all of them, or none.
pub fn new_migrations(project: &Project, wanted: &[Written], now: Timestamp) -> Result<Vec<Made>, Error> {
    let folder = project.migrations_path();
    let (layout, mut newest) = standing(project)?;
    fs_err::create_dir_all(&folder).map_err(|source| Error::Write { path: folder.clone(), source })?;
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    let mut made = Vec::new();
    let all: Result<(), Error> = wanted.iter().try_for_each(|it| {
        let Draft { version, up, down } = draft(project, layout, newest.as_ref(), &it.name, Some(&it.up), now)?;
        let down = down.map(|(path, _)| (path, it.down.clone()));
        for (path, text) in std::iter::once(&up).chain(&down) {
            create_new(path, text)?;
            files.push(path.clone());
        }
        made.push(Made {
            version: version.text().to_owned(),
            name: slug(&it.name),
            up: shown(project, &up.0),
            down: down.as_ref().map(|(path, _)| shown(project, path)),
        });
        newest = Some(version);
        Ok(())
    });
    all.inspect_err(|_| {
        for file in &files {
            let _gone = fs_err::remove_file(file);
        }
    })?;
    Ok(made)
}

/// The layout of a project's migrations, and the newest version there is.
fn standing(project: &Project) -> Result<(&'static Layout, Option<Version>), Error> {
    let existing =
        match migrations::read(&project.migrations_path(), &project.migrations, project.config.project.same_version) {
            Ok(set) => Some(set).filter(|set| !set.migrations.is_empty()),
            Err(migrations::Error::Missing { .. }) => None,
            Err(error) => return Err(error.into()),
        };
    let layout = existing.as_ref().map_or(Layout::OWN, |set| set.layout);
    Ok((layout, existing.as_ref().and_then(|set| set.newest().cloned())))
}

/// A path of the migrations folder or beside it, relative to the project.
fn shown(project: &Project, path: &Utf8Path) -> String {
    let folder = project.migrations_path();
    if let Ok(inside) = path.strip_prefix(&folder) {
        return project.migrations.join(inside).into_string();
    }
    let outside = folder.parent().and_then(|parent| path.strip_prefix(parent).ok());
    outside.map_or_else(
        || path.to_string(),
        |path| beside(&project.migrations, &Utf8Path::new("..").join(path)).into_string(),
    )
}

/// Adds lines to a file of the project unless it has one that says the same.
fn ensure_line(
    project: &Project,
    name: &str,
    says_it: impl Fn(&str) -> bool,
    lines: &str,
    done: &mut Initialised,
) -> Result<(), Error> {
    let path = project.root.join(name);
    let text = match fs_err::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Read { path, source }),
    };
    if text.lines().any(|line| says_it(line.trim())) {
        done.kept.push(name.to_owned());
        return Ok(());
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    write_file(&path, &format!("{text}{gap}{lines}"))?;
    done.written.push(name.to_owned());
    Ok(())
}

/// Writes a file with its folders where there is none; says whether it did.
pub fn write_new(path: &Utf8Path, text: &str) -> Result<bool, Error> {
    if path.exists() {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })?;
    }
    write_file(path, text)?;
    Ok(true)
}

/// Writes a down file, with its folder; one that is there is replaced.
pub fn write_down(path: &Utf8Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder).map_err(|source| Error::Write { path: folder.to_owned(), source })?;
    }
    write_file(path, text)
}

/// Writes the manual pages of all commands.
pub fn man_pages(folder: &Utf8Path, command: clap::Command) -> Result<(), Error> {
    let fail = |source| Error::Write { path: folder.to_owned(), source };
    fs_err::create_dir_all(folder).map_err(fail)?;
    clap_mangen::generate_to(command, folder).map_err(fail)
}

/// Writes a whole file at once: to a temporary name beside it, then renamed.
pub fn write_file(path: &Utf8Path, text: &str) -> Result<(), Error> {
    let fail = |source| Error::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".dbctl-").tempfile_in(folder).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    set_mode(&file, path).map_err(fail)?;
    file.persist(path).map(drop).map_err(|error| fail(error.error))
}

/// A file that is replaced keeps its mode; a new one is readable as any source file is.
fn set_mode(file: &tempfile::NamedTempFile, path: &Utf8Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = match fs_err::metadata(path) {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::fs::Permissions::from_mode(0o644),
    };
    file.as_file().set_permissions(permissions)
}

/// Creates a file that must not be there yet.
fn create_new(path: &Utf8PathBuf, text: &str) -> Result<(), Error> {
    let fail = |source| Error::Write { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder).map_err(fail)?;
    }
    let mut file = fs_err::OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(|error| {
        // On a full disk the name is there and the text is not: an empty migration would be applied.
        let _gone = fs_err::remove_file(path);
        fail(error)
    })
}

fn render(template: &str, values: minijinja::Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // The template engine drops the last line end of a template.
    Ok(environment.render_str(template, values)? + "\n")
}
