//! Payment is away: what was last known of an account serves, and who is not known hears music.

use hexachord_contracts::Failpoints;
use serde_json::json;

use super::slow::{Listener, large_file, stream_of};
use crate::support::{Member, Request, Server, Setup, column, get, post, text};

struct Stage {
    server: Server,
    failpoints: Failpoints,
    track: String,
    free_plan: String,
}

impl Stage {
    /// A track of some bitrate, and a plan that has just been made, with its free one.
    fn set() -> Self {
        let failpoints = Failpoints::default();
        let mut setup = Setup::new();
        large_file(&setup.music().join("long.wav"), 1);
        setup.config.library.scan_on_start = true;
        setup.options.failpoints = failpoints.clone();
        let server = setup.start();
        server.scanned();
        let tracks = server.control(get("/api/v1/tracks")).expect(200).json();
        let track = column(tracks["items"].as_array().expect("a list"), "id")[0].to_owned();
        let plan = json!({
            "name": "Supporter", "price": { "amount": 100, "currency": "EUR" }, "period": "year",
            "entitlements": { "max_bitrate_kbps": null, "concurrent_streams": null, "downloads": true },
        });
        server.control(post("/api/v1/admin/plans").json(&plan)).expect(201);
        let plans = server.control(get("/api/v1/admin/plans")).expect(200).json();
        assert_eq!(plans["items"][0]["free"], true);
        let free_plan = text(&plans["items"][0]["id"]).to_owned();
        Self { server, failpoints, track, free_plan }
    }

    fn free_plan_allows(&self, entitlements: &serde_json::Value) {
        let request = Request::new("PATCH", &format!("/api/v1/admin/plans/{}", self.free_plan));
        self.server.control(request.json(&json!({ "entitlements": entitlements }))).expect(200);
    }

    fn stream(&self, member: &Member) -> u16 {
        let request = get(&stream_of(&self.track)).bearer(&member.token);
        Listener::open(self.server.address, &request).head.status
    }
}

#[test]
fn the_last_known_entitlement_serves() {
    let stage = Stage::set();
    let (ida, bert) =
        (stage.server.member("ida", "listener"), stage.server.member("bert", "listener"));
    stage.free_plan_allows(
        &json!({ "max_bitrate_kbps": 1, "concurrent_streams": null, "downloads": true }),
    );
    assert_eq!(stage.stream(&ida), 402);
    // The call fails, and what was known of Ida still holds; of Bert nothing was.
    for (member, status) in [(&ida, 402), (&bert, 200)] {
        stage.failpoints.arm("payment.GetEntitlement", 1);
        assert_eq!(stage.stream(member), status);
    }
}

#[test]
fn so_many_devices_stream_at_a_time() {
    let stage = Stage::set();
    stage.free_plan_allows(
        &json!({ "max_bitrate_kbps": null, "concurrent_streams": 1, "downloads": false }),
    );
    let phone = stage.server.member("ida", "listener");
    let laptop = stage.server.sign_in("ida", crate::support::PASSWORD);
    let other = stage.server.member("bert", "listener");
    let mut playing = Listener::play(&stage.server, &phone, &stage.track);
    playing.hear(10_000);
    // The same device may seek, others of the account may not begin, other accounts may.
    let seeking = Listener::play(&stage.server, &phone, &stage.track);
    assert_eq!(stage.stream(&laptop), 402);
    assert_eq!(stage.stream(&other), 200);
    drop(playing);
    assert_eq!(stage.stream(&laptop), 402, "the phone still plays where it sought");
    drop(seeking);
    crate::faults::wire::until("the place is free", || {
        (stage.stream(&laptop) == 200).then_some(())
    });
}
