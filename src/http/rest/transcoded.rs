//! The answer with a stream that is made for it, or was made before.

use std::{convert::Infallible, sync::Arc, time::SystemTime};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::stream::empty;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::files::{Opened, refused, send_opened};
use crate::http::{
    asked::Asked,
    conditional::{Plan, Representation, plan},
    credential::Who,
    edge::Edge,
    file_response::{Refusal, validators},
    problem::Problem,
    ranges::ByteRange,
    transcodes::{Listen, Listener, Recipe},
};

/// What a player must know to join streams without a gap.
const SOUND: HeaderName = HeaderName::from_static("x-hexachord-sound");

/// Answers GET and HEAD; HEAD begins nothing.
pub(in crate::http) async fn send(
    edge: &Edge,
    who: &Who,
    asked: &Asked,
    recipe: Recipe,
    cache_control: HeaderValue,
) -> Result<Response, Problem> {
    let sound = sound(&recipe);
    let mut response = if let Some((file, len)) = edge.transcodes.kept(&recipe).await {
        let content_type = HeaderValue::from_static(recipe.transcode.target.content_type());
        let opened = Opened { file, len, modified: None, etag: recipe.etag(), content_type };
        send_opened(edge, asked, opened, cache_control)
    } else {
        make(edge, who, asked, recipe, cache_control).await?
    };
    if response.status().is_success() {
        response.headers_mut().insert(SOUND, sound);
    }
    Ok(response)
}

async fn make(
    edge: &Edge,
    who: &Who,
    asked: &Asked,
    recipe: Recipe,
    cache_control: HeaderValue,
) -> Result<Response, Problem> {
    let promised = recipe.promised_bytes();
    let len = promised.unwrap_or(0);
    let current = Representation::new(len, recipe.etag(), None, SystemTime::UNIX_EPOCH);
    let mut answer = validators(&current);
    let mut headers = asked.headers.clone();
    if promised.is_none() {
        // Without a length no range can be told.
        headers.remove(header::RANGE);
        answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    }
    let (status, range) = match plan(&asked.method, &headers, &current) {
        Plan::PreconditionFailed => {
            return Ok(refused(Refusal::PreconditionFailed { headers: answer }));
        }
        Plan::RangeNotSatisfiable => {
            let nowhere = HeaderValue::try_from(format!("bytes */{len}"));
            answer.extend(nowhere.ok().map(|nowhere| (header::CONTENT_RANGE, nowhere)));
            return Ok(refused(Refusal::RangeNotSatisfiable { len, headers: answer }));
        }
        Plan::NotModified => (StatusCode::NOT_MODIFIED, None),
        Plan::Part(range) => {
            let place = HeaderValue::try_from(range.content_range(len));
            answer.extend(place.ok().map(|place| (header::CONTENT_RANGE, place)));
            (StatusCode::PARTIAL_CONTENT, Some(range))
        }
        // Several ranges of what is not there yet: whoever asks must be ready for the whole.
        Plan::Whole | Plan::Parts(_) => {
            (StatusCode::OK, promised.map(|end| ByteRange { start: 0, end }))
        }
    };
    answer.insert(header::CACHE_CONTROL, cache_control);
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status != StatusCode::NOT_MODIFIED {
        let content_type = HeaderValue::from_static(recipe.transcode.target.content_type());
        answer.insert(header::CONTENT_TYPE, content_type);
        if let Some(range) = range {
            answer.insert(header::CONTENT_LENGTH, range.size().into());
        }
        if asked.method == Method::HEAD && range.is_none() {
            // Of unknown length: an empty body would say that it is empty.
            *response.body_mut() = Body::from_stream(empty::<Result<Bytes, Infallible>>());
        }
        if asked.method != Method::HEAD {
            let (from, to) = (range.map_or(0, |range| range.start), range.map(|range| range.end));
            let (listener, windows) = (Listener::of(&who.context), asked.windows.clone());
            let listen = Listen { listener, windows, from, to };
            let listening = edge.transcodes.listen(Arc::new(recipe), listen).await?;
            *response.body_mut() = listening.into_body();
        }
    }
    *response.headers_mut() = answer;
    Ok(response)
}

/// `rate=48000; channels=2; start=0; delay=312; frames=14112000`, in frames of the stream.
fn sound(recipe: &Recipe) -> HeaderValue {
    let facts = recipe.transcode.stream_facts(&recipe.source);
    let (rate, channels) = (facts.sample_rate, facts.layout.channels());
    let (start, delay) = (facts.start, facts.delay);
    let frames = facts.frames.map(|frames| format!("; frames={frames}")).unwrap_or_default();
    let text = format!("rate={rate}; channels={channels}; start={start}; delay={delay}{frames}");
    HeaderValue::try_from(text).expect("letters, digits and punctuation are valid in a header")
}
