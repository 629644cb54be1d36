//! Variables: the process's own first, then `.env.local`, then `.env` of the project. Nothing is ever written back.

use std::collections::HashMap;

use camino::Utf8Path;

use super::Error;

/// The variables that dbctl sees.
#[derive(Clone, Default)]
pub struct Env {
    files: HashMap<String, String>,
}

impl Env {
    /// Reads `.env` and `.env.local` of a folder; a missing file is no error.
    pub fn read(folder: &Utf8Path) -> Result<Self, Error> {
        let mut files = HashMap::new();
        for name in [".env", ".env.local"] {
            let path = folder.join(name);
            let text = match fs_err::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(source) => return Err(Error::Read { path, source }),
            };
            for (number, item) in dotenvy::from_read_iter(text.as_bytes()).enumerate() {
                // The text of the line may hold a secret, so only its place is said.
                let (key, value) = item.map_err(|_| Error::EnvFile { path: path.clone(), entry: number + 1 })?;
                files.insert(key, value);
            }
        }
        Ok(Self { files })
    }

    /// The value of a variable; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().or_else(|| self.files.get(name).cloned()).filter(|value| !value.is_empty())
    }
}

/// A variable of the process itself, for the few that are needed before a project is known.
pub fn process(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `uid 0`: who runs dbctl, where no variable has a name.
pub fn user_id() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

/// The name of this machine.
pub fn hostname() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_the_local_file_win() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        fs_err::write(path.join(".env"), "DBCTL_A=1\nDBCTL_B='two words'\n").unwrap();
        fs_err::write(path.join(".env.local"), "DBCTL_A=3\n").unwrap();
        let env = Env::read(path).unwrap();
        assert_eq!(env.get("DBCTL_A").as_deref(), Some("3"));
        assert_eq!(env.get("DBCTL_B").as_deref(), Some("two words"));
        assert_eq!(env.get("DBCTL_C"), None);
    }
}
