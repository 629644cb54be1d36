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

/// Reads such a text; `None` where it is no UTF-8. A `%` without two digits behind it stands for itself.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| hex::decode(digits).ok()).filter(|_| first == b'%');
        if let Some(decoded) = digits {
            bytes.extend(decoded);
            rest = &behind[2..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_nothing_that_means_something_in_a_url() {
        assert_eq!(percent_encode("a-1_b.c~"), "a-1_b.c~");
        assert_eq!(percent_encode("p@ss/w%rd:ü"), "p%40ss%2Fw%25rd%3A%C3%BC");
        assert_eq!(percent_decode("p%40ss%2fw%25rd%3A%C3%BC").as_deref(), Some("p@ss/w%rd:ü"));
        assert_eq!(percent_decode("100% %2 %c3"), None);
        assert_eq!(percent_decode("100% %2").as_deref(), Some("100% %2"));
    }
}
