//! Holds every answer against the OpenAPI document: an operation that is there, a status that is
//! named, JSON of the promised shape and nothing beyond it.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use hexachord::http::router::document;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::http::{Request, Response};

/// The document, with each reference closed: a property that it does not name is a mistake.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = serde_json::to_value(document()).expect("the document is JSON");
    close(&mut document);
    document
});

/// Methods that the document can name.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Fails when the answer is not one that the document promises.
pub(crate) fn check(request: &Request, response: &Response) {
    let place = format!("{} {} answered {}", request.method, request.path, response.status);
    let kind = response.header("content-type").unwrap_or_default();
    let Some(operation) = operation(request) else {
        // The pages and the OpenSubsonic API are no part of the interface; what is nowhere and wrong
        // methods have a problem.
        let others = ["/assets/", "/rest/", "/s/"];
        let page = ["/", "/keys"].contains(&request.path.as_str())
            || hexachord_player::find(request.path.trim_start_matches('/')).is_some()
            || response.header("content-type") == Some("text/html; charset=utf-8")
            || response.status == 304
            || others.iter().any(|at| request.path.starts_with(at));
        assert!(page || [404, 405].contains(&response.status), "{place}: not in the document");
        if !page && request.method != "HEAD" {
            conforms(&json!({ "$ref": "#/components/schemas/Problem" }), response, &place);
        }
        return;
    };
    let responses = &operation["responses"];
    let named = responses.get(response.status.to_string());
    // What is wrong need not be named one by one, what goes well must be.
    let promised = named.or_else(|| responses.get("default").filter(|_| response.status >= 400));
    let promised = promised.unwrap_or_else(|| panic!("{place}: not in the document"));
    let Some(content) = promised["content"].as_object() else {
        assert!(response.body.is_empty(), "{place} with a body that the document does not have");
        return;
    };
    // Several ranges come in an envelope around the promised kind (RFC 9110 section 15.3.7.2).
    if kind.starts_with("multipart/byteranges") {
        return;
    }
    let found = content.iter().find(|(promised, _)| is_of_kind(kind, promised));
    let (_, content) = found.unwrap_or_else(|| panic!("{place} as {kind}, not as promised"));
    let is_plain = response.header("content-encoding").is_none() && request.method != "HEAD";
    if kind.ends_with("json") && is_plain {
        conforms(&content["schema"], response, &place);
    }
}

/// `audio/flac` is an `audio/*`; parameters do not matter.
fn is_of_kind(kind: &str, promised: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default();
    match promised.strip_suffix('*') {
        Some(group) => kind.starts_with(group),
        None => kind == promised,
    }
}

/// Every operation as `METHOD path`, in the document's order of paths.
pub(crate) fn operations(document: &Value) -> Vec<String> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if item.get(method).is_some() {
                operations.push(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    operations
}

fn operation(request: &Request) -> Option<&'static Value> {
    let asked = request.path.split('?').next().unwrap_or_default();
    // Whoever answers GET answers HEAD in the same way.
    let method = if request.method == "HEAD" { "GET" } else { request.method };
    let paths = DOCUMENT["paths"].as_object()?;
    let fitting = paths.iter().filter(|(template, item)| {
        let (mut template, mut asked) = (template.split('/'), asked.split('/'));
        let same = template.by_ref().zip(asked.by_ref()).all(|(t, a)| t.starts_with('{') || t == a);
        let ended = template.next().is_none() && asked.next().is_none();
        same && ended && item.get(method.to_lowercase()).is_some()
    });
    // A name goes before an id.
    let found = fitting.min_by_key(|(template, _)| template.matches('{').count());
    found.map(|(_, item)| &item[method.to_lowercase()])
}

fn conforms(schema: &Value, response: &Response, place: &str) {
    let validator = validator(schema);
    let body = response.json();
    let errors: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{place}, not as promised: {errors:?}\n{body}");
}

/// Made once for each schema: that takes longer than its use.
fn validator(schema: &Value) -> Arc<Validator> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let mut schema = schema.clone();
        schema["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::validator_for(&schema).expect("the document's schemas are good"))
    };
    Arc::clone(known.entry(schema.to_string()).or_insert_with(make))
}

/// Forbids what is not named wherever something refers to a schema, except inside `allOf`, whose
/// members each name only a part.
fn close(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                if key != "allOf" {
                    close(value);
                }
            }
            if object.contains_key("$ref") || object.contains_key("allOf") {
                forbid_others(object);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

fn forbid_others(object: &mut Map<String, Value>) {
    object.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
}

/// An answer to `GET /api/v1/server` that the document is held against.
fn answer(status: &str, body: &Value) -> Response {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n\r\n");
    let mut response = Response::read_head(&mut head.as_bytes());
    response.body = body.to_string().into_bytes();
    response
}

fn about() -> Value {
    json!({ "name": "hexachord", "version": "1", "claimed": true, "registration": "open" })
}

#[test]
fn a_promised_answer_passes() {
    check(&super::get("/api/v1/server?x=1"), &answer("200 OK", &about()));
}

#[test]
#[should_panic(expected = "not as promised")]
fn a_property_that_is_not_named_is_noticed() {
    let mut about = about();
    about["more"] = json!(1);
    check(&super::get("/api/v1/server"), &answer("200 OK", &about));
}

#[test]
#[should_panic(expected = "not as promised")]
fn a_property_deep_inside_that_is_not_named_is_noticed() {
    let library = json!({ "id": "li-0000000000000", "name": "", "folder": "", "root": "fo-AAAAAAAAAAA", "track_count": 0 });
    let mut page = json!({ "items": [library], "next_cursor": null });
    check(&super::get("/api/v1/libraries"), &answer("200 OK", &page));
    page["items"][0]["more"] = json!(1);
    check(&super::get("/api/v1/libraries"), &answer("200 OK", &page));
}

#[test]
#[should_panic(expected = "not in the document")]
fn a_status_that_is_not_named_is_noticed() {
    check(&super::get("/api/v1/server"), &answer("202 Accepted", &about()));
}
