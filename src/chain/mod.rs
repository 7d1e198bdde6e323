//! The chain: six checks in one fixed order, judged by one pure function. The checks look at the [`Papers`] of a request
//! (its parsed facts and what was proved before) one after the other, and the first that does not pass decides.
//!
//! [`examine`] is called on every request, before every sign-in step, by `explain` and by forward-auth: one function,
//! so that the order is the same everywhere (R-027…R-035). Its verdicts are capabilities: with a [`Permit`] a request may be
//! forwarded, with a [`Turn`] one factor may be verified; neither can be made outside this file.
//!
//! # A worked example
//! The app `wiki` demands an office address (`10.0.0.0/8`), a client certificate of the company, a password of a member of
//! `staff`, a registered browser, and a one-time password that is at most an hour old. Check 3 is off. Alice is a member of
//! `staff`, Bob is not. `ok` and `fail` are what a check says, `n/a` is a check that is not demanded, and `·` one that was not
//! evaluated because an earlier one failed. `chain/tests/worked_example.rs` computes this table.
//!
//! | request | 1 address | 2 certificate | 3 ticket | 4 password | 5 browser | 6 code | verdict |
//! |---|---|---|---|---|---|---|---|
//! | Alice at home | fail | · | · | · | · | · | refuse `address_not_allowed` |
//! | Alice in the office, without her certificate | ok | fail | · | · | · | · | refuse `certificate_missing` |
//! | Alice with her certificate, not signed in | ok | ok | n/a | fail | · | · | ask `primary_factor_missing` |
//! | Alice after her password | ok | ok | n/a | ok | fail | · | ask `browser_not_registered` |
//! | Alice after a code that registered her browser | ok | ok | n/a | ok | ok | ok | pass |
//! | Alice two hours later, in the same session | ok | ok | n/a | ok | ok | fail | ask `otp_too_old` |
//! | Bob with a certificate, a password, a browser and a code | ok | ok | n/a | fail | · | · | refuse `user_not_admitted` |
//!
//! Evidence is earned: each `ask` hands out a [`Turn`] for exactly that check, a verifier in `factor/` returns a [`Proof`],
//! and [`Turn::earn`] makes the [`Evidence`] that the next judgement finds. `refuse` means that no evidence would help. A
//! request that passes and is a transaction gets a [`Hold`] instead of a [`Permit`]: it must be approved first.
//!
//! **Invariant:** nothing here waits, reads a clock, takes a lock, allocates or does I/O. What a judgement needs is in
//! the [`Papers`]; what it finds is in its answer.

mod check;
mod client_certificate;
mod cookie;
mod desktop_sso;
mod error;
pub mod evidence;
mod finding;
mod ip_restriction;
mod otp;
pub mod papers;
pub mod policy;
mod primary_factor;
pub mod refusal;
pub mod supposition;
pub mod trace;
#[cfg(test)]
mod tests;

pub use self::check::Check;
pub use self::error::{Mismatch, Unreleased};

use std::sync::Arc;
use std::time::Duration;

use self::evidence::{Earned, Evidence, Gathered};
use self::finding::{Finding, weigh};
use self::papers::Papers;
use self::policy::Mode;
use self::policy::selection::Selected;
use self::policy::transaction::{ApproverRule, By, Transaction};
use self::refusal::Refusal;
use self::trace::{Outcome, Trace};
use crate::approval::Consent;
use crate::clock::Timestamp;
use crate::factor::Proof;
use crate::facts::request_digest::RequestDigest;
use crate::principal::certificate::{Holder, TrustSet};
use crate::principal::method::{Method, Methods};
use crate::principal::user::{UserId, UserStanding};

/// Whom a certificate names, where nobody signed in: found by a check 2 that was demanded and passed, in the policy that
/// let this very request pass. Nothing else of a certificate is an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A user, who is switched on and whose own lists let them pass.
    User(UserId),
    /// A machine.
    Machine(Arc<str>),
}

impl Named {
    /// The name that an app receives.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(user) => user.as_str(),
            Self::Machine(name) => name,
        }
    }
}

/// The right to forward one request. Made here alone, used up by `gateway::forward`.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    named: Option<Named>,
    certificate: Option<TrustSet>,
}

impl Permit {
    /// Whom the certificate names; `None` where somebody signed in, or nobody was asked who they are.
    pub const fn named(&self) -> Option<&Named> {
        self.named.as_ref()
    }

    /// The authorities behind the certificate that check 2 demanded and accepted; `None` where it did neither.
    pub const fn certificate(&self) -> Option<TrustSet> {
        self.certificate
    }
}

