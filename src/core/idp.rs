//! What providers bring about in the core: groups that they give, sessions that they end, what is asked of them in the
//! background.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use secrecy::ExposeSecret as _;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Core;
use super::consequences::Gone;
use super::upkeep::report;
use crate::account::AccountError;
use crate::audit::Event;
use crate::config::schema::IdpSignOut;
use crate::idp::{IdentityProvider, IdpLink, IdpSession, LinkTurn, LogoutNotice, Recheck};
use crate::principal::method::CredentialId;
use crate::principal::user::{GroupName, UserId};
use crate::session::{Session, SessionId};
use crate::store::database::DatabaseError;

/// How often it is looked what is to be asked.
const TURN: Duration = Duration::from_secs(2);
/// Sessions of one provider that are re-checked in one turn, and of them at once.
const IN_ONE_TURN: i64 = 200;
const AT_ONCE: usize = 8;
/// After so many times `session.recheck` without an answer a session ends: a provider that is down does not sign out
/// everybody at once, and no session lives on for ever without it.
const PATIENCE: u32 = 8;

/// Where a browser may go after a sign-out here, to sign out there too.
#[derive(Clone, Debug)]
pub struct SignOutThere {
    /// What people call the provider.
    pub title: String,
    /// The address.
    pub address: String,
    /// Whether the browser is sent there without being asked.
    pub always: bool,
}

impl Core {
    /// What is asked of providers in the background, until `shutdown`: documents and keys, and whether sessions are good.
    pub(super) async fn idp_upkeep(&self, shutdown: &CancellationToken) {
        let mut turn = interval(TURN);
        turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while shutdown.run_until_cancelled(turn.tick()).await.is_some() {
            if shutdown.run_until_cancelled(self.idp_turn()).await.is_none() {
                break;
            }
        }
    }

    /// One turn of that.
    pub async fn idp_turn(&self) {
        self.idp().refresh().await;
        for provider in self.idp().all() {
            report("idp re-check", self.recheck_sessions_of(&provider).await);
        }
    }

    async fn recheck_sessions_of(&self, provider: &IdentityProvider) -> Result<(), DatabaseError> {
        if provider.rests() {
            return Ok(());
        }
        let every = self.config().file.session.recheck.0;
        let due = self.idp().sessions().due(provider.settings().name(), every, IN_ONE_TURN).await?;
        for some in due.chunks(AT_ONCE) {
            let asked: Vec<_> = some.iter().map(|session| self.recheck(provider, session)).collect();
            join_all(asked).await.into_iter().collect::<Result<(), _>>()?;
        }
        Ok(())
    }

    async fn recheck(&self, provider: &IdentityProvider, opened: &IdpSession) -> Result<(), DatabaseError> {
        let Some(session) = SessionId::parse(&opened.session).and_then(|id| self.sessions().by_id(id)) else {
            // It has ended; its row goes with that of the session at the next sweep.
            return self.idp().sessions().forget(&opened.session).await;
        };
        let outcome = match self.idp().recheck(opened).await? {
            Recheck::Good { groups } => {
                if let Some(groups) = groups
                    && let Some(link) = self.idp().links().find(&opened.issuer, &opened.subject).await?
                {
                    report("idp groups", self.take_groups(provider, &link, &groups).await);
                }
                "good"
            }
            Recheck::Over(why) => {
                self.end_for_idp(&session, provider.settings().name(), "recheck", &why).await?;
                "over"
            }
            Recheck::Unknown(why) => {
                provider.rest();
                let patience = self.config().file.session.recheck.0.saturating_mul(PATIENCE);
                if self.clock().now() >= opened.confirmed_at.plus(patience) {
                    self.end_for_idp(&session, provider.settings().name(), "recheck_unanswered", &why).await?;
                    "unanswered"
                } else {
                    tracing::warn!(provider = provider.settings().name(), error = %why, "idp_recheck_failed");
                    "unknown"
                }
            }
        };
        let name = provider.settings().name().to_owned();
        metrics::counter!("sekisho_idp_rechecks_total", "provider" => name, "outcome" => outcome).increment(1);
        Ok(())
    }

    /// Ends a session because its provider says so.
    async fn end_for_idp(&self, session: &Session, provider: &str, by: &'static str, why: &str) -> Result<(), DatabaseError> {
        self.sessions().revoke(session.id()).await?;
        let event = Event::new("idp.end_session").user(session.user().id().as_str()).detail("provider", provider);
        let event = event.detail("by", by).detail("why", why).detail("session", session.id().text());
        self.audit().record(event).await
    }

