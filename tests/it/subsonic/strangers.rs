//! `fault_36` and `fault_37`: every method with every thing that can be named, as its owner, as another
//! listener, as one who may not see the library that it is in, and as an administrator.

use super::{
    house::{House, code},
    table::{For, Row, TABLE, Viewer},
};
use crate::support::Response;

/// What is the owner's, as the owner sees it.
fn watched(house: &House, filled: &str) -> Vec<String> {
    let owner = house.app(Viewer::Owner);
    let own = ["getPlaylists", "getStarred2", "getBookmarks", "getPlayQueue", "getShares"];
    let mut watched: Vec<String> =
        own.iter().map(|method| owner.envelope(method, "").to_string()).collect();
    let playlist = filled.split(['=', '&']).find(|part| part.starts_with("pl-"));
    watched
        .extend(playlist.map(|id| owner.envelope("getPlaylist", &format!("id={id}")).to_string()));
    watched
}

#[track_caller]
fn holds_no_secret(house: &House, row: &Row, filled: &str, answer: &Response) {
    let said = String::from_utf8_lossy(&answer.body);
    for secret in house.secrets().into_iter().filter(|secret| !filled.contains(secret)) {
        assert!(!said.contains(secret), "{}?{filled} tells of {secret}: {said}", row.method);
    }
}

#[test]
fn fault_36_each_sees_and_changes_what_is_theirs_to() {
    let house = House::open();
    for row in TABLE {
        let filled = house.filled(row.query);
        let before = watched(&house, &filled);
        for viewer in Viewer::ALL {
            let owners = viewer == Viewer::Owner;
            if owners {
                assert_eq!(watched(&house, &filled), before, "{}?{filled}", row.method);
            }
            let answer = house.answer(viewer, row, &filled, "f=json");
            let found = code(row.method, &answer);
            let expected = row.answered.code(viewer);
            let said = String::from_utf8_lossy(&answer.body[..answer.body.len().min(500)]);
            assert_eq!(found, expected, "{}?{filled} as {viewer:?}: {said}", row.method);
            if viewer == Viewer::Outsider {
                holds_no_secret(&house, row, &filled, &answer);
                let answer = house.answer(viewer, row, &filled, "f=xml");
                holds_no_secret(&house, row, &filled, &answer);
            }
        }
    }
    let state = house.server.control(crate::support::get("/api/v1/admin/services")).expect(200);
    for service in super::stage::list(&state.json()["items"]) {
        assert_eq!(service["restarts"], 0, "{service}");
    }
}

/// What hides in the lists of who may see it is what the other test looks for in those of who may not.
#[test]
fn who_may_see_the_hidden_library_sees_it_in_every_list() {
    let house = House::open();
    let mut seen = 0;
    for row in TABLE.iter().filter(|row| matches!(row.answered, For::All)) {
        let filled = house.filled(row.query);
        let answer = house.answer(Viewer::Owner, row, &filled, "f=json");
        let said = String::from_utf8_lossy(&answer.body);
        seen += usize::from(house.secrets().iter().any(|secret| said.contains(secret)));
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn fault_37_a_listener_administers_nothing() {
    let house = House::open();
    let administrators = TABLE.iter().filter(|row| matches!(row.answered, For::Administrators));
    let mut count = 0;
    for row in administrators {
        // Whatever is asked of whom: of themselves, of an administrator, and of nobody.
        for name in ["ida", "root", "nobody", "", "%00"] {
            let query = row.query.replace("{account}", name).replace("{fresh}", name);
            let filled = house.filled(&query);
            for viewer in [Viewer::Owner, Viewer::Outsider] {
                let answer = house.answer(viewer, row, &filled, "f=json");
                let is_own = row.method == "getUser" && name == "ida" && viewer == Viewer::Owner;
                let found = code(row.method, &answer);
                let is_refused = match found {
                    // What is missing is said to everybody.
                    Some(10) => name.is_empty(),
                    Some(50) => true,
                    _ => is_own && found.is_none(),
                };
                assert!(is_refused, "{}?{filled} as {viewer:?}: {found:?}", row.method);
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
    // What an administrator cannot wish either tells a listener nothing of plans.
    let wish = "username=new&password=a+long+enough+one&streamRole=false&maxBitRate=7";
    assert_eq!(house.app(Viewer::Owner).code("createUser", wish), 50);
    for name in ["ida", "root", "ben"] {
        let row = TABLE.iter().find(|row| row.method == "getUser").expect("it is there");
        let answer =
            house.answer(Viewer::Administrator, row, &format!("username={name}"), "f=json");
        let user = super::stage::envelope(&answer)["user"].take();
        assert_eq!(user["adminRole"], name == "root", "{user}");
    }
}
