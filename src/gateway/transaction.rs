//! Requests that are held until they are approved: the body is buffered, shown to the approvers, and forwarded
//! exactly once, when the client fetches the result and the chain still passes it. A person waits at the portal; a program gets
//! `202` with where to look, or waits with `Prefer: wait=N` (RFC 7240).
//! Invariant: a held request is forwarded with a `Permit` that was made from its own approval, and with nothing else.

mod collecting;
mod taking;
mod waiting;

use std::sync::Arc;

use http::{HeaderMap, Request, Response, StatusCode, header};

pub(super) use self::waiting::PREFIX;
use super::body::Body;
use super::forward;
use super::hosts::AppHost;
use crate::approval::question::Details;
use crate::chain::policy::transaction::Transaction;
use crate::chain::{Hold, Named, Verdict};
use crate::facts::path::RequestPath;
use crate::facts::request_digest::{DigestedHead, RequestDigest};
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::exchange::pass::is_upgrade;
use crate::gateway::exchange::requirements;
use crate::gateway::problem;
use crate::session::sessions::Admitted;
use crate::telemetry::strangers::Kind;
use crate::transaction::fields::{self, Source, Unreadable};
use crate::transaction::spool::SpoolError;
use crate::transaction::{Held, HeldError, HeldRequest, HoldOutcome, NewTransaction, Owner, TransactionId};

impl<'a> Exchange<'a> {
    /// A request that passed all six checks and is a transaction.
    pub(super) async fn hold(
        &self,
        app: &'a Arc<AppHost>,
        hold: Hold,
        admitted: Option<Admitted>,
        request: Request<Body>,
    ) -> Response<Body> {
        let refused = |status, code| self.problem(status, code, request.headers());
        if is_upgrade(&request) {
            return refused(StatusCode::FORBIDDEN, "transaction_upgrade");
        }
        if app.destination.is_none() {
            return refused(StatusCode::MISDIRECTED_REQUEST, "served_by_another_proxy");
        }
        let Some(owner) = self.owner(admitted.as_ref(), hold.named()) else {
            return refused(StatusCode::FORBIDDEN, "transaction_without_user");
        };
        let core = &self.gateway.core;
        let (rule, user) = (Arc::clone(hold.transaction()), hold.user().cloned());
        // Where a browser would be named, a machine is called what its certificate calls it.
        let agent = match &admitted {
            Some(admitted) => admitted.session.agent().to_owned(),
            None => format!("{} (client certificate)", hold.named().map_or("–", Named::as_str)),
        };
        // Where the cover does not hold after all, it is held as any other: what was judged says nothing else.
        if core.transaction_engine().is_covered(owner, &rule)
            && let Some((permit, of)) = core.transaction_engine().covered(owner, hold)
        {
            let identity = self.identity_with_transaction(app, admitted.as_ref(), &permit, &of, &[]);
            let named = permit.named().cloned();
            let asked = requirements::RequestedTargets::of(request.method(), request.uri(), request.headers());
            return match self.forwarded(app, permit, request, &identity).await {
                Ok(response) => self.bound(app, asked, admitted.as_ref(), named, response),
                Err(response) => response,
            };
        }
        let (mut parts, body) = request.into_parts();
        // What goes no further is not shown, and not signed.
        forward::strip_named_by_connection(&mut parts.headers);
        // By the user, whatever the session: four sign-ins of one fill no more than one.
        let whose = match (&user, owner) {
            (Some(user), _) => format!("user {user}"),
            (None, Owner::Machine(fingerprint)) => format!("machine {}", fingerprint.text()),
            (None, Owner::Session(session)) => format!("session {}", session.text()),
        };
        let expects = parts.headers.contains_key(header::EXPECT);
        let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let shown = fields::shown_headers(&rule);
        let head = DigestedHead {
            app: &rule.app,
            transaction: &rule.name,
            method: parts.method.as_str(),
            authority: &self.authority,
            target,
            headers: &parts.headers,
            shown: &shown,
        };
        let (body, hash) = match self.take_in(&whose, body, expects).await {
            Ok((body, hash)) => (Arc::new(body), hash),
            Err(why) => {
                // Too much of this user's is held, and it may be this very request, sent once more.
                let HeldError::Spool(SpoolError::OwnFull(length, hash)) = &why else {
                    return self.not_taken(&why, &parts.headers);
                };
                let Some(same) = core.transactions().same(owner, RequestDigest::of(&head, *length, hash)) else {
                    return self.not_taken(&why, &parts.headers);
                };
                return self.held(app, Ok(same), &parts.headers).await;
            }
        };
        let path = match RequestPath::parse(parts.uri.path()) {
            Ok(path) => path,
            Err(error) => return self.unjudged(&error.into(), None, &parts.headers),
        };
        let source = Source { path, query: parts.uri.query().unwrap_or_default(), headers: &parts.headers, body: &body };
        let fields = match fields::read(&rule, &source).await {
            Ok(fields) => fields,
            Err(why) => return self.unreadable(&why, &rule, &parts.headers),
        };
        let digest = RequestDigest::of(&head, body.len(), &hash);
        let details = Details {
            name: rule.name.to_string(),
            title: rule.title.clone(),
            sentence: rule.sentence.clone(),
            requester: None,
            fields,
            request: Some(digest),
        };
        let present = parts.headers.clone();
        let new = NewTransaction {
            rule,
            owner,
            user,
            digest,
            details,
            address: self.address,
            agent,
            authority: self.authority.clone(),
            request: HeldRequest { method: parts.method, uri: parts.uri, headers: parts.headers, body },
        };
        // On a task of its own: a client that leaves now must not leave it between two states.
        let holding = {
            let (core, request_id) = (Arc::clone(core), self.request_id.clone());
            let snapshot = Arc::clone(&self.snapshot.core);
            self.gateway.tasks.spawn(async move { core.transaction_engine_under(&snapshot).hold(new, &request_id).await })
        };
        match holding.await {
            Ok(held) => self.held(app, held, &present).await,
            Err(error) => self.failed(&error, &present),
        }
    }