    /// Ends the sessions that a logout at a provider is about; how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn signed_out_there(
        &self,
        provider: &IdentityProvider,
        notice: &LogoutNotice,
        by: &'static str,
    ) -> Result<usize, DatabaseError> {
        let (subject, there) = (notice.subject.as_deref(), notice.session.as_deref());
        let mut opened = self.idp().sessions().opened_by(&notice.issuer, subject, there).await?;
        if opened.is_empty() && subject.is_some() && there.is_some() {
            // The provider names its sessions here and did not at the sign-in: all of the person's are meant.
            let unnamed = self.idp().sessions().opened_by(&notice.issuer, subject, None).await?;
            opened.extend(unnamed.into_iter().filter(|session| session.session_there.is_none()));
        }
        let mut ended = 0;
        for one in opened {
            if let Some(session) = SessionId::parse(&one.session).and_then(|id| self.sessions().by_id(id)) {
                self.end_for_idp(&session, provider.settings().name(), by, "the provider says so").await?;
                ended += 1;
            }
        }
        let name = provider.settings().name().to_owned();
        metrics::counter!("sekisho_idp_logouts_total", "provider" => name, "channel" => by).increment(1);
        Ok(ended)
    }

    /// Makes a user a member of the groups that a provider gives now, and of no group that it gave before and gives no more.
    /// Groups from elsewhere stay.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn take_groups(&self, provider: &IdentityProvider, link: &IdpLink, given: &[String]) -> Result<(), AccountError> {
        let ours = self.groups_of(provider, given);
        let user = self.users().named(&link.user)?;
        let has = user.standing().groups.clone();
        let kept = has.iter().filter(|group| !link.groups.contains(group)).cloned();
        let will: BTreeSet<GroupName> = kept.chain(ours.iter().cloned()).collect();
        if !will.iter().eq(has.iter()) {
            let names = will.iter().map(GroupName::as_str).collect::<Vec<_>>().join(",");
            self.users().set_groups(user.id(), will.into_iter().collect()).await?;
            let event = Event::new("idp.groups").user(user.id().as_str()).detail("provider", provider.settings().name());
            self.audit().record(event.detail("groups", names)).await?;
        }
        if ours != link.groups {
            self.idp().links().gave(link.id, &ours).await?;
        }
        Ok(())
    }

    /// The groups here that a provider's words stand for.
    fn groups_of(&self, provider: &IdentityProvider, given: &[String]) -> Vec<GroupName> {
        let Some(rule) = &provider.settings().section().groups else { return Vec::new() };
        let administrators = GroupName::parse(&self.config().file.portal.administrators).ok();
        let ours: BTreeSet<GroupName> = given
            .iter()
            .filter_map(|word| match rule.map.get(word) {
                Some(mapped) => GroupName::parse(mapped).ok(),
                // Who administers here is said here: by no name that the two happen to share.
                None if rule.same_names => GroupName::parse(word).ok().filter(|name| Some(name) != administrators.as_ref()),
                None => None,
            })
            .filter(|name| self.groups().find(name).is_some())
            .collect();
        ours.into_iter().collect()
    }

    /// Removes a link of a user, ends what was opened by it, and takes back the groups that came with it; whether it was there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn unlink(
        &self,
        _turn: &LinkTurn,
        user: &UserId,
        link: CredentialId,
        except: Option<&Session>,
    ) -> Result<bool, DatabaseError> {
        let all = self.idp().links().of_user(user).await?;
        let was_there = self.idp().links().remove(user, link).await?;
        self.end_opened_by(user, Gone::link(link), except).await?;
        let given = all.iter().find(|one| one.id == link).map(|one| one.groups.clone()).unwrap_or_default();
        let given_too = |group: &GroupName| all.iter().any(|one| one.id != link && one.groups.contains(group));
        let gone: Vec<GroupName> = given.into_iter().filter(|group| !given_too(group)).collect();
        self.take_away(user, &gone).await?;
        Ok(was_there)
    }

    /// Takes a user out of groups that nobody gives any more.
    async fn take_away(&self, user: &UserId, gone: &[GroupName]) -> Result<(), DatabaseError> {
        let Some(known) = self.users().find(user) else { return Ok(()) };
        let has = known.standing().groups.clone();
        if !has.iter().any(|group| gone.contains(group)) {
            return Ok(());
        }
        let kept: Vec<GroupName> = has.iter().filter(|group| !gone.contains(group)).cloned().collect();
        let names = kept.iter().map(GroupName::as_str).collect::<Vec<_>>().join(",");
        match self.users().set_groups(user, kept).await {
            Ok(()) => self.audit().record(Event::new("idp.groups").user(user.as_str()).detail("groups", names)).await,
            Err(AccountError::Database(error)) => Err(error),
            // The user is gone, and with it the membership.
            Err(_) => Ok(()),
        }
    }

    /// Where a browser may sign out of the provider that opened a session.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn sign_out_there(&self, session: &Session) -> Result<Option<SignOutThere>, DatabaseError> {
        let Some(opened) = self.idp().sessions().of(&session.id().text()).await? else { return Ok(None) };
        let Some(provider) = self.idp().find(&opened.provider) else { return Ok(None) };
        let settings = provider.settings();
        let endpoint = provider.end_session_endpoint().and_then(|endpoint| Url::parse(&endpoint).ok());
        let Some(mut address) = endpoint.filter(|_| settings.section().sign_out != IdpSignOut::Off) else { return Ok(None) };
        // OpenID Connect RP-Initiated Logout 1.0 §2.
        if let Some(hint) = self.idp().sessions().id_token(&opened).await? {
            address.query_pairs_mut().append_pair("id_token_hint", hint.expose_secret());
        }
        address
            .query_pairs_mut()
            .append_pair("client_id", &settings.section().client_id)
            .append_pair("post_logout_redirect_uri", &settings.post_logout_redirect_uri());
        Ok(Some(SignOutThere {
            title: settings.title().to_owned(),
            address: address.into(),
            always: settings.section().sign_out == IdpSignOut::Always,
        }))
    }
}
