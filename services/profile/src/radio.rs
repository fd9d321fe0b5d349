//! Stations of internet radio: for everybody, kept by the administrators.

use std::sync::Arc;

use hexachord_contracts::{
    Context,
    ids::RadioStationId,
    page::Page,
    profile::{
        AddRadioStation, GetRadioStation, ListRadioStations, ProfileError, RadioStation,
        RemoveRadioStation, UpdateRadioStation,
    },
};
use http::Uri;

use crate::{
    errors::{Refusable, invalid, no_such},
    page::Asked,
    service::Profile,
    store::{STATION_ORDER, STATIONS, StationRow, record},
    texts,
    viewer::Viewer,
};

/// Of the cursors.
const LIST: u8 = 42;
const LONGEST_ADDRESS: usize = 2_000;

impl Profile {
    pub(crate) async fn add_radio_station(
        &self,
        call: AddRadioStation,
        context: Context,
    ) -> Refusable<RadioStation> {
        administrators_only(&context)?;
        let now = self.clock.now();
        let home_page = call.home_page_url.filter(|text| !text.trim().is_empty());
        let row = StationRow {
            name: texts::name(&call.name)?,
            stream_url: address("stream_url", &call.stream_url)?,
            home_page_url: home_page.map(|text| address("home_page_url", &text)).transpose()?,
            created_at: now,
            changed_at: now,
        };
        let (id, row) = (RadioStationId(self.resources.random_number()), Arc::new(row));
        self.change(&context, move |change| {
            let mut id = id;
            while change.station(id)?.is_some() {
                id = RadioStationId(id.0.wrapping_add(1));
            }
            change.put_station(id, &row)?;
            Ok(StationRow::clone(&row).station(id))
        })
        .await
    }

    pub(crate) async fn update_radio_station(
        &self,
        call: UpdateRadioStation,
        context: Context,
    ) -> Refusable<RadioStation> {
        administrators_only(&context)?;
        let UpdateRadioStation { station: id, name, stream_url, home_page_url } = call;
        let name = name.as_deref().map(texts::name).transpose()?;
        let stream = stream_url.as_deref().map(|text| address("stream_url", text)).transpose()?;
        let home_page = match home_page_url.as_deref().map(str::trim) {
            None => None,
            Some("") => Some(None),
            Some(text) => Some(Some(address("home_page_url", text)?)),
        };
        let (new, now) = (Arc::new((name, stream, home_page)), self.clock.now());
        self.change(&context, move |change| {
            let old = change.station(id)?.ok_or_else(|| no_such("radio station"))?;
            let (name, stream_url, home_page_url) = new.as_ref().clone();
            let row = StationRow {
                name: name.unwrap_or_else(|| old.name.clone()),
                stream_url: stream_url.unwrap_or_else(|| old.stream_url.clone()),
                home_page_url: home_page_url.unwrap_or_else(|| old.home_page_url.clone()),
                ..old
            };
            let row = if row == old { row } else { StationRow { changed_at: now, ..row } };
            change.put_station(id, &row)?;
            Ok(row.station(id))
        })
        .await
    }

    pub(crate) async fn remove_radio_station(
        &self,
        call: RemoveRadioStation,
        context: Context,
    ) -> Refusable<()> {
        administrators_only(&context)?;
        self.change(&context, move |change| {
            let was_there = change.remove_station(call.station)?;
            was_there.then_some(()).ok_or_else(|| no_such("radio station").into())
        })
        .await
    }

    pub(crate) async fn list_radio_stations(
        &self,
        call: ListRadioStations,
        context: Context,
    ) -> Refusable<Page<RadioStation>> {
        Viewer::of(&context)?;
        let asked = Asked::new(LIST, vec![Vec::new()], false, &call.paging)?;
        self.read(move |read| {
            let rows = read.open_table(STATIONS)?;
            let bytes = |station: &RadioStation| {
                station.name.len()
                    + station.stream_url.len()
                    + station.home_page_url.as_ref().map_or(0, String::len)
            };
            let page = asked.read_weighed(&read.open_table(STATION_ORDER)?, bytes, |_, id| {
                let row: Option<StationRow> = record(&rows, &id)?;
                Ok(row.map(|row| row.station(RadioStationId(id))))
            });
            page.map(Ok)
        })
        .await
    }

    pub(crate) async fn get_radio_station(
        &self,
        call: GetRadioStation,
        context: Context,
    ) -> Refusable<RadioStation> {
        Viewer::of(&context)?;
        let id = call.station;
        self.read(move |read| {
            let row: Option<StationRow> = record(&read.open_table(STATIONS)?, &id.0)?;
            Ok(row.map(|row| row.station(id)).ok_or_else(|| no_such("radio station")))
        })
        .await
    }
}

fn administrators_only(context: &Context) -> Refusable<()> {
    Viewer::of(context)?;
    if context.may_administer() { Ok(()) } else { Err(ProfileError::AdministratorsOnly) }
}

/// An address that a player may be sent to: with a host, and neither script nor secret.
fn address(field: &str, text: &str) -> Refusable<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_ADDRESS {
        return Err(invalid(field, format!("has more than {LONGEST_ADDRESS} characters")));
    }
    let no_address =
        || invalid(field, "must be an address of http or https, as http://radio.example/");
    if text.contains(|char: char| char.is_control() || char.is_whitespace()) {
        return Err(no_address());
    }
    let uri: Uri = text.parse().map_err(|_other| no_address())?;
    let is_web = uri.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let Some(authority) = authority.filter(|_| is_web) else { return Err(no_address()) };
    if authority.as_str().contains('@') {
        return Err(invalid(field, "must not carry a name or a password: everybody reads it"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for good in [
            "http://radio.example",
            "https://radio.example:8443/live.mp3?format=mp3&x=1",
            "HTTP://RADIO.EXAMPLE/",
            "http://[::1]:8000/stream",
            " https://radio.example/a%20b ",
        ] {
            assert_eq!(address("f", good).unwrap(), good.trim());
        }
        let long = format!("http://radio.example/{}", "x".repeat(2_000));
        for bad in [
            "",
            "radio.example",
            "//radio.example/",
            "/live.mp3",
            "ftp://radio.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:audio/mpeg;base64,AAAA",
            "http:///live",
            "http://",
            "http://radio.example/a b",
            "http://radio.example/\u{0}",
            "http://radio.example/\r\nhost: other",
            "http://anna:secret@radio.example/",
            &long,
        ] {
            let refused = address("f", bad);
            assert!(
                matches!(&refused, Err(ProfileError::Invalid { field, .. }) if field == "f"),
                "{bad}"
            );
        }
    }
}
