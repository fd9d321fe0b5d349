//! Radio stations on their way to listeners: the server asks for them and passes on what comes, piece by
//! piece, for as long as somebody listens.

mod failure;
mod kind;
mod playlist;

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use futures_util::{StreamExt, stream::try_unfold};
use hexachord_outgoing::{Answer, Client, OutgoingError};
use http::{HeaderMap, HeaderValue, header};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

pub use self::failure::Failure;
use self::kind::Kind;

/// Listeners to stations at a time, of all accounts.
pub const MOST: usize = 16;
/// A playlist of a station has a few lines.
const PLAYLIST_BYTES: u64 = 64 * 1024;
const SLOWEST_PLAYLIST: Duration = Duration::from_secs(30);

pub struct Stations {
    client: Client,
    places: Arc<Semaphore>,
}

/// A station that is being heard. Dropped, its connection is closed.
pub struct Sound {
    content_type: HeaderValue,
    answer: Answer,
    _place: OwnedSemaphorePermit,
}

impl Stations {
    pub fn new(client: Client) -> Self {
        Self { client, places: Arc::new(Semaphore::new(MOST)) }
    }

    /// Asks a station for its sound, also where its address leads to a playlist.
    pub async fn tune_in(&self, url: &str) -> Result<Sound, Failure> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_all_taken| Failure::TooMany)?;
        let answer = self.ask(url).await?;
        let (content_type, answer) = match kind::of(&answer)? {
            Kind::Sound(content_type) => (content_type, answer),
            Kind::Playlist => {
                let answer = self.ask(&entry(answer).await?).await?;
                match kind::of(&answer)? {
                    Kind::Sound(content_type) => (content_type, answer),
                    Kind::Playlist => {
                        return Err(Failure::Nested { host: answer.host().to_owned() });
                    }
                }
            }
        };
        Ok(Sound { content_type, answer, _place: place })
    }

    async fn ask(&self, url: &str) -> Result<Answer, Failure> {
        // `icy-metadata` is not among them: titles would stand in the middle of the sound.
        let headers = HeaderMap::from_iter([
            (header::ACCEPT, HeaderValue::from_static("audio/*, */*;q=0.5")),
            (header::ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        ]);
        let answer = self.client.get(url, headers).await?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        Err(Failure::Refused { host: answer.host().to_owned(), status: answer.status().as_u16() })
    }
}

/// The first address in a playlist.
async fn entry(answer: Answer) -> Result<String, Failure> {
    let host = answer.host().to_owned();
    let Ok(playlist) = timeout(SLOWEST_PLAYLIST, answer.whole(PLAYLIST_BYTES)).await else {
        return Err(OutgoingError::TooSlow { host }.into());
    };
    playlist::first_address(&playlist?).map_err(|error| Failure::Playlist { host, error })
}

impl Sound {
    pub fn content_type(&self) -> HeaderValue {
        self.content_type.clone()
    }

    /// Passes on what comes until `over`: the next piece is fetched when the one before is taken.
    pub fn into_body(self, over: impl Future<Output = ()> + Send + 'static) -> Body {
        let pieces = try_unfold(self, |mut sound| async move {
            let piece = sound.answer.next().await.inspect_err(|error| {
                tracing::info!(%error, "a station broke off");
            })?;
            Ok::<_, OutgoingError>(piece.map(|piece| (piece, sound)))
        });
        Body::from_stream(pieces.take_until(Box::pin(over)))
    }
}
