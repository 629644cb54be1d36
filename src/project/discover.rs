//! Where the project is: the nearest folder with a `dbctl.toml`, else the folder that dbctl was started in.

use camino::{Utf8Path, Utf8PathBuf};

use super::Error;
use super::config::{Config, FILE_NAME, Platform};
use super::env::Env;
use crate::diagnostic::Diagnostic;

/// Where migrations are looked for when nothing says where they are, in this order.
const DEFAULT_FOLDERS: &[&str] = &["supabase/migrations", "migrations", "prisma/migrations"];

/// A project as found on disk.
#[derive(Clone)]
pub struct Project {
    /// The project's folder, absolute and without symlinks.
    pub root: Utf8PathBuf,
    /// What it says.
    pub config: Config,
    /// The variables.
    pub env: Env,
    /// The migrations folder, relative to the root where it is inside.
    pub migrations: Utf8PathBuf,
}

impl Project {
    /// Finds the project of a folder; `migrations` is the folder given on the command line.
    pub fn find(start: &Utf8Path, migrations: Option<&Utf8Path>) -> Result<(Self, Vec<Diagnostic>), Error> {
        let start = absolute(start)?;
        let configured = start.ancestors().find(|folder| folder.join(FILE_NAME).is_file());
        let root = configured.unwrap_or(&start).to_owned();
        let (config, warnings) = match configured {
            Some(folder) => Config::read(&folder.join(FILE_NAME))?,
            None => (Config::default(), Vec::new()),
        };
        let env = Env::read(&root)?;
        let migrations = migrations
            .map(|given| start.join(given))
            .or_else(|| config.project.migrations.clone().map(|said| root.join(said)))
            .unwrap_or_else(|| {
                let folder = DEFAULT_FOLDERS.iter().find(|folder| root.join(folder).is_dir());
                root.join(folder.copied().unwrap_or("migrations"))
            });
        let migrations = migrations.strip_prefix(&root).map_or(migrations.clone(), Utf8Path::to_owned);
        Ok((Self { root, config, env, migrations }, warnings))
    }

    /// The project that `init` makes: always in this very folder.
    pub fn here(start: &Utf8Path, migrations: Option<&Utf8Path>) -> Result<Self, Error> {
        let root = absolute(start)?;
        let (found, _) = Self::find(&root, migrations)?;
        if found.root == root {
            return Ok(found);
        }
        let folder = DEFAULT_FOLDERS.iter().find(|folder| root.join(folder).is_dir()).copied().unwrap_or("migrations");
        let migrations = migrations.map_or_else(|| Utf8PathBuf::from(folder), Utf8Path::to_owned);
        Ok(Self { env: Env::read(&root)?, root, config: Config::default(), migrations })
    }

    /// The migrations folder as an absolute path.
    pub fn migrations_path(&self) -> Utf8PathBuf {
        self.root.join(&self.migrations)
    }

    /// The platform that the local database is made to look like.
    pub fn platform(&self) -> Platform {
        self.config.local.platform.unwrap_or_else(|| {
            let supabase = self.root.join("supabase").is_dir() || self.migrations.starts_with("supabase");
            if supabase { Platform::Supabase } else { Platform::Postgres }
        })
    }
}

/// The folder as an absolute path without symlinks.
fn absolute(folder: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    match folder.canonicalize_utf8() {
        Ok(path) if path.is_dir() => Ok(path),
        Ok(path) => Err(Error::NoFolder { path }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::NoFolder { path: folder.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(Error::NotUtf8),
        Err(source) => Err(Error::Read { path: folder.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().canonicalize_utf8().unwrap();
        (folder, path)
    }

    #[test]
    fn finds_the_nearest_configuration_above() {
        let (_keep, path) = folder();
        fs_err::create_dir_all(path.join("a/b")).unwrap();
        fs_err::write(path.join("dbctl.toml"), "[project]\nmigrations = \"db\"\n").unwrap();
        let (project, _) = Project::find(&path.join("a/b"), None).unwrap();
        assert_eq!(project.root, path);
        assert_eq!(project.migrations, "db");
    }

    #[test]
    fn takes_the_supabase_folder_where_there_is_one() {
        let (_keep, path) = folder();
        fs_err::create_dir_all(path.join("supabase/migrations")).unwrap();
        fs_err::create_dir_all(path.join("migrations")).unwrap();
        let (project, _) = Project::find(&path, None).unwrap();
        assert_eq!(project.migrations, "supabase/migrations");
        assert_eq!(project.platform(), Platform::Supabase);
    }
}
