//! What the holder of an approver does: register it by a one-time link, answer, open a login form, rename, remove; and what
//! its user does at the account page: make the link. Each act of the phone is signed by the approver's key.
//! Invariant: another approver is added only by a link that an administrator made, a second factor, or an approver that is
//! there already (R-006, R-040, T36).

use serde::Deserialize;

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::account::links::{Link, LinkPurpose};
use crate::account::user::User;
use crate::approval::approver::{RegisterError, Slot};
use crate::approval::id::ApprovalId;
use crate::approval::key::{ApproverId, PublicKey};
use crate::approval::question::{self, Question, State};
use crate::approval::signed::{self, Once, Unsigned};
use crate::approval::{Ask, Rejected, RequesterClass};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::principal::service::Service;
use crate::principal::user::{GroupName, UserId};
use crate::seal::SecretToken;
use crate::session::{Fresh, Session};

/// Registers the approver that holds `key` for whom the link is for. A link that is refused for want of room stays good.
///
/// # Errors
/// [`ActError::DeadLink`], [`ActError::TooMany`], [`ActError::Excluded`], [`ActError::Database`].
pub async fn register(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    key: &PublicKey,
    secret: &str,
    name: &str,
    agent: &str,
) -> Result<Slot, ActError> {
    let link = core.links().peek(secret).await?.filter(|link| link.purpose == LinkPurpose::Approver).ok_or(ActError::DeadLink)?;
    let user = core.users().find(&link.user).filter(|user| user.standing().enabled).ok_or(ActError::DeadLink)?;
    is_not_excluded(core, &user).await?;
    let limit = core.approvals().config().per_user;
    let slots = core.approvals().approvers.of_user(user.id()).await?;
    if slots.iter().filter(|slot| slot.approver != key.id()).count() >= limit {
        return Err(ActError::TooMany(limit));
    }
    core.links().take(secret).await?.ok_or(ActError::DeadLink)?;
    let slot = core.approvals().approvers.register(key, user.id(), name, agent, limit).await.map_err(|error| match error {
        RegisterError::Limit(limit) => ActError::TooMany(limit),
        RegisterError::Key => ActError::Factor(error.to_string()),
        RegisterError::Database(error) => ActError::Database(error),
    })?;
    // Where the short-lived state fails they end by themselves, and are approved with nothing but the phone.
    if let Err(error) = core.approvals().end_codes(user.id()).await {
        tracing::warn!(%error, "approvals_not_withdrawn");
    }
    core.graces().end(user.id()).await?;
    let event = Event::new("approver.register").detail("approver", slot.approver.as_str()).detail("name", slot.name.clone());
    note(core, circumstances, &user, event.detail("by_link", link.id).detail("issued_by", link.issued_by)).await?;
    tell(core, circumstances, &user, Notice::ApproverRegistered(&slot.name)).await;
    Ok(slot)
}

/// Whether no authenticator stands against a phone.
async fn is_not_excluded(core: &Core, user: &User) -> Result<(), ActError> {
    let excluded = core.approvals().config().excludes_totp && core.totps().has(user.id()).await?;
    if excluded { Err(ActError::Excluded) } else { Ok(()) }
}

/// Takes an answer.
///
/// # Errors
/// [`Rejected`].
pub async fn answer(core: &Core, key: &PublicKey, id: &ApprovalId, text: &str) -> Result<State, Rejected> {
    let portal = portal(core);
    let before = core.approvals().find(id).await?;
    let state = core.approvals().answer(key, id, text, &portal).await?;
    if let (State::Denied { why, .. }, Some(question)) = (&state, before) {
        // The answer that locked: the person who holds the phone knows less than its user does.
        if *why == question::Denial::WrongNumber && core.approvals().approvers.standing(&question.user).await?.locked {
            core.end_opened_by_phones(&question.user).await?;
        }
        if *why == question::Denial::NotMe {
            alarm(core, &question).await;
        }
    }
    Ok(state)
}

/// How a question stands that this approver was asked.
#[derive(Debug)]
pub struct Asked {
    /// How it stands.
    pub state: State,
    /// The text that was shown.
    pub shown: String,
    /// Whether its time went by unanswered.
    pub lapsed: bool,
    /// Whether this approver gave the answer.
    pub here: bool,
}

/// How a question stands: for an approver of the user that it was put to, and for no other.
///
/// # Errors
/// [`Rejected::Unknown`], stores.
pub async fn asked(core: &Core, key: &PublicKey, id: &ApprovalId) -> Result<Asked, Rejected> {
    let question = core.approvals().find(id).await?.ok_or(Rejected::Unknown)?;
    if !core.approvals().approvers.serves(&key.id(), &question.user).await? {
        return Err(Rejected::Unknown);
    }
    let lapsed = question.is_expired(core.clock().now());
    let here = match &question.state {
        State::Approved { by, .. } | State::Denied { by, .. } | State::Used { by } => by.is(&key.id()),
        State::Pending | State::Closed { .. } => false,
    };
    Ok(Asked { state: question.state, shown: question.shown, lapsed, here })
}

