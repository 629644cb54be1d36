//! Other projects' histories, in place and in their own layouts: up in order, and down newest first.
//!
//! They lie beside the project, in `../shared/corpora` or where `DBCTL_TEST_CORPORA` says. Where they are absent these
//! tests say in a line that they did not run; under `CI=true` that is a failure.

mod forward;
mod known;
mod reversible;

use std::path::{Path, PathBuf};

/// Every folder of histories with those that have a test here.
const COVERED: [(&str, &[&str]); 3] = [
    ("prisma", &["hoppscotch", "langfuse"]),
    ("rollback", &["concourse", "crates.io", "docs.rs", "keto", "kratos"]),
    ("supabase", &["basejump", "chatbot-ui", "liam", "nextbase", "subscription-payments"]),
];

/// The folder of a history (`rollback/keto`), or nothing after saying so.
fn history(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let corpora = std::env::var_os("DBCTL_TEST_CORPORA").map_or_else(beside, PathBuf::from);
    if let Ok(folder) = corpora.join(name).canonicalize() {
        return Some(folder);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "`{}` is absent, and CI needs it", corpora.display());
    eprintln!("not run: `{name}` is not in `{}`", corpora.display());
    None
}

#[test]
fn every_history_has_a_test() {
    for (kind, covered) in COVERED {
        let Some(folder) = history(kind) else { continue };
        let mut names: Vec<_> =
            fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, covered, "of {kind}");
    }
}
