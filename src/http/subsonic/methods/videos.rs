//! Videos: there are none here.

use serde::Serialize;

use super::super::{
    call::{Call, Outcome},
    failure::Failure,
    model::Child,
};

pub(super) fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Videos {
        video: Vec<Child>,
    }
    call.answer("videos", &Videos { video: Vec::new() })
}

pub(super) fn none(call: &Call) -> Outcome {
    call.parameters.required("id")?;
    Err(Failure::not_found("video"))
}
