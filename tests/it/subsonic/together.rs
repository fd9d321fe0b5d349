//! What people of one house have together: radio stations and messages.

use serde_json::{Value, json};

use super::stage::{App, list, stage};
use crate::support::text;

fn stations(app: &App) -> Vec<Value> {
    let all = app.ask("getInternetRadioStations", "", "internetRadioStations");
    list(&all["internetRadioStation"])
}

#[test]
fn administrators_keep_the_radio_stations() {
    let (server, app) = stage();
    let root = App::of(&server, &server.member("root", "administrator"), "root");
    let made =
        "streamUrl=http%3A%2F%2Fair.example%2Flive&name=Air&homepageUrl=http%3A%2F%2Fair.example";
    root.done("createInternetRadioStation", made);
    let [air, waves] = &stations(&app)[..] else { panic!("there are two") };
    assert_eq!(
        (&air["name"], &air["streamUrl"]),
        (&json!("Air"), &json!("http://air.example/live"))
    );
    assert_eq!(air["homePageUrl"], "http://air.example", "as it is called in answers");
    assert_eq!(waves["name"], "Waves & <more>");
    let id = format!("id={}", text(&air["id"]));
    let change = format!("{id}&streamUrl=https://air.example/other&name=Aria");
    for (method, query) in [
        ("createInternetRadioStation", made),
        ("updateInternetRadioStation", &change),
        ("deleteInternetRadioStation", &id),
    ] {
        assert_eq!(app.code(method, query), 50, "{method}: a listener");
    }
    root.done("updateInternetRadioStation", &change);
    let changed = stations(&app)[0].clone();
    assert_eq!((&changed["id"], &changed["name"]), (&air["id"], &json!("Aria")));
    assert_eq!(changed["homePageUrl"], "http://air.example", "what is left out stays");
    root.done("updateInternetRadioStation", &format!("{change}&homepageUrl="));
    assert_eq!(stations(&app)[0].get("homePageUrl"), None);
    for wrong in ["javascript:alert(1)", "ftp://air.example/", "air.example", "file:///etc/passwd"]
    {
        let query = format!("name=x&streamUrl={wrong}");
        let error = root.envelope("createInternetRadioStation", &query)["error"].take();
        assert_eq!(error["code"], 10, "{error}");
        assert!(text(&error["message"]).starts_with("parameter streamUrl: must be"), "{error}");
        let query = format!("{change}&homepageUrl={wrong}");
        let error = root.envelope("updateInternetRadioStation", &query)["error"].take();
        assert_eq!(error["code"], 10, "{error}");
        assert!(text(&error["message"]).starts_with("parameter homepageUrl: must be"), "{error}");
    }
    let long = format!("name={}&streamUrl=http://a.example/", "x".repeat(201));
    assert_eq!(root.code("createInternetRadioStation", &long), 10);
    assert_eq!(root.code("deleteInternetRadioStation", "id=rs-0000000000000"), 70);
    assert_eq!(root.code("deleteInternetRadioStation", "id=1"), 70);
    root.done("deleteInternetRadioStation", &id);
    assert_eq!(root.code("updateInternetRadioStation", &change), 70);
    assert_eq!(stations(&app).len(), 1);
}

#[test]
fn people_write_to_each_other() {
    let (server, app) = stage();
    let ben = App::of(&server, &server.member("ben", "listener"), "ben");
    let read = |app: &App, query: &str| {
        list(&app.ask("getChatMessages", query, "chatMessages")["chatMessage"])
    };
    assert_eq!(read(&app, ""), [json!(null); 0]);
    app.done("addChatMessage", "message=hello");
    ben.done("addChatMessage", "message=%20%3Ci%3Ehi%3C%2Fi%3E%20%26%20so%20on");
    let all = read(&ben, "");
    let told = |message: &Value| (message["username"].clone(), message["message"].clone());
    assert_eq!(told(&all[0]), (json!("ben"), json!("<i>hi</i> & so on")), "the latest first");
    assert_eq!(told(&all[1]), (json!("ida"), json!("hello")));
    let time = all[0]["time"].as_i64().expect("it is a number");
    assert_eq!(read(&app, &format!("since={time}")), [json!(null); 0], "what came after it");
    assert_eq!(read(&app, "since=0").len(), 2);
    assert_eq!(read(&app, "since=9223372036854775807"), [json!(null); 0]);
    assert_eq!(read(&app, "since=-9223372036854775808").len(), 2);
    for wrong in ["since=x", "since=1.5", "since=99999999999999999999"] {
        assert_eq!(app.code("getChatMessages", wrong), 10, "{wrong}");
    }
    for wrong in ["%20", &"x".repeat(401)] {
        let error = app.envelope("addChatMessage", &format!("message={wrong}"))["error"].take();
        assert_eq!(error["code"], 10, "{error}");
        let message = "parameter message: must have 1 to 400 characters";
        assert_eq!(error["message"], message);
    }
    assert_eq!(read(&app, "").len(), 2);
}
