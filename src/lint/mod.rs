//! Lint: what is wrong with a chain of migrations, known without a database.
//!
//! Every file becomes a list of [`Event`]s; the engine plays them one after the other on a [`schema::Schema`] and shows each to
//! the rules with the state before it, and the state at the end to those that ask what is left. Findings are wanted of some files
//! only; the state is always made of all.

pub mod again;
mod ask;
pub mod baseline;
mod composed;
mod config;
mod context;
mod cost;
mod engine;
mod event;
pub mod example;
mod file;
mod finding;
pub mod fingerprint;
pub mod fix;
mod former;
mod ignore;
pub mod mend;
mod overtaken;
mod rewritten;
mod rule;
pub mod rules;
pub mod schema;

pub use config::{Config, Idempotency, OptionValue, Override, RuleConfig, glob};
pub use context::{At, ChainCx, EventCx, FileCx, Options};
pub use cost::{StatementCost, costs};
pub use engine::{Kept, Report, lint, lint_again, parse_all, parse_changed};
pub use event::{Condition, Event, Guards, Handler, Origin, Rescue, flatten};
pub use file::{DownFile, Input, LintFile};
pub use finding::{Edit, Finding, Findings, Fix, NewMigration, Related};
pub use ignore::ignoring;
pub use rule::{Check, Fixable, Group, Preset, Profile, Rule, RuleOption, level_word};
