//! Lyrics as they are written, well and badly.

use hexachord_contracts::catalog::LyricsWord;
use proptest::{prelude::*, test_runner::RngSeed};

use super::*;

/// Lines with their times.
fn timed(text: &str) -> Vec<(u64, String)> {
    let sung = lrc::parse(text).expect("it is LRC");
    sung.lines.into_iter().map(|line| (line.start_ms.expect("it has a time"), line.text)).collect()
}

fn expected(lines: &[(u64, &str)]) -> Vec<(u64, String)> {
    lines.iter().map(|(time, text)| (*time, (*text).to_owned())).collect()
}

fn word(start_ms: u64, text: &str) -> LyricsWord {
    LyricsWord { start_ms, text: text.to_owned() }
}

fn embedded(text: &str) -> Vec<Lyrics> {
    let mut versions = Versions::default();
    versions.add_text(text, None);
    versions.finish()
}

#[test]
fn lines_with_times() {
    let text = "\u{FEFF}[ar:Guido]\r\n[ti: Ut queant laxis]\r\n[la:la-VA]\r\n\r\n\
                [00:12.5]Ut queant laxis\r\n[00:02]first\n[01:02.345] with blanks \r\
                [1:05:50]hundredths\n[01:00:00.00]an hour\n[00:20.00]\n";
    assert_eq!(
        timed(text),
        expected(&[
            (2_000, "first"),
            (12_500, "Ut queant laxis"),
            (20_000, ""),
            (62_345, "with blanks"),
            (65_500, "hundredths"),
            (3_600_000, "an hour"),
        ])
    );
    let sung = lrc::parse(text).unwrap();
    assert_eq!((sung.language.as_deref(), sung.synced), (Some("la"), true));
}

#[test]
fn a_line_that_comes_again() {
    let text = "[00:10.00][00:30.00] [00:20]Amen\n[00:15]between";
    let lines = [(10_000, "Amen"), (15_000, "between"), (20_000, "Amen"), (30_000, "Amen")];
    assert_eq!(timed(text), expected(&lines));
}

#[test]
fn a_positive_offset_shows_lines_earlier() {
    let with = |offset: &str| timed(&format!("[offset:{offset}]\n[00:01.00]a\n[00:03.00]b"));
    assert_eq!(with("+500"), expected(&[(500, "a"), (2_500, "b")]));
    assert_eq!(with("-500 ms"), expected(&[(1_500, "a"), (3_500, "b")]));
    assert_eq!(with("2000"), expected(&[(0, "a"), (1_000, "b")]), "none is before the beginning");
    for unusable in ["", "x", "9999999999", "-9223372036854775808", "999999999999999999999"] {
        assert_eq!(with(unusable), expected(&[(1_000, "a"), (3_000, "b")]), "{unusable}");
    }
}

#[test]
fn words_with_times() {
    let text = "[offset:100]\n[00:10.00]<00:10.00> Ut <00:10.50> que<00:10.75>ant <00:11.00>\n\
                [00:12.00][00:22.00]la<00:12.50>xis\n[00:14.00]Re [00:14.20]so\n[00:16.00]plain <3";
    let lines = lrc::parse(text).unwrap().lines;
    let of = |line: &LyricsLine| (line.start_ms, line.text.clone(), line.words.clone());
    let words = |words: &[(u64, &str)]| words.iter().map(|(t, s)| word(*t, s)).collect::<Vec<_>>();
    let expected = [
        (9_900, "Ut queant", words(&[(9_900, "Ut "), (10_400, "que"), (10_650, "ant")])),
        (11_900, "laxis", words(&[(11_900, "la"), (12_400, "xis")])),
        (13_900, "Re so", words(&[(13_900, "Re "), (14_100, "so")])),
        (15_900, "plain <3", Vec::new()),
        (21_900, "laxis", words(&[(21_900, "la"), (22_400, "xis")])),
    ];
    assert_eq!(
        lines.iter().map(of).collect::<Vec<_>>(),
        expected.map(|(time, text, words)| { (Some(time), text.to_owned(), words) })
    );
}

