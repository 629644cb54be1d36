//! `TIMESTAMP_name/up.sql` and `down.sql`: diesel.
//!
//! The version is what stands before the first `_`, without `-`, and is compared as text.
//! <https://docs.rs/diesel_migrations>

use camino::Utf8PathBuf;

use super::{Entry, Found, Layout, NewFiles};
use crate::migration::version::Order;

pub(super) static LAYOUT: Layout = Layout {
    id: "diesel",
    label: "diesel",
    shape: "TIMESTAMP_name/up.sql, TIMESTAMP_name/down.sql",
    order: Order::Text,
    folders: true,
    read: |entry| {
        let is_other = !Entry::may_be_migration(&entry.name) || entry.has("migration.sql");
        if is_other || !(entry.has("up.sql") || entry.has("down.sql")) {
            return None;
        }
        let (version, name) = entry.name.split_once('_').unwrap_or((&entry.name, ""));
        Some(Found {
            version,
            name,
            up: entry.path("up.sql"),
            down: entry.path("down.sql"),
            settings: entry.path("metadata.toml"),
        })
    },
    files: |stem| {
        let folder = Utf8PathBuf::from(stem);
        NewFiles { up: folder.join("up.sql"), down: Some(folder.join("down.sql")) }
    },
};
