//! The convention, and what must not get out of a document.

use serde::Serialize;

use super::*;

#[derive(Serialize)]
struct Genre {
    value: String,
    count: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    is_there: bool,
    ratio: f64,
    nothing: Option<String>,
    genres: Vec<Genre>,
    numbers: Vec<i32>,
    one: Option<Genre>,
    last: &'static str,
}

fn inside(value: &impl Serialize) -> String {
    let text = document("root", value).unwrap();
    text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap().to_owned()
}

#[test]
fn scalars_are_attributes_and_lists_repeat_their_element() {
    let genre = |value: &str| Genre { value: value.to_owned(), count: 2 };
    let answer = Answer {
        is_there: true,
        ratio: -0.5,
        nothing: None,
        genres: vec![genre("a"), genre("")],
        numbers: vec![1, -2],
        one: Some(genre("b")),
        last: "end",
    };
    assert_eq!(
        inside(&answer),
        "<root isThere=\"true\" ratio=\"-0.5\" last=\"end\"><genres count=\"2\">a</genres>\
         <genres count=\"2\"/><numbers>1</numbers><numbers>-2</numbers>\
         <one count=\"2\">b</one></root>"
    );
}

#[test]
fn text_means_itself_and_holds_nothing_that_xml_forbids() {
    let hostile = "<&>\"'\n\t\u{0}\u{8}\u{1b}\u{fffe}\u{ffff}é\u{1f3b5}";
    let answer = Answer {
        is_there: false,
        ratio: 0.0,
        nothing: Some(hostile.to_owned()),
        genres: vec![Genre { value: hostile.to_owned(), count: 0 }],
        numbers: Vec::new(),
        one: None,
        last: "",
    };
    let escaped = "&lt;&amp;&gt;&quot;'&#10;&#9;é\u{1f3b5}";
    assert_eq!(
        inside(&answer),
        format!(
            "<root isThere=\"false\" ratio=\"0\" nothing=\"{escaped}\" last=\"\">\
             <genres count=\"0\">{escaped}</genres></root>"
        )
    );
}

#[test]
fn some_structs_are_of_elements() {
    #[derive(Serialize)]
    struct AlbumInfo {
        notes: &'static str,
        none: Option<u8>,
    }
    assert_eq!(
        inside(&AlbumInfo { notes: "a & b", none: None }),
        "<root><notes>a &amp; b</notes></root>"
    );
}

#[test]
fn what_has_no_place_is_refused() {
    assert!(document("root", &std::collections::BTreeMap::from([("a", 1)])).is_err());
    assert!(document("root", &(1, 2)).is_err());
}
