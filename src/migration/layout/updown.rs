//! `N_name.up.sql` and `N_name.down.sql`: golang-migrate and sqlx with ways back.
//!
//! <https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md>

use camino::Utf8PathBuf;

use super::{Found, Layout, NewFiles, digits_and_name};
use crate::migration::version::Order;

pub(super) static LAYOUT: Layout = Layout {
    id: "up-down",
    label: "golang-migrate/sqlx",
    shape: "N_name.up.sql, N_name.down.sql",
    order: Order::Number,
    folders: false,
    read: |entry| {
        let path = Some(Utf8PathBuf::from(&entry.name)).filter(|_| entry.contents.is_none())?;
        let (stem, up, down) = match entry.name.strip_suffix(".up.sql") {
            Some(stem) => (stem, Some(path), None),
            None => (entry.name.strip_suffix(".down.sql")?, None, Some(path)),
        };
        let (version, name) = digits_and_name(stem)?;
        Some(Found { version, name, up, down, settings: None })
    },
    files: |stem| NewFiles { up: format!("{stem}.up.sql").into(), down: Some(format!("{stem}.down.sql").into()) },
};
