//! Puts the papers of a connection and a session before the chain: for a request, and again for a stream that is open.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::chain::evidence::Gathered;
use crate::chain::papers::Papers;
use crate::chain::policy::selection::Selected;
use crate::chain::refusal::Refusal;
use crate::chain::trace::{Outcome, Trace};
use crate::chain::{self, Check, Verdict};
use crate::facts::client_address::ClientAddress;
use crate::gateway::accept::facts::ConnectionFacts;
use crate::gateway::exchange::{Exchange, Gateway};
use crate::gateway::hosts::AppHost;
use crate::principal::certificate::{self, Fingerprint};
use crate::session::sessions::Admitted;
use crate::telemetry::strangers::{self, Kind};

impl Exchange<'_> {
    /// Asks the chain.
    pub(in crate::gateway) fn judge(&self, app: &AppHost, asked: Selected<'_>, admitted: Option<&Admitted>) -> Judged {
        let judged = judge(self.gateway, self.connection, self.address, app, asked, admitted);
        observe(app, &judged.trace, self, admitted.is_some());
        self.note_certificate(app, &judged);
        judged
    }

    /// The certificate that a session is to be bound to: it began before one was demanded of its user, and shows a good one.
    pub(super) fn binds_from_now_on(&self, app: &AppHost, admitted: &Admitted, judged: &Judged) -> Option<Fingerprint> {
        let shown = self.connection.certificate.as_deref().filter(|_| admitted.certificate.is_none())?;
        let is_good = judged.trace.of(Check::ClientCertificate) == Outcome::Ok;
        let binds = is_good && app.policy.requires_certificate_of(&admitted.session.user().standing());
        binds.then(|| shown.fingerprint())
    }

    /// Notes for whom check 2 ended how: once a connection, again at another app or when it ends otherwise, and every few minutes
    ///
    fn note_certificate(&self, app: &AppHost, judged: &Judged) {
        let outcome = judged.trace.of(Check::ClientCertificate);
        if matches!(outcome, Outcome::NotApplicable | Outcome::NotEvaluated) {
            return;
        }
        let by_certificate = self.connection.standing.last();
        let signed_in = judged.standing.as_deref().map(|standing| &standing.user);
        let Some(user) = signed_in.or_else(|| by_certificate.as_ref().and_then(|kept| kept.user())) else { return };
        let core = &self.gateway.core;
        let mut hasher = DefaultHasher::new();
        let reason = outcome.refusal().map(Refusal::code);
        (user.as_str(), &*app.name, outcome.word(), reason, core.clock().now().seconds() / NOTED_EVERY).hash(&mut hasher);
        let noted = hasher.finish();
        if self.connection.noted_result.load(Ordering::Relaxed) == noted {
            return;
        }
        self.connection.noted_result.store(noted, Ordering::Relaxed);
        let presented = self.connection.certificate.as_deref().zip(by_certificate.as_deref());
        core.note_certificate_result(user, presented, outcome, (&app.name, self.address));
    }
}

/// How often the same result of a connection is noted again, seconds.
const NOTED_EVERY: i64 = 300;

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
    let lists = gateway.core.networks().lists();
    let papers = Papers {
        address,
        lists: &lists,
        certificate: connection.certificate.as_deref().zip(certificate_standing.as_deref()),
        holder: holder.as_ref().map(|standing| &***standing),
        bound_certificate: admitted.filter(|_| app.asks_for_certificate).and_then(|admitted| admitted.certificate),
        user: standing.as_ref().map(|standing| &***standing),
        evidence: admitted.map_or(&none, |admitted| &admitted.evidence),
        bound_browser: admitted.is_some_and(|admitted| gateway.core.is_browser_bound(&admitted.evidence)),
        now,
    };
    let examination = chain::examine(asked, &papers);
    let user = standing.map(|standing| Arc::clone(&standing));
    Judged { verdict: examination.verdict, trace: examination.trace, standing: user }
}

/// How this connection's certificate stands: worked out once, and again after the register or the config changed, or when the lists
/// behind it are out of date, since others may speak by then.
pub(in crate::gateway) fn certificate_standing(
    gateway: &Gateway,
    connection: &ConnectionFacts,
    address: ClientAddress,
    now: crate::clock::Timestamp,
) -> Option<Arc<certificate::CertificateStanding>> {
    let presented = connection.certificate.as_deref()?;
    let certificates = &gateway.core.certificates();
    let changed = certificates.generation();
    if let Some(kept) = connection.standing.current(changed, now) {
        return Some(kept);
    }
    let standing = Arc::new(certificates.standing(presented, now));
    connection.standing.keep(changed, Arc::clone(&standing));
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
