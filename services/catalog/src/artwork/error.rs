//! Why there is no picture.

use std::io;

use hexachord_pictures::PictureError;
use serde::{Deserialize, Serialize};

/// What is wrong with a picture, or with keeping it.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
pub(crate) enum ArtworkError {
    /// The music file or the folder picture is gone, or holds no picture any more.
    #[error("the picture is no longer there")]
    Gone,
    /// It is another one than when it was scanned; the next scan sees it.
    #[error("the picture has changed since it was scanned")]
    Changed,
    /// Not a JPEG, PNG, WebP, GIF or BMP.
    #[error("it is not a picture of a kind that is shown")]
    NotAPicture,
    #[error("it is too large: {width} × {height} pixels")]
    TooLarge { width: u32, height: u32 },
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It may be as good as any: whoever was to read it does not work.
    #[serde(skip)]
    #[error("the process that reads pictures does not work: {0}")]
    NoReader(io::Error),
    #[serde(skip)]
    #[error("the artwork cache cannot be written: {0}")]
    Cache(io::Error),
}

impl ArtworkError {
    /// Of a picture that was looked for in a file.
    pub(crate) fn of_file(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Gone,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl From<PictureError> for ArtworkError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::NotAPicture => Self::NotAPicture,
            PictureError::TooLarge { width, height } => Self::TooLarge { width, height },
            PictureError::Damaged(why) => Self::Damaged(why),
        }
    }
}
