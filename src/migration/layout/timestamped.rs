//! `YYYYMMDDHHMMSS_name.sql`: dbctl's own layout, and that of Supabase and of sqlx without ways back.
//!
//! <https://supabase.com/docs/guides/deployment/database-migrations>

use super::{Layout, plain_file, plain_files};
use crate::migration::version::Order;

pub(super) static LAYOUT: Layout = Layout {
    id: "timestamped",
    label: "dbctl/Supabase",
    shape: "YYYYMMDDHHMMSS_name.sql, YYYYMMDDHHMMSS_name.down.sql",
    order: Order::Number,
    folders: false,
    read: |entry| plain_file(entry).filter(|found| found.version.len() == 14),
    files: plain_files,
};