/// The right to try one check: which, by what, for whom. Made here alone; turns a [`Proof`] into evidence.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    check: Check,
    methods: Methods,
    user: Option<UserId>,
    refusal: Refusal,
    max_age: Option<Duration>,
}

/// A request that passed all six checks and is a transaction: nothing but its own approval makes it a [`Permit`].
#[derive(Debug)]
#[must_use]
pub struct Hold {
    transaction: Arc<Transaction>,
    user: Option<UserId>,
    named: Option<Named>,
    certificate: Option<TrustSet>,
    now: Timestamp,
}

impl Hold {
    /// What it is.
    pub const fn transaction(&self) -> &Arc<Transaction> {
        &self.transaction
    }

    /// Who asks; `None` where a machine does.
    pub const fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// Whom the certificate names, as [`Permit::named`].
    pub const fn named(&self) -> Option<&Named> {
        self.named.as_ref()
    }

    /// Releases this very request: it was shown on phones, and so many of those who count said yes. Each consent comes with
    /// how its user stands now: a user who was disabled or left the group since then does not count.
    ///
    /// # Errors
    /// [`Unreleased`].
    pub fn release(self, request: &RequestDigest, consents: &[(&Consent, &UserStanding)]) -> Result<Permit, Unreleased> {
        if consents.iter().any(|(consent, _)| consent.request() != Some(request)) {
            return Err(Unreleased::AnotherRequest);
        }
        self.counted(consents)
    }

    /// Releases a request of the kind that was approved a while ago, where the transaction lets one approval cover others.
    ///
    /// # Errors
    /// [`Unreleased`].
    pub fn release_as_before(self, consents: &[(&Consent, &UserStanding)]) -> Result<Permit, Unreleased> {
        let Some(covers) = self.transaction.covers else { return Err(Unreleased::AnotherRequest) };
        if consents.iter().any(|(consent, _)| too_old(consent.at(), Some(covers), self.now)) {
            return Err(Unreleased::TooOld);
        }
        self.counted(consents)
    }

    /// Releases a request by a code that its user typed for it.
    ///
    /// # Errors
    /// [`Unreleased`].
    #[expect(clippy::needless_pass_by_value, reason = "a proof is used up by what it releases")]
    pub fn release_by_code(self, proof: Proof) -> Result<Permit, Unreleased> {
        if self.transaction.by != By::Code || !ONE_TIME.contains(proof.method()) {
            return Err(Unreleased::AnotherWay);
        }
        if self.user.as_ref() != Some(proof.user()) {
            return Err(Unreleased::TooFew { have: 0, need: 1 });
        }
        if too_old(proof.at(), Some(self.transaction.waits), self.now) {
            return Err(Unreleased::TooOld);
        }
        Ok(Permit { named: self.named, certificate: self.certificate })
    }

    fn counted(self, consents: &[(&Consent, &UserStanding)]) -> Result<Permit, Unreleased> {
        let Transaction { app, name, approvers, by, .. } = &*self.transaction;
        if *by != By::Push || (*approvers == ApproverRule::Requester && self.user.is_none()) {
            return Err(Unreleased::AnotherWay);
        }
        // Each person once, whatever the number of their phones.
        let counts = |place: usize, (consent, standing): &(&Consent, &UserStanding)| {
            consent.user() == &standing.user
                && consent.transaction() == Some((app, name))
                && approvers.include(standing, self.user.as_ref())
                && consents.iter().take(place).all(|(earlier, _)| earlier.user() != consent.user())
        };
        let have = consents.iter().enumerate().filter(|(place, one)| counts(*place, one)).count();
        let need = approvers.count();
        if have < need {
            return Err(Unreleased::TooFew { have, need });
        }
        Ok(Permit { named: self.named, certificate: self.certificate })
    }
}

/// What the chain says of a request.
#[derive(Debug)]
#[must_use]
pub enum Verdict {
    /// Forward it.
    Pass(Permit),
    /// All six checks pass, but this request needs a yes of its own.
    Hold(Hold),
    /// Evidence for exactly this check is missing.
    Ask(Turn),
    /// Nothing that the caller can add will help.
    Refuse(Refusal),
}

/// A verdict and how it came about.
#[derive(Debug)]
pub struct Examination {
    /// What to do.
    pub verdict: Verdict,
    /// What all six checks said.
    pub trace: Trace,
}

impl Turn {
    /// Which check.
    pub const fn check(&self) -> Check {
        self.check
    }

    /// The methods it accepts from this user; never empty.
    pub const fn methods(&self) -> Methods {
        self.methods
    }

