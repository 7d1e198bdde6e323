//! Applications of users to let a browser in, which an administrator approves or rejects (R-205… ). An
//! approved one is a registration like every other; here is what comes before it.
//! Invariant: an application is decided once. Of any number who decide at once one does, and the others learn what was decided.

use std::time::Duration;

pub use super::applied::{Application, ApplicationState};
use super::{BrowserCookie, Browsers, RegisteredWay, Registration, ShownBrowser, application_records as records};
use crate::clock::Timestamp;
use crate::facts::client_address::ClientAddress;
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::seal::{SecretToken, TokenHash};
use crate::store::database::DatabaseError;

/// Characters of a name at most.
const LONGEST_NAME: usize = 64;
/// Characters of a note, or of a reason, at most.
const LONGEST_NOTE: usize = 200;
/// How long it is remembered what was decided.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3600);

/// What an application says.
#[derive(Clone, Copy, Debug)]
pub struct AppliedFor<'a> {
    /// What the user calls the browser: cut to 64 characters.
    pub name: &'a str,
    /// What the user says to the administrator: cut to 200 characters.
    pub note: &'a str,
    /// What the browser says it is.
    pub agent: &'a str,
    /// Where the application comes from.
    pub address: ClientAddress,
}

/// Why an application is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// As many of the user wait already as may.
    #[error("apply for the browser: {0} applications of this user wait already")]
    TooMany(usize),
    /// It was rejected a moment ago.
    #[error("apply for the browser: it was rejected, and may be applied for again in {}", crate::config::units::TimeSpan(*.0))]
    Later(Duration),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Why an application is not decided.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is none of this id that waits or was decided.
    #[error("decide the application: it does not exist, or waited too long")]
    Unknown,
    /// It was decided before, as this says.
    #[error("decide the application: {}", said(.0))]
    Decided(Box<Application>),
    /// The user has as many such browsers as may be.
    #[error("approve the application: {user} has {have} such browsers, which is the most (devices.per_user); revoke one first")]
    TooMany {
        /// The user.
        user: UserId,
        /// That many.
        have: usize,
    },
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

fn said(application: &Application) -> String {
    let by = application.decided_by.as_deref().unwrap_or("nobody");
    let at = application.decided_at.map(|at| format!(" at {}", at.rfc3339())).unwrap_or_default();
    match application.state {
        ApplicationState::Pending => "it waits".to_owned(),
        ApplicationState::Approved => format!("{by} approved it{at}"),
        ApplicationState::Rejected => format!("{by} rejected it{at}"),
        ApplicationState::Revoked => format!("{by} approved it, and the browser was revoked{at}"),
    }
}

impl Browsers {
    /// Applies for a browser. One that waits already is answered as it is; otherwise the application takes the place of the
    /// one that was decided before. The cookie by which the browser is known. Durable when this resolves.
    ///
    /// # Errors
    /// [`ApplicationError`].
    pub async fn apply(
        &self,
        user: &UserId,
        shown: ShownBrowser<'_>,
        said: AppliedFor<'_>,
    ) -> Result<(Application, BrowserCookie), ApplicationError> {
        let _one_at_a_time = self.writing.lock().await;
        let (now, config) = (self.clock.now(), self.designation.load());
        let since = before(now, config.lasts.0);
        let brought = shown.cookie.and_then(|text| Some((TokenHash::of_text(text)?, text)));
        // A secret that we gave out before, for an application or a registration; an unknown one is never believed (T26).
        let known = match brought {
            Some((hash, text)) if self.is_known(&hash, shown.device, now) => Some((hash, text)),
            Some((hash, text)) if !self.by_secret.contains_key(&hash) && records::is_known(&self.database, &hash).await? => {
                Some((hash, text))
            }
            _ => None,
        };
        let (secret, cookie, earlier) = match known {
            Some((hash, text)) => {
                let earlier = records::of(&self.database, user, &hash).await?;
                (hash, BrowserCookie::Kept(text.to_owned()), earlier)
            }
            None => {
                let token = SecretToken::draw(&*self.random);
                (token.hash(), BrowserCookie::New(token), None)
            }
        };
        match earlier {
            Some(one) if one.state == ApplicationState::Pending && one.applied_at > since => return Ok((one, cookie)),
            Some(one) if one.state == ApplicationState::Rejected => {
                let again = one.decided_at.unwrap_or(now).plus(config.again_after.0);
                if now < again {
                    return Err(ApplicationError::Later(again.since(now)));
                }
            }
            _ => {}
        }
        let waiting = records::waiting(&self.database, user, since).await?;
        if waiting >= config.waiting {
            return Err(ApplicationError::TooMany(waiting));
        }
        let application = Application {
            id: CredentialId(self.random.id()),
            user: user.clone(),
            name: line(said.name, LONGEST_NAME),
            note: line(said.note, LONGEST_NOTE),
            agent: line(said.agent, LONGEST_NAME),
            address: said.address,
            state: ApplicationState::Pending,
            applied_at: now,
            decided_at: None,
            decided_by: None,
            reason: None,
            browser: None,
        };
        records::apply(&self.database, &secret, &application).await?;
        metrics::counter!("sekisho_device_applications_total", "outcome" => "applied").increment(1);
        self.decided.send_replace(());
        Ok((application, cookie))
    }

