//! What is written down of each request: its route, how it ended and how long it took. Never who asked, nor for what.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Instant;

/// Upper bounds of the groups that times are counted in, in seconds.
const SECONDS: &[f64] = &[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

/// The counts of this process. The first call begins to count.
pub fn counts() -> Option<&'static PrometheusHandle> {
    static COUNTS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let begin = || {
        let name = Matcher::Full("bailiwick_request_seconds".to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(name, SECONDS);
        builder.ok()?.install_recorder().ok()
    };
    COUNTS.get_or_init(begin).as_ref()
}

/// Counts a request and writes a line of the log.
pub async fn observed(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().as_str().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let seconds = begun.elapsed().as_secs_f64();
    let labels = [
        ("method", method.clone()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    counter!("bailiwick_requests_total", &labels).increment(1);
    histogram!("bailiwick_request_seconds", "route" => route.clone()).record(seconds);
    tracing::info!(%method, %route, status, ms = seconds * 1000.0, "request");
    response
}
