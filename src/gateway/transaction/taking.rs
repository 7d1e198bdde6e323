//! The body of a request that is to be held: taken in whole, bounded in size, in pace and in time.
//! Invariant: a client that is refused halfway gets the refusal; the rest of its body is thrown away until it reads the answer.

use std::pin::Pin;
use std::time::Duration;

use aws_lc_rs::digest::Digest;
use bytes::Bytes;
use http::Response;
use http::header::{self, HeaderMap, HeaderValue};
use http_body::Body as _;

use crate::gateway::body::{Body, BodyError};
use crate::gateway::exchange::Exchange;
use crate::transaction::HeldError;
use crate::transaction::spool::{HeldBody, SpoolError};

/// What of a body that is refused halfway is thrown away before the refusal is said: most programs, and browsers with
/// HTTP/1.1, read no answer before they have sent everything, and see a broken connection instead.
const LEFT_OVER: Duration = Duration::from_secs(5);

impl Exchange<'_> {
    /// Takes in a body: bounded in size, in pace and in time. A client that `expects` a 100 (Continue)
    /// (RFC 9110 §10.1.1) has sent nothing of the body yet.
    pub(super) async fn take_in(&self, owner: &str, body: Body, expects: bool) -> Result<(HeldBody, Digest), HeldError> {
        let limits = self.snapshot.core.config.file.limits.clone();
        let longest = limits.transaction_body.0;
        let too_long = body.size_hint().lower() > longest;
        let mut body = std::pin::pin!(body.watched(limits.idle.0).with_least_pace());
        let taken = if too_long {
            Err(HeldError::Spool(SpoolError::TooLong(longest)))
        } else {
            let mut receiving = self.gateway.core.transactions().spool.receive(owner);
            let all = async {
                while let Some(data) = next(body.as_mut()).await.map_err(|error| of_client(&error))? {
                    receiving.push(&data).await.map_err(HeldError::Spool)?;
                }
                Ok(())
            };
            match tokio::time::timeout(limits.transaction_within.0, all).await {
                Ok(Ok(())) => receiving.finish().await.map_err(HeldError::Spool),
                Ok(Err(why)) => Err(why),
                Err(_elapsed) => Err(HeldError::BodyTooSlow),
            }
        };
        let is_unsent = too_long && expects;
        if matches!(taken, Err(HeldError::Spool(_))) && !is_unsent {
            let rest = async { while let Ok(Some(_thrown_away)) = next(body.as_mut()).await {} };
            let _sent_or_not = tokio::time::timeout(LEFT_OVER, rest).await;
        }
        taken
    }

    pub(super) fn not_taken(&self, why: &HeldError, headers: &HeaderMap) -> Response<Body> {
        self.log_not_held(why, headers);
        let mut response = self.problem(super::status_of(why), why.code(), headers);
        // The rest of the body cannot be distinguished from the next request (T18).
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// A body that does not arrive, or not as HTTP frames it.
fn of_client(error: &BodyError) -> HeldError {
    match error {
        BodyError::Stalled(_) => HeldError::BodyTooSlow,
        _ => HeldError::BodyMalformed,
    }
}

/// The next bytes of a body; `None` at its end.
async fn next(mut body: Pin<&mut Body>) -> Result<Option<Bytes>, BodyError> {
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}