    /// The application of a user for the browser that shows this cookie.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn application_of(&self, user: &UserId, cookie: Option<&str>) -> Result<Option<Application>, DatabaseError> {
        let Some(secret) = cookie.and_then(TokenHash::of_text) else { return Ok(None) };
        let found = records::of(&self.database, user, &secret).await?;
        let since = before(self.clock.now(), self.designation.load().lasts.0);
        Ok(found.filter(|one| one.state != ApplicationState::Pending || one.applied_at > since))
    }

    /// All applications, the oldest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn applications(&self) -> Result<Vec<Application>, DatabaseError> {
        let since = before(self.clock.now(), self.designation.load().lasts.0);
        let mut all = records::all(&self.database).await?;
        all.retain(|one| one.state != ApplicationState::Pending || one.applied_at > since);
        Ok(all)
    }

    /// One application by its id.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn application(&self, id: CredentialId) -> Result<Option<Application>, DatabaseError> {
        records::find(&self.database, id).await
    }

    /// Approves an application: the browser is registered for its user. Durable as a whole when this resolves.
    ///
    /// # Errors
    /// [`DecisionError`].
    pub async fn approve(&self, id: CredentialId, by: &str) -> Result<Application, DecisionError> {
        let _one_at_a_time = self.writing.lock().await;
        let (now, config) = (self.clock.now(), self.designation.load());
        let (secret, application) = self.undecided(id, now).await?;
        let user = &application.user;
        let row = self.by_secret.get(&secret).map(|row| row.clone()).unwrap_or_default();
        let own = row.iter().find(|one| one.user == *user).cloned();
        let is_approved = |one: &Registration| one.ways_at(now).contains(Method::BrowserByAdmin);
        let have = self.list(|one| one.user == *user && is_approved(one)).len();
        if have >= config.per_user && own.as_ref().is_none_or(|own| !is_approved(own)) {
            return Err(DecisionError::TooMany { user: user.clone(), have });
        }
        let expires_at = now.plus(**self.lifetime.load());
        let new = RegisteredWay { way: Method::BrowserByAdmin, with: None, registered_at: now, expires_at };
        let registration = Registration {
            id: own.as_ref().map_or_else(|| CredentialId(self.random.id()), |own| own.id),
            user: user.clone(),
            ways: Registration::ways_with(own.as_deref(), &new, now),
            agent: application.name.clone(),
            address: application.address,
            registered_at: now,
            last_seen: now,
            expires_at: own.as_ref().map_or(expires_at, |own| own.expires_at.max(expires_at)),
            // A key that its cookie is bound to already binds this registration too.
            device: own.as_ref().or(row.first()).and_then(|one| one.device.clone()),
        };
        let decided = records::approve(&self.database, id, &secret, &registration, by, now).await?;
        let decided = self.winner(id, decided).await?;
        let others = row.iter().filter(|other| other.user != *user).cloned();
        let row = others.chain([std::sync::Arc::new(registration)]).collect();
        self.by_secret.insert(secret, row);
        self.index();
        self.told("approved");
        Ok(decided)
    }

    /// Rejects an application, with a few words for its user.
    ///
    /// # Errors
    /// [`DecisionError`].
    pub async fn reject(&self, id: CredentialId, by: &str, reason: Option<&str>) -> Result<Application, DecisionError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        self.undecided(id, now).await?;
        let reason = reason.map(|reason| line(reason, LONGEST_NOTE)).filter(|reason| !reason.is_empty());
        let decided = records::reject(&self.database, id, by, reason, now).await?;
        let decided = self.winner(id, decided).await?;
        self.told("rejected");
        Ok(decided)
    }

    /// Waits until the browser that shows this cookie is no longer waited for, `at_most` so long; whether it is not.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn wait_for_decision(&self, user: &UserId, cookie: Option<&str>, at_most: Duration) -> Result<bool, DatabaseError> {
        let mut decided = self.decided.subscribe();
        let end = tokio::time::Instant::now() + at_most;
        loop {
            decided.borrow_and_update();
            let found = self.application_of(user, cookie).await?;
            if found.is_none_or(|one| one.state != ApplicationState::Pending) {
                return Ok(true);
            }
            // A command that works beside this process announces nothing here: looked at again after a moment.
            let look = end.min(tokio::time::Instant::now() + LOOK);
            tokio::select! {
                changed = decided.changed() => if changed.is_err() { return Ok(false) },
                () = tokio::time::sleep_until(look) => {}
            }
            if tokio::time::Instant::now() >= end {
                return Ok(false);
            }
        }
    }

    /// Forgets applications that waited too long, and what was decided long ago.
    pub(super) async fn sweep_applications(&self, now: Timestamp) -> Result<(), DatabaseError> {
        records::sweep(&self.database, before(now, self.designation.load().lasts.0), before(now, REMEMBERED)).await
    }

    async fn undecided(&self, id: CredentialId, now: Timestamp) -> Result<(TokenHash, Application), DecisionError> {
        let (secret, found) = records::find_with_secret(&self.database, id).await?.ok_or(DecisionError::Unknown)?;
        if found.state != ApplicationState::Pending {
            return Err(DecisionError::Decided(Box::new(found)));
        }
        if found.applied_at <= before(now, self.designation.load().lasts.0) {
            return Err(DecisionError::Unknown);
        }
        Ok((secret, found))
    }

    async fn winner(&self, id: CredentialId, decided: Option<Application>) -> Result<Application, DecisionError> {
        match decided {
            Some(application) => Ok(application),
            // Another process was first.
            None => match records::find(&self.database, id).await? {
                Some(application) => Err(DecisionError::Decided(Box::new(application))),
                None => Err(DecisionError::Unknown),
            },
        }
    }

    fn told(&self, outcome: &'static str) {
        metrics::counter!("sekisho_device_applications_total", "outcome" => outcome).increment(1);
        self.decided.send_replace(());
    }
}

/// How often a waiting page looks by itself at what another process may have decided.
const LOOK: Duration = Duration::from_secs(1);

fn before(now: Timestamp, length: Duration) -> Timestamp {
    let length = i64::try_from(length.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_sub(length))
}

/// On one line, cut.
fn line(text: &str, longest: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().chars().take(longest).collect()
}