#[test]
fn what_has_no_times_is_plain_or_goes_on() {
    let plain = embedded("\n\nUt queant laxis \r\n\r\n[Chorus]\r\n[00:12] Uhr\n re\u{7}sonare\n\n");
    let lines: Vec<&str> = plain[0].lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, ["Ut queant laxis", "", "[Chorus]", "[00:12] Uhr", "resonare"]);
    assert!(!plain[0].synced && plain[0].lines.iter().all(|line| line.start_ms.is_none()));
    let translated = "Hymn\n[00:01]Ut queant laxis\nSo that they may\n[00:02]resonare\nsound";
    assert_eq!(
        timed(translated.trim_start_matches("Hymn\n")),
        expected(&[
            (1_000, "Ut queant laxis"),
            (1_000, "So that they may"),
            (2_000, "resonare"),
            (2_000, "sound"),
        ])
    );
    assert_eq!(embedded(" \n\n"), []);
    assert_eq!(embedded("[00:01.00]\n[00:02.00] "), [], "pauses alone are no lyrics");
    assert_eq!(embedded("[ar:Guido]\n[ti:Ut]")[0].lines.len(), 2, "no times, so it is a text");
}

#[test]
fn what_only_looks_like_a_time() {
    for text in
        ["[x:1]a", "[1]a", "[::]a", "[00:1x]a", "[00:00:00:00]a", "[123456:00]a", "[00:123]a"]
    {
        assert_eq!(lrc::parse(text), None, "{text}");
    }
    assert_eq!(timed("[-00:05.00]early"), expected(&[(0, "early")]));
    assert_eq!(timed("[9999:00.00]late\n[00:01]a"), expected(&[(1_000, "a")]), "a week is no song");
}

#[test]
fn the_best_comes_first() {
    let mut versions = Versions::default();
    versions.add_file(b"[00:01.00]<00:01.00>by <00:02.00>word");
    versions.add_text("plain", Some(*b"XXX"));
    versions.add_file(b"plain of a file");
    versions.add_file(b"[00:01.00]by line of a file");
    versions.add_text("[00:01.00]by line", Some(*b"LAT"));
    versions.add_text("plain", Some(*b"deu"));
    let found = versions.finish();
    let texts: Vec<&str> = found.iter().map(|lyrics| lyrics.lines[0].text.as_str()).collect();
    assert_eq!(texts, ["by word", "by line", "by line of a file", "plain", "plain of a file"]);
    let languages: Vec<_> = found.iter().map(|lyrics| lyrics.language.as_deref()).collect();
    assert_eq!(languages, [None, Some("lat"), None, None, None]);
}

#[test]
fn files_in_other_encodings() {
    let of = |content: &[u8]| {
        let mut versions = Versions::default();
        versions.add_file(content);
        versions.finish()[0].lines[0].text.clone()
    };
    let wide = |order: fn(u16) -> [u8; 2], mark: &[u8]| {
        let units: Vec<u8> = "„für“ 🎵".encode_utf16().flat_map(order).collect();
        [mark, &units].concat()
    };
    assert_eq!(of("„für“ 🎵".as_bytes()), "„für“ 🎵");
    assert_eq!(of(&[b"\xEF\xBB\xBF", "„für“ 🎵".as_bytes()].concat()), "„für“ 🎵");
    assert_eq!(of(&wide(u16::to_le_bytes, b"\xFF\xFE")), "„für“ 🎵");
    assert_eq!(of(&wide(u16::to_be_bytes, b"\xFE\xFF")), "„für“ 🎵");
    assert_eq!(of(b"\x84f\xFCr\x93 \x80"), "„für“ €");
    assert_eq!(of(b"cut f\xC3"), "cut f");
}

/// A frame of synchronised lyrics in UTF-8.
fn sylt(language: [u8; 3], unit: u8, content: u8, texts: &[(&str, u32)]) -> Vec<u8> {
    let mut frame = vec![3];
    frame.extend(language);
    frame.extend([unit, content]);
    frame.extend(b"description\0");
    for (text, time) in texts {
        frame.extend(text.as_bytes());
        frame.push(0);
        frame.extend(time.to_be_bytes());
    }
    frame
}

#[test]
fn synchronised_frames_by_line_and_by_syllable() {
    let lines = [("Ut queant laxis", 1_000), ("", 1_500), ("resonare", 2_000)];
    let sung = sylt::parse(&sylt(*b"lat", 2, 1, &lines)).unwrap();
    assert_eq!((sung.language.as_deref(), sung.synced), (Some("lat"), true));
    let texts: Vec<_> = sung.lines.iter().map(|l| (l.start_ms.unwrap(), l.text.as_str())).collect();
    assert_eq!(texts, [(1_000, "Ut queant laxis"), (1_500, ""), (2_000, "resonare")]);
    assert!(sung.lines.iter().all(|line| line.words.is_empty()));

    let syllables =
        [("Ut ", 1_000), ("que", 1_200), ("ant", 1_300), ("\nre", 2_000), ("so", 2_100)];
    let sung = sylt::parse(&sylt(*b"\0\0\0", 2, 1, &syllables)).unwrap();
    assert_eq!(sung.language, None);
    assert_eq!(sung.lines[0].text, "Ut queant");
    assert_eq!(sung.lines[0].words, [word(1_000, "Ut "), word(1_200, "que"), word(1_300, "ant")]);
    assert_eq!((sung.lines[1].start_ms, sung.lines[1].text.as_str()), (Some(2_000), "reso"));

    assert_eq!(sylt::parse(&sylt(*b"lat", 1, 1, &lines)), None, "counts frames");
    assert_eq!(sylt::parse(&sylt(*b"lat", 2, 5, &lines)), None, "holds chords");
    let mut cut = sylt(*b"lat", 2, 1, &lines);
    cut.truncate(cut.len() - 2);
    assert_eq!(sylt::parse(&cut).unwrap().lines.len(), 2, "what came whole");
}

