//! SHA-256 of a migration's text, as it is and normalised.

use std::fmt;

use sha2::{Digest, Sha256};

/// A SHA-256 in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Checksum(String);

impl Checksum {
    /// Of the bytes as they are.
    #[must_use]
    pub fn raw(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// Of the text without what editors and version control change on their own.
    ///
    /// A byte order mark is left out, every line ends with one LF, blanks at line ends and empty lines at the end of
    /// the file do not count. Of a file that is clean in this sense it is what `sha256sum` prints.
    #[must_use]
    pub fn normalised(text: &str) -> Self {
        Self::raw(normalise(text).as_bytes())
    }

    /// The same where that of the text as it is, `raw`, is known: most files are clean, and there the two are one.
    #[must_use]
    pub fn normalised_beside(raw: &Self, text: &str) -> Self {
        let normalised = normalise(text);
        if normalised == text { raw.clone() } else { Self::raw(normalised.as_bytes()) }
    }

    /// All 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text that a checksum stands for: without BOM, with `\n` for line ends, without trailing blanks.
pub fn normalise(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut out = String::with_capacity(text.len() + 1);
    let mut empty_lines = 0;
    for line in text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')) {
        let line = line.trim_end_matches([' ', '\t']);
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        out.extend(std::iter::repeat_n('\n', empty_lines));
        empty_lines = 0;
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_not_see_what_editors_change() {
        let clean = Checksum::normalised("select 1;\n\n-- ü\n");
        assert_eq!(clean, Checksum::raw("select 1;\n\n-- ü\n".as_bytes()));
        for text in ["\u{feff}select 1;\r\n\r\n-- ü", "select 1; \t\n\n-- ü\n\n \n", "select 1;\r\r-- ü\r"] {
            assert_eq!(Checksum::normalised(text), clean, "{text:?}");
        }
        for text in ["select 1;\n-- ü\n", " select 1;\n\n-- ü\n", "\nselect 1;\n\n-- ü\n"] {
            assert_ne!(Checksum::normalised(text), clean, "{text:?}");
        }
    }

    #[test]
    fn reads_only_what_it_writes() {
        let checksum = Checksum::raw(b"");
        assert!(checksum.as_str().starts_with("e3b0c44298fc"));
    }
}
