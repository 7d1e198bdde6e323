//! The signed assertion: an ES256 JWT (RFC 7519) that states to one app who its user is, for a minute. Signed once for a
//! session and app, cached with the headers, signed again at half of its life: the hot path makes no signature.
//! Invariant: an assertion that a client sends is never read by anybody here (T10).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use http::HeaderValue;
use serde::Serialize;

use super::form::{IdentityForm, SentGroups, joined};
use super::headers::{UpstreamIdentity, value};
use super::keys::{BACKWARDS, SigningKeys};
use crate::account::user::Profile;
use crate::chain::Check;
use crate::chain::evidence::{Evidence, Gathered};
use crate::clock::{SharedClock, Timestamp};
use crate::principal::method::Method;
use crate::principal::user::{UserId, UserStanding};
use crate::random::base64url;
use crate::session::{Session, SessionId};

/// Users and apps that are remembered as told of.
const MOST_TOLD: usize = 10_000;

/// How long an assertion is good.
const LIFE: Duration = Duration::from_secs(60);

/// The type in the header (RFC 8725 §3.11): no other token of ours is taken for an assertion, and none for another token.
pub const TYPE: &str = "sekisho-assertion+jwt";

/// The claims (RFC 7519 §4.1, OpenID Connect Core §2 for `amr`, `acr` and `auth_time`).
#[derive(Debug, Serialize)]
struct AssertionClaims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    groups: &'a [&'a str],
    /// The user is in too many groups for `identity.groups_within`: `groups` says nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    groups_omitted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    amr: Vec<&'static str>,
    acr: &'static str,
    auth_time: i64,
    /// Names the session without being its cookie: a hash of its id.
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// The transaction that was approved by itself (RFC 8417 §2.2), and its approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    txn: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    approvals: &'a [&'a str],
}

struct CachedAssertion {
    identity: Arc<UpstreamIdentity>,
    standing: Arc<UserStanding>,
    profile: Arc<Profile>,
    evidence: Arc<Gathered>,
    form: Arc<IdentityForm>,
    until: Timestamp,
}

/// Signs assertions and caches them, by session and app.
pub struct Assertions {
    issuer: Box<str>,
    keys: Arc<SigningKeys>,
    clock: SharedClock,
    kept: DashMap<(SessionId, Arc<str>), CachedAssertion>,
    /// Whose groups were too many for which app, as far as it was logged.
    told: DashMap<(UserId, Arc<str>), ()>,
}

impl fmt::Debug for Assertions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Assertions({}, {} kept)", self.issuer, self.kept.len())
    }
}

impl Assertions {
    /// Issued in the name of the portal's address.
    pub fn new(issuer: &str, keys: Arc<SigningKeys>, clock: SharedClock) -> Self {
        Self { issuer: issuer.into(), keys, clock, kept: DashMap::new(), told: DashMap::new() }
    }

    /// What `app` gets of the session's user now, by a cookie that stands for this evidence: from memory for half a
    /// minute, unless the user changed.
    pub fn identity_of(
        &self,
        session: &Session,
        evidence: &Arc<Gathered>,
        app: &Arc<str>,
        form: &Arc<IdentityForm>,
    ) -> Arc<UpstreamIdentity> {
        let now = self.clock.now();
        let (standing, profile) = (session.user().standing(), session.user().profile());
        let key = (session.id(), Arc::clone(app));
        if let Some(kept) = self.kept.get(&key)
            && now < kept.until
            // Signed by a clock that was set back since: for that, `SigningKeys` decides (T49).
            && kept.until <= now.plus(LIFE / 2 + BACKWARDS)
            && Arc::ptr_eq(&kept.standing, &standing)
            && Arc::ptr_eq(&kept.profile, &profile)
            && Arc::ptr_eq(&kept.evidence, evidence)
            // Of another config after a reload.
            && Arc::ptr_eq(&kept.form, form)
        {
            return Arc::clone(&kept.identity);
        }
        let groups = form.groups(standing.groups.iter().map(|group| group.as_str()));
        if let SentGroups::LeftOut(count, bytes) = groups {
            self.tell(&standing.user, app, count, bytes);
        }
        let assertion = self.sign(session, evidence, app, (&standing, &profile, &groups), now, (None, &[]));
        let identity = Arc::new(UpstreamIdentity { assertion, ..of_user(&standing, &profile, &groups, form) });
        let kept = CachedAssertion {
            identity: Arc::clone(&identity),
            standing: Arc::clone(&standing),
            profile: Arc::clone(&profile),
            evidence: Arc::clone(evidence),
            form: Arc::clone(form),
            until: now.plus(LIFE / 2),
        };
        self.kept.insert(key, kept);
        identity
    }

