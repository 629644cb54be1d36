//! The command line: what a person types, what is written, and what is refused with which exit code.

mod files;
mod layouts;
mod lint;
mod lint_fix;
mod lint_run;
mod lint_words;
mod lsp;
mod refusals;
