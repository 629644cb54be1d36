//! Row-level security as data: whose each row is, who may ask, what was tried, and what that shows.
//!
//! Everything here is a function of the catalog and of what was tried; the tries themselves are the database's.

mod actor;
mod admin;
mod calls;
mod content;
mod judge;
mod made;
mod mend;
mod owner;
mod place;
mod read;
mod settings;
mod shot;
mod subject;
mod tenant;
mod values;
mod verdict;

pub use actor::{Actor, ActorKind, Person, ServerRole, actors};
pub use admin::AdminWay;
pub use calls::{definers_called, reads_tables};
pub use content::{Content, contents, is_disowned};
pub use judge::{Cell, Fault, Finding, Rule, Through, Violation, breaks, cell};
pub use mend::{mend, predicate};
pub use owner::{STAND_IN, stand_in};
pub use place::{Placed, Places};
pub use read::{Comparison, Facts, Reading};
pub use settings::{RoleSettings, Settings};
pub use shot::{Access, Row, Shot, Side, Table, is_tried};
pub use subject::{ForeignKey, Relation, Subject, Subjects, foreign_keys, primary_key};
pub use values::{fixed, is_shared_by_value, literal_of};
pub use verdict::{Act, Hit, Refusal, Tried, Verdict};
