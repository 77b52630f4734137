//! What a caller is told when a request comes to nothing: a status, a stable code and a sentence.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::Fault;

/// A request that was not carried out. Nothing was half-applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub sentence: String,
}

impl Problem {
    /// A problem with a status of its own.
    pub fn new(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> Problem {
        Problem {
            status,
            code,
            sentence: sentence.into(),
        }
    }

    /// The request is not one this office understands.
    pub fn bad_request(code: &'static str, sentence: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, sentence)
    }

    /// The caller is not known, or no longer.
    pub fn unauthorized(code: &'static str, sentence: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, code, sentence)
    }

    /// There is nothing here that the caller may see.
    pub fn not_found() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not_found",
            policy::Denial::not_found().sentence,
        )
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        match fault {
            Fault::DiskFull => {
                let sentence =
                    "The office's disk is full; nothing was saved. Your work stays on your laptop.";
                Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", sentence)
            }
            Fault::Busy => {
                let sentence = "The office is busy; try again in a moment.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", sentence)
            }
            Fault::Unreachable(cause) => {
                tracing::error!(%cause, "the database does not answer");
                let sentence = "The office cannot reach its records just now; try again in a moment.";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no_database", sentence)
            }
            other => {
                tracing::error!(fault = %other, "a request failed");
                let sentence = "The office could not carry this out; nothing was changed.";
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", sentence)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (
            self.status,
            Json(json!({ "code": self.code, "sentence": self.sentence })),
        )
            .into_response();
        let retry = match self.status {
            StatusCode::INSUFFICIENT_STORAGE | StatusCode::TOO_MANY_REQUESTS => Some("60"),
            StatusCode::SERVICE_UNAVAILABLE => Some("2"),
            _ => None,
        };
        if let Some(seconds) = retry {
            response
                .headers_mut()
                .insert("retry-after", axum::http::HeaderValue::from_static(seconds));
        }
        response
    }
}
