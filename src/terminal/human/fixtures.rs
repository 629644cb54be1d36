//! What the tests of the views share.

use crate::report::Target;

pub(super) fn target(name: &str) -> Target {
    Target {
        name: name.to_owned(),
        host: "db.example:5432".to_owned(),
        database: "app".to_owned(),
        user: "postgres".to_owned(),
        server_version: "15.18".to_owned(),
        local: name == "local",
        fingerprint: "7300/5".to_owned(),
    }
}

pub(super) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
