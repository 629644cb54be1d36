//! dbctl plans, applies and rolls back PostgreSQL and Supabase migrations, locally first.
//!
//! The layers, from the top: each module uses only what stands below it, and the effects never use each other.
//!
//! ```text
//! cli                                  flags, dispatch, exit codes
//! commands                             the order of steps, a file a command
//! error                                failures as people read them
//! terminal db server state project     effects: each owns one outside thing
//! plan                                 files against ledger, steps, records
//! report                               views and events
//! diff  seed                           two schemas, and the SQL between them; rows made up for one
//! lint                                 the chain's schema, the rules, what they find
//! rls                                  whose rows are, who asks, what is judged
//! catalog                              a database's schema as data
//! risk                                 locks, and whom they keep waiting
//! migration                            versions, layouts, checksums
//! sql  sqlstate                        statements; what the server says
//! diagnostic  exit  text               words and places
//! ```

pub mod catalog;
pub mod cli;
pub mod commands;
pub mod db;
pub mod diagnostic;
pub mod diff;
pub mod error;
pub mod exit;
pub mod lint;
pub mod migration;
pub mod plan;
pub mod project;
pub mod report;
pub mod risk;
pub mod rls;
pub mod seed;
pub mod server;
pub mod sql;
pub mod sqlstate;
pub mod state;
pub mod terminal;
pub mod text;
