//! `N_name.sql` with any number: sqlx's migrations without ways back, and hand-numbered folders.
//!
//! <https://docs.rs/sqlx/latest/sqlx/macro.migrate.html>

use super::{Layout, plain_file, plain_files};
use crate::migration::version::Order;

pub(super) static LAYOUT: Layout = Layout {
    id: "numbered",
    label: "sqlx",
    shape: "N_name.sql, N_name.down.sql",
    order: Order::Number,
    folders: false,
    read: plain_file,
    files: plain_files,
};
