//! What answers show, to be told how it looks and how it is to be played.

use hexachord_contracts::{
    catalog::{
        Album, AlbumDetail, Artist, ArtistDetail, Cover, FolderItem, FolderPage, MissingTrack,
        Track, UnmeasurableTrack,
    },
    page::{Page, Window},
};

/// What an answer shows: covers, and tracks to play.
pub(crate) trait Shown {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover));

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track));
}

impl Shown for Track {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Self)) {
        track(self);
    }
}

impl Shown for Album {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }

    fn each_track(&mut self, _: &mut impl FnMut(&mut Track)) {}
}

impl Shown for Artist {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.cover.iter_mut().for_each(cover);
    }

    fn each_track(&mut self, _: &mut impl FnMut(&mut Track)) {}
}

impl Shown for AlbumDetail {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.album.each_cover(cover);
        self.tracks.each_cover(cover);
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        self.tracks.each_track(track);
    }
}

impl Shown for ArtistDetail {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.artist.each_cover(cover);
        for albums in [&mut self.albums, &mut self.appears_on, &mut self.contributed_to] {
            albums.each_cover(cover);
        }
    }

    fn each_track(&mut self, _: &mut impl FnMut(&mut Track)) {}
}

impl<T: Shown> Shown for Vec<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        for item in self {
            item.each_cover(cover);
        }
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        for item in self {
            item.each_track(track);
        }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        if let Some(item) = self {
            item.each_cover(cover);
        }
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        if let Some(item) = self {
            item.each_track(track);
        }
    }
}

impl<T: Shown> Shown for Page<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.items.each_cover(cover);
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        self.items.each_track(track);
    }
}

impl<T: Shown> Shown for Window<T> {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.items.each_cover(cover);
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        self.items.each_track(track);
    }
}

macro_rules! shows_its_track {
    ($($item:ty),+) => {
        $(impl Shown for $item {
            fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
                self.track.each_cover(cover);
            }

            fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
                track(&mut self.track);
            }
        })+
    };
}

shows_its_track!(MissingTrack, UnmeasurableTrack);

impl Shown for FolderPage {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        self.items.each_cover(cover);
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        self.items.each_track(track);
    }
}

impl Shown for FolderItem {
    fn each_cover<'c>(&'c mut self, cover: &mut impl FnMut(&'c mut Cover)) {
        if let Self::Track(track) = self {
            track.each_cover(cover);
        }
    }

    fn each_track(&mut self, track: &mut impl FnMut(&mut Track)) {
        if let Self::Track(found) = self {
            track(found);
        }
    }
}
