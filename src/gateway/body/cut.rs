//! The log line and the metric about a body that was cut off.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use super::error::BodyError;
use crate::telemetry::strangers;

/// The origin of a body, for the log line about its being cut off.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct BodyOrigin {
    /// `request_body_cut` or `answer_body_cut`.
    pub(in crate::gateway) side: BodySide,
    /// The client.
    pub(in crate::gateway) remote_ip: IpAddr,
    /// The app; `None` at the portal.
    pub(in crate::gateway) app: Option<Arc<str>>,
    /// The id of its request.
    pub(in crate::gateway) request_id: Arc<str>,
    /// Whether its request is from a signed-in user: then the line is always written.
    pub(in crate::gateway) is_known: bool,
}

/// The direction of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum BodySide {
    /// From the client.
    Request,
    /// From the upstream.
    Answer,
}

impl BodyOrigin {
    /// Writes to the log and the metrics that the body was cut off. The end of a session is not a fault.
    pub(super) fn cut(&self, error: &BodyError) {
        let reason = match error {
            BodyError::Stalled(_) => "stalled",
            BodyError::Broken(error) if error.is_timeout() => "stalled",
            BodyError::Broken(error) if ended_early(error) => "ended_early",
            BodyError::Answer(fault) if !fault.is_malformed() => "ended_early",
            BodyError::Broken(_) | BodyError::Answer(_) => "malformed",
            BodyError::TooLong(_) | BodyError::TooMuch => "too_long",
            BodyError::SessionEnded | BodyError::Portal(_) => return,
        };
        let app = self.app.as_deref().unwrap_or("-");
        let Self { remote_ip, request_id, .. } = self;
        let may_write = |kind| self.is_known || strangers::may_write(kind, *remote_ip);
        match self.side {
            BodySide::Request => {
                metrics::counter!("sekisho_request_bodies_cut_total", "reason" => reason).increment(1);
                if may_write(strangers::Kind::RequestBodyCut) {
                    tracing::info!(%remote_ip, %app, reason, %error, %request_id, "request_body_cut");
                }
            }
            BodySide::Answer => {
                metrics::counter!("sekisho_answer_bodies_cut_total", "reason" => reason).increment(1);
                if may_write(strangers::Kind::AnswerBodyCut) {
                    tracing::warn!(%remote_ip, %app, reason, %error, %request_id, "answer_body_cut");
                }
            }
        }
    }
}

/// Whether the peer left or reset its stream (RFC 9113 §6.4), in contrast to a peer that sent something malformed.
fn ended_early(error: &hyper::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<io::Error>() {
            return io.kind() != io::ErrorKind::InvalidData && io.kind() != io::ErrorKind::InvalidInput;
        }
        if let Some(h2) = found.downcast_ref::<h2::Error>() {
            return h2.is_remote() || h2.is_io();
        }
        cause = found.source();
    }
    error.is_incomplete_message() || error.is_closed()
}
