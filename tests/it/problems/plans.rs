//! Plans, subscriptions and payments that cannot be.

use std::{sync::Barrier, thread};

use serde_json::{Value, json};

use super::problem;
use crate::support::{Member, Request, Response, Server, Setup, get, text};

fn send(server: &Server, by: &Member, method: &'static str, path: &str, body: &Value) -> Response {
    server.send(Request::new(method, path).bearer(&by.token).json(body))
}

fn plan(name: &str, amount: &Value, currency: &str) -> Value {
    json!({
        "name": name, "price": { "amount": amount, "currency": currency }, "period": "month",
        "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": 2, "downloads": true },
    })
}

#[test]
fn money_that_cannot_be_is_refused() {
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let ida = server.member("ida", "listener");
    let make = |body: &Value| send(&server, &anna, "POST", "/api/v1/admin/plans", body);
    for amount in [json!(-1), json!(i64::MIN), json!(i64::MAX)] {
        problem(make(&plan("x", &amount, "EUR")), 400, "invalid", Some("price"));
    }
    for amount in [json!(1.5), json!("5"), json!(u64::MAX), Value::Null] {
        problem(make(&plan("x", &amount, "EUR")), 400, "invalid", Some("price.amount"));
    }
    for currency in ["ABC", "XXX", "XTS"] {
        problem(make(&plan("x", &json!(5), currency)), 400, "invalid", Some("price"));
    }
    for currency in ["eur", "EURO", ""] {
        problem(make(&plan("x", &json!(5), currency)), 400, "invalid", Some("price.currency"));
    }
    problem(make(&plan("", &json!(5), "EUR")), 400, "invalid", Some("name"));
    problem(make(&plan(&"x".repeat(101), &json!(5), "EUR")), 400, "invalid", Some("name"));
    let mut silent = plan("x", &json!(5), "EUR");
    silent["entitlements"]["concurrent_streams"] = json!(0);
    let body = problem(make(&silent), 400, "invalid", Some("entitlements.concurrent_streams"));
    assert!(text(&body["detail"]).len() > 10, "{body}");
    assert_eq!(server.read(&ida, "/api/v1/plans")["items"], json!([]), "nothing was made");

    make(&plan("Supporter", &json!(499), "EUR")).expect(201);
    problem(make(&plan("supporter", &json!(5), "JPY")), 409, "name-taken", Some("name"));
    let plans = server.read(&ida, "/api/v1/plans")["items"].clone();
    let free = format!("/api/v1/admin/plans/{}", text(&plans[0]["id"]));
    let change = |body: Value| send(&server, &anna, "PATCH", &free, &body);
    let price = json!({ "price": { "amount": 5, "currency": "EUR" } });
    problem(change(price), 400, "invalid", Some("price"));
    problem(change(json!({ "archived": true })), 409, "free-plan-needed", None);

    let take = |body: &Value| send(&server, &ida, "POST", "/api/v1/me/subscription", body);
    problem(take(&json!({ "plan_id": "pn-0000000000001" })), 404, "not-found", None);
    problem(take(&json!({ "plan_id": plans[0]["id"] })), 409, "nothing-to-pay", None);
    let by_test = json!({ "plan_id": plans[1]["id"], "provider": "test" });
    problem(take(&by_test), 400, "invalid", Some("provider"));
    let by_shells = json!({ "plan_id": plans[1]["id"], "provider": "shells" });
    problem(take(&by_shells), 400, "invalid", Some("provider"));
    let cancelled = Request::new("DELETE", "/api/v1/me/subscription").bearer(&ida.token);
    problem(server.send(cancelled), 404, "not-found", None);
}

#[test]
fn a_subscription_is_taken_once() {
    const THREADS: usize = 8;
    let server = Setup::new().start();
    let anna = server.member("anna", "administrator");
    let ida = server.member("ida", "listener");
    let made = plan("Supporter", &json!(499), "EUR");
    let made = send(&server, &anna, "POST", "/api/v1/admin/plans", &made).expect(201).json();
    let order = json!({ "plan_id": made["id"] });
    let start = Barrier::new(THREADS);
    let mut answers: Vec<u16> = thread::scope(|scope| {
        let take = || {
            start.wait();
            send(&server, &ida, "POST", "/api/v1/me/subscription", &order).status
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(take)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
    });
    answers.sort_unstable();
    assert_eq!(answers, [&[201][..], &[409; THREADS - 1]].concat());
    let payments = server.read(&anna, "/api/v1/admin/payments")["items"].clone();
    assert_eq!(payments.as_array().map(Vec::len), Some(1));

    let payment = format!("/api/v1/admin/payments/{}", text(&payments[0]["id"]));
    let settle = |state: &str| send(&server, &anna, "PATCH", &payment, &json!({ "state": state }));
    problem(settle("refunded"), 409, "wrong-state", None);
    problem(settle("lost"), 400, "invalid", Some("state"));
    settle("paid").expect(200);
    problem(settle("paid"), 409, "wrong-state", None);
    problem(settle("refused"), 409, "wrong-state", None);
    settle("refunded").expect(200);
    problem(settle("refunded"), 409, "wrong-state", None);
    let mine = server.read(&ida, "/api/v1/me/subscription");
    assert_eq!(mine["subscription"], Value::Null, "it ended with its payment");
    let unknown =
        json!({ "reference": "HX-NOTHING", "received": { "amount": 1, "currency": "EUR" } });
    let answer = send(&server, &anna, "POST", "/api/v1/admin/payments", &unknown);
    problem(answer, 404, "not-found", None);
    for path in ["/api/v1/admin/payments", "/api/v1/admin/subscriptions"] {
        let ask = |query: &str| server.send(get(&format!("{path}?{query}")).bearer(&anna.token));
        problem(ask("state=odd"), 400, "invalid", Some("state"));
        problem(ask("limit=0"), 400, "invalid", Some("limit"));
        problem(ask("cursor=AAAA"), 400, "invalid", Some("cursor"));
    }
}
