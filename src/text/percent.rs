//! Percent-encoding, for URLs.

/// Writes a text so that it can stand anywhere in a URL: all but the unreserved characters is encoded.
///
/// <https://www.rfc-editor.org/rfc/rfc3986#section-2.3>
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_nothing_that_means_something_in_a_url() {
        assert_eq!(percent_encode("a-1_b.c~"), "a-1_b.c~");
        assert_eq!(percent_encode("p@ss/w%rd:ü"), "p%40ss%2Fw%25rd%3A%C3%BC");
    }
}
