//! Answers in JSON held against the published schema, which lies beside the project.

use std::path::Path;

use serde_json::Value;

use super::published::answers;

/// Beside the project.
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let failure = read(&folder.join("schemas/SubsonicResponse.json"));
    for answer in answers() {
        let path = folder.join("endpoints").join(format!("{}.json", answer.method));
        let endpoint = if path.is_file() { read(&path) } else { Value::Null };
        let pointer = "/responses/200/content/application~1json/schema";
        let schema = ["get", "post"].into_iter().find_map(|way| endpoint[way].pointer(pointer));
        // What is published as bytes alone, or under another name, fails as everything does.
        let schema = match schema {
            Some(schema) => schema,
            None if answer.json["subsonic-response"]["status"] == "failed" => &failure,
            None => panic!("{} has no schema", answer.call),
        };
        let validator = jsonschema::validator_for(schema).expect("the schema is good");
        let errors: Vec<String> = validator
            .iter_errors(&answer.json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}\n{:#}", answer.call, answer.json);
    }
}
