//! What accounts may do by their plans. Payment is asked before each stream; its last answer serves
//! while it is down, and where there is none, music comes first: everything is allowed.

use std::{
    collections::HashMap,
    net::IpAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context as Task, Poll},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use hexachord_contracts::{
    CallError, Client, Context,
    authentication::CredentialId,
    ids::{AccountId, ShareId},
    payment::{Entitlement, Entitlements, GetEntitlement, PaymentService},
};
use http::Method;
use http_body::{Frame, SizeHint};
use tokio::time::{Duration, Instant};

use super::{
    credential::Who,
    problem::{Lack, Problem},
};

/// A payment service that needs longer counts as down.
const SLOWEST: Duration = Duration::from_millis(500);
/// Last answers that are kept; beyond it one is forgotten for each new one.
const MOST: usize = 100_000;

/// Who took nothing of its stream for so long holds no place any more: it is paused, or gone.
const PAUSED: Duration = Duration::from_mins(1);

/// What the devices of each account are being sent.
type Streaming = HashMap<AccountId, HashMap<Device, Sending>>;

/// Where an account is listened to: however many requests a device makes, it takes one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    Credential(CredentialId),
    /// Somebody to whom the account shows a share, known by the address only.
    Visitor(ShareId, Option<IpAddr>),
}

#[derive(Debug)]
struct Sending {
    /// Tells it from what the device was sent before it was given up.
    generation: u64,
    bodies: u32,
    taken_at: Instant,
}

pub struct Allowances {
    payment: Client<PaymentService>,
    last: RwLock<HashMap<AccountId, Entitlement>>,
    streaming: Arc<Mutex<Streaming>>,
    generations: AtomicU64,
}

impl Allowances {
    pub fn new(payment: Client<PaymentService>) -> Self {
        Self {
            payment,
            last: RwLock::default(),
            streaming: Arc::default(),
            generations: AtomicU64::new(0),
        }
    }

    /// What the caller may do now, or could when payment was last heard of.
    pub async fn of(&self, context: &Context) -> Entitlement {
        let allowed = context.remaining().min(SLOWEST);
        let asking = Context::new(context.request_id, context.caller.clone(), allowed);
        let answer = self.payment.call(&asking, GetEntitlement {}).await;
        let account = context.account();
        match (answer, account) {
            (Ok(entitlement), Some(account)) => {
                self.keep(account, &entitlement);
                entitlement
            }
            (Ok(entitlement), None) => entitlement,
            (Err(error), account) => {
                if !matches!(error, CallError::Refused(_)) {
                    tracing::debug!(%error, "the last known entitlement serves");
                }
                account
                    .and_then(|account| self.recall(account))
                    .unwrap_or(Entitlement { plan: None, entitlements: Entitlements::EVERYTHING })
            }
        }
    }

    /// A place among the streams of the account, before anything is made for it: that of the credential,
    /// or of a visitor. Who only looks takes none.
    pub fn take(
        &self,
        who: &Who,
        visitor: Option<Device>,
        entitlement: &Entitlement,
        method: &Method,
    ) -> Result<Taken, Problem> {
        let place = match (visitor, who.context.account()) {
            _ if method == Method::HEAD => None,
            (Some(visitor), Some(account)) => self.place_of(account, visitor, entitlement)?,
            _ => self.place(who, entitlement)?,
        };
        Ok(Taken(place))
    }

    /// A place among the streams of the account; it is held until it is dropped, or its body is not
    /// taken any more. The requests of one credential share a place: a seek, or the next track, is
    /// no second listener.
    fn place(&self, who: &Who, entitlement: &Entitlement) -> Result<Option<Place>, Problem> {
        let Some(known) = &who.known else { return Ok(None) };
        let device = Device::Credential(known.identity.credential);
        self.place_of(known.identity.account.id, device, entitlement)
    }

