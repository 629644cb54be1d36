//! dbctl against real servers.

mod diff;
mod diff_online;
mod diff_scope;
mod diff_written;
mod drift;
mod fill;
mod gate;
mod index;
mod interrupted;
mod lint;
mod local_server;
mod positions;
mod reading;
mod rename;
mod rollback_generate;
mod rollback_kept;
mod rollback_plan;
mod runners;
mod script;
mod secrets;
mod sessions;
mod source;
mod tls;
mod transactions;
mod unfinished;
