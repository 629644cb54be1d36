//! SQL statements as data: where each begins and ends, what it does and to which object.
//!
//! Tokens are enough to split a file as psql splits it, to name the statements and to know which of them cannot run in a
//! transaction: that is all that a run needs. Lint, which has to understand, reads the tree of [`ast`] that [`parse`] makes.

pub mod ast;
mod classify;
mod compare;
mod cursor;
mod extension;
mod hazard;
pub mod parse;
mod split;
mod statement;
mod token;
mod transaction;

pub use compare::{first_line, same_but_for_comments, written};
pub use extension::{Action, ExtensionStatement, extension};
pub use split::{SplitError, split, split_all};
pub use statement::{Object, Statement, TxControl};
pub use token::{Kind, Token, Tokens, significant};
pub use transaction::{FileTransaction, Mode, analyse};
