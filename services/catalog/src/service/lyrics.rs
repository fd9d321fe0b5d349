//! Lyrics, whole for listeners and as texts for the program.

use hexachord_contracts::{
    Context,
    catalog::{GetLyrics, Lyrics, LyricsTexts},
};

use super::{Catalog, Refusable, is_system};
use crate::browse::{self, Viewer, invalid};

impl Catalog {
    pub(super) async fn get_lyrics(
        &self,
        call: GetLyrics,
        context: Context,
    ) -> Refusable<Vec<Lyrics>> {
        let viewer = Viewer::of(&context)?;
        self.read(move |read| browse::get_lyrics(read, viewer, call.track)).await
    }

    pub(super) async fn lyrics_texts(
        &self,
        call: LyricsTexts,
        context: Context,
    ) -> Refusable<Vec<Option<String>>> {
        is_system(&context)?;
        if call.tracks.len() > LyricsTexts::MOST {
            return Err(invalid("tracks", format!("are more than {}", LyricsTexts::MOST)));
        }
        self.read(move |read| browse::lyrics_texts(read, &call.tracks).map(Ok)).await
    }
}
