//! What may come over a wire: nonsense, another version, another side that is gone.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hexachord_contracts::{
    CallError, Client, Contract, Loopback, Wire, WireError,
    catalog::{Catalog, CatalogError, GetTrack, ListLibraries, StartScan},
    ids::TrackId,
    mailbox,
    wire::BoxFuture,
};
use serde_json::{Value, json};

use crate::house::context;

/// A wire that always has the same answer, and keeps what was sent.
struct Canned {
    answer: Result<&'static str, WireError>,
    sent: Mutex<Vec<(&'static str, &'static str, Value)>>,
}

impl Wire for Canned {
    fn request(
        &self,
        service: &'static str,
        call: &'static str,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Vec<u8>, WireError>> {
        let sent = (service, call, serde_json::from_slice(&body).unwrap());
        self.sent.lock().unwrap().push(sent);
        Box::pin(async { self.answer.map(|text| text.as_bytes().to_vec()) })
    }
}

fn canned(answer: Result<&'static str, WireError>) -> (Arc<Canned>, Client<Catalog>) {
    let wire = Arc::new(Canned { answer, sent: Mutex::default() });
    (Arc::clone(&wire), Client::remote(wire))
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_pair_of_context_and_question() {
    let (wire, client) = canned(Ok(r#"{"Ok": []}"#));
    let asked = client.call(&context(Duration::from_millis(4_200)), ListLibraries {}).await;
    assert_eq!(asked, Ok(Vec::new()));
    let account = json!({
        "id": "ac-0000000000007",
        "role": "listener",
        "libraries": ["li-0000000000001", "li-000000000000z"],
    });
    let context =
        json!({"request_id": 0xabc, "caller": {"account": account}, "remaining_ms": 4_200});
    let sent = wire.sent.lock().unwrap();
    assert_eq!(*sent, [("catalog", "ListLibraries", json!([context, {}]))]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_over_the_wire_is_an_outcome() {
    let ask = |answer| async move {
        let (_, client) = canned(answer);
        client.call(&context(Duration::from_secs(4)), GetTrack { track: TrackId(1) }).await
    };
    let unavailable = |maybe_done| Err(CallError::Unavailable { service: "catalog", maybe_done });
    assert_eq!(
        ask(Ok(r#"{"Err": "Missing"}"#)).await,
        Err(CallError::Refused(CatalogError::Missing))
    );
    for nonsense in ["", "[]", r#"{"Ok": {"id": 5}}"#, r#"{"Err": "NewInAnotherVersion"}"#] {
        assert_eq!(ask(Ok(nonsense)).await, unavailable(true), "{nonsense}");
    }
    assert_eq!(ask(Err(WireError::Gone { maybe_done: false })).await, unavailable(false));
    assert_eq!(ask(Err(WireError::Gone { maybe_done: true })).await, unavailable(true));
    let overloaded = Err(CallError::Overloaded { service: "catalog" });
    assert_eq!(ask(Err(WireError::Overloaded)).await, overloaded);
}

#[tokio::test]
async fn what_is_not_a_call_is_not_understood() {
    let body = serde_json::to_vec(&(
        context(Duration::from_secs(4)),
        StartScan { full: true, accept_losses: false },
    ));
    let body = body.unwrap();
    assert!(Catalog::decode("StartScan", &body).is_some());
    for name in ["", "startscan", "StartScan ", "SignIn", "GetTrack"] {
        assert!(Catalog::decode(name, &body).is_none(), "{name}");
    }
    for nonsense in [&b""[..], b"{}", b"[]", b"null", b"\xff\xfe", &body[..body.len() - 1]] {
        assert!(Catalog::decode("StartScan", nonsense).is_none());
    }

    let (client, mut inbox) = mailbox::<Catalog>(4);
    let answer = Loopback::new(client).request("catalog", "StartScan", b"{}".to_vec()).await;
    assert_eq!(answer, Err(WireError::Gone { maybe_done: false }));
    assert!(inbox.try_recv().is_err());
}