#[test]
fn synchronised_frames_in_utf_16() {
    let wide = |text: &str, mark: &[u8]| -> Vec<u8> {
        let units = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
        mark.iter().copied().chain(units).collect()
    };
    let mut frame = vec![1, b'd', b'e', b'u', 2, 1];
    frame.extend(wide("", b"\xFF\xFE"));
    for (text, mark, time) in [("für", &b"\xFF\xFE"[..], 5_u32), ("dich", b"", 9)] {
        frame.extend(wide(text, mark));
        frame.extend(time.to_be_bytes());
    }
    let lines = sylt::parse(&frame).unwrap().lines;
    let texts: Vec<_> = lines.iter().map(|l| (l.start_ms, l.text.as_str())).collect();
    assert_eq!(texts, [(Some(5), "für"), (Some(9), "dich")]);
}

/// All bounds at once.
fn is_bounded(found: &[Lyrics]) -> bool {
    let lines = || found.iter().flat_map(|lyrics| &lyrics.lines);
    let text: usize = lines().map(|line| line.text.len()).sum();
    let words: usize = lines().map(|line| line.words.len()).sum();
    text <= MOST_TEXT && lines().count() <= MOST_LINES && words <= MOST_WORDS
}

#[test]
fn hostile_lyrics_are_bounded() {
    let hostile = [
        "[00:01]".repeat(100_000),
        format!("{}x", "[00:01]".repeat(1_000)),
        format!("{}{}", "[00:01]".repeat(1_000), "<00:01>a".repeat(10_000)),
        format!("[00:01]{}", "<00:01.00> a".repeat(20_000)),
        "[00:01]a\n".repeat(1_000_000),
        "a\n".repeat(1_000_000),
        "x".repeat(10_000_000),
        "\n".repeat(1_000_000),
        format!("[offset:{}]\n[00:01]a", "9".repeat(100_000)),
        "[".repeat(1_000_000),
        "<".repeat(1_000_000),
    ];
    for text in hostile {
        let mut versions = Versions::default();
        versions.add_text(&text, None);
        versions.add_file(text.as_bytes());
        for n in 0..2 {
            versions.add_text(&format!("{n}\n{text}"), None);
        }
        assert!(is_bounded(&versions.finish()), "{}", &text[..20]);
    }
    let endless: Vec<(&str, u32)> = vec![("la ", 1); 100_000];
    let mut versions = Versions::default();
    versions.add_synchronised(&sylt(*b"lat", 2, 1, &endless));
    versions.add_synchronised(&sylt(*b"lat", 2, 1, &[&[("\n", 1)], endless.as_slice()].concat()));
    assert!(is_bounded(&versions.finish()));
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn text_of_pieces_of_lrc_is_read(
        text in r"(\[|\]|<|>|-|[0-9]{1,3}|:|\.|[0-9]{2}:[0-9]{2}|offset|\n|é|a| ){0,200}",
    ) {
        let found = embedded(&text);
        prop_assert!(is_bounded(&found));
        for line in found.iter().flat_map(|lyrics| &lyrics.lines) {
            if !line.words.is_empty() {
                let words: String = line.words.iter().map(|word| word.text.as_str()).collect();
                prop_assert_eq!(&words, &line.text);
            }
        }
        let synced = found.iter().filter(|lyrics| lyrics.synced);
        for lyrics in synced {
            prop_assert!(lyrics.lines.is_sorted_by_key(|line| line.start_ms));
        }
    }

    #[test]
    fn any_bytes_are_read(
        encoding in 0..5_u8,
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let mut versions = Versions::default();
        versions.add_file(&bytes);
        versions.add_synchronised(&bytes);
        versions.add_synchronised(&[&[encoding, 0, 0, 0, 2, 1], &bytes[..]].concat());
        prop_assert!(is_bounded(&versions.finish()));
    }
}
