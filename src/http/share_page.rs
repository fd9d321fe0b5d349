//! The page behind the address of a share: a list of tracks with the browser's own player.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use hexachord_contracts::{authentication::Secret, catalog::Track};
use http::{HeaderName, StatusCode, header};

use super::{
    arrival::Arrival,
    edge::Edge,
    problem::Problem,
    shared::{self, Shown},
};

pub(super) fn router() -> Router<Arc<Edge>> {
    Router::new().route("/s/{secret}", get(page))
}

async fn page(
    State(edge): State<Arc<Edge>>,
    arrival: Arrival,
    Path(secret): Path<String>,
) -> Response {
    match shared::open(&edge, &arrival, Secret::new(secret.clone())).await {
        Ok(shown) => html(StatusCode::OK, &shown.title, &music(&secret, &shown)),
        Err(problem) => sorry(&problem),
    }
}

/// Why there is nothing, for people.
fn sorry(problem: &Problem) -> Response {
    let said = match problem.status {
        StatusCode::NOT_FOUND => {
            "There is nothing at this address (any more). Ask whoever gave it to you for a new one."
        }
        StatusCode::GONE => "This share has ended. Ask whoever gave you its address for a new one.",
        _ => "The music cannot be shown at the moment. Try again in a while.",
    };
    html(problem.status, "No music here", &format!("<p>{said}</p>"))
}

fn music(secret: &str, shown: &Shown) -> String {
    let Shown { share, title, tracks, more, .. } = shown;
    // A secret that opens a share has no other characters than letters, digits, - and _.
    let address = format!("/api/v1/shares/{secret}");
    let has_cover = tracks.first().is_some_and(|track| track.cover.is_some());
    let cover = has_cover.then(|| {
        format!("<img src=\"{address}/cover?size=320\" alt=\"\" width=\"320\" height=\"320\">")
    });
    let from = format!("<p>{} shares this with you.</p>", escaped(&share.owner_name));
    let description = share.description.trim();
    let description = (description != title)
        .then(|| format!("<p class=\"description\">{}</p>", escaped(description)));
    let rows: String = tracks.iter().map(|track| row(&address, track)).collect();
    let rest = more.then(|| format!("<p>Only the first {} tracks are shown.</p>", shared::MOST));
    let list = Some(format!("<ol>{rows}</ol>"));
    [cover, Some(from), description, list, rest].into_iter().flatten().collect()
}

/// Browsers that cannot play the file as it is take the MP3.
fn row(address: &str, track: &Track) -> String {
    let stream = format!("{address}/tracks/{}/stream", track.id);
    let (title, artist) = (escaped(&track.title), escaped(&track.display_artist));
    let (album, kind) = (escaped(&track.album.title), escaped(&track.content_type));
    let seconds = track.duration_ms / 1000;
    let time = format!("{}:{:02}", seconds / 60, seconds % 60);
    format!(
        "<li><b>{title}</b> <span>{artist} · {album} · {time}</span>\
         <audio controls preload=\"none\" aria-label=\"{title}\">\
         <source src=\"{stream}\" type=\"{kind}\">\
         <source src=\"{stream}?format=mp3\" type=\"audio/mpeg\"></audio></li>\n"
    )
}

fn html(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escaped(title);
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"/share.css\">\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    (status, headers, text).into_response()
}

/// Text that says nothing to a browser but itself.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        let text = "</b><script>alert('1')</script> \"&amp;";
        let safe = escaped(text);
        assert_eq!(
            safe,
            "&lt;/b&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;amp;"
        );
        assert_eq!(escaped("Für Elise"), "Für Elise");
    }
}
