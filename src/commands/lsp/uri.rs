//! Paths as editors write them.

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::Uri;

use crate::text::{percent_decode, percent_encode};

/// The path of a file on this machine; `None` for everything else, such as a document that was never saved.
pub fn path_of(uri: &Uri) -> Option<Utf8PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest).split(['?', '#']).next()?;
    percent_decode(path).filter(|path| path.starts_with('/')).map(Utf8PathBuf::from)
}

/// The name that a path has in the protocol.
pub fn uri_of(path: &Utf8Path) -> Option<Uri> {
    let parts: Vec<String> = path.as_str().split('/').map(percent_encode).collect();
    format!("file://{}", parts.join("/")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_there_and_back() {
        let path = Utf8Path::new("/a b/ü#[1]?.sql");
        assert_eq!(path_of(&uri_of(path).unwrap()).as_deref(), Some(path));
        assert_eq!(path_of(&"untitled:Untitled-1".parse().unwrap()), None);
        assert_eq!(path_of(&"file://other/a.sql".parse().unwrap()), None);
    }
}
