//! Other projects' histories, in place and in their own layouts: up in order, and down newest first.
//!
//! They lie beside the project, in `../shared/corpora` or where `DBCTL_TEST_CORPORA` says. Where they are absent these
//! tests say in a line that they did not run; under `CI=true` that is a failure.

mod forward;
mod known;
mod reversible;

use std::path::{Path, PathBuf};

/// The histories that have a test here.
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
    let missing = if corpora.is_dir() { format!("tests of `{name}`") } else { "tests of the corpora".to_owned() };
    crate::support::not_run(&format!("{missing}: there is no `{}`", corpora.display()));
    None
}

#[test]
fn the_histories_with_a_test_are_there() {
    for (kind, covered) in COVERED {
        let Some(folder) = history(kind) else { continue };
        let gone: Vec<_> = covered.iter().filter(|name| !folder.join(name).is_dir()).collect();
        assert!(gone.is_empty(), "{gone:?} of {kind}");
    }
}
