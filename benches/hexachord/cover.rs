//! A cover at 300 pixels that was asked for before.

use std::cell::LazyCell;

use criterion::Criterion;

use crate::{http::against_bare, server::Server};

pub(crate) fn benches<F: FnOnce() -> Server>(
    criterion: &mut Criterion,
    server: &LazyCell<Server, F>,
) {
    against_bare(criterion, server, "cover-300", "CPU ≤ 100 µs", |server| {
        let album = server.find("/api/v1/albums?limit=500", |album| album["cover"].is_object())?;
        Some(format!("/api/v1/albums/{}/cover?size=300", album["id"].as_str()?))
    });
}
