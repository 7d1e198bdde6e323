//! Who may see a page: what the chain says of a session now, and whether its sign-in is fresh enough to change something.
//! Invariant: a page that needs a session gets it from here alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::chain::papers::Papers;
use crate::chain::policy::Policy;
use crate::chain::{self, Permit, Verdict};
use crate::portal::kit::form::Form;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::signed_in_sample;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::self_service::SelfServiceContext;
use crate::session::{Fresh, Session};
use crate::store::database::DatabaseError;

/// Where a visit comes from, as the acts take it.
pub(in crate::portal) fn circumstances(visit: &Visit) -> SelfServiceContext<'_> {
    SelfServiceContext { address: visit.arrival.address, request_id: &visit.arrival.request_id }
}

/// A visit by a session that the portal's policy lets pass now; a request without one is sent to the sign-in that earns it.
pub(in crate::portal) struct SignedIn {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) session: Arc<Session>,
}

impl FromRequest<PortalState> for SignedIn {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let visit = Visit::from_request(request, state).await?;
        let policies = visit.core.policies();
        let (session, _permit) = permitted(&visit, policies.portal(), page_of(&visit))?;
        Ok(Self { visit, session })
    }
}

/// A visit after a fresh sign-in; a request without one gets the page that leads to it.
pub(in crate::portal) struct FreshVisit {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) fresh: Fresh,
}

impl FromRequest<PortalState> for FreshVisit {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let visit = Visit::from_request(request, state).await?;
        let fresh = fresh(&visit, page_of(&visit)).await?;
        Ok(Self { visit, fresh })
    }
}

/// A posted form after a fresh sign-in: what changes an account. The form is judged first, the sign-in then.
pub(in crate::portal) struct FreshForm<T> {
    pub(in crate::portal) visit: Visit,
    pub(in crate::portal) fresh: Fresh,
    pub(in crate::portal) fields: T,
}

impl<T: DeserializeOwned + Send> FromRequest<PortalState> for FreshForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &PortalState) -> Result<Self, Response> {
        let Form { visit, fields } = Form::from_request(request, state).await?;
        let fresh = fresh(&visit, page_of(&visit)).await?;
        Ok(Self { visit, fresh, fields })
    }
}

/// The page that a sign-in comes back to.
fn page_of(visit: &Visit) -> &'static str {
    paths::page_of(visit.parts.uri.path())
}

/// A fresh sign-in, or the page that leads to one and comes back to `path`.
pub(in crate::portal) async fn fresh(visit: &Visit, path: &str) -> Result<Fresh, Response> {
    let policies = visit.core.policies();
    fresh_by(visit, policies.portal(), path).await
}

/// The same by the policy of the page.
pub(in crate::portal) async fn fresh_by(visit: &Visit, policy: &Policy, path: &str) -> Result<Fresh, Response> {
    let (session, _permit) = permitted(visit, policy, path)?;
    let fresh = refreshed(visit, &session, policy).await.map_err(|error| visit.failed(&error))?;
    fresh.ok_or_else(|| {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", path).finish();
        let sign_in = format!("{}?{query}", paths::SIGN_IN);
        let minutes = visit.core.config().file.session.fresh.0.as_secs().div_ceil(60);
        visit.page(StatusCode::FORBIDDEN, &FreshPage { frame: visit.frame(), minutes, sign_in }, &[])
    })
}

/// What the chain says of a session at a policy of the portal: the permit, or the way to earn it.
pub(in crate::portal) fn permitted(visit: &Visit, policy: &Policy, path: &str) -> Result<(Arc<Session>, Permit), Response> {
    let Some(session) = visit.session.clone() else { return Err(first_sign_in(visit, path)) };
    match judged(visit, &session, policy) {
        Verdict::Pass(permit) => Ok((session, permit)),
        Verdict::Ask(_turn) => Err(first_sign_in(visit, path)),
        Verdict::Refuse(refusal) => Err(visit.error(StatusCode::FORBIDDEN, refusal.code())),
        // No page of ours is a transaction.
        Verdict::Hold(_) => Err(visit.error(StatusCode::FORBIDDEN, "transaction")),
    }
}

/// What the chain says of a session at a policy of the portal. [`Visit::read`] let it pass only with the certificate that it
/// was made with.
pub(in crate::portal) fn judged(visit: &Visit, session: &Session, policy: &Policy) -> Verdict {
    let core = &visit.core;
    let standing = session.user().standing();
    let now = core.clock().now();
    let evidence = session.evidence();
    let certificate = visit.arrival.certificate.as_deref().map(|shown| (shown, core.certificates().standing(shown, now)));
    let lists = core.networks().lists();
    let papers = Papers {
        address: visit.arrival.address,
        lists: &lists,
        certificate: certificate.as_ref().map(|(shown, standing)| (*shown, standing)),
        holder: None,
        bound_certificate: None,
        user: Some(&standing),
        evidence: &evidence,
        bound_browser: core.is_browser_bound(&evidence),
        now,
    };
    chain::examine(policy, &papers).verdict
}

/// The proof that a session was signed in to a short while ago; `None` if it was not, or not with everything that is asked for
/// then. The sign-in towards such a page examines the same policy, so that a sign-in that passes there is accepted here.
pub(in crate::portal) async fn refreshed(
    visit: &Visit,
    session: &Arc<Session>,
    policy: &Policy,
) -> Result<Option<Fresh>, DatabaseError> {
    let core = &visit.core;
    let asked = core.afresh(policy, session.user()).await?;
    let Verdict::Pass(permit) = judged(visit, session, &asked.policy) else { return Ok(None) };
    let within = core.config().file.session.fresh.0;
    Ok(Fresh::of(&permit, session, asked.second, within, core.clock().now()).ok())
}

/// Where a page that needs a sign-in sends those without.
pub(in crate::portal) fn first_sign_in(visit: &Visit, path: &str) -> Response {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("for", path).finish();
    visit.see_other(&format!("{}?{query}", paths::SIGN_IN))
}

/// What was asked for needs a sign-in fresher than the session's.
#[derive(Debug, Template)]
#[template(path = "kit/fresh.html")]
pub struct FreshPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// How fresh, in minutes.
    pub minutes: u64,
    /// Where the fresh sign-in begins; it comes back to what was asked for.
    pub sign_in: String,
}

impl PortalPage for FreshPage {
    const NAME: &'static str = "account-fresh";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: signed_in_sample(frame), minutes: 10, sign_in: "/sign-in?for=8mL2xQ".to_owned() }]
    }
}
