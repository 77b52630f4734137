//! The document that describes every route, made from the table that registers them and from the types that are read there.

use super::{Content, ROUTES, Route};
use axum::Json;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// What stands in a path, and what is accepted there.
const PARAMETERS: [(&str, &str); 2] = [("hash", "^[0-9a-f]{64}$"), ("device", "^[0-9a-f]{32}$")];

pub async fn document() -> Json<Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut types = settings.into_generator();
    let mut paths = Map::new();
    for route in ROUTES {
        let methods = paths.entry(route.path).or_insert_with(|| json!({}));
        methods[route.method] = operation(route, &mut types);
    }
    let mut schemas = types.take_definitions(true);
    schemas.insert(
        "Problem".to_owned(),
        json!({
            "type": "object",
            "required": ["code", "sentence"],
            "properties": { "code": { "type": "string" }, "sentence": { "type": "string" } },
        }),
    );
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
            "schemas": schemas,
        },
    }))
}

/// A body by its media type.
fn content(content: &Content, types: &mut SchemaGenerator) -> Value {
    let (media, schema) = match content {
        Content::Json(schema) => ("application/json", json!(schema(types))),
        Content::Bytes => ("application/octet-stream", json!({})),
        Content::Text => ("text/plain", json!({})),
        Content::Events => ("text/event-stream", json!({})),
    };
    json!({ media: { "schema": schema } })
}

fn operation(route: &Route, types: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    for status in route.statuses {
        let response = if *status < 300 {
            json!({ "description": "What was asked for", "content": content(&route.reply, types) })
        } else {
            let schema = json!({ "$ref": "#/components/schemas/Problem" });
            json!({ "description": "Why not", "content": { "application/json": { "schema": schema } } })
        };
        responses.insert(status.to_string(), response);
    }
    let mut operation = json!({ "summary": route.summary, "responses": responses });
    if route.credential {
        operation["security"] = json!([{ "device": [] }]);
    }
    if let Some(request) = &route.request {
        operation["requestBody"] = json!({ "required": true, "content": content(request, types) });
    }
    let in_path = PARAMETERS
        .iter()
        .filter(|(name, _)| route.path.contains(&format!("{{{name}}}")))
        .map(|(name, pattern)| {
            let schema = json!({ "type": "string", "pattern": pattern });
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        });
    let in_query = route.query.iter().map(|asked| {
        let (name, required) = (asked.name, asked.is_required);
        json!({ "name": name, "in": "query", "required": required, "schema": (asked.schema)(types) })
    });
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    operation
}
