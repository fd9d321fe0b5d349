//! What is asked of pictures: they are taken out and decoded where music is read, in a worker.

use std::{
    ffi::OsStr,
    io,
    os::unix::ffi::OsStrExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    PictureId, embedded_picture,
    picture::picture_file,
    reading::{GiveUp, NoAnswer, Reading},
    worker::Question,
};
use crate::artwork::{ArtworkError, Look, PictureSource, check, look_at, thumbnail};

/// A picture where it was when it was scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PictureJob {
    /// Absolute, as the bytes that the system knows it by.
    path: Vec<u8>,
    /// In the tags of the file, else it is the file.
    embedded: bool,
    id: PictureId,
}

/// What is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum PictureTask {
    /// Its bytes as they are.
    Original,
    /// A JPEG of at most so many pixels a side.
    Thumbnail(u32),
    /// How it looks.
    Look,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum PictureAnswer {
    Bytes(Vec<u8>),
    Look(Look),
}

impl PictureJob {
    fn new(source: &PictureSource, id: PictureId) -> Self {
        let (path, embedded) = match source {
            PictureSource::Embedded(path) => (path, true),
            PictureSource::Folder { path, .. } => (path, false),
        };
        Self { path: path.as_os_str().as_bytes().to_vec(), embedded, id }
    }

    /// A picture that brings its decoder down is only damaged.
    pub(super) fn carry_out(&self, task: PictureTask) -> Result<PictureAnswer, ArtworkError> {
        catch_unwind(AssertUnwindSafe(|| self.try_to(task))).unwrap_or_else(|_panic| {
            Err(ArtworkError::Damaged("its content contradicts itself".to_owned()))
        })
    }

    fn try_to(&self, task: PictureTask) -> Result<PictureAnswer, ArtworkError> {
        let picture = self.fetch()?;
        Ok(match task {
            PictureTask::Original => {
                check(&picture)?;
                PictureAnswer::Bytes(picture)
            }
            PictureTask::Thumbnail(side) => PictureAnswer::Bytes(thumbnail(&picture, side)?),
            PictureTask::Look => PictureAnswer::Look(look_at(&picture)?),
        })
    }

    /// Its bytes, if it is still the one that was scanned.
    fn fetch(&self) -> Result<Vec<u8>, ArtworkError> {
        let path = Path::new(OsStr::from_bytes(&self.path));
        let picture = if self.embedded { embedded_picture(path) } else { picture_file(path) };
        match picture.map_err(|error| ArtworkError::of_file(&error))? {
            None => Err(ArtworkError::Gone),
            Some(picture) if PictureId::of(&picture) != self.id => Err(ArtworkError::Changed),
            Some(picture) => Ok(picture),
        }
    }
}

impl Reading {
    /// The picture as it is.
    pub(crate) fn original(
        &mut self,
        source: &PictureSource,
        id: PictureId,
        give_up: GiveUp<'_>,
    ) -> Result<Vec<u8>, ArtworkError> {
        self.bytes(source, id, PictureTask::Original, give_up)
    }

    /// A JPEG that fits into a square of `side` pixels.
    pub(crate) fn thumbnail(
        &mut self,
        source: &PictureSource,
        id: PictureId,
        side: u32,
        give_up: GiveUp<'_>,
    ) -> Result<Vec<u8>, ArtworkError> {
        self.bytes(source, id, PictureTask::Thumbnail(side), give_up)
    }

    pub(crate) fn look(
        &mut self,
        source: &PictureSource,
        id: PictureId,
        give_up: GiveUp<'_>,
    ) -> Result<Look, ArtworkError> {
        match self.carry_out(source, id, PictureTask::Look, give_up)? {
            PictureAnswer::Look(look) => Ok(look),
            PictureAnswer::Bytes(_) => Err(another_answer()),
        }
    }

    fn bytes(
        &mut self,
        source: &PictureSource,
        id: PictureId,
        task: PictureTask,
        give_up: GiveUp<'_>,
    ) -> Result<Vec<u8>, ArtworkError> {
        match self.carry_out(source, id, task, give_up)? {
            PictureAnswer::Bytes(bytes) => Ok(bytes),
            PictureAnswer::Look(_) => Err(another_answer()),
        }
    }

    fn carry_out(
        &mut self,
        source: &PictureSource,
        id: PictureId,
        task: PictureTask,
        give_up: GiveUp<'_>,
    ) -> Result<PictureAnswer, ArtworkError> {
        let job = PictureJob::new(source, id);
        if let Self::Here(_) = self {
            return job.carry_out(task);
        }
        match self.ask(&Question::Picture(job, task), give_up) {
            Ok(answer) => answer,
            Err(NoAnswer::Died(reason)) => Err(ArtworkError::Damaged(reason.to_owned())),
            Err(NoAnswer::Failed(error)) => Err(ArtworkError::NoReader(error)),
        }
    }
}

fn another_answer() -> ArtworkError {
    ArtworkError::NoReader(io::Error::other("it answers another question"))
}