/// Ends every silence of a user (T41): whose phone it is may say that it rings again.
///
/// # Errors
/// [`Rejected::NotRegistered`], stores.
pub async fn end_silences(core: &Core, key: &PublicKey, user: &UserId) -> Result<(), Rejected> {
    let approver = key.id();
    if !core.approvals().approvers.serves(&approver, user).await? {
        return Err(Rejected::NotRegistered);
    }
    core.approvals().end_silences(user, &approver).await
}

/// Somebody else asked: the answer asks the user to change the password, and the administrators are notified at all.
pub(super) async fn alarm(core: &Core, question: &Question) {
    let Some(user) = core.users().find(&question.user) else { return };
    core.notify_user(&user, question.address, question.id.as_str(), Notice::SomebodyElseAsked).await;
    let config = core.config();
    let Ok(group) = GroupName::parse(&config.file.portal.administrators) else { return };
    for administrator in core.users().list().iter().filter(|user| user.standing().is_in(&group)) {
        let notice = Notice::UserDeniedSignIn(question.user.as_str());
        core.notify_user(administrator, question.address, question.id.as_str(), notice).await;
    }
    tracing::warn!(user = %question.user, remote_ip = %question.address, "approval_not_me");
}

/// The words of a signed release.
#[derive(Debug, Deserialize)]
struct Release {
    user: UserId,
    service: String,
    aud: String,
    iat: i64,
    jti: String,
}

/// The type of a release.
const RELEASE: &str = "sekisho-release+jwt";

/// A login form that was opened.
#[derive(Debug)]
pub struct Opened {
    /// Until when.
    pub until: Timestamp,
    /// How many attempts were refused since the last time.
    pub refused: u64,
}

/// Opens a login form for one minute and one password (R-103…R-106): a JWS of the approver's key over user and service.
///
/// # Errors
/// [`Rejected`]; `Unknown` where no policy names the service.
pub async fn release(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    key: &PublicKey,
    text: &str,
) -> Result<Opened, Rejected> {
    let words: Release = signed::open(text, RELEASE, key)?;
    let approver = key.id();
    if !core.approvals().approvers.serves(&approver, &words.user).await? {
        return Err(Rejected::NotRegistered);
    }
    if words.aud != portal(core) {
        return Err(Unsigned::Elsewhere("it is for another gateway").into());
    }
    if !core.approvals().approvers.standing(&words.user).await?.is_good() {
        return Err(Rejected::Suspended);
    }
    let user = core.users().find(&words.user).filter(|user| user.standing().enabled).ok_or(Rejected::NotRegistered)?;
    let services = services(core, &user);
    let (service, _) = services.iter().find(|(service, _)| called(service) == words.service).ok_or(Rejected::Unknown)?;
    let once = Once { issued_at: words.iat, id: words.jti };
    core.approvals().signatures.accept(key, &once, core.clock().now()).await?;
    let until = core.login_protect().open(user.id(), service).await?;
    let event = Event::new("login_protect.release").detail("approver", approver.as_str()).detail("service", called(service));
    note(core, circumstances, &user, event).await?;
    let refused = core.login_protect().refused_since(user.id()).await?;
    Ok(Opened { until, refused })
}

/// A service, as the phone names it: `organisation/service`.
pub fn called(service: &Service) -> String {
    format!("{}/{}", service.organisation(), service.id())
}

/// The services whose windows a user can open, and the apps that each opens, as people call them.
pub fn services(core: &Core, user: &User) -> Vec<(Service, Vec<String>)> {
    let policies = core.policies();
    let config = core.config();
    let standing = user.standing();
    let mut found: Vec<(Service, Vec<String>)> = Vec::new();
    let mut add = |service: &Service, app: Option<&str>| {
        let place = match found.iter().position(|(known, _)| known.is(service)) {
            Some(place) => place,
            None => {
                found.push((service.clone(), Vec::new()));
                found.len() - 1
            }
        };
        if let (Some((_, apps)), Some(app)) = (found.get_mut(place), app)
            && !apps.iter().any(|known| known == app)
        {
            apps.push(app.to_owned());
        }
    };
    for (owner, policy) in policies.met_by(&standing) {
        let title = owner
            .app()
            .map(|name| config.file.app.iter().find(|app| app.name == name).and_then(|app| app.title.as_deref()).unwrap_or(name));
        for service in policy.protecting(Some(&standing)) {
            add(service, title);
        }
    }
    found
}