    /// The user it must be, where that is known already.
    pub const fn user(&self) -> Option<&UserId> {
        self.user.as_ref()
    }

    /// Why it is asked.
    pub const fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// How old the evidence may be at most, where the policy says so.
    pub const fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// The same right once more: for a verifier that nobody is asked about (a registered browser shows itself), so that
    /// the question can still be put to the person if it does not help.
    pub(crate) fn again(&self) -> Self {
        Self { check: self.check, methods: self.methods, user: self.user.clone(), refusal: self.refusal, max_age: self.max_age }
    }

    /// Turns a proof into evidence.
    ///
    /// At check 5 a one-time password may register the browser: that one code is then the evidence of check 6 too,
    /// since each code is accepted once and nobody should wait for the next.
    ///
    /// # Errors
    /// [`Mismatch`] if the proof is by another method or for another user than this turn asked for.
    #[expect(clippy::needless_pass_by_value, reason = "a proof is used up by the evidence it becomes")]
    pub fn earn(self, proof: Proof) -> Result<Earned, Mismatch> {
        if self.user.as_ref().is_some_and(|user| user != proof.user()) {
            return Err(Mismatch::User);
        }
        if !self.methods.contains(proof.method()) {
            return Err(Mismatch::Method(proof.method()));
        }
        let first = evidence(self.check, &proof);
        Ok(Earned { first, second: None })
    }

    /// Turns a proof of check 4 into evidence of checks 4 and 6: a passkey whose authenticator verified the user is
    /// something that the user has and something that the user is or knows, in one gesture. Check 6 still accepts it only
    /// where its policy names the method.
    ///
    /// # Errors
    /// [`Mismatch`], as [`Self::earn`]; no other proof is two factors.
    pub fn earn_by_two_factors(self, proof: Proof) -> Result<Earned, Mismatch> {
        if self.check != Check::PrimaryFactor || proof.method() != Method::Passkey {
            return Err(Mismatch::Method(proof.method()));
        }
        let second = evidence(Check::Otp, &proof);
        self.earn(proof).map(|earned| Earned { second: Some(second), ..earned })
    }

    /// Turns two proofs into the evidence of checks 5 and 6: the browser that a one-time password just registered, and
    /// that one-time password (each code is accepted once, and nobody should wait for the next).
    ///
    /// # Errors
    /// [`Mismatch`], as [`Self::earn`]; the code must be a one-time password of the same user.
    pub fn earn_by_registering(self, browser: &Proof, code: &Proof) -> Result<Earned, Mismatch> {
        if self.user.as_ref().is_some_and(|user| user != browser.user()) || browser.user() != code.user() {
            return Err(Mismatch::User);
        }
        if self.check != Check::Cookie || !self.methods.contains(browser.method()) {
            return Err(Mismatch::Method(browser.method()));
        }
        if !ONE_TIME.contains(code.method()) {
            return Err(Mismatch::Method(code.method()));
        }
        Ok(Earned { first: evidence(Check::Cookie, browser), second: Some(evidence(Check::Otp, code)) })
    }
}

/// What a proof is worth at a check.
const fn evidence(check: Check, proof: &Proof) -> Evidence {
    Evidence {
        check,
        method: proof.method(),
        credential: proof.credential(),
        at: proof.at(),
        services: proof.services(),
        by_passkey: proof.is_by_passkey(),
    }
}

/// Second factors that may register a browser.
const ONE_TIME: Methods = Methods::of(&[Method::Totp, Method::RecoveryCode, Method::Passkey]);

