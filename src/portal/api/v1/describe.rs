//! The description of the API (OpenAPI 3.1), made from the acts: what is not an act is not in it, what is an act cannot be
//! missing. What apps do beside them is described where it is done.

use clap::Command;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::admin::act::{Act, Route, Verb};
use crate::admin::catalogue::{self, ActVisitor};
use crate::portal::api::v1::PREFIX;

/// The document; `portal` is the portal's address.
pub fn document(portal: &str) -> Value {
    let mut described = Described::default();
    catalogue::every(&mut described);
    let problem = json!({
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "code": { "type": "string", "description": "Never changes: programs decide by it." },
            "detail": { "type": "string", "description": "What was not done; fits \"failed to …\"." },
            "hint": { "type": "string" },
            "request_id": { "type": "string" },
        },
    });
    described.schemas.insert("Problem".to_owned(), problem);
    super::apps::describe(&mut described.paths, &mut described.schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sekisho",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every act of an administrator. The command line and the administration pages do the same, from the same code.",
        },
        "servers": [{ "url": format!("{}{PREFIX}", portal.trim_end_matches('/')) }],
        "security": [{ "token": [] }, { "session": [] }],
        "paths": described.paths,
        "components": {
            "schemas": described.schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "`sekisho token issue` makes one." },
                "app": { "type": "http", "scheme": "bearer", "description": "`sekisho token issue --scope approvals --app APP` makes one." },
                "certificate": { "type": "mutualTLS", "description": "At `portal.mtls_url`, of a machine that `approvals.certificate` of the app names." },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-sekisho" },
            },
        },
    })
}

#[derive(Default)]
struct Described {
    paths: Map<String, Value>,
    schemas: Map<String, Value>,
}

impl ActVisitor for Described {
    fn visit<A: Act>(&mut self) {
        let mut used: Vec<(String, RefOr<Schema>)> = Vec::new();
        A::schemas(&mut used);
        A::Output::schemas(&mut used);
        used.push((A::Output::name().into_owned(), A::Output::schema()));
        for (name, schema) in used {
            self.schemas.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        let summary = A::augment_args(Command::new(A::NAME)).get_about().map(ToString::to_string).unwrap_or_default();
        let tag = A::NAME.split('.').next().unwrap_or(A::NAME);
        let mut operation = json!({
            "operationId": A::NAME,
            "summary": summary,
            "tags": [tag],
            "description": needs::<A>(),
            "x-sekisho-scope": A::SCOPE.word(),
            "x-sekisho-fresh": A::ROUTE.fresh,
            "responses": {
                "200": {
                    "description": "Done.",
                    "content": { "application/json": { "schema": reference(&A::Output::name()) } },
                },
                "default": {
                    "description": "Not done.",
                    "content": { "application/problem+json": { "schema": reference("Problem") } },
                },
            },
        });
        if let Some(operation) = operation.as_object_mut() {
            operation.extend(input(&serde_json::to_value(A::schema()).unwrap_or_default(), A::ROUTE));
        }
        let verb = match A::ROUTE.verb {
            Verb::Get => "get",
            Verb::Post => "post",
            Verb::Put => "put",
            Verb::Patch => "patch",
            Verb::Delete => "delete",
        };
        let path = self.paths.entry(A::ROUTE.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(verb.to_owned(), operation);
        }
    }
}

/// Who may, in words.
fn needs<A: Act>() -> String {
    let session =
        if A::ROUTE.fresh { "the session of an administrator, signed in freshly" } else { "the session of an administrator" };
    format!("Needs a token with the scope `{}`, or {session}.", A::SCOPE.word())
}

/// Path parameters, then what is left of the input as query or body.
fn input(schema: &Value, route: Route) -> Map<String, Value> {
    let nothing = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let in_path: Vec<&str> = route.parameters().collect();
    let parameter = |name: &str, place: &str, schema: &Value, required: bool| {
        let description = schema.get("description").cloned().unwrap_or_default();
        json!({ "name": name, "in": place, "required": required, "description": description, "schema": schema })
    };
    let mut parameters: Vec<Value> =
        in_path.iter().filter_map(|name| Some(parameter(name, "path", properties.get(*name)?, true))).collect();
    let rest = properties.iter().filter(|(name, _)| !in_path.contains(&name.as_str()));
    let mut found = Map::new();
    if route.verb.has_body() {
        let rest: Map<String, Value> = rest.map(|(name, schema)| (name.clone(), schema.clone())).collect();
        let needed: Vec<&str> = required.iter().copied().filter(|name| !in_path.contains(name)).collect();
        if !rest.is_empty() {
            let mut body = json!({ "type": "object", "properties": rest, "additionalProperties": false });
            if let (false, Some(body)) = (needed.is_empty(), body.as_object_mut()) {
                body.insert("required".to_owned(), json!(needed));
            }
            found.insert(
                "requestBody".to_owned(),
                json!({ "required": !needed.is_empty(), "content": { "application/json": { "schema": body } } }),
            );
        }
    } else {
        parameters.extend(rest.map(|(name, schema)| parameter(name, "query", schema, required.contains(&name.as_str()))));
    }
    if !parameters.is_empty() {
        found.insert("parameters".to_owned(), Value::Array(parameters));
    }
    found
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
