//! dbctl as people run it: the real program on real servers, other projects' histories, and the rules of its source.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on fails, and says what it saw"
)]

mod cli;
mod corpus;
mod docs;
mod live;
mod support;
mod tidy;
