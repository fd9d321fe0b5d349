//! What the published schemas are held against: an answer of every call that is kept as it was, and of
//! every row of the table, in JSON and in XML.

use serde_json::Value;

use super::{
    calls::calls,
    house::House,
    podcasts, sonic,
    stage::{App, stage},
    table::{For, OF_BYTES, TABLE, Viewer},
};

pub(super) struct Answer {
    /// What was asked.
    pub(super) call: String,
    pub(super) method: &'static str,
    pub(super) json: Value,
    pub(super) xml: String,
}

/// Of methods that are published.
pub(super) fn answers() -> Vec<Answer> {
    let mut answers = Vec::new();
    let (_server, app) = stage();
    let published = calls(&app).into_iter().filter(|(_, method, _)| *method != "noSuchMethod");
    answers.extend(published.map(|(_, method, query)| answer(&app, method, &query)));
    // What has no song, file or picture to send says so in an envelope, too.
    let [of_envelopes @ .., _of_statuses] = OF_BYTES;
    answers.extend(of_envelopes.map(|method| answer(&app, method, "")));
    let (_server, app, _) = sonic::listened();
    answers.extend(sonic::calls(&app).map(|(method, query)| answer(&app, method, &query)));
    let (_stage, _, app) = podcasts::kept();
    let of_podcasts = podcasts::calls(&app).into_iter();
    answers.extend(of_podcasts.map(|(_, method, query)| answer(&app, method, &query)));
    let house = House::open();
    for row in TABLE.iter().filter(|row| !OF_BYTES.contains(&row.method)) {
        let viewer = match row.answered {
            For::Administrators => Viewer::Administrator,
            _ => Viewer::Owner,
        };
        // What is removed for the one is made again for the other.
        let [json, xml] = ["json", "xml"].map(|form| {
            let filled = house.filled(row.query);
            house.answer(viewer, row, &filled, &format!("f={form}")).expect(200)
        });
        let xml = String::from_utf8(xml.body).expect("it is UTF-8");
        let call = format!("{}?{}", row.method, row.query);
        answers.push(Answer { call, method: row.method, json: json.json(), xml });
    }
    answers
}

/// Both forms of what an app is answered.
fn answer(app: &App, method: &'static str, query: &str) -> Answer {
    let json = app.send(method, &format!("f=json&{query}")).expect(200).json();
    let xml = app.send(method, query).expect(200).body;
    let xml = String::from_utf8(xml).expect("it is UTF-8");
    Answer { call: format!("{method}?{query}"), method, json, xml }
}
