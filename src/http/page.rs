//! The web page: a few files inside the program, sent with an ETag of their content.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{app_key, problem::Problem};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    content: &'static str,
}

macro_rules! assets {
    ($($name:literal => $content_type:literal),+ $(,)?) => {
        &[$(Asset {
            name: $name,
            content_type: $content_type,
            content: include_str!(concat!("../../assets/", $name)),
        }),+]
    };
}

const ASSETS: &[Asset] = assets! {
    "index.html" => "text/html; charset=utf-8",
    "keys.css" => "text/css; charset=utf-8",
    "keys.html" => "text/html; charset=utf-8",
    "keys.js" => "text/javascript; charset=utf-8",
    "page.css" => "text/css; charset=utf-8",
    "page.js" => "text/javascript; charset=utf-8",
    "page/account.js" => "text/javascript; charset=utf-8",
    "page/api.js" => "text/javascript; charset=utf-8",
    "page/blur.js" => "text/javascript; charset=utf-8",
    "page/copy.js" => "text/javascript; charset=utf-8",
    "page/dom.js" => "text/javascript; charset=utf-8",
    "page/form.js" => "text/javascript; charset=utf-8",
    "page/hearts.js" => "text/javascript; charset=utf-8",
    "page/keys.js" => "text/javascript; charset=utf-8",
    "page/listening.js" => "text/javascript; charset=utf-8",
    "page/plan.js" => "text/javascript; charset=utf-8",
    "page/player.js" => "text/javascript; charset=utf-8",
    "page/playlists.js" => "text/javascript; charset=utf-8",
    "page/plays.js" => "text/javascript; charset=utf-8",
    "page/rows.js" => "text/javascript; charset=utf-8",
    "page/scan.js" => "text/javascript; charset=utf-8",
    "page/search.js" => "text/javascript; charset=utf-8",
    "page/sheet.js" => "text/javascript; charset=utf-8",
    "page/views.js" => "text/javascript; charset=utf-8",
    "share.css" => "text/css; charset=utf-8",
    "icon.svg" => "image/svg+xml",
};

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(index))
        .route(app_key::PAGE, get(keys))
        .route("/assets/{*name}", get(asset))
}

async fn index(headers: HeaderMap) -> Result<Response, Problem> {
    serve("index.html", &headers)
}

async fn keys(headers: HeaderMap) -> Result<Response, Problem> {
    serve("keys.html", &headers)
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    serve(&name, &headers)
}

fn serve(name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    let asset = asset.ok_or_else(|| Problem::not_found("file"))?;
    let hash = blake3::hash(asset.content.as_bytes()).to_hex();
    let etag = HeaderValue::try_from(format!("W/\"{}\"", &hash[..16]));
    let etag = etag.map_err(|_not_text| Problem::not_found("file"))?;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
        known.as_bytes().windows(etag.len()).any(|part| part == etag.as_bytes())
    });
    // A new version of the program must be seen at once.
    let no_cache = HeaderValue::from_static("no-cache");
    let common = [(header::ETAG, etag), (header::CACHE_CONTROL, no_cache)];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, asset.content_type)];
    Ok((common, content_type, asset.content).into_response())
}
