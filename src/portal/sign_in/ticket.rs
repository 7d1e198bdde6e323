//! HTTP Negotiate (RFC 4559) on the page of the sign-in: the challenge goes with the page itself as its body, so that a browser
//! without a ticket shows the page and no box. It is offered to listed networks, to navigations alone, on this host alone.
//! Invariants: no token goes with a refusal, and the challenge is repeated only where a new token can help.

use axum::response::Response;
use http::header::{self, HeaderValue};
use http::{Method, StatusCode};

use crate::kerberos::fault::TicketFault;
use crate::kerberos::token::{NegotiateToken, completing};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::step::StepProblem;
use crate::portal::sign_in::ticket_problem::TicketProblem;
use crate::sign_in::engine::AttemptError;
use crate::sign_in::goal::Goal;
use crate::sign_in::ticket::{RefusedTicket, TicketOutcome};

/// Marks a page of a step at which a ticket is asked for or offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct TicketWanted;

/// What a request said of tickets, and how it is answered.
#[derive(Debug)]
pub(super) struct Negotiation {
    is_offered: bool,
    reply: Vec<u8>,
    refused: Option<RefusedTicket>,
}

impl Negotiation {
    /// Looks at the ticket of a request, where one is asked for.
    pub(super) async fn of(state: &PortalState, visit: &Visit, goal: &Goal) -> Result<Self, Response> {
        let mut negotiation = Self { is_offered: is_offered(visit), reply: Vec::new(), refused: None };
        if !negotiation.is_offered {
            return Ok(negotiation);
        }
        let token = match NegotiateToken::of(&visit.parts.headers) {
            Ok(None) => return Ok(negotiation),
            Ok(Some(token)) => Ok(token),
            Err(fault) => Err(fault),
        };
        match state.sign_in.ticket(&visit.visitor(), goal, token).await {
            Ok(TicketOutcome::NotAsked) | Err(AttemptError::Gone) => {}
            Ok(TicketOutcome::Counts(reply)) => negotiation.reply = reply,
            Ok(TicketOutcome::Refused(refused)) => negotiation.refused = Some(refused),
            Err(error) => return Err(visit.failed(&error)),
        }
        Ok(negotiation)
    }

    /// What the page says of it. Where a ticket is only offered, nothing is said of what happens to every computer without one.
    pub(super) fn problem(&self) -> Option<StepProblem> {
        let refused = self.refused.as_ref()?;
        match refused.fault {
            TicketFault::Ntlm | TicketFault::NoTicket | TicketFault::OtherMechanism | TicketFault::Malformed => None,
            TicketFault::Busy => Some(StepProblem::Busy),
            _ => Some(StepProblem::Ticket(TicketProblem::of(refused))),
        }
    }

    /// The answer with what Negotiate adds to it.
    pub(super) fn finish(&self, mut response: Response) -> Response {
        let wanted = response.extensions_mut().remove::<TicketWanted>().is_some();
        if !self.reply.is_empty() {
            // With every answer to a good ticket, a redirect too: some clients take no other.
            if let Ok(value) = HeaderValue::try_from(completing(&self.reply)) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            return response;
        }
        if !wanted || !self.is_offered {
            return response;
        }
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        if self.refused.as_ref().is_none_or(|refused| refused.fault.is_mended_by_a_new_token()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
        }
        response
    }
}

/// Whether this request may be challenged, and its ticket looked at: a page that is opened, from a listed network, and whose
/// user did not choose another way.
fn is_offered(visit: &Visit) -> bool {
    let says = |name: &str, expected: &str| visit.parts.headers.get(name).is_none_or(|value| value == expected);
    visit.core.kerberos_tickets().asks(visit.arrival.address.ip())
        && matches!(visit.parts.method, Method::GET | Method::HEAD)
        && says("sec-fetch-mode", "navigate")
        && says("sec-fetch-dest", "document")
        && visit.query("method").is_none()
}