    /// What becomes of a request that was taken, or was not.
    async fn held(&self, app: &'a Arc<AppHost>, taken: Result<HoldOutcome, HeldError>, present: &HeaderMap) -> Response<Body> {
        match taken {
            Ok(HoldOutcome::New(held) | HoldOutcome::Joined(held)) => self.wait(app, &held, present).await,
            Ok(HoldOutcome::DoneBefore(_)) => self.problem(StatusCode::CONFLICT, "transaction_done_before", present),
            Err(error) => self.not_held(&error, present),
        }
    }

    /// Whose a request is: a session's, or of whom the certificate names that the chain asked for.
    fn owner(&self, admitted: Option<&Admitted>, named: Option<&Named>) -> Option<Owner> {
        if let Some(admitted) = admitted {
            return Some(Owner::Session(admitted.session.id()));
        }
        named?;
        self.connection.certificate.as_deref().map(|certificate| Owner::Machine(certificate.fingerprint()))
    }

    /// A held request of this client. A certificate opens one only as long as the chain would hold it again: what is
    /// switched off, ended or revoked since shows nothing and withdraws nothing.
    fn own_transaction(&self, app: &AppHost, id: &TransactionId, admitted: Option<&Admitted>) -> Option<Arc<Held>> {
        let transactions = &self.gateway.core.transactions();
        if let Some(admitted) = admitted {
            return transactions.find(id, Owner::Session(admitted.session.id()));
        }
        let shown = self.connection.certificate.as_deref()?.fingerprint();
        let held = transactions.find(id, Owner::Machine(shown))?;
        match self.judge(app, collecting::asked_of(app, &held).ok()?, None).verdict {
            Verdict::Hold(hold) => hold.named().map(|_| held),
            Verdict::Pass(_) | Verdict::Ask(_) | Verdict::Refuse(_) => None,
        }
    }

    fn unreadable(&self, why: &Unreadable, rule: &Transaction, headers: &HeaderMap) -> Response<Body> {
        if self.may_write(Kind::TransactionUnreadable, headers) {
            tracing::info!(remote_ip = %self.address, app = %rule.app, transaction = %rule.name, reason = why.code(), error = %why, request_id = %self.request_id, "transaction_unreadable");
        }
        let status = match why {
            Unreadable::Spool(_) => StatusCode::SERVICE_UNAVAILABLE,
            Unreadable::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Unreadable::AnotherType(_) | Unreadable::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut problem = self.problem_for(status, why.code(), None);
        problem.detail = Some(why.to_string().into());
        let mut response = problem::answer(&problem, self.caller, headers, &*self.gateway.pages);
        note(&mut response, why.code());
        response
    }

    /// Writes down that a request could not be held because of the gateway's own state or disk.
    fn log_not_held(&self, error: &HeldError, headers: &HeaderMap) {
        if is_own_fault(error) && self.may_write(Kind::StateUnavailable, headers) {
            tracing::error!(%error, request_id = %self.request_id, "transaction_not_held");
        }
    }

    fn not_held(&self, error: &HeldError, headers: &HeaderMap) -> Response<Body> {
        self.log_not_held(error, headers);
        let mut problem = self.problem_for(status_of(error), error.code(), None);
        problem.detail = Some(error.to_string().into());
        let mut response = problem::answer(&problem, self.caller, headers, &*self.gateway.pages);
        note(&mut response, error.code());
        response
    }

    fn failed(&self, error: &dyn std::fmt::Display, headers: &HeaderMap) -> Response<Body> {
        if self.may_write(Kind::StateUnavailable, headers) {
            tracing::error!(%error, request_id = %self.request_id, "transaction_failed");
        }
        self.problem(StatusCode::SERVICE_UNAVAILABLE, "state_unavailable", headers)
    }
}

/// The status of the answer to a request that is not held or not forwarded.
const fn status_of(error: &HeldError) -> StatusCode {
    match error {
        HeldError::Spool(SpoolError::TooLong(_)) => StatusCode::PAYLOAD_TOO_LARGE,
        HeldError::Spool(SpoolError::OwnFull(..)) | HeldError::TooMany => StatusCode::TOO_MANY_REQUESTS,
        HeldError::Spool(SpoolError::Full | SpoolError::Disk(_) | SpoolError::Damaged)
        | HeldError::Database(_)
        | HeldError::Approval(_)
        | HeldError::Shared(_) => StatusCode::SERVICE_UNAVAILABLE,
        HeldError::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
        HeldError::BodyMalformed => StatusCode::BAD_REQUEST,
        HeldError::NobodyToAsk(_)
        | HeldError::NoPassword
        | HeldError::NoAuthenticator
        | HeldError::NoUser
        | HeldError::NotNow(_)
        | HeldError::Unreleased(_) => StatusCode::FORBIDDEN,
    }
}

/// Whether the gateway's own state or disk failed, which operators must see.
const fn is_own_fault(error: &HeldError) -> bool {
    matches!(
        error,
        HeldError::Spool(SpoolError::Disk(_) | SpoolError::Damaged)
            | HeldError::Database(_)
            | HeldError::Approval(_)
            | HeldError::Shared(_)
    )
}
