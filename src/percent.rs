//! Percent-encoding (RFC 3986 section 2.1) for a part of an address or a header.

/// All bytes but letters, digits, `-`, `.`, `_` and `~` as `%` and two digits.
pub fn percent_encoded(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_is_encoded() {
        assert_eq!(percent_encoded("AZaz09-._~"), "AZaz09-._~");
        assert_eq!(percent_encoded("a b/é%\u{0}"), "a%20b%2F%C3%A9%25%00");
    }
}
