//! Whether files have changed on disk: what the system keeps about each, not what is in them.

use std::os::unix::fs::MetadataExt;

use camino::{Utf8Path, Utf8PathBuf};

/// Of a file: which one it is, how long, and when it and its name were changed.
type Mark = (u64, u64, (i64, i64), (i64, i64));

/// The state of some files; of those that are not there, that they are not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    files: Vec<(Utf8PathBuf, Option<Mark>)>,
}

impl Stamp {
    /// Adds a file.
    pub fn file(&mut self, path: Utf8PathBuf) {
        let mark = fs_err::metadata(&path)
            .ok()
            .map(|data| (data.ino(), data.len(), (data.mtime(), data.mtime_nsec()), (data.ctime(), data.ctime_nsec())));
        self.files.push((path, mark));
    }

    /// Adds what is in a folder and below.
    pub fn folder(&mut self, path: &Utf8Path) {
        let mut entries: Vec<(Utf8PathBuf, bool)> = path
            .read_dir_utf8()
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .filter(|entry| !entry.file_name().starts_with('.') && entry.file_name() != "node_modules")
            .map(|entry| (entry.path().to_owned(), entry.file_type().is_ok_and(|kind| kind.is_dir())))
            .collect();
        entries.sort();
        for (path, is_folder) in entries {
            if is_folder {
                self.folder(&path);
            } else {
                self.file(path);
            }
        }
    }
}
