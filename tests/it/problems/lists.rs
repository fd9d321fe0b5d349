//! Lists that are asked for in a wrong way, and covers of impossible sizes.

use super::problem;
use crate::support::{Server, column, get, music, text};

#[test]
fn what_is_wrong_with_a_list_is_named() {
    let server = Server::with_music(|folder| {
        music::album(folder, "Guido", "Ut", 2);
        music::album(folder, "Paolo", "Re", 1);
    });
    let anna = server.member("anna", "administrator");
    let ask = |path: &str| server.send(get(&format!("/api/v1/{path}")).bearer(&anna.token));
    let lists = [
        "tracks",
        "albums",
        "artists",
        "genres",
        "admin/missing",
        "admin/edits",
        "admin/accounts",
        "admin/scan/unreadable",
    ];
    for list in lists {
        for limit in ["0", "501", "-1", "x", "1.5", "4294967296", ""] {
            problem(ask(&format!("{list}?limit={limit}")), 400, "invalid", Some("limit"));
        }
        problem(ask(&format!("{list}?limit=1&limit=2")), 400, "invalid", Some("limit"));
        for cursor in ["!", "AAAA", "%ff", "0"] {
            problem(ask(&format!("{list}?cursor={cursor}")), 400, "invalid", Some("cursor"));
        }
        ask(&format!("{list}?limit=500&cursor=&unknown=parameter")).expect(200);
    }
    for field in ["wait_ms", "changed_from"] {
        problem(ask(&format!("admin/scan?{field}=-1")), 400, "invalid", Some(field));
    }
    for (list, known) in [("tracks", "album"), ("albums", "year"), ("artists", "name")] {
        for sort in ["size", "-", "--title", "TITLE"] {
            let body = problem(ask(&format!("{list}?sort={sort}")), 400, "invalid", Some("sort"));
            assert!(text(&body["detail"]).contains(known), "it says what is known: {body}");
        }
    }

    let page = ask("albums?limit=1").expect(200).json();
    let cursor = text(&page["next_cursor"]);
    let of_another = |path: &str| {
        problem(ask(&format!("{path}cursor={cursor}")), 400, "invalid", Some("cursor"));
    };
    for path in ["albums?sort=-title&", "albums?sort=year&", "tracks?", "artists?", "genres?"] {
        of_another(path);
    }
    let artists = ask("artists").expect(200).json();
    let artists = artists["items"].as_array().expect("a list has items").clone();
    let guido = column(&artists, "id")[0];
    of_another(&format!("albums?artist={guido}&"));
    ask(&format!("albums?limit=1&cursor={cursor}")).expect(200);

    for list in ["tracks", "albums", "artists"] {
        for skip in ["-1", "x", "1.5", "4294967296", ""] {
            problem(ask(&format!("{list}?skip={skip}")), 400, "invalid", Some("skip"));
        }
        let both = format!("{list}?limit=1&skip=0&cursor=AAAA");
        problem(ask(&both), 400, "invalid", Some("skip"));
        ask(&format!("{list}?skip=4294967295&cursor=")).expect(200);
    }
    for list in ["albums", "albums/letters"] {
        for year in ["x", "1.5", ""] {
            let years = format!("{list}?year_from={year}");
            problem(ask(&years), 400, "invalid", Some("year_from"));
        }
        let turned = format!("{list}?year_from=1991&year_to=1990");
        problem(ask(&turned), 400, "invalid", Some("year_to"));
        let both = format!("{list}?artist={guido}&genre=ge-0123456789abc");
        problem(ask(&both), 400, "invalid", Some("genre"));
        problem(ask(&format!("{list}?genre=ge-0123456789abc")), 404, "not-found", None);
    }
    for path in ["tracks", "albums", "artists", "artists/letters", "albums/letters", "decades"] {
        problem(server.send(get(&format!("/api/v1/{path}"))), 401, "not-signed-in", None);
    }

    let both = format!("tracks?artist={guido}&genre=ge-0123456789abc");
    problem(ask(&both), 400, "invalid", Some("genre"));
    problem(ask("tracks?artist=Guido"), 400, "invalid", Some("artist"));
    problem(ask("albums?genre=Chant"), 400, "invalid", Some("genre"));
    problem(ask("albums?genre=ge-0123456789abc"), 404, "not-found", None);
}

#[test]
fn covers_have_sizes() {
    let server = Server::with_music(|folder| {
        music::album(folder, "Guido", "Ut", 1);
        let cover = music::picture(100, image::ImageFormat::Jpeg);
        std::fs::write(folder.join("Ut/cover.jpg"), cover).unwrap();
        music::album(folder, "Guido", "Broken", 1);
        // It begins like one.
        std::fs::write(folder.join("Broken/cover.jpg"), b"\xFF\xD8\xFF no more").unwrap();
    });
    let anna = server.member("anna", "listener");
    let ask = |path: &str| server.send(get(path).bearer(&anna.token));
    let albums = server.pages(&anna, "/api/v1/albums?sort=-title", 500);
    let cover = format!("/api/v1/albums/{}/cover", column(&albums, "id")[0]);
    for size in ["0", "-1", "5000", "2147483648", "99999999999999999999", "x"] {
        problem(ask(&format!("{cover}?size={size}")), 400, "invalid", Some("size"));
    }
    for size in ["1", "4096"] {
        ask(&format!("{cover}?size={size}")).expect(200);
    }
    let broken = format!("/api/v1/albums/{}/cover", column(&albums, "id")[1]);
    problem(ask(&broken), 404, "unusable-cover", None);
}
