//! The requirements of a request: the rules for its path in every reading, and the rules for each resource that it names
//! beside its path (WebDAV's `Destination` and similar fields), combined. If they cannot be combined, the request is refused.

use std::sync::Arc;

use http::{HeaderMap, Method, Response, StatusCode, Uri};

use crate::chain::policy::ambiguous::Ambiguous;
use crate::chain::policy::selection::Selected;
use crate::facts::methods::also_done_by;
use crate::facts::path::{PathError, RequestPath};
use crate::facts::second_targets::{self, SecondTarget, SecondTargetError, TargetUse};
use crate::facts::target::Target;
use crate::gateway::body::Body;
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome::note;
use crate::gateway::hosts::AppHost;
use crate::gateway::problem;
use crate::telemetry::strangers::Kind;

/// Why a request is refused before the chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::gateway) enum Unjudged {
    /// The path is one that is refused.
    #[error("the path is refused: {0}")]
    Path(#[from] PathError),
    /// Its readings cannot be judged together.
    #[error("the path cannot be evaluated: {0}")]
    Ambiguous(#[from] Ambiguous),
    /// The resource that it names beside its path cannot be determined.
    #[error("{0}")]
    Named(#[from] SecondTargetError),
    /// What it names beside its path is held until it is approved, which is another request's matter.
    #[error("the resource named beside the path is the transaction `{0}`, which only requests of its own path may start")]
    Transaction(Arc<str>),
    /// What it acts on is named in its body.
    #[error("{0} names its target in the body, where no rule can see it: it is refused for apps that have rules")]
    NamedInBody(Method),
}

impl Unjudged {
    /// The stable code.
    pub(in crate::gateway) const fn code(&self) -> &'static str {
        match self {
            Self::Path(error) => error.code(),
            Self::Ambiguous(error) => error.code(),
            Self::Named(error) => error.code(),
            Self::Transaction(_) => "destination_transaction",
            Self::NamedInBody(_) => "target_in_body",
        }
    }

    /// Whether nothing is wrong with the request but what it asks for.
    const fn is_forbidden(&self) -> bool {
        match self {
            Self::Transaction(_) | Self::NamedInBody(_) => true,
            Self::Ambiguous(Ambiguous::Below(_) | Ambiguous::DoneAs { .. }) => true,
            Self::Ambiguous(Ambiguous::Transactions { .. } | Ambiguous::TooMuch) | Self::Path(_) | Self::Named(_) => false,
        }
    }
}

/// What a request must meet.
pub(in crate::gateway) fn selected<'p>(
    app: &'p AppHost,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Result<Selected<'p>, Unjudged> {
    let (policy, target) = (&*app.policy, Target { method, path: RequestPath::parse(path)? });
    let mut selected = policy.select(&target)?;
    // Where one policy is all there is, it is met whatever else is named.
    let copies = second_targets::has_destination(method);
    if !policy.has_parts() && !copies {
        return Ok(selected);
    }
    if policy.has_parts() && second_targets::is_named_in_body(method) {
        return Err(Unjudged::NamedInBody(method.clone()));
    }
    let deep = policy.has_parts() && second_targets::is_deep(method, headers);
    if deep {
        for method in std::iter::once(method).chain(also_done_by(method)) {
            selected = policy.with_all_below(selected, &Target { method, path: target.path })?;
        }
    }
    if second_targets::are_none(headers) {
        return Ok(selected);
    }
    for named in second_targets::of(headers, &app.origin)? {
        // RFC 4918 §9.8.4, §9.9.3: what stands at the destination is deleted first, unless the client forbids it.
        let replaces = copies && second_targets::replaces(headers);
        selected = with(app, selected, method, &named, (deep, replaces))?;
    }
    Ok(selected)
}

/// What a request asked for, as long as what it opened is open: it is judged again by the rules of that moment.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct RequestedTargets {
    method: Method,
    uri: Uri,
    fields: HeaderMap,
}

impl RequestedTargets {
    /// Of a request; allocates nothing where it names nothing beside its path.
    pub(in crate::gateway) fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        Self { method: method.clone(), uri: uri.clone(), fields: second_targets::fields(headers) }
    }

    /// What it must meet now.
    pub(in crate::gateway) fn selected<'p>(&self, app: &'p AppHost) -> Result<Selected<'p>, Unjudged> {
        selected(app, &self.method, self.uri.path(), &self.fields)
    }
}

/// With all that a resource demands that is named beside the path: what is written there, is so as if by `PUT`, and what has to
/// give way to it as if by `DELETE`.
fn with<'p>(
    app: &'p AppHost,
    mut selected: Selected<'p>,
    method: &Method,
    named: &SecondTarget<'_>,
    (deep, replaces): (bool, bool),
) -> Result<Selected<'p>, Unjudged> {
    let path = named.path()?;
    let (done, writes): (&[Method], bool) = match named.usage {
        TargetUse::Write if replaces => (&[Method::PUT, Method::DELETE], true),
        TargetUse::Write => (&[Method::PUT], true),
        TargetUse::Read | TargetUse::Inspect => (&[Method::GET], false),
    };
    for method in std::iter::once(method).chain(done) {
        let target = Target { method, path };
        let there = app.policy.select_by_name(&target)?;
        // A transaction of the request itself holds its destination with it, which its digest covers.
        if let Some(held) = there.transaction().filter(|held| named.usage != TargetUse::Inspect && !selected.is_held_as(held)) {
            return Err(Unjudged::Transaction(Arc::clone(&held.name)));
        }
        selected = selected.and(&there)?;
        if deep && writes {
            selected = app.policy.with_all_below(selected, &target)?;
        }
    }
    Ok(selected)
}

impl Exchange<'_> {
    /// Refuses what cannot be judged, with what is wrong in words.
    pub(in crate::gateway) fn unjudged(&self, why: &Unjudged, status: Option<StatusCode>, headers: &HeaderMap) -> Response<Body> {
        let status = status.unwrap_or(if why.is_forbidden() { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST });
        if self.may_write(Kind::RequestNotJudged, headers) {
            tracing::info!(remote_ip = %self.address, reason = why.code(), error = %why, request_id = %self.request_id, "request_not_judged");
        }
        let mut problem = self.problem_for(status, why.code(), None);
        problem.detail = Some(why.to_string().into());
        let mut response = problem::answer(&problem, self.caller, headers, &*self.gateway.pages);
        note(&mut response, why.code());
        response
    }
}
