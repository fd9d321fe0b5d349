//! The envelope around every answer, in the form that a client asks for.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{failure::Failure, parameters::Parameters, xml};

/// The version of the Subsonic API that this is.
pub(super) const VERSION: &str = "1.16.1";
/// Major and minor.
pub(super) const VERSION_NUMBERS: (u32, u32) = (1, 16);
const ROOT: &str = "subsonic-response";
/// No name of a function of JavaScript is longer.
const LONGEST_CALLBACK: usize = 128;

/// How answers are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    Xml,
    Json,
    /// JSON as the argument of this function.
    Jsonp(String),
}

impl Frame {
    /// What `f` and `callback` say. Where they are wrong, what tells of it is XML.
    pub(super) fn asked(parameters: &Parameters) -> Result<Self, Failure> {
        match parameters.text("f").unwrap_or("xml") {
            "" | "xml" => Ok(Self::Xml),
            "json" => Ok(Self::Json),
            "jsonp" => {
                let callback = parameters.required("callback")?;
                if is_identifier(callback) {
                    Ok(Self::Jsonp(callback.to_owned()))
                } else {
                    Err(Failure::wrong("callback", "must be the name of a function"))
                }
            }
            _ => Err(Failure::wrong("f", "must be xml, json or jsonp")),
        }
    }

    /// An answer without a body.
    pub(super) fn empty(&self) -> Result<Response, Failure> {
        self.write(&Envelope::<()> { error: None, body: None })
    }

    /// An answer whose body has this name.
    pub(super) fn answer<T: Serialize>(
        &self,
        name: &'static str,
        body: &T,
    ) -> Result<Response, Failure> {
        self.write(&Envelope { error: None, body: Some((name, body)) })
    }

    pub(super) fn failure(&self, failure: &Failure) -> Response {
        let written = self.write(&Envelope::<()> { error: Some(failure), body: None });
        // Text and numbers can be written always.
        written.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }

    fn write<T: Serialize>(&self, envelope: &Envelope<'_, T>) -> Result<Response, Failure> {
        let (content_type, body) = match self {
            Self::Xml => {
                let document = xml::document(ROOT, &InXml(envelope));
                ("text/xml; charset=utf-8", document.map_err(|error| unwritable(&error))?)
            }
            Self::Json => ("application/json; charset=utf-8", json(envelope)?),
            Self::Jsonp(callback) => {
                ("text/javascript; charset=utf-8", format!("{callback}({});", json(envelope)?))
            }
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Ok((headers, body).into_response())
    }
}

/// A mistake in the structs of answers.
fn unwritable(error: &dyn std::fmt::Display) -> Failure {
    tracing::error!(%error, "an answer cannot be written");
    Failure::new(Failure::GENERIC, "the answer cannot be written: the server's log says why")
}

fn json<T: Serialize>(envelope: &Envelope<'_, T>) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Document<'e, T: Serialize> {
        #[serde(rename = "subsonic-response")]
        envelope: &'e Envelope<'e, T>,
    }
    let json = serde_json::to_string(&Document { envelope }).map_err(|error| unwritable(&error))?;
    // Both end a line in older JavaScript, and stand only in text.
    Ok(json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

/// `a.b.c1`: nothing that could be more than a name.
fn is_identifier(text: &str) -> bool {
    text.len() <= LONGEST_CALLBACK
        && text.split('.').all(|name| {
            let mut chars = name.chars();
            chars.next().is_some_and(|first| first.is_ascii_alphabetic() || "_$".contains(first))
                && chars.all(|char| char.is_ascii_alphanumeric() || "_$".contains(char))
        })
}

struct Envelope<'b, T> {
    error: Option<&'b Failure>,
    body: Option<(&'static str, &'b T)>,
}

/// XML names its namespace.
struct InXml<'e, T>(&'e Envelope<'e, T>);

impl<T: Serialize> Envelope<'_, T> {
    fn fields<S: SerializeStruct>(&self, to: &mut S) -> Result<(), S::Error> {
        let status = if self.error.is_some() { "failed" } else { "ok" };
        to.serialize_field("status", status)?;
        to.serialize_field("version", VERSION)?;
        to.serialize_field("type", "hexachord")?;
        to.serialize_field("serverVersion", env!("CARGO_PKG_VERSION"))?;
        to.serialize_field("openSubsonic", &true)?;
        if let Some(error) = self.error {
            to.serialize_field("error", error)?;
        }
        if let Some((name, body)) = self.body {
            to.serialize_field(name, body)?;
        }
        Ok(())
    }
}

impl<T: Serialize> Serialize for Envelope<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct(ROOT, 7)?;
        self.fields(&mut fields)?;
        fields.end()
    }
}

impl<T: Serialize> Serialize for InXml<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_struct(ROOT, 8)?;
        fields.serialize_field("xmlns", "http://subsonic.org/restapi")?;
        self.0.fields(&mut fields)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_a_name() {
        for name in ["f", "_a$1", "jQuery.cb_12", "$"] {
            assert!(is_identifier(name), "{name}");
        }
        let long = "a".repeat(129);
        for other in ["", "1a", "a-b", "a b", "alert(1)//", "a..b", "a.", "é", "a\n", &long] {
            assert!(!is_identifier(other), "{other}");
        }
    }
}
