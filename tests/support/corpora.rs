//! The corpora: other projects' histories and other linters' cases, which lie beside the project.

use std::path::{Path, PathBuf};

/// The corpora's folder, or nothing after saying so; in `../shared/corpora`, or where `DBCTL_TEST_CORPORA` says.
pub(crate) fn corpora() -> Option<PathBuf> {
    let folder = named();
    if let Ok(folder) = folder.canonicalize() {
        return Some(folder);
    }
    super::not_run(&format!("tests of the corpora: there is no `{}`", folder.display()));
    None
}

/// A folder of the corpora (`rollback/keto`), or nothing after saying so.
pub(crate) fn corpus(name: &str) -> Option<PathBuf> {
    let corpora = corpora()?;
    if let Ok(folder) = corpora.join(name).canonicalize() {
        return Some(folder);
    }
    super::not_run(&format!("tests of `{name}`: there is no such folder in `{}`", corpora.display()));
    None
}

fn named() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    std::env::var_os("DBCTL_TEST_CORPORA").map_or_else(beside, PathBuf::from)
}
