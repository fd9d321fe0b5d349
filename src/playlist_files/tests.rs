//! What is written, what is read, and what is refused.

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

use super::*;

const FORMATS: [PlaylistFormat; 3] =
    [PlaylistFormat::M3u8, PlaylistFormat::Xspf, PlaylistFormat::Json];

fn written(format: PlaylistFormat, file: &PlaylistFile) -> String {
    let mut text = format.begin(&file.head);
    for (number, entry) in file.entries.iter().enumerate() {
        text.push_str(&format.entry(entry, number == 0));
    }
    text.push_str(format.end());
    text
}

fn song() -> Entry {
    Entry {
        path: Some("Nina & Co/A <b>/01 100% #1.flac".to_owned()),
        title: Some("It's \"so\"".to_owned()),
        artist: Some("Nina & Co".to_owned()),
        album: Some("A <b>".to_owned()),
        track_number: Some(1),
        duration_ms: Some(61_000),
    }
}

#[test]
fn what_is_written_is_read_again() {
    let head = Head { name: Some("Road & rail".to_owned()), description: None };
    let other = Entry { path: Some("#remark/x.mp3".to_owned()), ..Entry::default() };
    let file = PlaylistFile { head, entries: vec![song(), other] };
    for format in FORMATS {
        let text = written(format, &file);
        let again = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(again.head.name, file.head.name, "{text}");
        assert_eq!(again.entries.len(), 2);
        let mut expected = song();
        if format == PlaylistFormat::M3u8 {
            expected.track_number = None;
        }
        assert_eq!(again.entries[0], expected, "{text}");
        let path = again.entries[1].path.as_deref().unwrap();
        assert_eq!(path.trim_start_matches("./"), "#remark/x.mp3", "{text}");
    }
}

#[test]
fn the_forms_are_those_that_others_read() {
    let file = PlaylistFile {
        head: Head { name: Some("One\ntwo".to_owned()), description: Some("d".to_owned()) },
        entries: vec![Entry { duration_ms: Some(61_500), ..song() }],
    };
    insta::assert_snapshot!(written(PlaylistFormat::M3u8, &file), @r#"
    #EXTM3U
    #PLAYLIST:One two
    #EXTINF:62,Nina & Co - It's "so"
    #EXTALB:A <b>
    Nina & Co/A <b>/01 100% #1.flac
    "#);
    insta::assert_snapshot!(written(PlaylistFormat::Xspf, &file), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <playlist version="1" xmlns="http://xspf.org/ns/0/">
      <title>One
    two</title>
      <annotation>d</annotation>
      <trackList>
        <track>
          <location>Nina%20%26%20Co/A%20%3Cb%3E/01%20100%25%20%231.flac</location>
          <title>It&apos;s &quot;so&quot;</title>
          <creator>Nina &amp; Co</creator>
          <album>A &lt;b&gt;</album>
          <trackNum>1</trackNum>
          <duration>61500</duration>
        </track>
      </trackList>
    </playlist>
    "#);
    insta::assert_snapshot!(written(PlaylistFormat::Json, &file), @r#"
    {"playlist":{"title":"One\ntwo","annotation":"d","track":[
    {"location":["Nina%20%26%20Co/A%20%3Cb%3E/01%20100%25%20%231.flac"],"title":"It's \"so\"","creator":"Nina & Co","album":"A <b>","trackNum":1,"duration":61500}
    ]}}
    "#);
}

#[test]
fn files_of_other_programs_are_understood() {
    let m3u = "\u{feff}#EXTM3U\r\n#EXTENC:UTF-8\r\n#EXTINF:-1 tvg-name=\"a,b\",Nina - Blue - Live\r\n\
               C:\\Music\\Nina\\Blue.mp3\r\n\r\nfile:///music/Nin%C3%A4/a%20b.mp3\r\n\
               http://host:8000/music/x.ogg?key=1\r\n";
    let file = read(m3u.as_bytes()).unwrap();
    let paths: Vec<_> = file.entries.iter().map(|entry| entry.path.as_deref().unwrap()).collect();
    assert_eq!(paths, ["C:/Music/Nina/Blue.mp3", "/music/Ninä/a b.mp3", "/music/x.ogg"]);
    let first = &file.entries[0];
    let told = (first.artist.as_deref(), first.title.as_deref(), first.duration_ms);
    assert_eq!(told, (Some("Nina"), Some("Blue - Live"), None));
    let latin = read(b"Bj\xf6rk/a.mp3\n").unwrap();
    assert_eq!(latin.entries[0].path.as_deref(), Some("Björk/a.mp3"));
    let xspf = "<playlist><trackList><track><title><![CDATA[a<b]]>&#33;</title>\
                <extension><track><title>no</title></track></extension>\
                <location>file:///m/1.mp3</location><location>2.mp3</location></track></trackList></playlist>";
    let file = read(xspf.as_bytes()).unwrap();
    assert_eq!(file.entries.len(), 1);
    assert_eq!(file.entries[0].title.as_deref(), Some("a<b!"));
    assert_eq!(file.entries[0].path.as_deref(), Some("/m/1.mp3"));
}

#[test]
fn what_is_written_loosely_in_json_is_taken_as_far_as_it_fits() {
    let jspf = r#"{"playlist": {"title": 1984, "annotation": ["x"], "track": [
        {"location": "a%20b.mp3", "title": 99, "creator": null, "album": {"a": 1},
         "trackNum": "7", "duration": 61500.4},
        {"location": [1, "b.mp3", "c.mp3"], "trackNum": -1, "duration": " 1e3 "},
        {"location": {}, "title": "x", "trackNum": 5000000000, "duration": "NaN"},
        {"location": 5, "title": "y", "trackNum": "3/12", "duration": true}
    ]}}"#;
    let file = read(jspf.as_bytes()).unwrap();
    assert_eq!(file.head, Head { name: Some("1984".to_owned()), description: None });
    let text = |text: &str| Some(text.to_owned());
    let expected = [
        Entry {
            path: text("a b.mp3"),
            title: text("99"),
            track_number: Some(7),
            duration_ms: Some(61_500),
            ..Entry::default()
        },
        Entry { path: text("b.mp3"), duration_ms: Some(1_000), ..Entry::default() },
        Entry { title: text("x"), ..Entry::default() },
        Entry { title: text("y"), ..Entry::default() },
    ];
    assert_eq!(file.entries, expected);
}