/// Judges one request: walks the six checks in their order and ends at the first that does not pass.
pub fn examine<'p>(asked: impl Into<Selected<'p>>, papers: &Papers<'_>) -> Examination {
    let asked = asked.into();
    // Evidence speaks for the user who gave it and for nobody else: beside another name it counts for nothing.
    let nothing = Gathered::none();
    let papers = match (papers.evidence.user(), papers.user) {
        (Some(user), Some(standing)) if *user != standing.user => &Papers { evidence: &nothing, ..*papers },
        _ => papers,
    };
    let (mut trace, stopped) = walk(&asked, papers);
    if let Some(verdict) = stopped {
        return Examination { verdict, trace };
    }
    let mut judged_as = papers.user;
    let named = match client_certificate::named(&asked, papers) {
        Some(Holder::User(user)) => {
            let account = papers.user.filter(|standing| standing.user == *user).or(papers.holder);
            let Some(account) = account.filter(|standing| standing.user == *user) else {
                return trace.refused(Refusal::CertificateWithoutHolder);
            };
            // Who asks without signing in is judged as the user that they are: what is demanded of that user, and that
            // user's own networks, hold for the certificate as for a password.
            let stopped;
            (trace, stopped) = walk(&asked, &Papers { user: Some(account), ..*papers });
            if let Some(verdict) = stopped {
                return Examination { verdict, trace };
            }
            if !account.enabled {
                return trace.refused(Refusal::UserDisabled);
            }
            judged_as = Some(account);
            Some(Named::User(user.clone()))
        }
        Some(Holder::Machine(name)) => Some(Named::Machine(Arc::clone(name))),
        Some(Holder::Shared | Holder::Group(_) | Holder::Nobody) | None => None,
    };
    let certificate = client_certificate::accepted(&asked, &Papers { user: judged_as, ..*papers });
    let verdict = match asked.transaction() {
        None => Verdict::Pass(Permit { named, certificate }),
        Some(transaction) => {
            // The signed-in user; where no sign-in is demanded, the user whose certificate it is.
            let user = match (&named, papers.user) {
                (Some(Named::User(user)), _) => Some(user.clone()),
                (Some(Named::Machine(_)), _) => None,
                (None, signed_in) => signed_in.map(|standing| standing.user.clone()),
            };
            Verdict::Hold(Hold { transaction: Arc::clone(transaction), user, named, certificate, now: papers.now })
        }
    };
    Examination { verdict, trace }
}

/// The user whose certificate the connection shows, where nobody has signed in and check 2 was demanded of everybody, and
/// passed: no other user can sign in over this connection.
pub fn bound_to<'p>(asked: impl Into<Selected<'p>>, papers: &Papers<'p>) -> Option<&'p UserId> {
    match client_certificate::named(&asked.into(), &Papers { user: None, ..*papers })? {
        Holder::User(user) => papers.holder.is_some_and(|standing| standing.user == *user).then_some(user),
        Holder::Shared | Holder::Group(_) | Holder::Machine(_) | Holder::Nobody => None,
    }
}

/// The right to prove check 3 where a ticket is only offered or observed, the checks before it pass and nothing is proved yet.
/// A verdict never asks for such a ticket, since the chain goes on without it.
pub fn offered<'p>(asked: impl Into<Selected<'p>>, papers: &Papers<'_>) -> Option<Turn> {
    let asked = asked.into();
    let passes = |check| !matches!(weigh(judge(check, &asked, papers)), Outcome::Fail(_));
    if !passes(Check::IpRestriction) || !passes(Check::ClientCertificate) {
        return None;
    }
    let Finding { mode, fault, methods, max_age } = desktop_sso::judge(&asked, papers);
    let refusal = fault.filter(|_| matches!(mode, Mode::Observe | Mode::Offer))?;
    let user = papers.evidence.user().or(papers.user.map(|standing| &standing.user)).cloned();
    Some(Turn { check: Check::DesktopSso, methods, user, refusal, max_age })
}

/// The six checks in their order, up to the first that does not pass.
fn walk(asked: &Selected<'_>, papers: &Papers<'_>) -> (Trace, Option<Verdict>) {
    let mut trace = Trace([Outcome::NotEvaluated; 6]);
    for (check, outcome) in Check::ORDER.into_iter().zip(trace.0.iter_mut()) {
        let finding = judge(check, asked, papers);
        *outcome = weigh(finding);
        if let (Outcome::Fail(refusal), Finding { methods, max_age, .. }) = (*outcome, finding) {
            let verdict = if refusal.asks() {
                let user = papers.evidence.user().or(papers.user.map(|standing| &standing.user)).cloned();
                Verdict::Ask(Turn { check, methods, user, refusal, max_age })
            } else {
                Verdict::Refuse(refusal)
            };
            return (trace, Some(verdict));
        }
    }
    (trace, None)
}

fn judge(check: Check, asked: &Selected<'_>, papers: &Papers<'_>) -> Finding {
    match check {
        Check::IpRestriction => ip_restriction::judge(asked, papers),
        Check::ClientCertificate => client_certificate::judge(asked, papers),
        Check::DesktopSso => desktop_sso::judge(asked, papers),
        Check::PrimaryFactor => primary_factor::judge(asked, papers),
        Check::Cookie => cookie::judge(asked, papers),
        Check::Otp => otp::judge(asked, papers),
    }
}

/// Whether something of `at` is older than `max_age` now. What lies in the future (a clock that was set back) is old.
fn too_old(at: Timestamp, max_age: Option<Duration>, now: Timestamp) -> bool {
    max_age.is_some_and(|max_age| now > at.plus(max_age) || at > now.plus(Duration::from_secs(60)))
}
