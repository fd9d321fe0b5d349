//! Answers in JSON held against the published schema, which lies beside the project.

use std::path::Path;

use serde_json::Value;

use super::{
    calls::calls,
    stage::{App, stage},
};

const SCHEMA: &str = "../shared/opensubsonic/openapi";

/// A file of the schema with all that it refers to in its place.
fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut value = serde_json::from_str(&text).expect("the schema is JSON");
    resolve(&mut value, path.parent().expect("it is in a folder"));
    value
}

fn resolve(value: &mut Value, folder: &Path) {
    match value {
        Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
            Some(reference) => *value = read(&folder.join(reference)),
            None => object.values_mut().for_each(|value| resolve(value, folder)),
        },
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, folder)),
        _ => {}
    }
}

#[test]
#[ignore = "needs the published schema beside the project"]
fn answers_are_as_published() {
    let (_server, app) = stage();
    let checked = conform(&app, calls(&app));
    assert!(checked > 35, "{checked}");
}

/// Holds the answers to these calls against the schema, and tells how many there were.
pub(super) fn conform(app: &App, calls: Vec<(&'static str, &'static str, String)>) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let mut checked = 0;
    for (_, method, query) in calls {
        let path = folder.join("endpoints").join(format!("{method}.json"));
        if method == "noSuchMethod" {
            continue;
        }
        let endpoint = read(&path);
        let pointer = "/get/responses/200/content/application~1json/schema";
        let schema = endpoint.pointer(pointer).unwrap_or_else(|| panic!("{method} has no schema"));
        let validator = jsonschema::validator_for(schema).expect("the schema is good");
        let answer = app.send(method, &format!("f=json&{query}")).expect(200).json();
        let errors: Vec<String> = validator
            .iter_errors(&answer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{method}: {errors:#?}\n{answer:#}");
        checked += 1;
    }
    checked
}
