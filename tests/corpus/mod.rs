//! Other projects' histories, in place and in their own layouts: up in order, and down newest first.
//!
//! They lie beside the project, in `../shared/corpora` or where `DBCTL_TEST_CORPORA` says. Where they are absent these
//! tests say in a line that they did not run; under `CI=true` that is a failure.

mod diff;
mod forward;
mod known;
mod lint;
mod reversible;
mod seed;

use crate::support::corpus;

/// The histories that have a test here.
const COVERED: [(&str, &[&str]); 3] = [
    ("prisma", &["hoppscotch", "langfuse"]),
    ("rollback", &["concourse", "crates.io", "docs.rs", "keto", "kratos"]),
    ("supabase", &["basejump", "chatbot-ui", "liam", "nextbase", "subscription-payments"]),
];

#[test]
fn the_histories_with_a_test_are_there() {
    for (kind, covered) in COVERED {
        let Some(folder) = corpus(kind) else { continue };
        let gone: Vec<_> = covered.iter().filter(|name| !folder.join(name).is_dir()).collect();
        assert!(gone.is_empty(), "{gone:?} of {kind}");
    }
}
