//! Text as data: sources with line numbers, byte spans, SQL quoting, plural forms and words that are near.

mod amount;
mod ident;
mod nearest;
mod percent;
mod plural;
mod source;

pub use amount::{human_bytes, human_number};
pub use ident::{bare_ident, quote_ident, quote_literal};
pub use nearest::{did_you_mean, likeness};
pub use percent::{percent_decode, percent_encode};
pub use plural::{count, human_duration};
pub use source::{Position, Source, Span};
