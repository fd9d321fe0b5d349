//! `hexachord openapi`: prints the document of the REST interface.

use std::process::ExitCode;

use super::output::{complain, say};
use crate::http::router::document;

pub(super) fn run() -> ExitCode {
    match document().to_pretty_json() {
        Ok(text) => {
            say(text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}