#[test]
fn what_is_hostile_is_refused_in_words() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><playlist><title>&a;</title></playlist>";
    assert_eq!(read(bomb.as_bytes()), Err(NotAPlaylist::Entities));
    assert_eq!(read(b"<playlist><title>&a;</title></playlist>"), Err(NotAPlaylist::Entities));
    assert_eq!(read("<a>".repeat(50).as_bytes()), Err(NotAPlaylist::Other));
    let deep = format!("<playlist>{}", "<a>".repeat(50));
    assert_eq!(read(deep.as_bytes()), Err(NotAPlaylist::Shape));
    assert_eq!(read(b"<html><body/></html>"), Err(NotAPlaylist::Other));
    assert_eq!(read(b"<playlist><trackList>"), Err(NotAPlaylist::Other));
    assert!(matches!(read(b"<playlist></x>"), Err(NotAPlaylist::Xml(_))));
    assert!(matches!(read(b"{\"playlist\": 1}"), Err(NotAPlaylist::Json(_))));
    assert!(matches!(read("{\"playlist\":".repeat(1000).as_bytes()), Err(NotAPlaylist::Json(_))));
    assert_eq!(read(b"ID3\0\0"), Err(NotAPlaylist::NoText));
    let nul = "{\"playlist\":{\"track\":[{\"location\":\"a%00b\"},{\"location\":\"a\\u0000b\"}]}}";
    let file = read(nul.as_bytes()).unwrap();
    assert_eq!(file.entries, [Entry::default(), Entry::default()]);
    for nothing in ["", "\n\n", "#EXTM3U\n", "<playlist/>", "{\"playlist\":{}}"] {
        assert_eq!(read(nothing.as_bytes()), Err(NotAPlaylist::Empty), "{nothing}");
    }
    assert_eq!(read("a\n".repeat(MOST_ENTRIES + 1).as_bytes()), Err(NotAPlaylist::TooMany));
    let tracks = "<track/>".repeat(MOST_ENTRIES + 1);
    let tracks = format!("<playlist><trackList>{tracks}</trackList></playlist>");
    assert_eq!(read(tracks.as_bytes()), Err(NotAPlaylist::TooMany));
    let long = format!("#EXTINF:1,{0} - {0}\n{0}\n", "x".repeat(LONGEST + 1));
    let file = read(long.as_bytes()).unwrap();
    assert_eq!(file.entries, [Entry { duration_ms: Some(1000), ..Entry::default() }]);
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() })]

    #[test]
    fn any_names_survive(
        title in "\\PC{0,20}", artist in "\\PC{0,20}", path in "(\\PC{1,8}/){0,3}\\PC{1,8}",
    ) {
        let entry = Entry {
            path: Some(path.clone()), title: said(&title), artist: said(&artist), ..Entry::default()
        };
        let file = PlaylistFile { head: Head::default(), entries: vec![entry.clone()] };
        for format in [PlaylistFormat::Xspf, PlaylistFormat::Json] {
            let again = read(written(format, &file).as_bytes()).unwrap();
            prop_assert_eq!(&again.entries[0].title, &entry.title);
            prop_assert_eq!(&again.entries[0].artist, &entry.artist);
            // A `:` is encoded, so no path is taken for an address; a path of slashes is none.
            if path.contains(|character| !"/\\".contains(character)) && path.contains('/') {
                prop_assert_eq!(again.entries[0].path.as_ref(), Some(&path));
            }
        }
        prop_assert_eq!(read(written(PlaylistFormat::M3u8, &file).as_bytes()).unwrap().entries.len(), 1);
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(read(&bytes));
        let xml = [b"<playlist>", &bytes[..], b"</playlist>"].concat();
        drop(read(&xml));
    }
}
