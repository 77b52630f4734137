//! The document that describes every route, made from the table that registers them.

use super::{ROUTES, Route};
use axum::Json;
use serde_json::{Map, Value, json};

/// What stands in a path, and what is accepted there.
const PARAMETERS: [(&str, &str); 2] = [("hash", "^[0-9a-f]{64}$"), ("device", "^[0-9a-f]{32}$")];

pub async fn document() -> Json<Value> {
    let mut paths = Map::new();
    for route in ROUTES {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method] = operation(route);
    }
    Json(json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bailiwick office",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "device": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Problem": {
                "type": "object",
                "required": ["code", "sentence"],
                "properties": { "code": { "type": "string" }, "sentence": { "type": "string" } },
            } },
        },
    }))
}

fn operation(route: &Route) -> Value {
    let mut responses = Map::new();
    for status in route.statuses {
        let (name, media) = match (*status, route.reply) {
            (200 | 206, "bytes") => ("The bytes", "application/octet-stream"),
            (200, "event-stream") => ("The stream", "text/event-stream"),
            (200, "text") => ("The counts", "text/plain"),
            (200, reply) => (reply, "application/json"),
            _ => ("Problem", "application/json"),
        };
        let schema = if *status < 300 {
            json!({})
        } else {
            json!({ "$ref": "#/components/schemas/Problem" })
        };
        let response = json!({ "description": name, "content": { media: { "schema": schema } } });
        responses.insert(status.to_string(), response);
    }
    let mut operation = json!({ "summary": route.summary, "responses": responses });
    if route.credential {
        operation["security"] = json!([{ "device": [] }]);
    }
    if let Some(request) = route.request {
        let media = if request == "bytes" {
            "application/octet-stream"
        } else {
            "application/json"
        };
        let schema = json!({ "title": request });
        operation["requestBody"] = json!({ "required": true, "content": { media: { "schema": schema } } });
    }
    let parameters: Vec<Value> = PARAMETERS
        .iter()
        .filter(|(name, _)| route.path.contains(&format!("{{{name}}}")))
        .map(|(name, pattern)| {
            let schema = json!({ "type": "string", "pattern": pattern });
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    operation
}
