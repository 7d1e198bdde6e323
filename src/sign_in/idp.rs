//! Check 4 by an identity provider: the way there, and what comes back. Who a person is here is said by the link of issuer
//! and subject; a person without one is linked by a verified mail address, or gets an account, where the config says so.

use std::time::Duration;

use url::Url;

use super::engine::{AttemptError, SignIn, joined};
use super::goal::{Goal, PortalArea};
use super::pending::PendingIdp;
use super::progress::key;
use super::visitor::Visitor;
use crate::account::AccountError;
use crate::account::users::NewUser;
use crate::chain::refusal::Refusal;
use crate::chain::{Check, Verdict};
use crate::config::schema::{LinkRule, UnknownPerson};
use crate::factor::idp;
use crate::idp::{
    Attestation, CallbackQuery, Flow, FlowStart, IdentityProvider, IdpFailure, IdpLink, IdpSession, PostedFault, Returned,
    WayThere,
};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;
use crate::session::Session;
use crate::telemetry::strangers::{self, Kind};

/// Why a provider signs nobody in here.
#[derive(Debug)]
pub enum IdpTrouble {
    /// The provider, or what lies between.
    Provider(IdpFailure),
    /// There is no account here for the person, who is called this there.
    NoAccount(String),
    /// The account here that has the person's mail address was linked with the person, and the link was removed.
    LinkRemoved(String),
    /// An account cannot be made: the name is taken, or is no name.
    NoName(String),
    /// The account here does not sign in by a provider.
    NotAssigned,
    /// The person is another one than the user whose fresh sign-in is asked for.
    OtherPerson,
    /// Too many failed ways back from this network.
    TooMany,
    /// The chain refuses the user whatever is proved.
    Refused(Refusal),
    /// This step is not the one that is asked for now.
    NotNow,
    /// The provider answers what was not asked: the sign-in began there.
    Unsolicited,
    /// The person took too long.
    Over,
}

/// What a way back came to.
#[derive(Debug)]
pub enum IdpReturn {
    /// Check 4 is passed.
    Passed,
    /// The browser is sent to the provider once more, after this time.
    Again(Url, Duration),
    /// It is not.
    Trouble(IdpTrouble),
}

