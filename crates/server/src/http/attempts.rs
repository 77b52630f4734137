//! How often one address may try to sign in. An account has its own limit, which the accounts keep.

use crate::Problem;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

/// So many attempts an address may make at once: a whole office may sign in from one address in the morning.
const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
/// And so many more in each second after that.
const A_SECOND: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// Addresses that are remembered before those that have been quiet are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// What is known of each address.
#[derive(Clone)]
pub struct Attempts {
    limiter: Arc<RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>>,
    is_behind_proxy: bool,
}

impl Attempts {
    /// Nothing known yet. Behind a proxy, an address is the last one that the proxy has added to `X-Forwarded-For`.
    pub fn new(is_behind_proxy: bool) -> Attempts {
        let quota = Quota::per_second(A_SECOND).allow_burst(AT_ONCE);
        Attempts {
            limiter: Arc::new(RateLimiter::new(
                quota,
                HashMapStateStore::default(),
                DefaultClock::default(),
            )),
            is_behind_proxy,
        }
    }

    fn address(&self, request: &Request) -> Option<IpAddr> {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let forwarded = || {
            let header = request.headers().get_all("x-forwarded-for").iter().next_back()?;
            header.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let peer = peer.map(|ConnectInfo(peer)| peer.ip());
        if self.is_behind_proxy {
            forwarded().or(peer)
        } else {
            peer
        }
    }
}

/// Lets an attempt pass, or says when to try again.
pub async fn limited(
    State(attempts): State<Attempts>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if let Some(address) = attempts.address(&request)
        && attempts.limiter.check_key(&address).is_err()
    {
        let sentence = "There were too many attempts to sign in from here; try again in a moment.";
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_attempts",
            sentence,
        ));
    }
    if attempts.limiter.len() > ADDRESSES_MAX {
        attempts.limiter.retain_recent();
    }
    Ok(next.run(request).await)
}
