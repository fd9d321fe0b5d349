//! What came back: a head that is there, a body that is on its way.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::{task::JoinSet, time::timeout};
use url::Url;

use crate::{OutgoingError, connection::host_of, inflate::Inflate};

/// A body that stops for longer is given up.
const SILENT: Duration = Duration::from_secs(30);
/// Unpacked between two looks at what else there is to do.
const STEP: usize = 4 * 1024;

pub struct Answer {
    response: Response<Incoming>,
    url: Url,
    host: String,
    /// Carries the body; without it nothing comes any more.
    _driver: JoinSet<()>,
}

impl Answer {
    pub(crate) fn new(response: Response<Incoming>, url: Url, driver: JoinSet<()>) -> Self {
        let host = host_of(&url);
        Self { response, url, host, _driver: driver }
    }

    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// How the other end is called.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path that it came from, behind all redirects.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// How many bytes are said to come.
    pub fn length(&self) -> Option<u64> {
        self.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// The next bytes as they were sent; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, OutgoingError> {
        let broken = |reason: String| OutgoingError::BrokenOff { host: self.host.clone(), reason };
        let body = self.response.body_mut();
        loop {
            let frame = match timeout(SILENT, body.frame()).await {
                Err(_elapsed) => return Err(OutgoingError::TooSlow { host: self.host.clone() }),
                Ok(None) => return Ok(None),
                Ok(Some(frame)) => frame.map_err(|error| broken(error.to_string()))?,
            };
            // Trailers say nothing here.
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// The whole body, unpacked, of at most `most` bytes.
    pub async fn whole(mut self, most: u64) -> Result<Vec<u8>, OutgoingError> {
        let host = self.host.clone();
        let too_large = || OutgoingError::TooLarge { host: host.clone(), most };
        let mut inflate = self.inflate(most)?;
        if self.length().is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut whole = Vec::new();
        while let Some(bytes) = self.next().await? {
            let Some(inflate) = &mut inflate else {
                whole.extend_from_slice(&bytes);
                if whole.len() as u64 > most {
                    return Err(too_large());
                }
                continue;
            };
            for part in bytes.chunks(STEP) {
                inflate.push(part, &host)?;
                tokio::task::yield_now().await;
            }
        }
        match inflate {
            Some(inflate) => inflate.finish(&host),
            None => Ok(whole),
        }
    }

    fn inflate(&self, most: u64) -> Result<Option<Inflate>, OutgoingError> {
        let encoding = self.headers().get(header::CONTENT_ENCODING);
        match encoding.map(|encoding| encoding.as_bytes().to_ascii_lowercase()).as_deref() {
            None | Some(b"identity" | b"") => Ok(None),
            Some(b"gzip" | b"x-gzip") => Ok(Some(Inflate::new(most))),
            Some(other) => {
                let reason = format!("it is packed as `{}`", String::from_utf8_lossy(other));
                Err(OutgoingError::NotUnpacked { host: self.host.clone(), reason })
            }
        }
    }
}