    /// [`Allowances::place`] for a device of the account.
    fn place_of(
        &self,
        account: AccountId,
        device: Device,
        entitlement: &Entitlement,
    ) -> Result<Option<Place>, Problem> {
        let Some(limit) = entitlement.entitlements.concurrent_streams else { return Ok(None) };
        let mut streaming = self.streaming.lock().unwrap_or_else(PoisonError::into_inner);
        let devices = streaming.entry(account).or_default();
        devices.retain(|_, sending| sending.taken_at.elapsed() < PAUSED);
        if !devices.contains_key(&device) && devices.len() >= limit as usize {
            let devices = if limit == 1 { "one device" } else { &format!("{limit} devices") };
            let plan = plan_of(entitlement);
            let detail = format!("{plan} allows {devices} to stream at a time: stop another one");
            return Err(Problem::plan_lacks(Lack::Streams, detail));
        }
        let taken_at = Instant::now();
        let begin = || {
            let generation = self.generations.fetch_add(1, Ordering::Relaxed);
            Sending { generation, bodies: 0, taken_at }
        };
        let sending = devices.entry(device).or_insert_with(begin);
        let generation = sending.generation;
        *sending = Sending { generation, bodies: sending.bodies + 1, taken_at };
        let streaming = Arc::clone(&self.streaming);
        Ok(Some(Place { streaming, account, device, generation }))
    }

    // Nothing panics under these locks, so poison means nothing.
    fn keep(&self, account: AccountId, entitlement: &Entitlement) {
        let known = self.last.read().unwrap_or_else(PoisonError::into_inner);
        if known.get(&account) == Some(entitlement) {
            return;
        }
        drop(known);
        let mut known = self.last.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST
            && let Some(any) = known.keys().next().copied()
        {
            known.remove(&any);
        }
        known.insert(account, entitlement.clone());
    }

    fn recall(&self, account: AccountId) -> Option<Entitlement> {
        self.last.read().unwrap_or_else(PoisonError::into_inner).get(&account).cloned()
    }
}

/// Is a stream of this bitrate allowed?
pub fn check_bitrate(entitlement: &Entitlement, bitrate_kbps: u32) -> Result<(), Problem> {
    match entitlement.entitlements.max_bitrate_kbps {
        Some(most) if bitrate_kbps > most => {
            let plan = plan_of(entitlement);
            let detail =
                format!("this track has {bitrate_kbps} kbit/s, and {plan} allows {most} kbit/s");
            Err(Problem::plan_lacks(Lack::Bitrate, detail))
        }
        _ => Ok(()),
    }
}

pub fn check_downloads(entitlement: &Entitlement) -> Result<(), Problem> {
    if entitlement.entitlements.downloads {
        return Ok(());
    }
    let detail = format!("{} does not allow downloads", plan_of(entitlement));
    Err(Problem::plan_lacks(Lack::Downloads, detail))
}

fn plan_of(entitlement: &Entitlement) -> String {
    match &entitlement.plan {
        Some(plan) => format!("your plan “{}”", plan.name),
        None => "your plan".to_owned(),
    }
}

/// A place that was taken, if one is needed. Dropped it is free again.
#[derive(Debug)]
pub struct Taken(Option<Place>);

impl Taken {
    /// The answer, which holds the place for as long as it is sent. What sends no music holds none.
    pub fn held_by(self, response: Response) -> Response {
        match self.0.filter(|_| response.status().is_success()) {
            Some(place) => response.map(|body| Body::new(Held { body, place })),
            None => response,
        }
    }
}

/// One body that is being sent to a device.
#[derive(Debug)]
struct Place {
    streaming: Arc<Mutex<Streaming>>,
    account: AccountId,
    device: Device,
    generation: u64,
}

impl Place {
    /// Something of the stream was taken.
    fn touch(&self) {
        let mut streaming = self.streaming.lock().unwrap_or_else(PoisonError::into_inner);
        let devices = streaming.get_mut(&self.account);
        let sending = devices.and_then(|devices| devices.get_mut(&self.device));
        if let Some(sending) = sending.filter(|sending| sending.generation == self.generation) {
            sending.taken_at = Instant::now();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streaming = self.streaming.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(devices) = streaming.get_mut(&self.account) else { return };
        let sending = devices.get_mut(&self.device);
        if let Some(sending) = sending.filter(|sending| sending.generation == self.generation) {
            sending.bodies = sending.bodies.saturating_sub(1);
            if sending.bodies == 0 {
                devices.remove(&self.device);
            }
        }
        if devices.is_empty() {
            streaming.remove(&self.account);
        }
    }
}

/// A body that holds a place until it is sent or given up.
struct Held {
    body: Body,
    place: Place,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(task);
        if frame.is_ready() {
            self.place.touch();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
