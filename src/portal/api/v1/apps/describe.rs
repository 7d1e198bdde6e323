//! What the OpenAPI document says of the approvals of apps.

use serde_json::{Map, Value, json};

/// Adds the paths and schemas of apps.
pub(in crate::portal) fn describe(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let words = json!({
        "description": "A text, or texts by language: `en` at least.",
        "oneOf": [{ "type": "string" }, { "type": "object", "required": ["en"], "additionalProperties": { "type": "string" } }],
    });
    let text = |longest: usize| json!({ "type": "string", "minLength": 1, "maxLength": longest });
    let asked = json!({
        "type": "object",
        "required": ["auth_req_id", "expires_in", "interval"],
        "properties": {
            "auth_req_id": { "type": "string", "description": "Names the request; opens nothing without the app's token or certificate." },
            "expires_in": { "type": "integer", "description": "How long it may be answered, in seconds." },
            "interval": { "type": "integer", "description": "How often to look, in seconds." },
            "number": { "type": "string", "description": "What the app shows to the person, where a number is carried to the phone." },
            "number_style": { "type": "string", "enum": ["choose", "type", "scan"], "description": "How it is carried: chosen, typed or scanned." },
            "number_code": { "type": "string", "description": "What the app draws as a QR code above the number, where it is scanned." },
        },
    });
    let seen = json!({
        "type": "object",
        "required": ["auth_req_id", "status"],
        "properties": {
            "auth_req_id": { "type": "string" },
            "user": { "type": "string" },
            "status": { "type": "string", "enum": ["pending", "approved", "denied", "expired", "cancelled", "failed"] },
            "approval": { "type": "string", "description": "The statement, a JWS of the type `sekisho-approval+jwt`, once approved." },
            "expires_in": { "type": "integer" },
            "interval": { "type": "integer" },
        },
    });
    let create = json!({
        "type": "object",
        "required": ["login_hint"],
        "additionalProperties": false,
        "properties": {
            "login_hint": { "type": "string", "description": "The user's name here." },
            "binding_message": text(200),
            "title": words,
            "fields": { "type": "array", "maxItems": 16, "items": {
                "type": "object", "required": ["label", "value"], "additionalProperties": false,
                "properties": { "label": words, "value": text(200) },
            } },
            "requested_expiry": { "type": "integer", "minimum": 1, "description": "How long it may be answered, in seconds." },
            "number": { "type": "boolean", "description": "Whether a number is carried to the phone." },
            "client_notification_token": text(1024),
        },
    });
    for (name, schema) in [("AppApprovalAsked", asked), ("AppApproval", seen), ("AskForApproval", create)] {
        schemas.insert(name.to_owned(), schema);
    }
    let answers = |status: &str, schema: &str| {
        json!({
            status: { "description": "Done.", "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } },
            "default": { "description": "Not done.", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
        })
    };
    let mut at = |path: &str, verb: &str, operation: Value| {
        let path = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(verb.to_owned(), operation);
        }
    };
    at(
        "/approvals",
        "post",
        json!({
            "operationId": "app_approval.ask",
            "summary": "Ask a user's phone for an approval, as an app",
            "tags": ["app_approval"],
            "security": [{ "app": [] }, { "certificate": [] }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/AskForApproval" } } } },
            "responses": answers("201", "AppApprovalAsked"),
        }),
    );
    at(
        "/approvals/{approval}",
        "get",
        json!({
            "operationId": "app_approval.look",
            "summary": "See how an approval stands, as the app that asked for it",
            "tags": ["app_approval"],
            "security": [{ "app": [] }, { "certificate": [] }],
            "description": "`{approval}` is the `auth_req_id`. `Prefer: wait=N` (RFC 7240) does the same as `?wait=N`.",
            "parameters": [
                { "name": "approval", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "wait", "in": "query", "required": false, "description": "Seconds to wait for an answer, 60 at most.", "schema": { "type": "integer" } },
            ],
            "responses": answers("200", "AppApproval"),
        }),
    );
    // With an app's token, the acts of these paths concern that app's own requests.
    for (path, verb, more) in [
        (
            "/approvals",
            "get",
            "With a token or certificate of an app: what this app asked and may still be answered, as `AppApproval`s.",
        ),
        (
            "/approvals/{approval}",
            "delete",
            "With a token or certificate of an app: `{approval}` is the `auth_req_id` of a request of its own; an `AppApproval` is answered.",
        ),
    ] {
        let operation = paths.get_mut(path).and_then(|path| path.get_mut(verb)).and_then(Value::as_object_mut);
        if let Some(operation) = operation {
            let said = operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            operation.insert("description".to_owned(), json!(format!("{said} {more}")));
            operation
                .insert("security".to_owned(), json!([{ "token": [] }, { "session": [] }, { "app": [] }, { "certificate": [] }]));
        }
    }
}
