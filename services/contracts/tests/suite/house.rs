//! A catalog that answers by rule, and the two ways to a mailbox.

use std::{sync::Arc, time::Duration};

use hexachord_contracts::{
    Call, Caller, Client, Context, Contract, Envelope, LibraryAccess, Loopback, Mailbox, RequestId,
    Role, Service,
    catalog::{Catalog, CatalogError, FolderId, Library, Request, ScanPhase, ScanState},
    ids::{AccountId, LibraryId},
    mailbox,
};
use serde_json::Value;

/// Tells what it saw of the context through its answers.
pub(crate) struct Echo;

impl Service for Echo {
    type Contract = Catalog;

    async fn handle(self: Arc<Self>, request: Request) {
        match request {
            Request::ListLibraries(ask) => {
                ask.answer(async |_, context| Ok(seen_by(&context))).await;
            }
            Request::StartScan(ask) => {
                ask.answer(async |call, context: Context| {
                    let left = context.remaining().as_millis();
                    let phase = ScanPhase::Walking;
                    let found = u64::try_from(left).unwrap();
                    Ok(ScanState { full: call.full, phase, found, ..ScanState::default() })
                })
                .await;
            }
            Request::GetTrack(ask) => {
                let error = CatalogError::NotFound { what: "track".to_owned() };
                ask.answer(async |_, _| Err(error)).await;
            }
            Request::GetScan(ask) => ask.answer(async |_, _| std::future::pending().await).await,
            Request::CancelScan(_) => panic!("planned"),
            unanswered => drop(unanswered),
        }
    }
}

/// The caller's libraries, and the request's id as the name.
fn seen_by(context: &Context) -> Vec<Library> {
    let library = |id: &LibraryId| Library {
        id: *id,
        name: context.request_id.to_string(),
        folder: format!("of {:?}", context.account()).into(),
        root: FolderId::root(*id),
        track_count: 0,
        trouble: None,
        trouble_since: None,
    };
    match &context.caller {
        Caller::Account { libraries: LibraryAccess::Only(libraries), .. } => {
            libraries.iter().map(library).collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn context(allowed: Duration) -> Context {
    Context::new(RequestId(0xabc), listener(), allowed)
}

pub(crate) fn listener() -> Caller {
    let libraries = LibraryAccess::Only([LibraryId(1), LibraryId(31)].into());
    Caller::Account { id: AccountId(7), role: Role::Listener, libraries }
}

/// A mailbox that nobody empties but the test, and both ways into it.
pub(crate) fn unattended(capacity: usize) -> ([Client<Catalog>; 2], Mailbox<Catalog>) {
    let (local, inbox) = mailbox::<Catalog>(capacity);
    let bytes = Client::remote(Arc::new(Loopback::new(local.clone())));
    ([local, bytes], inbox)
}

/// Reads `json` as the call `C`, writes it again, and sends it as bytes; answers the call's name.
pub(crate) fn travels<C: Call>(json: &Value) -> &'static str {
    let call: C = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&call).unwrap(), *json, "{}", C::NAME);
    let body = serde_json::to_vec(&(context(Duration::from_secs(9)), &call)).unwrap();
    let request = C::To::decode(C::NAME, &body).unwrap().request;
    assert_eq!(request.call_name(), C::NAME);
    assert_eq!(request.context().caller, listener());
    C::NAME
}

/// The calls that the source of a contract declares, in its order.
pub(crate) fn declared_in(source: &'static str) -> Vec<&'static str> {
    let calls = source.split_once("contract!(").unwrap().1;
    calls.lines().filter_map(|line| Some(line.split_once(" => ")?.0.trim())).collect()
}
