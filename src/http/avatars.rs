//! Pictures that people send of themselves, made small off the runtime: a few at a time, whatever is in
//! them.

use axum::extract::Request;
use hexachord_contracts::{
    pool::{Pool, PoolError},
    profile::Picture,
};
use hexachord_pictures::{PictureError, PictureFormat, decode, jpeg};
use http::StatusCode;
use tokio::sync::Semaphore;

use super::{extract, problem::Problem};

/// Of a picture that is sent: what a phone takes.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Pixels a side of what is kept.
const SIDE: u32 = 256;
/// Of JPEG, out of 100.
const QUALITY: u8 = 85;
/// Pictures that arrive, or wait to be made small.
const AT_ONCE: usize = 4;
/// As `nice` counts: music goes first.
const NICE: u8 = 5;

pub struct Avatars {
    pool: Pool,
    places: Semaphore,
}

impl Avatars {
    pub fn new() -> std::io::Result<Self> {
        let pool = Pool::giving_way("avatars", 1, AT_ONCE, NICE)?;
        Ok(Self { pool, places: Semaphore::new(AT_ONCE) })
    }

    /// Reads the picture that a request brings, and makes a small square of it.
    pub(super) async fn take(&self, request: Request) -> Result<Picture, Problem> {
        let _place = self.places.try_acquire().map_err(|_all_taken| busy())?;
        let bytes = extract::read(request, MOST_BYTES).await?;
        match self.pool.run(move || small(&bytes)).await {
            Ok(Ok(jpeg)) => Ok(Picture(jpeg)),
            Ok(Err(error)) => Err(unusable(&error.to_string())),
            Err(PoolError::Interrupted) => Err(unusable("it cannot be read")),
            Err(PoolError::Full) => Err(busy()),
        }
    }
}

fn small(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    if PictureFormat::of(bytes) == Some(PictureFormat::Bmp) {
        return Err(PictureError::NotAPicture);
    }
    jpeg(&decode(bytes)?.square(SIDE)?, QUALITY)
}

fn unusable(why: &str) -> Problem {
    let detail = format!("the picture is of no use: {why}; send a JPEG, PNG, WebP or GIF");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unusable-picture", detail)
}

fn busy() -> Problem {
    let detail = "others send their pictures now: try again in a moment";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(1)
}
