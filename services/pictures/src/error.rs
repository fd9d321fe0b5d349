//! Why a picture is not shown.

/// What is wrong with a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not a JPEG, PNG, WebP, GIF or BMP.
    #[error("it is not a picture of a kind that is shown")]
    NotAPicture,
    #[error("it is too large: {width} × {height} pixels")]
    TooLarge { width: u32, height: u32 },
    #[error("it is damaged: {0}")]
    Damaged(String),
}
