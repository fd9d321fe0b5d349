//! What the server is, and whose key it was shown.

use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    frame::Frame,
};

/// Methods that anybody may ask; credentials that come along are not looked at.
pub(in crate::http::subsonic) enum Open {
    Extensions,
}

#[derive(Serialize)]
struct Extension {
    name: &'static str,
    versions: &'static [u32],
}

const EXTENSIONS: [Extension; 10] = [
    Extension { name: "apiKeyAuthentication", versions: &[1] },
    Extension { name: "formPost", versions: &[1] },
    Extension { name: "getPodcastEpisode", versions: &[1] },
    Extension { name: "indexBasedQueue", versions: &[1] },
    Extension { name: "playbackReport", versions: &[1] },
    Extension { name: "songLyrics", versions: &[1, 2] },
    Extension { name: "sonicSimilarity", versions: &[1] },
    Extension { name: "topSongsByArtistId", versions: &[1] },
    Extension { name: "transcodeOffset", versions: &[1] },
    Extension { name: "transcoding", versions: &[1] },
];

impl Open {
    pub(in crate::http::subsonic) fn named(name: &str) -> Option<Self> {
        (name == "getOpenSubsonicExtensions").then_some(Self::Extensions)
    }

    pub(in crate::http::subsonic) fn answer(&self, frame: &Frame) -> Outcome {
        match self {
            Self::Extensions => frame.answer("openSubsonicExtensions", &&EXTENSIONS[..]),
        }
    }
}

/// There is nothing to pay for the program.
pub(super) fn license(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct License {
        valid: bool,
    }
    call.answer("license", &License { valid: true })
}

pub(super) fn token_info(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct TokenInfo<'a> {
        username: &'a str,
    }
    call.answer("tokenInfo", &TokenInfo { username: call.username()? })
}
