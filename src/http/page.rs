//! The web player: its files inside the program, and its page at every address that is a view of it.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use hexachord_player::File;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};

use super::{app_key, problem::Problem};

/// Addresses that belong to others: what is not there is an error, not a view.
const NOT_VIEWS: [&str; 4] = ["/api", "/rest", "/assets", "/s"];
const WITHOUT_PLAYER: &str =
    "This Hexachord was built without its player. Apps that speak OpenSubsonic play from it.\n";

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let files = hexachord_player::files().iter().filter(|file| is_at_the_root(file.path));
    let router = files.fold(Router::new(), |router, file| {
        let at_the_root = move |headers: HeaderMap| async move { serve(file, &headers) };
        router.route(&format!("/{}", file.path), get(at_the_root))
    });
    router
        .route("/", get(view))
        .route(app_key::PAGE, get(view))
        .route("/assets/{*name}", get(asset))
}

/// Files whose names the world knows: the icon, the manifest, the service worker.
fn is_at_the_root(path: &str) -> bool {
    !path.contains('/') && path != "index.html"
}

/// What answers where no route is: a view of the player to those who read pages, for which its script
/// knows the way, and an error to everybody else.
pub async fn view_or_nothing(method: Method, address: Uri, headers: HeaderMap) -> Response {
    if !may_be_view(address.path()) || ![Method::GET, Method::HEAD].contains(&method) {
        return nothing_here().into_response();
    }
    let reads_pages = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let (mut answer, vary) = if reads_pages {
        (view(address, headers).await, "accept, accept-encoding")
    } else {
        (nothing_here().into_response(), "accept")
    };
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static(vary));
    answer
}

/// Views have names without dots: what has one is a file, which is here or not. So is what programs
/// that look for weak places ask for, as `/.env`.
fn may_be_view(path: &str) -> bool {
    let is_others = NOT_VIEWS.iter().any(|begin| {
        path.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    !is_others && !is_hidden && !is_file
}

fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address")
}

/// The page. Its `Link` header names the files of the view at this address, so that the browser asks for
/// them at once.
async fn view(address: Uri, headers: HeaderMap) -> Response {
    let Some(index) = hexachord_player::index() else {
        let content_type = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        return (content_type, WITHOUT_PLAYER).into_response();
    };
    let mut answer = serve(index, &headers);
    if let Some(links) = hexachord_player::links(address.path()) {
        answer.headers_mut().insert(header::LINK, HeaderValue::from_static(links));
    }
    answer
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let file = hexachord_player::find(&format!("assets/{name}"));
    file.map(|file| serve(file, &headers)).ok_or_else(|| Problem::not_found("file"))
}

fn serve(file: &'static File, headers: &HeaderMap) -> Response {
    let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
    let control = if file.is_fingerprinted {
        HeaderValue::from_static("public, max-age=31536000, immutable")
    } else {
        // A new version of the program must be seen at once.
        HeaderValue::from_static("no-cache")
    };
    let etag = etag(file);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
        known.as_bytes().windows(etag.len()).any(|part| part == etag.as_bytes())
    });
    let common = [(header::ETAG, etag), (header::CACHE_CONTROL, control), vary];
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, file.content_type)];
    match file.gzip.filter(|_| takes_gzip(headers)) {
        Some(gzip) => {
            (common, content_type, [(header::CONTENT_ENCODING, "gzip")], gzip).into_response()
        }
        None => (common, content_type, file.bytes).into_response(),
    }
}

/// Weak: the same for the file and for what it is compressed to.
fn etag(file: &File) -> HeaderValue {
    static ETAGS: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
        let of = |file: &File| {
            let hash = blake3::hash(file.bytes).to_hex();
            HeaderValue::try_from(format!("W/\"{}\"", &hash[..16]))
                .expect("hexadecimal digits are valid in a header")
        };
        hexachord_player::files().iter().map(of).collect()
    });
    let place = hexachord_player::files().iter().position(|each| each.path == file.path);
    place.map_or_else(|| HeaderValue::from_static("W/\"\""), |place| ETAGS[place].clone())
}

/// `gzip` among the encodings that are taken, unless with a quality of nothing (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|each| {
        let mut parts = each.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let is_refused = parts.any(|part| {
            part.strip_prefix("q=")
                .is_some_and(|quality| quality.trim_matches(['0', '.']).is_empty())
        });
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !is_refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str| {
            takes_gzip(
                &[(header::ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect(),
            )
        };
        for value in ["gzip", "br, gzip", "deflate, GZIP;q=0.5", "*", "gzip;q=1.0"] {
            assert!(takes(value), "{value}");
        }
        for value in ["", "br", "gzip;q=0", "br, gzip;q=0.000", "identity"] {
            assert!(!takes(value), "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