    /// What `app` is sent with a request that was approved by itself: signed for this one request, and not cached.
    pub fn identity_for_transaction(
        &self,
        session: &Session,
        evidence: &Arc<Gathered>,
        (app, form): (&Arc<str>, &Arc<IdentityForm>),
        id: &str,
        approvals: &[&str],
    ) -> UpstreamIdentity {
        let (standing, profile) = (session.user().standing(), session.user().profile());
        let groups = form.groups(standing.groups.iter().map(|group| group.as_str()));
        let (known, told) = ((&**standing, &**profile, &groups), (Some(id), approvals));
        let assertion = self.sign(session, evidence, app, known, self.clock.now(), told);
        UpstreamIdentity { assertion, ..(*self.identity_of(session, evidence, app, form)).clone() }
    }

    /// Forgets what is too old to be sent again; called every half minute.
    pub fn sweep(&self) {
        let now = self.clock.now();
        self.kept.retain(|_, kept| now < kept.until);
    }

    /// Writes once for a user and app that an app is sent no groups.
    fn tell(&self, user: &UserId, app: &Arc<str>, groups: usize, bytes: usize) {
        if self.told.len() >= MOST_TOLD {
            self.told.clear();
        }
        if self.told.insert((user.clone(), Arc::clone(app)), ()).is_none() {
            tracing::warn!(%user, app = &**app, groups, bytes, "groups_left_out");
        }
    }

    fn sign(
        &self,
        session: &Session,
        evidence: &Gathered,
        app: &str,
        (standing, profile, groups): (&UserStanding, &Profile, &SentGroups<'_>),
        now: Timestamp,
        (txn, approvals): (Option<&str>, &[&str]),
    ) -> Option<HeaderValue> {
        let amr: Vec<&'static str> =
            evidence.iter().map(Evidence::method).filter(|method| *method != Method::Grace).map(reference).collect();
        let second = evidence.proved(Check::Otp).is_some();
        let claims = AssertionClaims {
            iss: &self.issuer,
            aud: app,
            sub: standing.user.as_str(),
            groups: match groups {
                SentGroups::Whole(groups) => groups,
                SentGroups::LeftOut(..) => &[],
            },
            groups_omitted: matches!(groups, SentGroups::LeftOut(..)),
            email: profile.email.as_deref(),
            name: profile.display_name.as_deref(),
            amr,
            acr: if second { "urn:sekisho:two-factor" } else { "urn:sekisho:one-factor" },
            auth_time: evidence.of(Check::PrimaryFactor).map_or(session.created(), |piece| piece.at()).seconds(),
            sid: base64url(crate::seal::TokenHash::of(session.id().text().as_bytes()).as_bytes()),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(LIFE).seconds(),
            txn,
            approvals,
        };
        self.keys.sign(TYPE, &claims).and_then(|token| HeaderValue::try_from(token).ok())
    }
}

/// The header fields of a user in the form that an app gets them in, without an assertion.
fn of_user(standing: &UserStanding, profile: &Profile, groups: &SentGroups<'_>, form: &IdentityForm) -> UpstreamIdentity {
    UpstreamIdentity {
        user: Some(value(standing.user.as_str())),
        groups: match groups {
            SentGroups::Whole(groups) => joined(groups),
            SentGroups::LeftOut(..) => None,
        },
        email: profile.email.as_deref().map(value),
        name: profile.display_name.as_deref().map(|name| form.name(name)),
        assertion: None,
    }
}

/// Authentication method references (RFC 8176 where it has a word for it).
const fn reference(method: Method) -> &'static str {
    match method {
        Method::Password | Method::AdPassword => "pwd",
        Method::Totp | Method::RecoveryCode | Method::Matrix | Method::TokenMatrix => "otp",
        Method::Passkey => "hwk",
        Method::Push => "swk",
        Method::Kerberos => "wia",
        Method::Idp => "fed",
        Method::BrowserByNumber | Method::BrowserByAdmin | Method::BrowserByOtp | Method::BrowserByLink => "browser",
        Method::Grace => "none",
    }
}
