//! The way back of a migration, judged: what it restores, what it cannot, and what is kept for later.
//!
//! Everything here is known from two catalogs, the one before the migration and the one after it, from what is known to
//! be the same under another name, and from the migration's own statements.

mod counters;
mod data;
mod gone;
mod loss;
mod names;
mod trash;
mod trash_restore;
mod verdict;
mod zones;

pub use counters::{counted_beyond, counters_lost};
pub use data::{DataStep, data_steps};
pub use gone::gone;
pub use loss::{By, Loss, losses};
pub use names::Names;
pub use trash::{Keeper, Kept, Present, TRASH};
pub use verdict::{Verdict, verdict};
pub use zones::{Zoned, are_turned_back, said_truly, turned_back, zoned};
