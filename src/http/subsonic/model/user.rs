//! Users: accounts, with what each may do in the words of Subsonic.

use hexachord_contracts::{authentication::Account, context::Role, payment::Entitlements};
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "so Subsonic tells what a user may do")]
pub(in crate::http::subsonic) struct User {
    username: String,
    /// Plays are recorded.
    scrobbling_enabled: bool,
    /// 0 is no limit.
    max_bit_rate: u32,
    admin_role: bool,
    settings_role: bool,
    download_role: bool,
    upload_role: bool,
    playlist_role: bool,
    cover_art_role: bool,
    comment_role: bool,
    podcast_role: bool,
    stream_role: bool,
    jukebox_role: bool,
    share_role: bool,
    video_conversion_role: bool,
    /// Music folders that it may see.
    folder: Vec<i32>,
}

impl User {
    /// `entitlements` of its plan, where they are known.
    pub(in crate::http::subsonic) fn new(
        account: Account,
        entitlements: Entitlements,
        folder: Vec<i32>,
    ) -> Self {
        let is_admin = account.role == Role::Administrator;
        Self {
            username: account.username,
            scrobbling_enabled: true,
            max_bit_rate: entitlements.max_bitrate_kbps.unwrap_or(0),
            admin_role: is_admin,
            settings_role: true,
            download_role: entitlements.downloads,
            upload_role: false,
            playlist_role: true,
            cover_art_role: false,
            comment_role: true,
            podcast_role: is_admin,
            stream_role: account.enabled,
            jukebox_role: false,
            share_role: true,
            video_conversion_role: false,
            folder,
        }
    }
}