impl SignIn {
    /// Where to send a browser that signs in at a provider.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn begin_idp(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        provider: &IdentityProvider,
        hint: Option<&str>,
    ) -> Result<Result<WayThere, IdpTrouble>, AttemptError> {
        let mut progress = self.in_progress.of(visitor.sign_in_cookie, goal.id()).await?;
        if let Some(session) = visitor.session {
            progress = joined(session, progress);
        }
        let look = self.look(visitor, goal, &progress.gathered, None).await?;
        let turn = match look.verdict {
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor && turn.methods().contains(Method::Idp) => turn,
            _ => return Ok(Err(IdpTrouble::NotNow)),
        };
        let afresh = goal.is_fresh() || turn.refusal() == Refusal::PrimaryFactorTooOld;
        let start = FlowStart { goal: goal.id(), browser: visitor.sign_in_cookie, afresh, hint, links: None };
        match self.core.idp().begin(provider, &start).await {
            Ok(way) => Ok(Ok(way)),
            Err(failure) => {
                self.idp_failed(visitor, goal, provider.settings().name(), failure.fault.code(), &failure.reason);
                Ok(Err(IdpTrouble::Provider(failure)))
            }
        }
    }

    /// Takes what a provider's page has a browser post; where the browser goes on, which the visitor is not known to be.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn posted_by_idp(
        &self,
        visitor: &Visitor<'_>,
        provider: &IdentityProvider,
        response: &str,
        relay: &str,
    ) -> Result<Result<String, IdpTrouble>, AttemptError> {
        let network = visitor.address.counting_network().to_string();
        if !self.core.idp().takes_code_from(&network).await? {
            return Ok(Err(IdpTrouble::TooMany));
        }
        let trouble = match self.core.idp().posted(provider, response, relay).await {
            Ok(next) => {
                self.core.idp().took_code_from(&network).await?;
                return Ok(Ok(next));
            }
            Err(PostedFault::Unsolicited) => IdpTrouble::Unsolicited,
            Err(PostedFault::Over) => IdpTrouble::Over,
            Err(PostedFault::Failed(failure)) => IdpTrouble::Provider(failure),
        };
        // What is refused unread costs nothing: people who begin at the provider again and again keep nobody out.
        if !matches!(trouble, IdpTrouble::Provider(_)) {
            self.core.idp().took_code_from(&network).await?;
        }
        let why = match &trouble {
            IdpTrouble::Provider(failure) => failure.reason.as_str(),
            IdpTrouble::Over => "the response came after half an hour",
            _ => "the response answers no request of this gateway",
        };
        // Which page it is for waits in a browser that is not known yet.
        let goal = Goal::Portal { back: String::new(), fresh: false, area: PortalArea::Account };
        self.idp_failed(visitor, &goal, provider.settings().name(), trouble.code(), why);
        Ok(Err(trouble))
    }

    /// Takes what a browser brings back from a provider.
    ///
    /// # Errors
    /// [`AttemptError`].
    pub async fn return_by_idp(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        flow: &Flow,
        query: &CallbackQuery,
    ) -> Result<IdpReturn, AttemptError> {
        // Where nobody may sign in so, no code is redeemed.
        let anybody = self.look(visitor, goal, &self.held_ticket(visitor, goal).await?, None).await?;
        match &anybody.verdict {
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor && turn.methods().contains(Method::Idp) => {}
            _ => return Ok(IdpReturn::Trouble(IdpTrouble::NotNow)),
        }
        // A code is somebody's word until the provider takes it: a network that brings many that it does not take is made to wait.
        // A refusal that a provider sends along costs nothing, and counts as none.
        let network = visitor.address.counting_network().to_string();
        if query.error.is_none() && !self.core.idp().takes_code_from(&network).await? {
            return Ok(IdpReturn::Trouble(IdpTrouble::TooMany));
        }
        let attestation = match self.core.idp().returned(flow, query).await {
            Returned::Attested(attestation) => attestation,
            Returned::Again(url, after) => return Ok(IdpReturn::Again(url, after)),
            Returned::Failed(failure) => {
                self.idp_failed(visitor, goal, flow.provider(), failure.fault.code(), &failure.reason);
                return Ok(IdpReturn::Trouble(IdpTrouble::Provider(failure)));
            }
        };
        self.core.idp().took_code_from(&network).await?;
        match self.earned_by_idp(visitor, goal, flow, &attestation).await? {
            Ok(()) => Ok(IdpReturn::Passed),
            Err(trouble) => {
                self.idp_failed(visitor, goal, flow.provider(), trouble.code(), attestation.subject());
                Ok(IdpReturn::Trouble(trouble))
            }
        }
    }

    async fn earned_by_idp(
        &self,
        visitor: &Visitor<'_>,
        goal: &Goal,
        flow: &Flow,
        attestation: &Attestation,
    ) -> Result<Result<(), IdpTrouble>, AttemptError> {
        let core = &self.core;
        let Some(provider) = core.idp().find(attestation.provider()) else { return Ok(Err(IdpTrouble::NotNow)) };
        let link = match self.link_of(visitor, &provider, attestation).await? {
            Ok(link) => link,
            Err(trouble) => return Ok(Err(trouble)),
        };
        if flow.is_afresh() && visitor.session.is_some_and(|session| *session.user().id() != link.user) {
            return Ok(Err(IdpTrouble::OtherPerson));
        }
        let Some(user) = core.users().find(&link.user) else { return Ok(Err(IdpTrouble::NoAccount(called(attestation)))) };
        if let Some(given) = attestation.groups() {
            core.take_groups(&provider, &link, given).await.map_err(account_failed)?;
        }
        let ticket = self.ticket_of(visitor, goal, user.id().as_str()).await?;
        let look = self.look(visitor, goal, &ticket, Some(&user)).await?;
        let turn = match look.verdict {
            Verdict::Ask(turn) if turn.check() == Check::PrimaryFactor && turn.methods().contains(Method::Idp) => turn,
            Verdict::Refuse(refusal) => return Ok(Err(IdpTrouble::Refused(refusal))),
            // The ticket that was shown is another user's.
            Verdict::Ask(turn) if turn.check() == Check::DesktopSso => return Ok(Err(IdpTrouble::OtherPerson)),
            _ => return Ok(Err(IdpTrouble::NotAssigned)),
        };
        let Some(proof) = idp::verify(attestation, &link) else { return Ok(Err(IdpTrouble::NotNow)) };
        let Ok(earned) = turn.earn(proof) else { return Ok(Err(IdpTrouble::NotNow)) };
        let place = key(visitor.sign_in_cookie, goal.id());
        let sealed = core.idp().sessions().seal(&place, attestation.tokens());
        let pending = PendingIdp {
            link: link.id,
            provider: attestation.provider().to_owned(),
            issuer: link.issuer.clone(),
            subject: link.subject.clone(),
            session_there: attestation.session().map(str::to_owned),
            sealed: sealed.ok_or_else(|| AttemptError::Factor("seal the tokens of the provider".to_owned()))?,
        };
        self.pending.put(&place, &pending).await?;
        core.idp().links().used(&link, attestation).await?;
        self.in_progress.begin(visitor.sign_in_cookie, goal.id(), user.id(), &earned).await?;
        core.audit().note(
            self.event("sign_in.step", visitor, goal)
                .user(user.id().as_str())
                .check(Check::PrimaryFactor.word())
                .detail("method", Method::Idp.word())
                .detail("provider", attestation.provider()),
        );
        Ok(Ok(()))
    }

    /// The link of a person; one is made where the config says so.
    async fn link_of(
        &self,
        visitor: &Visitor<'_>,
        provider: &IdentityProvider,
        attestation: &Attestation,
    ) -> Result<Result<IdpLink, IdpTrouble>, AttemptError> {
        let links = self.core.idp().links();
        if let Some(link) = links.find(attestation.issuer(), attestation.subject()).await? {
            return Ok(Ok(link));
        }
        let settings = provider.settings();
        let no_account = || Ok(Err(IdpTrouble::NoAccount(called(attestation))));
        // An address of another domain is none that this provider could know of.
        let mail = attestation.verified_mail().filter(|mail| settings.has_mail_of(mail));
        let by_mail = mail.filter(|_| settings.section().link == LinkRule::VerifiedMail).map(|mail| self.only_user_of(mail));
        let (user, by) = match by_mail {
            // A link that somebody removed is not made again by an address: who removed it meant the person, not one sign-in.
            Some(Whose::One(user)) if links.was_removed(&user, attestation.issuer(), attestation.subject()).await? => {
                return Ok(Err(IdpTrouble::LinkRemoved(called(attestation))));
            }
            Some(Whose::One(user)) => (user, "mail"),
            // Which of several it is cannot be said.
            Some(Whose::Several) => return no_account(),
            Some(Whose::Nobody) | None if settings.section().users == UnknownPerson::Create => {
                match self.new_account(attestation).await? {
                    Ok(user) => (user, "created"),
                    Err(trouble) => return Ok(Err(trouble)),
                }
            }
            Some(Whose::Nobody) | None => return no_account(),
        };
        let made = links.add(&user, settings.name(), attestation.issuer(), attestation.subject(), attestation.mail()).await?;
        let Some(link) = made else {
            // Another tab of the same person was faster.
            return match links.find(attestation.issuer(), attestation.subject()).await? {
                Some(link) => Ok(Ok(link)),
                None => no_account(),
            };
        };
        let event = crate::audit::Event::new("idp.link").address(visitor.address).request_id(visitor.request_id);
        let event = event.user(user.as_str()).detail("provider", settings.name()).detail("subject", attestation.subject());
        self.core.audit().record(event.detail("by", by)).await?;
        Ok(Ok(link))
    }

    fn only_user_of(&self, mail: &str) -> Whose {
        let all = self.core.users().list();
        let mut found =
            all.iter().filter(|user| user.profile().email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(mail)));
        match (found.next(), found.next()) {
            (None, _) => Whose::Nobody,
            (Some(user), None) => Whose::One(user.id().clone()),
            (Some(_), Some(_)) => Whose::Several,
        }
    }

    async fn new_account(&self, attestation: &Attestation) -> Result<Result<UserId, IdpTrouble>, AttemptError> {
        let Some(name) = attestation.user_name().or_else(|| attestation.mail()) else {
            return Ok(Err(IdpTrouble::NoName(called(attestation))));
        };
        let Ok(user) = UserId::parse(name) else { return Ok(Err(IdpTrouble::NoName(name.to_owned()))) };
        let bare = NewUser { assigned: Methods::of(&[Method::Idp]), ..NewUser::named(user.clone()) };
        let whole = NewUser {
            display_name: attestation.display_name().map(str::to_owned),
            email: attestation.mail().map(str::to_owned),
            ..bare.clone()
        };
        let made = match self.core.users().add(whole).await {
            // A name or address that cannot be kept keeps nobody out.
            Err(AccountError::Field { .. }) => self.core.users().add(bare).await,
            made => made,
        };
        match made {
            Ok(_) => {
                self.core.begin_grace(&user).await?;
                Ok(Ok(user))
            }
            // Never linked by a name alone: it may be anybody's.
            Err(AccountError::UserExists(_)) => Ok(Err(IdpTrouble::NoName(name.to_owned()))),
            Err(error) => Err(account_failed(error)),
        }
    }

    /// After a session was made or strengthened: writes down by which session there it was opened.
    pub(super) async fn attach_idp(&self, visitor: &Visitor<'_>, goal: &Goal, session: &Session) -> Result<(), AttemptError> {
        let place = key(visitor.sign_in_cookie, goal.id());
        let Some(pending) = self.pending.take(&place).await? else { return Ok(()) };
        let opened = IdpSession {
            session: session.id().text(),
            link: pending.link,
            provider: pending.provider,
            issuer: pending.issuer,
            subject: pending.subject,
            session_there: pending.session_there,
            confirmed_at: self.core.clock().now(),
        };
        Ok(self.core.idp().sessions().attach(&opened, &place, &pending.sealed).await?)
    }

    fn idp_failed(&self, visitor: &Visitor<'_>, goal: &Goal, provider: &str, code: &'static str, reason: &str) {
        metrics::counter!("sekisho_sign_in_failures_total", "method" => Method::Idp.word()).increment(1);
        if visitor.session.is_some() || strangers::may_write(Kind::SignInFailed, visitor.address.ip()) {
            tracing::warn!(remote_ip = %visitor.address, provider, code, reason, request_id = visitor.request_id, "idp_sign_in_failed");
        }
        let event = self.event("sign_in", visitor, goal).check(Check::PrimaryFactor.word()).refused(code);
        self.core.audit().note(event.detail("method", Method::Idp.word()).detail("provider", provider).detail("why", reason));
    }
}

impl IdpTrouble {
    /// The word in the audit log and on the page.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Provider(failure) => failure.fault.code(),
            Self::NoAccount(_) => "idp_no_account",
            Self::LinkRemoved(_) => "idp_link_removed",
            Self::NoName(_) => "idp_no_name",
            Self::NotAssigned => "idp_not_assigned",
            Self::OtherPerson => "idp_other_person",
            Self::TooMany => "idp_too_many",
            Self::Refused(refusal) => refusal.code(),
            Self::NotNow => "idp_not_now",
            Self::Unsolicited => "idp_unsolicited",
            Self::Over => "idp_over",
        }
    }
}

/// How many accounts have a mail address.
enum Whose {
    Nobody,
    One(UserId),
    Several,
}

/// What a page calls a person who has no account here.
fn called(attestation: &Attestation) -> String {
    let name = attestation.mail().or_else(|| attestation.user_name()).unwrap_or_else(|| attestation.subject());
    name.to_owned()
}

fn account_failed(error: AccountError) -> AttemptError {
    match error {
        AccountError::Database(error) => error.into(),
        error => AttemptError::Factor(error.to_string()),
    }
}
