//! Users, and what each may do.

use serde_json::json;

use super::stage::{App, code, list, stage};
use crate::support::{Request, get, post, text};

#[test]
fn an_administrator_makes_and_changes_users() {
    let (server, app) = stage();
    let root = App::of(&server, &server.member("root", "administrator"), "root");
    let folder = app.ask("getMusicFolders", "", "musicFolders")["musicFolder"][0]["id"].clone();
    let made = "username=ben&password=enc:612076657279206c6f6e67206f6e65&email=a%40b";
    root.done("createUser", made);
    server.sign_in("ben", "a very long one");
    let user = root.ask("getUser", "username=ben", "user");
    assert_eq!((&user["adminRole"], &user["folder"]), (&json!(false), &json!([folder])));
    root.done("updateUser", &format!("username=ben&adminRole=true&musicFolderId={folder}"));
    assert_eq!(root.ask("getUser", "username=ben", "user")["adminRole"], true);
    root.done("changePassword", "username=ben&password=another%20long%20one");
    let ben = App::of(&server, &server.sign_in("ben", "another long one"), "ben");
    ben.done("ping", "");
    let users = root.ask("getUsers", "", "users");
    let names: Vec<_> =
        list(&users["user"]).iter().map(|u| text(&u["username"]).to_owned()).collect();
    assert_eq!(names, ["ben", "ida", "root"]);
    root.done("deleteUser", "username=ben");
    assert_eq!(root.code("getUser", "username=ben"), 70);
    assert_eq!(ben.code("ping", ""), 40, "the next call already");
    assert_eq!(root.code("createUser", "username=ida&password=a%20very%20long%20one"), 0);
    assert_eq!(root.code("createUser", "username=x&password=short"), 10);
    assert_eq!(root.code("updateUser", "username=root&adminRole=false"), 0, "the last one stays");
    assert_eq!(root.code("createUser", "username=y&password=a+long+one+too&musicFolderId=2"), 70);
}

/// Every method of administrators.
#[test]
fn a_listener_administers_nothing() {
    let (server, app) = stage();
    server.member("root", "administrator");
    for (method, query) in [
        ("getUsers", ""),
        ("getUser", "username=root"),
        ("getUser", "username=nobody"),
        ("createUser", "username=x&password=a+very+long+one"),
        ("updateUser", "username=ida&adminRole=true"),
        ("deleteUser", "username=root"),
        ("changePassword", "username=root&password=a+very+long+one"),
        ("changePassword", "username=ida&password=a+very+long+one"),
        ("startScan", ""),
        ("jukeboxControl", "action=start"),
    ] {
        assert_eq!(app.code(method, query), 50, "{method}?{query}");
    }
    let me = app.ask("getUser", "username=ida", "user");
    assert_eq!((&me["username"], &me["adminRole"]), (&json!("ida"), &json!(false)));
    assert_eq!(app.ask("getScanStatus", "", "scanStatus")["count"], 6);
}

#[test]
fn an_administrator_scans() {
    let (server, _app) = stage();
    let root = App::of(&server, &server.member("root", "administrator"), "root");
    assert!(root.ask("startScan", "", "scanStatus")["scanning"].is_boolean());
    assert_eq!(server.scanned()["phase"], "finished");
    assert_eq!(
        root.ask("getScanStatus", "", "scanStatus"),
        json!({ "scanning": false, "count": 6 })
    );
}

/// Nobody hears that all went well where a wish was not fulfilled.
#[test]
fn what_plans_decide_is_not_wished_for_in_silence() {
    let (server, app) = stage();
    let root = App::of(&server, &server.member("root", "administrator"), "root");
    let password = "password=a+very+long+one";
    root.done(
        "createUser",
        &format!("username=ann&{password}&downloadRole=true&streamRole=true&jukeboxRole=true"),
    );
    for wish in ["streamRole=false", "downloadRole=false", "maxBitRate=128"] {
        let refused = root.envelope("updateUser", &format!("username=ann&adminRole=true&{wish}"));
        assert_eq!(code(&refused), 0, "{wish}");
        assert!(text(&refused["error"]["message"]).contains("plans decide"), "{refused}");
        let made = format!("username=new&{password}&{wish}");
        if wish != "downloadRole=false" {
            assert_eq!(root.code("createUser", &made), 0, "{wish}");
        }
    }
    assert_eq!(root.ask("getUser", "username=ann", "user")["adminRole"], false, "nothing was done");
    assert_eq!(root.code("getUser", "username=new"), 70);
    root.done("updateUser", "username=ann&maxBitRate=0&downloadRole=true");
    // What libraries of clients send of a new user, unasked.
    let unasked = "streamRole=true&downloadRole=false&jukeboxRole=false&ldapAuthenticated=false";
    root.done("createUser", &format!("username=una&{password}&{unasked}"));
    assert_eq!(root.ask("getUser", "username=una", "user")["downloadRole"], true);
    root.done("deleteUser", "username=una");

    let plan = json!({
        "name": "Supporter", "price": { "amount": 100, "currency": "EUR" }, "period": "year",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": null, "downloads": true },
    });
    server.control(post("/api/v1/admin/plans").json(&plan)).expect(201);
    let plans = server.control(get("/api/v1/admin/plans")).expect(200).json();
    let path = format!("/api/v1/admin/plans/{}", text(&plans["items"][0]["id"]));
    let less = json!({ "entitlements": {
        "max_bitrate_kbps": 128, "concurrent_streams": null, "downloads": false,
    } });
    server.control(Request::new("PATCH", &path).json(&less)).expect(200);
    let seen = |of: &str| {
        let user = root.ask("getUser", &format!("username={of}"), "user");
        (user["downloadRole"].clone(), user["maxBitRate"].clone())
    };
    assert_eq!((seen("ida"), seen("root")), ((json!(false), json!(128)), (json!(true), json!(0))));
    let all = list(&root.ask("getUsers", "", "users")["user"]);
    assert_eq!(all.iter().filter(|user| user["downloadRole"] == false).count(), 2);
    root.done("updateUser", "username=ida&downloadRole=false&maxBitRate=128");
    assert_eq!(root.code("updateUser", "username=ida&downloadRole=true"), 0);
    assert_eq!(root.code("createUser", &format!("username=new&{password}&downloadRole=true")), 0);
    root.done("createUser", &format!("username=new&{password}&downloadRole=true&adminRole=true"));
    assert_eq!(app.code("createUser", &format!("username=x&{password}")), 50);
}
