//! The client: one GET, through redirects.

use std::{fmt, future::Future, io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, Request, StatusCode,
    header::{self, Entry},
};
use http_body_util::Empty;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::{
    Answer, Guard, OutgoingError,
    connection::{Connection, host_of, open, system_resolver},
};

const MOST_REDIRECTS: usize = 5;
/// To be connected, with the name resolved and the certificate checked.
const CONNECTED: Duration = Duration::from_secs(20);
/// To begin to answer.
const ANSWERED: Duration = Duration::from_secs(30);

/// The addresses of a name.
pub type Lookup = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;
/// Looks names up. Whatever it answers is checked.
pub type Resolver = Arc<dyn Fn(String, u16) -> Lookup + Send + Sync>;

/// Fetches what is public. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    guard: Guard,
    product: HeaderValue,
    resolver: Resolver,
    tls: TlsConnector,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Client {
    /// `product` is told to whom is asked (`User-Agent`). Certificates are checked against Mozilla's
    /// roots, which are built in.
    pub fn new(guard: Guard, product: HeaderValue) -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        Self { guard, product, resolver: system_resolver(), tls: connector(roots) }
    }

    /// The same with names from elsewhere.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// The same for other certificates.
    #[must_use]
    pub fn with_roots(self, roots: RootCertStore) -> Self {
        Self { tls: connector(roots), ..self }
    }

    /// Reads an address and refuses at once what would be refused later; names are looked up only
    /// when they are fetched.
    pub fn check(&self, url: &str) -> Result<Url, OutgoingError> {
        self.guard.check(url)
    }

    /// Asks for `url`, and where it sends on to. Without an `accept-encoding` in `headers` the
    /// answer may be packed, which [`Answer::whole`] undoes. Bodies have no deadline of their own,
    /// only silence has.
    pub async fn get(&self, url: &str, headers: HeaderMap) -> Result<Answer, OutgoingError> {
        let mut url = self.guard.check(url)?;
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.ask(&url, headers.clone()).await?;
            let Some(next) = next(&answer, &url)? else { return Ok(answer) };
            self.guard.check_url(&next)?;
            url = next;
        }
        Err(OutgoingError::TooManyRedirects { host: host_of(&url), most: MOST_REDIRECTS })
    }

    async fn ask(&self, url: &Url, headers: HeaderMap) -> Result<Answer, OutgoingError> {
        let host = host_of(url);
        let too_slow = |_| OutgoingError::TooSlow { host: host.clone() };
        let opened = open(url, &self.guard, &self.resolver, &self.tls);
        let Connection { mut requests, driver } =
            timeout(CONNECTED, opened).await.map_err(too_slow)??;
        let request = self.request(url, headers)?;
        let response = timeout(ANSWERED, requests.send_request(request)).await.map_err(too_slow)?;
        let response = response.map_err(|error| OutgoingError::NotHttp {
            host: host.clone(),
            reason: error.to_string(),
        })?;
        Ok(Answer::new(response, url.clone(), driver))
    }

    fn request(
        &self,
        url: &Url,
        headers: HeaderMap,
    ) -> Result<Request<Empty<Bytes>>, OutgoingError> {
        let wrong = || OutgoingError::NotAnAddress(url.as_str().chars().take(200).collect());
        // `[..]` of an address without host and fragment: what stands in the first line.
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::builder().method(Method::GET).uri(target);
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        request = request.header(header::HOST, host);
        let mut request = request.body(Empty::new()).map_err(|_| wrong())?;
        request.headers_mut().extend(headers);
        request.headers_mut().insert(header::USER_AGENT, self.product.clone());
        if let Entry::Vacant(vacant) = request.headers_mut().entry(header::ACCEPT_ENCODING) {
            vacant.insert(HeaderValue::from_static("gzip"));
        }
        Ok(request)
    }
}

/// Where an answer sends on to.
fn next(answer: &Answer, url: &Url) -> Result<Option<Url>, OutgoingError> {
    let sends_on = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let Some(place) = answer.headers().get(header::LOCATION).filter(|_| sends_on) else {
        return Ok(None);
    };
    let place = String::from_utf8_lossy(place.as_bytes());
    let wrong = |_| OutgoingError::NotAnAddress(place.chars().take(200).collect());
    url.join(&place).map(Some).map_err(wrong)
}

fn connector(roots: RootCertStore) -> TlsConnector {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the usual protocols")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}
