//! Stations of internet radio: listed for everybody, kept by administrators.

use hexachord_contracts::{
    ids::RadioStationId,
    profile::{
        AddRadioStation, ListRadioStations, RadioStation, RemoveRadioStation, UpdateRadioStation,
    },
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::{Failure, Names},
    rows,
};

/// Stations of one answer.
const MOST: u32 = 10_000;
const NAMES: &Names = &[("stream_url", "streamUrl"), ("home_page_url", "homepageUrl")];

/// By name.
pub(super) async fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Station {
        id: String,
        name: String,
        stream_url: String,
        /// It is called `homepageUrl` where it is sent.
        #[serde(skip_serializing_if = "Option::is_none")]
        home_page_url: Option<String>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Stations {
        internet_radio_station: Vec<Station>,
    }
    let stations = rows::all(MOST, |paging| async move {
        Ok(call.edge.profile.call(call.context(), ListRadioStations { paging }).await?)
    });
    let station = |station: RadioStation| Station {
        id: station.id.to_string(),
        name: station.name,
        stream_url: station.stream_url,
        home_page_url: station.home_page_url,
    };
    let internet_radio_station = stations.await?.into_iter().map(station).collect();
    call.answer("internetRadioStations", &Stations { internet_radio_station })
}

pub(super) async fn create(call: &Call) -> Outcome {
    let Told { name, stream_url, home_page_url } = Told::of(call)?;
    let add = AddRadioStation { name, stream_url, home_page_url };
    let added = call.edge.profile.call(call.context(), add).await;
    added.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}

pub(super) async fn update(call: &Call) -> Outcome {
    let station: RadioStationId = call.parameters.id("id")?;
    let Told { name, stream_url, home_page_url } = Told::of(call)?;
    let (name, stream_url) = (Some(name), Some(stream_url));
    let update = UpdateRadioStation { station, name, stream_url, home_page_url };
    let updated = call.edge.profile.call(call.context(), update).await;
    updated.map_err(|error| Failure::named(error, NAMES))?;
    call.done()
}

pub(super) async fn delete(call: &Call) -> Outcome {
    let station: RadioStationId = call.parameters.id("id")?;
    call.edge.profile.call(call.context(), RemoveRadioStation { station }).await?;
    call.done()
}

/// What an app says of a station.
struct Told {
    name: String,
    stream_url: String,
    /// Empty: it has none any more.
    home_page_url: Option<String>,
}

impl Told {
    fn of(call: &Call) -> Result<Self, Failure> {
        Ok(Self {
            stream_url: call.parameters.required("streamUrl")?.to_owned(),
            name: call.parameters.required("name")?.to_owned(),
            home_page_url: call.parameters.text("homepageUrl").map(str::to_owned),
        })
    }
}
