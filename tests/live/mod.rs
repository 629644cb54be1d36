//! dbctl against real servers.

mod diff;
mod drift;
mod gate;
mod index;
mod interrupted;
mod lint;
mod local_server;
mod positions;
mod reading;
mod rename;
mod runners;
mod script;
mod secrets;
mod sessions;
mod tls;
mod transactions;
mod unfinished;
