//! `/approver/api/slots/{user}/table`: the seed of the tables that a phone shows for a user, said to it once.

use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::approval::Rejected;
use crate::portal::approver::call::{ApproverCall, in_json, problem, refused};
use crate::portal::kit::admission::circumstances;
use crate::principal::user::UserId;
use crate::self_service::tables::{self, NoSeed, PhoneTables};

/// POST /approver/api/slots/{user}/table
pub(super) async fn draw(Path(user): Path<String>, call: ApproverCall) -> Result<Response, Response> {
    let visit = &call.visit;
    let user = UserId::parse(&user).map_err(|_| refused(visit, &Rejected::NotRegistered))?;
    let drawn = tables::draw(&visit.core, &circumstances(visit), &call.key, &user).await;
    let (drawn, shape) = drawn.map_err(|error| match error {
        NoSeed::Rejected(rejected) => refused(visit, &rejected),
        NoSeed::NotOffered => problem(StatusCode::FORBIDDEN, "table_not_offered", &error.to_string()),
        NoSeed::Matrix(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable", &error.to_string()),
    })?;
    let mut value = shown(&PhoneTables { seed: Some(drawn.id), shape });
    if let Some(value) = value.as_object_mut() {
        value.insert("secret".to_owned(), json!(crate::random::base64url(drawn.seed.as_slice())));
    }
    Ok(in_json(StatusCode::CREATED, &value))
}

/// The tables of a slot, without what they follow from.
pub(super) fn shown(tables: &PhoneTables) -> Value {
    let PhoneTables { seed, shape } = tables;
    json!({ "seed": seed.map(|seed| seed.text()), "blocks": shape.blocks(), "rows": shape.rows(), "columns": shape.columns() })
}
