//! One's own links with people at identity providers: added by signing in there, removed. What a removed one opened elsewhere
//! ends, and the last way to sign in stays.

use super::{ActError, SelfServiceContext, has_proved_another, note, tell};
use crate::account::user::User;
use crate::audit::Event;
use crate::core::Core;
use crate::core::notice::Notice;
use crate::idp::{CallbackQuery, Flow, FlowStart, IdentityProvider, IdpFailure, Returned, WayThere};
use crate::principal::method::{CredentialId, Method};
use crate::session::Fresh;

/// What the end of a link came to.
#[derive(Debug)]
pub enum Linked {
    /// The person there signs in as this user from now on.
    Added,
    /// That was so before.
    Already,
    /// The person there is another user's here.
    Taken,
    /// The browser is sent to the provider once more.
    Again(url::Url, std::time::Duration),
    /// The provider signed nobody in, or its word does not count.
    Failed(IdpFailure),
    /// Too many failed ways back from this network.
    TooMany,
}

/// Whether the user signs in by an identity provider at all; otherwise a link would open nothing.
pub fn may_link(user: &User) -> bool {
    user.standing().assigned.contains(Method::Idp)
}

/// Begins to link a person at a provider: where to send the browser, which comes back on the way to `goal`. What it brings
/// counts for this session alone.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`]; [`ActError::NotFound`] where the user does not sign in so. A provider that cannot be
/// asked is `Ok(Err(…))`.
pub async fn begin(
    core: &Core,
    fresh: &Fresh,
    provider: &IdentityProvider,
    browser: &str,
    goal: &str,
) -> Result<Result<WayThere, IdpFailure>, ActError> {
    has_proved_another(fresh)?;
    if !may_link(fresh.user()) {
        return Err(ActError::NotFound);
    }
    let session = fresh.session().id().text();
    // The person signs in there again: the session that the browser has there may be somebody else's.
    let start = FlowStart { goal, browser, afresh: true, hint: None, links: Some(&session) };
    Ok(core.idp().begin(provider, &start).await)
}

/// Links the person who came back from a provider.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`]; [`ActError::NotFound`] where the flow is of another session; [`ActError::Database`],
/// [`ActError::Shared`].
pub async fn finish(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    flow: &Flow,
    query: &CallbackQuery,
) -> Result<Linked, ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    if flow.links() != Some(fresh.session().id().text().as_str()) || !may_link(user) {
        return Err(ActError::NotFound);
    }
    let network = circumstances.address.counting_network().to_string();
    if query.error.is_none() && !core.idp().takes_code_from(&network).await? {
        return Ok(Linked::TooMany);
    }
    let said = match core.idp().returned(flow, query).await {
        Returned::Attested(said) => said,
        Returned::Again(url, after) => return Ok(Linked::Again(url, after)),
        Returned::Failed(failure) => {
            let event = Event::new("idp.link").refused(failure.fault.code()).detail("provider", flow.provider());
            note(core, circumstances, user, event.detail("why", failure.reason.as_str())).await?;
            return Ok(Linked::Failed(failure));
        }
    };
    core.idp().took_code_from(&network).await?;
    let links = core.idp().links();
    let event = Event::new("idp.link").detail("provider", said.provider()).detail("subject", said.subject()).detail("by", "own");
    let made = links.add(user.id(), said.provider(), said.issuer(), said.subject(), said.mail()).await?;
    if made.is_none() {
        let is_own = links.find(said.issuer(), said.subject()).await?.is_some_and(|link| link.user == *user.id());
        if is_own {
            return Ok(Linked::Already);
        }
        note(core, circumstances, user, event.refused("idp_linked_elsewhere")).await?;
        return Ok(Linked::Taken);
    }
    note(core, circumstances, user, event).await?;
    tell(core, circumstances, user, Notice::IdentityLinked(&called(core, said.provider()))).await;
    Ok(Linked::Added)
}

/// Removes a link; what it opened in other places ends.
///
/// # Errors
/// [`ActError::NeedsAnotherFactor`], [`ActError::NotFound`], [`ActError::Database`]; [`ActError::LastWay`] where the user could
/// not sign in any more.
pub async fn remove(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    id: CredentialId,
) -> Result<(), ActError> {
    has_proved_another(fresh)?;
    let user = fresh.user();
    let turn = core.idp().links().turn().await;
    let links = core.idp().links().of_user(user.id()).await?;
    let link = links.iter().find(|link| link.id == id).ok_or(ActError::NotFound)?;
    let another = links.iter().any(|other| other.id != id && core.idp().find(&other.provider).is_some() && may_link(user));
    if !another && !has_another_way(core, user).await? {
        return Err(ActError::LastWay);
    }
    if !core.unlink(&turn, user.id(), id, Some(fresh.session())).await? {
        return Err(ActError::NotFound);
    }
    let event = Event::new("idp.unlink").detail("provider", link.provider.as_str()).detail("subject", link.subject.as_str());
    note(core, circumstances, user, event.detail("by", "own")).await?;
    tell(core, circumstances, user, Notice::IdentityUnlinked(&called(core, &link.provider))).await;
    Ok(())
}

/// Whether a user can sign in by something else than an identity provider.
async fn has_another_way(core: &Core, user: &User) -> Result<bool, ActError> {
    let assigned = user.standing().assigned;
    let has = |method| assigned.contains(method);
    Ok((has(Method::Password) && core.passwords().set_at(user.id()).await?.is_some())
        || (has(Method::AdPassword) && core.ad_passwords().directories().iter().next().is_some())
        || (has(Method::Passkey) && core.passkeys().has(user.id()).await?)
        || (has(Method::Push) && !core.approvals().approvers.of_user(user.id()).await?.is_empty())
        || (has(Method::Push) && core.approves_by_passkey(user.id()).await?))
}

/// What people call a provider.
fn called(core: &Core, provider: &str) -> String {
    core.idp().find(provider).map_or_else(|| provider.to_owned(), |found| found.settings().title().to_owned())
}
