//! The HTTP rim: unpack, call, wrap. One table of routes makes both the router and the document that describes it.

mod attempts;
mod events;
mod extract;
mod handlers;
mod observe;
mod openapi;

use crate::{Office, Problem};
use attempts::Attempts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post, put};
use domain::inspections::PHOTO_BYTES_MAX;
pub(crate) use extract::{blocking, body_cut, too_large};
use policy::RecordId;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;
use std::sync::Arc;
use sync::{
    Control, ControlRequest, PullReply, PullRequest, PushReply, PushRequest, SignInReply, SignInRequest,
};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// The largest JSON body that is read, in bytes.
pub const JSON_BYTES_MAX: usize = 2 * 1024 * 1024;

/// The largest sealed parcel that is read, in bytes: a photo and what it is sealed with.
const DEPOSIT_BYTES_MAX: usize = PHOTO_BYTES_MAX as usize + 64 * 1024;

const SIGN_IN: &str = "/api/sign-in";

/// What a body is.
enum Content {
    Json(fn(&mut SchemaGenerator) -> Schema),
    Bytes,
    Text,
    Events,
}

/// The JSON of a type.
const fn json<T: JsonSchema>() -> Content {
    Content::Json(SchemaGenerator::subschema_for::<T>)
}

/// A value in the address, after the question mark.
struct Asked {
    name: &'static str,
    is_required: bool,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

const RECORD: Asked = Asked {
    name: "record",
    is_required: true,
    schema: SchemaGenerator::subschema_for::<RecordId>,
};

const FROM: Asked = Asked {
    name: "from",
    is_required: false,
    schema: SchemaGenerator::subschema_for::<u64>,
};

/// One route, as registered and as described.
struct Route {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    /// Whether a device's credential is asked for.
    credential: bool,
    /// What is asked in the address, after the question mark.
    query: &'static [Asked],
    request: Option<Content>,
    reply: Content,
    /// The statuses it answers with beside those every route has.
    statuses: &'static [u16],
    handler: fn() -> MethodRouter<Arc<Office>>,
}

/// Every route of the office.
const ROUTES: &[Route] = &[
    Route {
        method: "get",
        path: "/healthz",
        summary: "Whether the office answers and can read its database",
        credential: false,
        query: &[],
        request: None,
        reply: json::<handlers::Health>(),
        statuses: &[200, 503],
        handler: || get(handlers::health),
    },
    Route {
        method: "get",
        path: "/metrics",
        summary: "Counts for a monitoring system; no personal data",
        credential: false,
        query: &[],
        request: None,
        reply: Content::Text,
        statuses: &[200],
        handler: || get(handlers::metrics),
    },
    Route {
        method: "get",
        path: "/api/openapi.json",
        summary: "This document",
        credential: false,
        query: &[],
        request: None,
        reply: json::<Value>(),
        statuses: &[200],
        handler: || get(openapi::document),
    },
    Route {
        method: "post",
        path: SIGN_IN,
        summary: "Signs a person in on a device",
        credential: false,
        query: &[],
        request: Some(json::<SignInRequest>()),
        reply: json::<SignInReply>(),
        statuses: &[200, 400, 401, 413, 429],
        handler: || post(handlers::sign_in),
    },
    Route {
        method: "post",
        path: "/api/sign-out",
        summary: "Ends the device's credential",
        credential: true,
        query: &[],
        request: None,
        reply: json::<handlers::Done>(),
        statuses: &[200, 401, 410],
        handler: || post(handlers::sign_out),
    },
    Route {
        method: "post",
        path: "/api/sync/control",
        summary: "Which views the device has lost and gained",
        credential: true,
        query: &[],
        request: Some(json::<ControlRequest>()),
        reply: json::<Control>(),
        statuses: &[200, 400, 401, 409, 410, 413],
        handler: || post(handlers::control),
    },
    Route {
        method: "post",
        path: "/api/sync/push",
        summary: "Decides commands",
        credential: true,
        query: &[],
        request: Some(json::<PushRequest>()),
        reply: json::<PushReply>(),
        statuses: &[200, 400, 401, 410, 413, 507],
        handler: || post(handlers::push),
    },
    Route {
        method: "post",
        path: "/api/sync/pull",
        summary: "What changed in the caller's views",
        credential: true,
        query: &[],
        request: Some(json::<PullRequest>()),
        reply: json::<PullReply>(),
        statuses: &[200, 400, 401, 410, 413],
        handler: || post(handlers::pull),
    },
    Route {
        method: "get",
        path: "/api/events",
        summary: "A stream that says when there is something new; it carries no record",
        credential: true,
        query: &[],
        request: None,
        reply: Content::Events,
        statuses: &[200, 401, 410],
        handler: || get(events::stream),
    },
    Route {
        method: "put",
        path: "/api/photos/{hash}",
        summary: "Keeps the bytes of a photo for the record that names it, and says the hash of what it keeps; with `from` the bytes from that one on, and 409 with `arrived` where another number is here",
        credential: true,
        query: &[RECORD, FROM],
        request: Some(Content::Bytes),
        reply: json::<handlers::PhotoKept>(),
        statuses: &[200, 400, 401, 404, 409, 410, 413, 422, 429, 507],
        handler: || put(handlers::put_photo),
    },
    Route {
        method: "get",
        path: "/api/photos/{hash}/arrived",
        summary: "How many bytes of a photo have come from this device, for the record that names it",
        credential: true,
        query: &[RECORD],
        request: None,
        reply: json::<handlers::PhotoArrived>(),
        statuses: &[200, 400, 401, 404, 410, 429],
        handler: || get(handlers::get_arrived),
    },
    Route {
        method: "get",
        path: "/api/photos/{hash}",
        summary: "The bytes of a photo on a visit the caller may see; with `Range: bytes=N-` those from the Nth on",
        credential: true,
        query: &[],
        request: None,
        reply: Content::Bytes,
        statuses: &[200, 206, 401, 404, 410, 416],
        handler: || get(handlers::get_photo),
    },
    Route {
        method: "get",
        path: "/api/photos/{hash}/thumbnail",
        summary: "A photo made small, as JPEG, where the caller may see a visit with it",
        credential: true,
        query: &[],
        request: None,
        reply: Content::Bytes,
        statuses: &[200, 401, 410, 404],
        handler: || get(handlers::get_thumbnail),
    },
    Route {
        method: "put",
        path: "/api/deposits/{device}",
        summary: "Keeps a sealed parcel of unsent work; its token opens nothing else",
        credential: true,
        query: &[],
        request: Some(Content::Bytes),
        reply: json::<handlers::Done>(),
        statuses: &[200, 400, 401, 413, 422, 507],
        handler: || put(handlers::put_deposit).layer(DefaultBodyLimit::max(DEPOSIT_BYTES_MAX)),
    },
    Route {
        method: "get",
        path: "/api/deposits/{device}",
        summary: "Whether the laptop is to be emptied: 410 where it is",
        credential: true,
        query: &[],
        request: None,
        reply: json::<handlers::Done>(),
        statuses: &[200, 401, 410],
        handler: || get(handlers::look_deposit),
    },
    Route {
        method: "post",
        path: "/api/deposits/{device}/wiped",
        summary: "Notes that the laptop is empty",
        credential: true,
        query: &[],
        request: None,
        reply: json::<handlers::Done>(),
        statuses: &[200, 400, 401],
        handler: || post(handlers::wiped),
    },
    Route {
        method: "get",
        path: "/api/basemap",
        summary: "The map below the visits, as GeoJSON",
        credential: true,
        query: &[],
        request: None,
        reply: json::<Value>(),
        statuses: &[200, 401, 410, 404],
        handler: || get(handlers::basemap),
    },
];

/// The office's HTTP service. Behind a proxy, addresses are those that the proxy tells.
pub fn router(office: Arc<Office>, is_behind_proxy: bool) -> Router {
    observe::counts();
    let attempts = Attempts::new(is_behind_proxy);
    let mut router = Router::new();
    for route in ROUTES {
        let mut handler = (route.handler)();
        if route.path == SIGN_IN {
            handler = handler.layer(from_fn_with_state(attempts.clone(), attempts::limited));
        }
        router = router.route(route.path, handler);
    }
    router
        .fallback(async || {
            Problem::new(
                StatusCode::NOT_FOUND,
                "no_such_route",
                "There is nothing at this address.",
            )
        })
        .method_not_allowed_fallback(async || {
            let sentence = "This address does not take that method.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", sentence)
        })
        .layer(DefaultBodyLimit::max(JSON_BYTES_MAX))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn(observe::observed))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            use axum::response::IntoResponse as _;
            Problem::from(store::Fault::Other("a handler panicked".to_owned())).into_response()
        }))
        .with_state(office)
}
