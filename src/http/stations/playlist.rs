//! Where the playlist of a station leads: PLS or M3U, of which the first address counts.

/// Why a playlist leads nowhere; a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoEntry {
    #[error(
        "it is HLS, which the server does not pass on: look for an address of the sound itself"
    )]
    Hls,
    #[error("it names no address of http or https")]
    Empty,
}

/// The first address of `http` or `https` in a playlist, whatever else is in it.
pub(super) fn first_address(bytes: &[u8]) -> Result<String, NoEntry> {
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    // Old files end their lines with a bare CR.
    let lines = || text.split(['\n', '\r']).map(str::trim);
    if lines().any(|line| line.starts_with("#EXT-X-")) {
        return Err(NoEntry::Hls);
    }
    let found = lines().map(entry_of).find(|entry| is_address(entry));
    found.map(str::to_owned).ok_or(NoEntry::Empty)
}

/// What a line of PLS names (`File1=…`), or the line itself.
fn entry_of(line: &str) -> &str {
    let named = line.split_once('=').filter(|(name, _)| {
        let number = name.trim().to_ascii_lowercase();
        let number = number.strip_prefix("file");
        number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    named.map_or(line, |(_, place)| place.trim())
}

/// Whether it can be asked is for the client to say.
fn is_address(entry: &str) -> bool {
    let begins = |scheme: &str| {
        entry.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    begins("http://") || begins("https://")
}

#[cfg(test)]
mod tests {
    use proptest::{
        prelude::*,
        test_runner::{Config, RngSeed},
    };

    use super::*;

    fn first(text: &str) -> Result<String, NoEntry> {
        first_address(text.as_bytes())
    }

    #[test]
    fn the_first_address_counts() {
        let pls = "[playlist]\nnumberofentries=2\nTitle1=http://no.example/\nFile1= http://a.example:8000/live \nLength1=-1\nFile2=http://b.example/\nVersion=2\n";
        let m3u = "\u{feff}#EXTM3U\r\n#EXTINF:-1,Radio = http://no.example/\r\n\r\n  HTTPS://a.example/live?x=1\r\nhttp://b.example/\r\n";
        for (text, found) in [
            (pls, "http://a.example:8000/live"),
            (m3u, "HTTPS://a.example/live?x=1"),
            (
                "file2=rtsp://c.example/\rFILE1=http://a.example/?file1=b",
                "http://a.example/?file1=b",
            ),
            ("live.mp3\n/live.mp3\nftp://c.example/\nhttp://a.example/", "http://a.example/"),
        ] {
            assert_eq!(first(text).as_deref(), Ok(found), "{text}");
        }
    }

    #[test]
    fn hls_is_told_apart() {
        let hls = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://a.example/1.ts\n";
        assert_eq!(first(hls), Err(NoEntry::Hls));
        let master = "#EXTM3U\r\nhttp://a.example/low.m3u8\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\n";
        assert_eq!(first(master), Err(NoEntry::Hls));
    }

    #[test]
    fn what_names_nothing_leads_nowhere() {
        let long = "File".repeat(20_000);
        for text in [
            "",
            "\0\0\0",
            "<html><a href=\"http://a.example/\">listen</a></html>",
            "[playlist]\nFile1=\nFile2=C:\\radio.mp3\nNumberOfEntries=http://a.example/",
            "#http://a.example/",
            "xhttp://a.example/",
            "Filet=http://a.example/",
            "httpé://",
            "=http://a.example/",
            &long,
        ] {
            assert_eq!(first(text), Err(NoEntry::Empty), "{}", &text[..text.len().min(60)]);
        }
        assert_eq!(first_address(b"\xff\xfe\xffhttp://a.example/"), Err(NoEntry::Empty));
    }

    proptest! {
        #![proptest_config(Config { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() })]
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            if let Ok(found) = first_address(&bytes) {
                prop_assert!(is_address(&found) && !found.contains(['\n', '\r']));
            }
        }
    }
}
