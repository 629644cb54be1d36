//! `TIMESTAMP_name/migration.sql`: Prisma, with `migration_lock.toml` beside.
//!
//! A migration is known by its folder's whole name, so that several can have one timestamp.
//!
//! Prisma has no ways back; a `down.sql` that its documentation teaches people to make is read.
//! <https://www.prisma.io/docs/orm/prisma-migrate/workflows/generating-down-migrations>

use camino::Utf8PathBuf;

use super::{Found, Layout, NewFiles, digits_and_name};
use crate::migration::version::Order;

pub(super) static LAYOUT: Layout = Layout {
    id: "prisma",
    label: "Prisma",
    shape: "TIMESTAMP_name/migration.sql",
    order: Order::Name,
    folders: true,
    read: |entry| {
        let up = entry.path("migration.sql")?;
        let (version, name) = digits_and_name(&entry.name)?;
        Some(Found { version, name, up: Some(up), down: entry.path("down.sql"), settings: None })
    },
    files: |stem| {
        let folder = Utf8PathBuf::from(stem);
        NewFiles { up: folder.join("migration.sql"), down: Some(folder.join("down.sql")) }
    },
};
