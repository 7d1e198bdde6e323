//! Puts the papers of a connection and a session before the chain: for a request, and again for a stream that is open.

use std::sync::Arc;

use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::selection::Selected;
use crate::chain::trace::{Outcome, Trace};
use crate::chain::{self, Verdict};
use crate::facts::client_address::ClientAddress;
use crate::gateway::accept::facts::ConnectionFacts;
use crate::gateway::exchange::{Exchange, Gateway};
use crate::gateway::hosts::AppHost;
use crate::principal::certificate;
use crate::session::sessions::Admitted;
use crate::telemetry::strangers::{self, Kind};

impl Exchange<'_> {
    /// Asks the chain.
    pub(in crate::gateway) fn judge(&self, app: &AppHost, asked: Selected<'_>, admitted: Option<&Admitted>) -> Judged {
        let judged = judge(self.gateway, self.connection, self.address, app, asked, admitted);
        observe(app, &judged.trace, self, admitted.is_some());
        judged
    }
}

/// What the chain said, and whose papers they were.
pub(in crate::gateway) struct Judged {
    pub(in crate::gateway) verdict: Verdict,
    pub(in crate::gateway) trace: Trace,
    pub(in crate::gateway) standing: Option<Arc<crate::principal::user::UserStanding>>,
}

/// Asks the chain about a request of this connection.
pub(in crate::gateway) fn judge(
    gateway: &Gateway,
    connection: &ConnectionFacts,
    address: ClientAddress,
    app: &AppHost,
    asked: Selected<'_>,
    admitted: Option<&Admitted>,
) -> Judged {
    let now = gateway.core.clock().now();
    let none = Gathered::none();
    let standing = admitted.map(|admitted| admitted.session.user().standing());
    let certificate_standing = certificate_standing(gateway, connection, address, now);
    // Looked up where the certificate alone may say who asks.
    let holder = certificate_standing.as_deref().filter(|_| admitted.is_none());
    let holder = holder.and_then(|standing| gateway.core.users().find(standing.user()?)).map(|user| user.standing());
    let papers = Papers {
        address,
        certificate: connection.certificate.as_deref().zip(certificate_standing.as_deref()),
        holder: holder.as_ref().map(|standing| &***standing),
        bound_certificate: admitted.filter(|_| app.asks_for_certificate).map(|admitted| admitted.certificate),
        user: standing.as_ref().map(|standing| &***standing),
        evidence: admitted.map_or(&none, |admitted| &admitted.evidence),
        bound_browser: admitted.is_some_and(|admitted| gateway.core.is_browser_bound(&admitted.evidence)),
        now,
    };
    let examination = chain::examine(asked, &papers);
    let user = standing.map(|standing| Arc::clone(&standing));
    Judged { verdict: examination.verdict, trace: examination.trace, standing: user }
}

/// How this connection's certificate stands: worked out once, and again after the register or the config changed.
pub(in crate::gateway) fn certificate_standing(
    gateway: &Gateway,
    connection: &ConnectionFacts,
    address: ClientAddress,
    now: crate::clock::Timestamp,
) -> Option<Arc<certificate::CertificateStanding>> {
    let presented = connection.certificate.as_deref()?;
    let certificates = &gateway.core.certificates();
    let changed = certificates.generation();
    if let Some(kept) = &*connection.standing.load()
        && kept.0 == changed
    {
        return Some(Arc::clone(&kept.1));
    }
    let standing = Arc::new(certificates.standing(presented, now));
    connection.standing.store(Some(Arc::new((changed, Arc::clone(&standing)))));
    certificates.note(presented, &standing, address);
    Some(standing)
}

fn observe(app: &AppHost, trace: &Trace, exchange: &Exchange<'_>, is_known: bool) {
    for (check, outcome) in trace.iter() {
        if let Outcome::Observed(refusal) = outcome {
            app.counters.observed.increment(1);
            if is_known || strangers::may_write(Kind::WouldBeRefused, exchange.address.ip()) {
                tracing::info!(remote_ip = %exchange.address, app = %app.name, check = check.word(), reason = refusal.code(), request_id = %exchange.request_id, "would_be_refused");
            }
        }
    }
}
