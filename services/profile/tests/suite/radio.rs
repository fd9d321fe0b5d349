//! Radio stations: for everybody, kept by administrators, by name.

use std::time::Duration;

use hexachord_contracts::{
    ids::RadioStationId,
    page::Paging,
    profile::{
        AddRadioStation, GetRadioStation, ListRadioStations, ProfileError, RadioStation,
        RemoveRadioStation, UpdateRadioStation,
    },
};

use crate::house::{
    ANNA, BEN, House, NOW, administrator, anonymous, both_ways, invalid_field, limited, listener,
    not_found, refused, system,
};

fn station(name: &str) -> AddRadioStation {
    AddRadioStation {
        name: name.to_owned(),
        stream_url: "https://radio.example/live".to_owned(),
        home_page_url: None,
    }
}

fn nothing(station: RadioStationId) -> UpdateRadioStation {
    UpdateRadioStation { station, name: None, stream_url: None, home_page_url: None }
}

async fn names(house: &House) -> Vec<String> {
    let all = house.pages(&limited(BEN, &[]), 2, |paging| ListRadioStations { paging }).await;
    all.into_iter().map(|station| station.name).collect()
}

#[tokio::test]
async fn stations_are_added_changed_and_removed() {
    both_ways(async |house| {
        let admin = administrator(ANNA);
        let mut added = Vec::new();
        for name in ["Ö1", "alpha", "Beta", "Alpha 2", "Beta"] {
            added.push(house.ask(&admin, station(name)).await.unwrap());
        }
        assert_eq!(names(&house).await, ["alpha", "Alpha 2", "Beta", "Beta", "Ö1"]);
        house.clock.advance(Duration::from_secs(1));
        let call = UpdateRadioStation {
            name: Some(" Zeta ".to_owned()),
            home_page_url: Some("http://radio.example".to_owned()),
            ..nothing(added[1].id)
        };
        let changed = house.ask(&system(), call).await.unwrap();
        let expected = RadioStation {
            id: added[1].id,
            name: "Zeta".to_owned(),
            stream_url: "https://radio.example/live".to_owned(),
            home_page_url: Some("http://radio.example".to_owned()),
            created_at: NOW,
            changed_at: house.clock.now(),
        };
        assert_eq!(changed, expected);
        let get = || GetRadioStation { station: expected.id };
        assert_eq!(house.ask(&limited(BEN, &[]), get()).await.unwrap(), expected);
        assert_eq!(names(&house).await, ["Alpha 2", "Beta", "Beta", "Zeta", "Ö1"]);
        house.clock.advance(Duration::from_secs(1));
        let same = house.ask(&admin, nothing(expected.id)).await.unwrap();
        assert_eq!(same, expected, "nothing has changed");
        let call =
            UpdateRadioStation { home_page_url: Some(" ".to_owned()), ..nothing(expected.id) };
        assert_eq!(house.ask(&admin, call).await.unwrap().home_page_url, None);
        for station in &added {
            let remove = || RemoveRadioStation { station: station.id };
            house.ask(&admin, remove()).await.unwrap();
            assert_eq!(refused(house.ask(&admin, remove()).await), not_found("radio station"));
        }
        assert_eq!(names(&house).await, [""; 0]);
        assert_eq!(refused(house.ask(&admin, get()).await), not_found("radio station"));
    })
    .await;
}

#[tokio::test]
async fn only_administrators_change_them() {
    both_ways(async |house| {
        let known = house.ask(&administrator(ANNA), station("One")).await.unwrap();
        for (who, expected) in [
            (listener(BEN), ProfileError::AdministratorsOnly),
            (anonymous(), ProfileError::Forbidden),
        ] {
            assert_eq!(refused(house.ask(&who, station("Two")).await), expected);
            assert_eq!(refused(house.ask(&who, nothing(known.id)).await), expected);
            let remove = RemoveRadioStation { station: known.id };
            assert_eq!(refused(house.ask(&who, remove).await), expected);
        }
        let list = ListRadioStations { paging: Paging::default() };
        assert_eq!(refused(house.ask(&anonymous(), list).await), ProfileError::Forbidden);
        let get = GetRadioStation { station: known.id };
        assert_eq!(refused(house.ask(&anonymous(), get).await), ProfileError::Forbidden);
        assert_eq!(names(&house).await, ["One"]);
        // They belong to nobody: whoever added one may go.
        house.accounts.remove(ANNA);
        house.is_up_to_date().await;
        assert_eq!(names(&house).await, ["One"]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    both_ways(async |house| {
        let admin = administrator(ANNA);
        let known = house.ask(&admin, station("One")).await.unwrap();
        for name in ["", " ", &"x".repeat(201), "a\nb"] {
            assert_eq!(invalid_field(house.ask(&admin, station(name)).await), "name");
            let call = UpdateRadioStation { name: Some(name.to_owned()), ..nothing(known.id) };
            assert_eq!(invalid_field(house.ask(&admin, call).await), "name");
        }
        for address in ["", "radio.example/live", "javascript:alert(1)", "http://a:b@c/"] {
            let call = AddRadioStation { stream_url: address.to_owned(), ..station("Two") };
            assert_eq!(invalid_field(house.ask(&admin, call).await), "stream_url");
            let stream_url = Some(address.to_owned());
            let call = UpdateRadioStation { stream_url, ..nothing(known.id) };
            assert_eq!(invalid_field(house.ask(&admin, call).await), "stream_url");
        }
        let page = || Some("file:///".to_owned());
        let call = AddRadioStation { home_page_url: page(), ..station("Two") };
        assert_eq!(invalid_field(house.ask(&admin, call).await), "home_page_url");
        let call = UpdateRadioStation { home_page_url: page(), ..nothing(known.id) };
        assert_eq!(invalid_field(house.ask(&admin, call).await), "home_page_url");
        let unknown = nothing(RadioStationId(known.id.0.wrapping_add(1)));
        assert_eq!(refused(house.ask(&admin, unknown).await), not_found("radio station"));
        assert_eq!(names(&house).await, ["One"]);
    })
    .await;
}
