//! Pictures of users.

use image::ImageFormat;

use super::stage::{App, stage};
use crate::support::{PASSWORD, Request, get, music};

#[test]
fn everybody_sees_the_pictures_of_users() {
    let (server, app) = stage();
    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    for query in ["username=ida", "username=nobody", "username=%FF", "username=a%2Fb"] {
        let error = ben.envelope("getAvatar", query)["error"].take();
        assert_eq!((&error["code"], &error["message"]), (&70.into(), &"no such avatar".into()));
    }
    let none = ben.send("getAvatar", "username=ida").expect(200);
    assert_eq!(none.header("content-type"), Some("text/xml; charset=utf-8"), "an envelope");
    let ida = server.sign_in("ida", PASSWORD);
    let picture = music::picture(600, ImageFormat::Png);
    let put = Request::new("PUT", "/api/v1/me/avatar").bearer(&ida.token).body(picture);
    server.send(put).expect(204);
    let mine = server.send(get("/api/v1/me/avatar").bearer(&ida.token)).expect(200);
    for (app, query) in [(&app, "username=ida"), (&ben, "username=ida"), (&ben, "username=IDA")] {
        for method in ["getAvatar", "getAvatar.view"] {
            let shown = app.send(method, query).expect(200);
            assert!(shown.body == mine.body, "{query}");
            assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        }
    }
    let tag = mine.header("etag").expect("it has a tag");
    let again = ben.request("getAvatar", "username=ida").header("if-none-match", tag);
    server.send(again).expect(304);
    assert_eq!(ben.code("getAvatar", "username=ben"), 70);
}
