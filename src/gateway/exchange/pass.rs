//! A request that the chain let pass: forwarded with its permit, with the identity that the app is to know.

use crate::gateway::exchange::{Exchange, Passed, requirements};
use std::sync::Arc;

use http::header::{self, HeaderMap};
use http::{Request, Response, StatusCode, Version};

use crate::chain::{Named, Permit};
use crate::gateway::body::Body;

use crate::gateway::forward::{self, Passage};
use crate::gateway::hosts::AppHost;
use crate::gateway::upstream::pinned::ConnectionOwner;
use crate::identity::assertion::KnownByCertificate;
use crate::identity::client_cert::ClientCert;
use crate::identity::headers::UpstreamIdentity;
use crate::principal::certificate::Fingerprint;
use crate::session::sessions::Admitted;

impl<'a> Exchange<'a> {
    pub(super) async fn pass(
        &self,
        app: &'a Arc<AppHost>,
        permit: Permit,
        admitted: Option<Admitted>,
        request: Request<Body>,
        standing: Option<Arc<crate::principal::user::UserStanding>>,
    ) -> Response<Body> {
        let Some(destination) = &app.destination else {
            return self.problem(StatusCode::MISDIRECTED_REQUEST, "served_by_another_proxy", request.headers());
        };
        // Signed in or not: a browser's network and its certificate open doors to every page that it shows.
        if is_upgrade(&request) && !self.may_upgrade(app, request.headers()) {
            app.counters.refused.increment(1);
            return self.problem(StatusCode::FORBIDDEN, "websocket_origin", request.headers());
        }
        let identity = self.identity_for(app, admitted.as_ref(), permit.named());
        let certificate = self.client_cert(app, &permit);
        self.note_passed(admitted.as_ref(), standing, permit.named());
        let named = permit.named().cloned();
        // Watched before anything reaches the upstream: what ends in between ends this, too.
        let asks_for_stream =
            request.headers().get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
        let asked = requirements::RequestedTargets::of(request.method(), request.uri(), request.headers());
        let (ended, asked) = if asks_for_stream || is_upgrade(&request) {
            (Some(self.watch(app, asked, admitted.as_ref(), named.clone())), None)
        } else {
            (None, Some(asked))
        };
        // Only what an answer of ours needs to choose its language and its format.
        let chosen_by = [header::ACCEPT_LANGUAGE, header::CONTENT_TYPE, header::USER_AGENT];
        let chosen_by = chosen_by.map(|name| request.headers().get(&name).cloned().map(|value| (name, value)));
        let passage = Passage {
            address: self.address,
            request_id: &self.request_id,
            app: &app.name,
            owner: ConnectionOwner {
                pinned: self.connection.pinned.as_ref(),
                session: admitted.as_ref().map(|admitted| admitted.session.id()),
            },
            identity: &identity,
            certificate,
            ended,
            tasks: &self.gateway.tasks,
        };
        match forward::forward(permit, request, destination, passage).await {
            Ok(response) => {
                app.counters.passed.increment(1);
                // A stream that was not asked for as such ends with its session, too (T25).
                match asked {
                    Some(asked) => self.bound(app, asked, admitted.as_ref(), named, response),
                    None => response,
                }
            }
            Err(error) => {
                let headers = chosen_by.into_iter().flatten().collect();
                self.upstream_failed(app, &error, admitted.is_some(), &headers)
            }
        }
    }

    /// The identity that an app gets: the user of the session, or the holder that the demanded certificate names.
    pub(in crate::gateway) fn identity_for(
        &self,
        app: &AppHost,
        admitted: Option<&Admitted>,
        named: Option<&Named>,
    ) -> Arc<UpstreamIdentity> {
        match admitted {
            Some(admitted) if self.shows_what_it_was_made_with(admitted) => {
                self.gateway.core.assertions().identity_of(&admitted.session, &admitted.evidence, &app.name, &app.form)
            }
            Some(_) | None => self.identity_by_certificate(app, named),
        }
    }

    /// The identity of whom the demanded certificate names; an empty one where nobody is named.
    fn identity_by_certificate(&self, app: &AppHost, named: Option<&Named>) -> Arc<UpstreamIdentity> {
        let core = &self.gateway.core;
        let known = self.known_by_certificate(named, |who, certificate| {
            core.assertions().identity_by_certificate(who, certificate, (&app.name, &app.form))
        });
        known.unwrap_or_else(|| Arc::new(UpstreamIdentity::by_name(named.map(Named::as_str))))
    }

    /// Hands on who is named with the certificate that names them; `None` where nobody is, or the user is gone by now.
    pub(in crate::gateway) fn known_by_certificate<T>(
        &self,
        named: Option<&Named>,
        then: impl FnOnce(KnownByCertificate<'_>, Fingerprint) -> T,
    ) -> Option<T> {
        let certificate = self.connection.certificate.as_deref()?.fingerprint();
        match named? {
            Named::User(user) => {
                let user = self.gateway.core.users().find(user)?;
                Some(then(KnownByCertificate::User(&user), certificate))
            }
            Named::Machine(name) => Some(then(KnownByCertificate::Machine(name), certificate)),
        }
    }

    /// The certificate for an app that is to get it, where check 2 demanded and accepted it in this very request.
    pub(in crate::gateway) fn client_cert(&self, app: &AppHost, permit: &Permit) -> Option<ClientCert> {
        let trust = permit.certificate().filter(|_| app.names.client_cert)?;
        let leaf = self.connection.certificate.as_deref()?.chain().first()?;
        let standing = self.connection.standing.last();
        let issuers = standing.as_ref().filter(|_| app.names.client_cert_chain).map_or(&[][..], |kept| kept.issuers(trust));
        ClientCert::of(leaf, issuers)
    }

    /// Whether a cookie that was made with a certificate comes with it: with another or none it is worth nothing, on a path
    /// that demands no certificate either. Not so where the app demands none of its user any more.
    pub(in crate::gateway) fn shows_what_it_was_made_with(&self, admitted: &Admitted) -> bool {
        let Some(bound) = admitted.certificate else { return true };
        let standing = admitted.session.user().standing();
        self.connection.certificate.as_deref().is_some_and(|shown| shown.fingerprint() == bound)
            || self.app.is_some_and(|app| !app.policy.binds_certificate_of(&standing))
    }

    /// Remembers who passed, for the access log.
    pub(in crate::gateway) fn note_passed(
        &self,
        admitted: Option<&Admitted>,
        standing: Option<Arc<crate::principal::user::UserStanding>>,
        named: Option<&Named>,
    ) {
        let passed = match (standing, named) {
            (Some(standing), _) if admitted.is_some_and(|admitted| self.shows_what_it_was_made_with(admitted)) => {
                Passed::SignedIn(standing)
            }
            (_, Some(named)) => Passed::ByCertificate(named.clone()),
            _ => return,
        };
        let _only_once = self.passed.set(passed);
    }

    /// Whether the page that opens a socket is one that may (T25).
    pub(in crate::gateway) fn may_upgrade(&self, app: &AppHost, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            // Browsers always send it with a WebSocket; without it there is no page of another site behind the request.
            (None, _) => !headers.contains_key("sec-fetch-site"),
            (Some(origin), None) => {
                let origin = origin.as_bytes();
                *origin == *app.origin.as_bytes() || app.websocket_origins.iter().any(|allowed| allowed.as_bytes() == origin)
            }
            (Some(_), Some(_)) => false,
        }
    }
}

pub(in crate::gateway) fn is_upgrade(request: &Request<Body>) -> bool {
    request.headers().contains_key(header::UPGRADE) && request.version() == Version::HTTP_11
}