/// Calls a slot otherwise.
///
/// # Errors
/// [`ActError::NotFound`], [`ActError::Database`].
pub async fn rename(core: &Core, key: &PublicKey, user: &UserId, name: &str) -> Result<(), ActError> {
    let renamed = core.approvals().approvers.rename(&key.id(), user, name).await?;
    if renamed { Ok(()) } else { Err(ActError::NotFound) }
}

/// Removes a slot, by its approver or by its user at the account page, and ends what was opened with it. The session that
/// it is removed from stays: its user has just proved who they are, and must not lose the way to put another in
/// its place.
///
/// # Errors
/// [`ActError::NotAllowed`] where only administrators remove approvers; [`ActError::NotFound`],
/// [`ActError::Database`].
pub async fn remove(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    user: &User,
    approver: &ApproverId,
    session: Option<&Session>,
) -> Result<(), ActError> {
    if !core.members_may_delete() {
        return Err(ActError::NotAllowed);
    }
    let slots = core.approvals().approvers.of_user(user.id()).await?;
    let slot = slots.into_iter().find(|slot| slot.approver == *approver).ok_or(ActError::NotFound)?;
    if !core.remove_approver(user.id(), approver, session).await? {
        return Err(ActError::NotFound);
    }
    note(core, circumstances, user, Event::new("approver.remove").detail("approver", approver.as_str())).await?;
    tell(core, circumstances, user, Notice::ApproverRemoved(&slot.name)).await;
    Ok(())
}

/// How another approver may be added now.
#[derive(Debug)]
pub enum Adding {
    /// By this link.
    Link(Link, SecretToken),
    /// When this approval is given by an approver that is there already.
    AfterApproval(Box<Question>),
}

/// Begins to add an approver: the first one after a second factor, another one after an approval by one that is there.
///
/// # Errors
/// [`ActError::NotAllowed`] where only administrators add approvers; [`ActError::TooMany`];
/// [`ActError::NeedsAnotherFactor`]; stores.
pub async fn add(core: &Core, circumstances: &SelfServiceContext<'_>, fresh: &Fresh, browser: &str) -> Result<Adding, ActError> {
    let config = core.approvals().config();
    if !core.members_may_add() {
        return Err(ActError::NotAllowed);
    }
    let user = fresh.user();
    is_not_excluded(core, user).await?;
    let slots = core.approvals().approvers.of_user(user.id()).await?;
    if slots.len() >= config.per_user {
        return Err(ActError::TooMany(config.per_user));
    }
    if slots.is_empty() {
        has_proved_another(fresh)?;
        let (link, secret) = link(core, circumstances, user).await?;
        return Ok(Adding::Link(link, secret));
    }
    let ask = Ask {
        purpose: question::Purpose::AddApprover,
        user: user.id(),
        asker: &asker(fresh),
        browser,
        address: circumstances.address,
        app: None,
        portal: &portal(core),
        requester: RequesterClass::AuthenticatedUser,
        number: None,
        by_passkey: false,
        anybody: true,
        request_id: circumstances.request_id,
        matter: None,
    };
    let asked = core.approvals().ask(ask).await.map_err(|rejected| match rejected {
        Rejected::Shared(error) => ActError::Shared(error),
        Rejected::Database(error) => ActError::Database(error),
        other => ActError::Factor(other.to_string()),
    })?;
    Ok(Adding::AfterApproval(Box::new(asked)))
}

/// Goes on adding: the link once the approval was given; otherwise how it stands.
///
/// # Errors
/// [`ActError::NotFound`] if this session asked for no such approval; stores.
pub async fn added(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: &ApprovalId,
) -> Result<Adding, ActError> {
    let asker = asker(fresh);
    let asked = core.approvals().find(id).await?.filter(|question| question.asker == asker).ok_or(ActError::NotFound)?;
    if let Some(consent) = core.approvals().take(id, &asker).await?
        && consent.purpose() == question::Purpose::AddApprover
        && consent.user() == fresh.user().id()
    {
        let (link, secret) = link(core, circumstances, fresh.user()).await?;
        return Ok(Adding::Link(link, secret));
    }
    Ok(Adding::AfterApproval(Box::new(asked)))
}

async fn link(core: &Core, circumstances: &SelfServiceContext<'_>, user: &User) -> Result<(Link, SecretToken), ActError> {
    let issued = core.links().issue(user.id(), LinkPurpose::Approver, user.id().as_str(), crate::account::links::LIFETIME).await;
    let (link, secret) = issued.map_err(|error| ActError::Factor(error.to_string()))?;
    note(core, circumstances, user, Event::new("approver.link").detail("link", link.id.clone())).await?;
    Ok((link, secret))
}

fn asker(fresh: &Fresh) -> String {
    format!("session/{}", fresh.session().id().text())
}

/// The audience of what an approver signs.
pub fn portal(core: &Core) -> String {
    core.config().file.portal.url.trim_end_matches('/').to_owned()
}
