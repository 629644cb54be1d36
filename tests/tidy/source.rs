//! The files of the project, and what of them is code.

use std::path::{Path, PathBuf};

use crate::support::files_under;

/// A file of `src`.
pub(super) struct SourceFile {
    /// Relative to `src`.
    pub(super) path: String,
    /// The module at the top of the path: `db` of `db/engine.rs`.
    pub(super) module: String,
    /// The text without comments and without tests.
    pub(super) code: String,
}

/// The project's folder.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the project, relative to the project.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    files_under(&root().join(folder)).iter().map(|file| file.strip_prefix(root()).unwrap().to_owned()).collect()
}

/// The text of a file of the project.
pub(super) fn text(path: impl AsRef<Path>) -> String {
    fs_err::read_to_string(root().join(path.as_ref())).unwrap()
}

/// Every file of `src` that is not itself a test.
pub(super) fn sources() -> Vec<SourceFile> {
    let paths: Vec<PathBuf> =
        files("src").into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs")).collect();
    let tests: Vec<PathBuf> = paths.iter().flat_map(|path| test_modules(path)).collect();
    let read = |path: &PathBuf| {
        let within = path.strip_prefix("src").unwrap().to_str().unwrap().to_owned();
        let module = within.split(['/', '.']).next().unwrap().to_owned();
        SourceFile { module, code: code(&text(path)), path: within }
    };
    paths.iter().filter(|path| !tests.contains(path)).map(read).collect()
}

/// The files of the modules that a file declares for tests only.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let text = text(path);
    let mut lines = text.lines().map(str::trim);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let declared = (line == "#[cfg(test)]").then(|| lines.next()).flatten();
        let name =
            declared.and_then(|line| line.strip_suffix(';')?.rsplit_once("mod ").map(|(_, name)| name.to_owned()));
        if let Some(name) = name {
            let folder = path.parent().unwrap();
            found.extend([folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")]);
        }
    }
    found
}

/// The text up to its tests, without its comments.
fn code(text: &str) -> String {
    let until_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    until_tests.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}
