//! Plans: nobody sees them until there is one; then what a plan lacks is said, and money changes it.

use serde_json::{Value, json};

use super::{tell, track};
use crate::support::{Api, Member, get, text};

pub(super) fn nobody_sees_billing(api: &Api, ida: &Member) {
    assert_eq!(api.read(ida, "/api/v1/plans")["items"], json!([]));
    let mine = api.read(ida, "/api/v1/me/subscription");
    assert_eq!((&mine["plan"], &mine["subscription"]), (&Value::Null, &Value::Null));
    let everything =
        json!({ "max_bitrate_kbps": null, "concurrent_streams": null, "downloads": true });
    assert_eq!(mine["entitlements"], everything);
    let stream = format!("/api/v1/tracks/{}/stream", track(api, ida, "So What"));
    api.send(get(&stream).bearer(&ida.token)).expect(200);
}

pub(super) fn a_plan_is_bought(api: &Api, anna: &Member, ida: &Member) {
    let so_what = track(api, ida, "So What");
    let bitrate = api.read(ida, &format!("/api/v1/tracks/{so_what}"))["bitrate_kbps"].clone();
    let bitrate = bitrate.as_u64().expect("a number");
    let plan = json!({
        "name": "Supporter", "description": "Everything, and our thanks.",
        "price": { "amount": 499, "currency": "EUR" }, "period": "month",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": 3, "downloads": true },
    });
    api.send(tell("POST", ida, "/api/v1/admin/plans", &plan)).expect(403);
    let plan = api.send(tell("POST", anna, "/api/v1/admin/plans", &plan)).expect(201).json();
    let plans = api.read(ida, "/api/v1/plans")["items"].clone();
    assert_eq!((&plans[0]["free"], &plans[1]["name"]), (&json!(true), &json!("Supporter")));
    // The free plan came along; what it allows is up to the administrator.
    let path = format!("/api/v1/admin/plans/{}", text(&plans[0]["id"]));
    let less = json!({ "entitlements": {
        "max_bitrate_kbps": bitrate - 1, "concurrent_streams": 1, "downloads": false,
    } });
    api.send(tell("PATCH", anna, &path, &less)).expect(200);

    let stream = get(&format!("/api/v1/tracks/{so_what}/stream"));
    let download = get(&format!("/api/v1/tracks/{so_what}/download"));
    // What is too much is made less of; who asks for the file itself hears why there is none.
    let less = api.send(stream.clone().bearer(&ida.token)).expect(200);
    let decision = less.header("x-hexachord-decision").expect("it tells what was decided");
    assert!(decision.ends_with("; because=bitrate_of_plan"), "{decision}");
    let original = get(&format!("/api/v1/tracks/{so_what}/stream?format=original"));
    let refused = api.send(original.clone().bearer(&ida.token)).expect(402).json();
    assert_eq!(refused["lacks"], "bitrate");
    assert!(text(&refused["detail"]).contains(&format!("{bitrate} kbit/s")), "{refused}");
    let refused = api.send(download.clone().bearer(&ida.token)).expect(402).json();
    assert_eq!(refused["lacks"], "downloads");
    api.send(stream.clone().bearer(&anna.token)).expect(200);

    let order = json!({ "plan_id": plan["id"] });
    let pending = api.send(tell("POST", ida, "/api/v1/me/subscription", &order)).expect(201).json();
    assert_eq!(pending["state"], "pending");
    let again = api.send(tell("POST", ida, "/api/v1/me/subscription", &order)).expect(409).json();
    assert_eq!(again["type"], "urn:hexachord:problem:already-subscribed");
    api.send(original.bearer(&ida.token)).expect(402);

    // The money comes, with the reference of the open payment.
    let reference = &pending["open_payment"]["reference"];
    let too_little =
        json!({ "reference": reference, "received": { "amount": 498, "currency": "EUR" } });
    api.send(tell("POST", anna, "/api/v1/admin/payments", &too_little)).expect(400);
    let receipt =
        json!({ "reference": reference, "received": { "amount": 499, "currency": "EUR" } });
    api.send(tell("POST", ida, "/api/v1/admin/payments", &receipt)).expect(403);
    let paid = api.send(tell("POST", anna, "/api/v1/admin/payments", &receipt)).expect(200).json();
    assert_eq!(paid["state"], "paid");

    let mine = api.read(ida, "/api/v1/me/subscription");
    assert_eq!(mine["subscription"]["state"], "active");
    assert_eq!(mine["plan"]["name"], "Supporter");
    api.send(stream.bearer(&ida.token)).expect(200);
    let file = api.send(download.bearer(&ida.token)).expect(200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename*=UTF-8''1.flac"));

    let ledger = api.read(anna, "/api/v1/admin/ledger");
    let balance = |account: Value| {
        let all = ledger["balances"].as_array().expect("a list").iter();
        let found = all.filter(|balance| balance["account"] == account);
        found.map(|balance| balance["money"]["amount"].as_i64().expect("a number")).sum::<i64>()
    };
    assert_eq!(balance(json!({ "cash": "manual" })), 499);
    assert_eq!(balance(json!("revenue")), -499);
    assert_eq!(balance(json!({ "member": ida.id })), 0);
    assert_eq!(ledger["items"].as_array().map(Vec::len), Some(2), "a charge and its payment");
}
