//! Migrations as data: versions, checksums, directives, and the folder layouts of the tools that people come from.

mod checksum;
mod directive;
mod error;
mod layout;
mod name;
mod set;
mod version;

pub use checksum::{Checksum, normalise};
pub use directive::{Approval, Directive, Directives};
pub use error::{FileError, LayoutError};
pub use layout::{Entry, LAYOUTS, Layout, Listed, Listing, NewFiles, SameVersion, recognise};
pub use name::{file_name, next_version, refinery_name, slug};
pub use set::{Down, Migration, Set, beside, decode};
pub use version::{Order, UnknownVersion, Version, VersionError};
