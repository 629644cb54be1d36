//! Text as data: sources with line numbers, byte spans, SQL quoting and plural forms.

mod ident;
mod plural;
mod source;

pub use ident::{quote_ident, quote_literal};
pub use plural::{count, human_duration};
pub use source::{Position, Source, Span};
