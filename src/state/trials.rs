//! What trials of plans have shown, so that the same plan need not be tried twice: `.dbctl/trials/HASH.json`.
//!
//! Nothing is lost with these files, so one that cannot be read or written is as good as none.

use std::path::PathBuf;
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StateDir;
use super::files::{self, Readers};

/// How many are kept.
const MOST: usize = 16;

/// What was kept under a hash.
#[must_use]
pub fn load<T: DeserializeOwned>(state: &StateDir, hash: &str) -> Option<T> {
    let text = files::read(&file(state, hash)).ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps something under a hash, in a state directory that is there; the oldest go.
pub fn save<T: Serialize>(state: &StateDir, hash: &str, kept: &T) {
    if !state.path().is_dir() {
        return;
    }
    let Ok(text) = serde_json::to_string(kept) else { return };
    let saved = files::create_folder(&state.trials())
        .and_then(|()| files::write(&file(state, hash), text.as_bytes(), Readers::User));
    if let Err(error) = saved {
        tracing::debug!(%error, "the trial was not kept");
        return;
    }
    let Ok(entries) = fs_err::read_dir(state.trials()) else { return };
    let age = |path: &PathBuf| path.metadata().and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort_by_key(|path| std::cmp::Reverse(age(path)));
    for old in paths.iter().skip(MOST) {
        let _gone_already = fs_err::remove_file(old);
    }
}

fn file(state: &StateDir, hash: &str) -> PathBuf {
    state.trials().join(format!("{hash}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_it_is_given_and_not_too_much_of_it() {
        let project = tempfile::tempdir().unwrap();
        save(&StateDir::open(project.path()), "a", &1);
        assert!(!project.path().join(".dbctl").exists());
        let state = StateDir::create(project.path()).unwrap();
        for n in 0..MOST + 4 {
            save(&state, &format!("h{n}"), &n);
        }
        let last = format!("h{}", MOST + 3);
        assert_eq!(load::<usize>(&state, &last), Some(MOST + 3));
        assert_eq!(load::<String>(&state, &last), None, "another shape is as good as none");
        assert_eq!(std::fs::read_dir(state.trials()).unwrap().count(), MOST);
    }
}
