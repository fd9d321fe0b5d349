//! The kinds of pictures that are shown, known by their first bytes whatever a name or a tag says.
//! SVG and HTML are none: they could run scripts in the listener's browser.

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
    Bmp,
}

impl PictureFormat {
    /// The kind of `picture`, of which the first 16 bytes suffice.
    pub fn of(picture: &[u8]) -> Option<Self> {
        Some(match picture {
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Webp,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Self::Bmp,
            _ => return None,
        })
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
        }
    }
}

impl From<PictureFormat> for image::ImageFormat {
    fn from(format: PictureFormat) -> Self {
        match format {
            PictureFormat::Jpeg => Self::Jpeg,
            PictureFormat::Png => Self::Png,
            PictureFormat::Webp => Self::WebP,
            PictureFormat::Gif => Self::Gif,
            PictureFormat::Bmp => Self::Bmp,
        }
    }
}
