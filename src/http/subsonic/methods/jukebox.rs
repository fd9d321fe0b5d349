//! The jukebox: this server plays nothing by itself, so its jukebox stands still and is empty.

use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    model::Child,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Jukebox {
    current_index: i32,
    playing: bool,
    /// As documented…
    gain: f32,
    /// …and as the schema calls it.
    volume: f32,
    position: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Vec<Child>>,
}

pub(super) fn control(call: &Call) -> Outcome {
    let jukebox = |entry| Jukebox {
        current_index: -1,
        playing: false,
        gain: 0.0,
        volume: 0.0,
        position: 0,
        entry,
    };
    match call.parameters.required("action")? {
        "get" => call.answer("jukeboxPlaylist", &jukebox(Some(Vec::new()))),
        "status" => call.answer("jukeboxStatus", &jukebox(None)),
        "set" | "start" | "stop" | "skip" | "add" | "clear" | "remove" | "shuffle" | "setGain" => {
            Err(Failure::forbidden("this server has no sound device to play on"))
        }
        _ => Err(Failure::wrong("action", "is not an action of a jukebox")),
    }
}
