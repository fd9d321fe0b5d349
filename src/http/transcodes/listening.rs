//! One listener of a stream that is being made: the body of the answer.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream::try_unfold;

use super::{
    Transcodes,
    failure::Failure,
    growing::{Next, Reader},
    pipe::Pipe,
    places::Listener,
    recipe::Recipe,
};
use crate::http::{problem::Problem, sendfile::Windows};

/// Who listens to what part of a stream.
pub struct Listen {
    pub listener: Listener,
    /// Of the connection that it is sent over.
    pub windows: Option<Arc<Windows>>,
    /// The first byte.
    pub from: u64,
    /// The byte before which to end; absent: to the end.
    pub to: Option<u64>,
}

/// A stream whose first bytes are there.
pub struct Listening {
    transcodes: Arc<Transcodes>,
    recipe: Arc<Recipe>,
    listener: Listener,
    from: From,
    /// The byte of the stream that comes next.
    at: u64,
    /// The byte before which it has to end; absent where that is not known.
    to: Option<u64>,
    first: Option<Bytes>,
}

enum From {
    Growing(Reader),
    Pipe(Pipe),
}

impl Listening {
    pub(super) async fn begin(
        transcodes: Arc<Transcodes>,
        recipe: Arc<Recipe>,
        Listen { listener, windows, from: at, to }: Listen,
    ) -> Result<Self, Problem> {
        let job = if recipe.beginning_at(at).is_some() {
            transcodes.running(&recipe, at)
        } else {
            transcodes.job(&recipe, listener).await?
        };
        let from = match job {
            Some(job) => From::Growing(Reader::new(job, Arc::clone(&transcodes.chunks), windows)),
            None => From::Pipe(transcodes.pipe(&recipe, listener, at, to).await?),
        };
        let mut listening = Self { transcodes, recipe, listener, from, at, to, first: None };
        listening.first = listening.next().await?;
        Ok(listening)
    }

    /// What comes next; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        loop {
            if self.to.is_some_and(|to| self.at >= to) {
                return Ok(None);
            }
            let bytes = match &mut self.from {
                From::Growing(reader) => match reader.next(self.at, self.to).await? {
                    Next::Bytes(bytes) => Some(bytes),
                    Next::End => None,
                    Next::OutOfRoom => {
                        let Self { transcodes, recipe, listener, at, to, .. } = self;
                        let pipe = transcodes.pipe(recipe, *listener, *at, *to).await?;
                        self.from = From::Pipe(pipe);
                        continue;
                    }
                },
                From::Pipe(pipe) => pipe.next().await?,
            };
            if bytes.is_none() && self.to.is_some() {
                // Its end was promised.
                return Err(Failure::Short);
            }
            self.at += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            return Ok(bytes);
        }
    }

    pub fn into_body(self) -> Body {
        Body::from_stream(try_unfold(self, |mut listening| async move {
            let bytes = listening.next().await.inspect_err(|failure| {
                tracing::info!(%failure, "a stream ends before its end");
            })?;
            Ok::<_, Failure>(bytes.map(|bytes| (bytes, listening)))
        }))
    }
}
