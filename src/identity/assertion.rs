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
use crate::account::user::{Profile, User};
use crate::chain::Check;
use crate::chain::evidence::{Evidence, Gathered};
use crate::clock::{SharedClock, Timestamp};
use crate::principal::certificate::Fingerprint;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    /// Names the session without being its cookie: a hash of its id. A certificate alone has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// The transaction that was approved by itself (RFC 8417 §2.2), and its approvals.
    #[serde(skip_serializing_if = "Option::is_none")]
    txn: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    approvals: &'a [&'a str],
}

/// Who is known by a client certificate alone, which check 2 demanded and accepted for the very request.
#[derive(Clone, Copy, Debug)]
pub enum KnownByCertificate<'a> {
    /// A user.
    User(&'a User),
    /// A machine, of which nothing is known but its name.
    Machine(&'a str),
}

/// What is cached for a certificate and app.
struct CertificateAssertion {
    identity: Arc<UpstreamIdentity>,
    /// The user as they were then; `None` for a machine.
    user: Option<(Arc<UserStanding>, Arc<Profile>)>,
    form: Arc<IdentityForm>,
    until: Timestamp,
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
    of_certificates: DashMap<(Fingerprint, Arc<str>), CertificateAssertion>,
}

impl fmt::Debug for Assertions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Assertions({}, {} kept)", self.issuer, self.kept.len())
    }
}

impl Assertions {
    /// Issued in the name of the portal's address.
    pub fn new(issuer: &str, keys: Arc<SigningKeys>, clock: SharedClock) -> Self {
        let (kept, of_certificates, told) = (DashMap::new(), DashMap::new(), DashMap::new());
        Self { issuer: issuer.into(), keys, clock, kept, of_certificates, told }
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

    /// What `app` gets of who is known by a certificate alone: of a user all that it would get after a sign-in, with an
    /// assertion that says by what they are known; of a machine its name. From memory as [`Self::identity_of`].
    pub fn identity_by_certificate(
        &self,
        who: KnownByCertificate<'_>,
        certificate: Fingerprint,
        (app, form): (&Arc<str>, &Arc<IdentityForm>),
    ) -> Arc<UpstreamIdentity> {
        let now = self.clock.now();
        let key = (certificate, Arc::clone(app));
        let user = match who {
            KnownByCertificate::User(user) => Some((Arc::clone(&user.standing()), Arc::clone(&user.profile()))),
            KnownByCertificate::Machine(_) => None,
        };
        if let Some(kept) = self.of_certificates.get(&key)
            && now < kept.until
            && kept.until <= now.plus(LIFE / 2 + BACKWARDS)
            && kept.is_of(who, user.as_ref())
            && Arc::ptr_eq(&kept.form, form)
        {
            return Arc::clone(&kept.identity);
        }
        let assertion = self.sign_by_certificate(who, (app, form), now, (None, &[]));
        let headers = match (who, &user) {
            (KnownByCertificate::Machine(name), _) => UpstreamIdentity::by_name(Some(name)),
            (KnownByCertificate::User(_), Some((standing, profile))) => {
                let groups = form.groups(standing.groups.iter().map(|group| group.as_str()));
                if let SentGroups::LeftOut(count, bytes) = groups {
                    self.tell(&standing.user, app, count, bytes);
                }
                of_user(standing, profile, &groups, form)
            }
            (KnownByCertificate::User(user), None) => UpstreamIdentity::by_name(Some(user.id().as_str())),
        };
        let identity = Arc::new(UpstreamIdentity { assertion, ..headers });
        let kept =
            CertificateAssertion { identity: Arc::clone(&identity), user, form: Arc::clone(form), until: now.plus(LIFE / 2) };
        self.of_certificates.insert(key, kept);
        identity
    }

    /// The same with a request that was approved by itself: signed for this one request, and not cached.
    pub fn identity_by_certificate_for_transaction(
        &self,
        who: KnownByCertificate<'_>,
        certificate: Fingerprint,
        to: (&Arc<str>, &Arc<IdentityForm>),
        (id, approvals): (&str, &[&str]),
    ) -> UpstreamIdentity {
        let assertion = self.sign_by_certificate(who, to, self.clock.now(), (Some(id), approvals));
        UpstreamIdentity { assertion, ..(*self.identity_by_certificate(who, certificate, to)).clone() }
    }

    /// Forgets what is too old to be sent again; called every half minute.
    pub fn sweep(&self) {
        let now = self.clock.now();
        self.kept.retain(|_, kept| now < kept.until);
        self.of_certificates.retain(|_, kept| now < kept.until);
    }

    fn sign_by_certificate(
        &self,
        who: KnownByCertificate<'_>,
        (app, form): (&Arc<str>, &Arc<IdentityForm>),
        now: Timestamp,
        (txn, approvals): (Option<&str>, &[&str]),
    ) -> Option<HeaderValue> {
        let user = match who {
            KnownByCertificate::User(user) => Some((Arc::clone(&user.standing()), Arc::clone(&user.profile()))),
            KnownByCertificate::Machine(_) => None,
        };
        let (standing, profile) = user.as_ref().map_or((None, None), |(standing, profile)| (Some(standing), Some(profile)));
        let all = standing.into_iter().flat_map(|standing| standing.groups.iter().map(|group| group.as_str()));
        let groups = form.groups(all);
        let claims = AssertionClaims {
            iss: &self.issuer,
            aud: app,
            sub: match who {
                KnownByCertificate::User(user) => user.id().as_str(),
                KnownByCertificate::Machine(name) => name,
            },
            groups: match &groups {
                SentGroups::Whole(groups) => groups,
                SentGroups::LeftOut(..) => &[],
            },
            groups_omitted: matches!(groups, SentGroups::LeftOut(..)),
            email: profile.and_then(|profile| profile.email.as_deref()),
            name: profile.and_then(|profile| profile.display_name.as_deref()),
            // Possession of a key was shown (RFC 8176); where it is kept nobody knows, nor when it was last unlocked.
            amr: vec!["pop"],
            acr: if standing.is_some() { "urn:sekisho:certificate" } else { "urn:sekisho:machine" },
            auth_time: None,
            sid: None,
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(LIFE).seconds(),
            txn,
            approvals,
        };
        self.keys.sign(TYPE, &claims).and_then(|token| HeaderValue::try_from(token).ok())
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
            auth_time: Some(evidence.of(Check::PrimaryFactor).map_or(session.created(), |piece| piece.at()).seconds()),
            sid: Some(base64url(crate::seal::TokenHash::of(session.id().text().as_bytes()).as_bytes())),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(LIFE).seconds(),
            txn,
            approvals,
        };
        self.keys.sign(TYPE, &claims).and_then(|token| HeaderValue::try_from(token).ok())
    }
}

impl CertificateAssertion {
    /// Whether it still says all of who is meant: a user may have changed, a certificate may be another's by the register.
    fn is_of(&self, who: KnownByCertificate<'_>, user: Option<&(Arc<UserStanding>, Arc<Profile>)>) -> bool {
        match (who, &self.user, user) {
            (KnownByCertificate::Machine(name), None, None) => self.identity.user.as_ref() == Some(&value(name)),
            (KnownByCertificate::User(_), Some((standing, profile)), Some((standing_now, profile_now))) => {
                Arc::ptr_eq(standing, standing_now) && Arc::ptr_eq(profile, profile_now)
            }
            _ => false,
        }
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
