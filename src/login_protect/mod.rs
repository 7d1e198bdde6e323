//! Login-protect: a login form stays shut until its owner opens it from the phone. While it is shut no password is
//! evaluated, whichever client sends it; opened, it takes one password within
//! 60 s, or what the config says.
//! Windows are in the short-lived state: a restart shuts them all. Only [`LoginProtect::admit`] makes an [`Admission`] or
//! [`AdmissionOfBoth`], and the verifiers of passwords take one.
//! Invariant: where nothing can be learnt of a window, it is shut, unless the policy says otherwise.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::account::settings::Settings;
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema;
use crate::principal::service::{Mark, Service, ServiceId, WhenUnreachable};
use crate::principal::user::UserId;
use crate::random::SharedRandom;
use crate::store::database::DatabaseError;
use crate::store::shared::{Keyspace, Shared, SharedState, SharedStateError};
use crate::telemetry::strangers::{self, Kind};

/// How long a window may be open at most (`login_protect.window` of the config).
pub const LONGEST: Duration = Duration::from_secs(600);
/// The setting that disables login-protect everywhere (R-148…R-153).
pub const DISABLED: &str = "login_protect.disabled";
/// Names of settings that hold the service IDs drawn here.
const DRAWN: &str = "state.login_protect_service.";
/// How long refused attempts are counted for their owner.
const COUNTED: Duration = Duration::from_secs(30 * 24 * 3600);

/// The right to evaluate one password: made by [`LoginProtect`] alone, used up by the verifier.
#[derive(Debug)]
#[must_use]
pub struct Admission {
    services: Mark,
    as_open: bool,
}

impl Admission {
    /// Whether a form passed for open because nothing could be learnt of it.
    pub const fn is_as_open(&self) -> bool {
        self.as_open
    }

    /// Which services' windows were taken for it.
    pub const fn services(&self) -> Mark {
        self.services
    }
}

/// The right to evaluate our own password and that of Active Directory together, good for nothing unless both are right
/// made by [`LoginProtect`] alone, used up by the verifier of both.
#[derive(Debug)]
#[must_use]
pub struct AdmissionOfBoth {
    services: Mark,
}

impl AdmissionOfBoth {
    /// Which services' windows are passed for it.
    pub const fn services(&self) -> Mark {
        self.services
    }
}

/// What a login form takes.
#[derive(Debug)]
#[must_use]
pub enum LoginAdmission {
    /// One password.
    One(Admission),
    /// Two, because nothing could be learnt of the form.
    Both(AdmissionOfBoth),
}

/// Why no password is evaluated.
#[derive(Debug, thiserror::Error)]
pub enum Shut {
    /// No window is open.
    #[error("evaluate the password: the login form is shut")]
    Protected,
    /// Whether one is open cannot be learnt.
    #[error("evaluate the password: the state of the login form is unknown: {0}")]
    Unreachable(SharedStateError),
}

/// Why the switch did not move.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The short-lived state.
    #[error(transparent)]
    Shared(#[from] SharedStateError),
}

/// All windows.
#[derive(Debug)]
pub struct LoginProtect {
    shared: Arc<dyn SharedState>,
    /// Until when each is open.
    windows: Keyspace<Timestamp>,
    /// How long a window is open, in milliseconds.
    window: AtomicU64,
    /// Names the windows that count; drawn again when protection is restored.
    epoch: Keyspace<String>,
    settings: Arc<Settings>,
    clock: SharedClock,
    random: SharedRandom,
}

impl LoginProtect {
    /// In this shared state.
    pub fn new(
        shared: &Arc<dyn SharedState>,
        config: &schema::LoginForms,
        settings: Arc<Settings>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let own = Self {
            windows: Keyspace::new(Arc::clone(shared), "login_protect", LONGEST),
            window: AtomicU64::new(0),
            // Longer than any window lives: then those of the epoch before are gone too.
            epoch: Keyspace::new(Arc::clone(shared), "login_protect_epoch", LONGEST * 2),
            shared: Arc::clone(shared),
            settings,
            clock,
            random,
        };
        own.configure(config);
        own
    }

    /// Takes over changed settings; windows that are open stay open as long as was said when they were opened.
    pub fn configure(&self, config: &schema::LoginForms) {
        let window = config.window.0.min(LONGEST).as_millis();
        self.window.store(u64::try_from(window).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether it is disabled everywhere.
    pub fn is_disabled(&self) -> bool {
        self.settings.value(DISABLED).is_some()
    }

    /// Disables it everywhere (R-148…R-152).
    ///
    /// # Errors
    /// [`SwitchError`].
    pub async fn disable(&self, by: &str) -> Result<(), SwitchError> {
        Ok(self.settings.set(DISABLED, &self.clock.now().rfc3339(), by).await?)
    }

    /// Restores it; windows that were opened before no longer count. Whether it was disabled.
    ///
    /// # Errors
    /// [`SwitchError`]: it is still disabled.
    pub async fn restore(&self) -> Result<bool, SwitchError> {
        self.epoch.put("now", &crate::random::base64url(&self.random.id())).await?;
        let was_disabled = self.settings.clear(DISABLED).await?;
        self.notify(ALL_CHANGED).await;
        Ok(was_disabled)
    }

    /// Draws a service ID and remembers that it did.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn draw(&self, by: &str) -> Result<ServiceId, DatabaseError> {
        let drawn = ServiceId::draw(&*self.random);
        self.settings.set(&format!("{DRAWN}{drawn}"), &self.clock.now().rfc3339(), by).await?;
        Ok(drawn)
    }

    /// Whether this ID was drawn here. One that was not may be another installation's, or mistyped: then its windows are
    /// not those that it was meant to share.
    pub fn has_drawn(&self, service: &ServiceId) -> bool {
        self.settings.value(&format!("{DRAWN}{service}")).is_some()
    }

    async fn key(&self, user: &UserId, service: &Service) -> Shared<String> {
        let epoch = self.epoch.get("now").await?.unwrap_or_default();
        Ok(format!("{epoch}/{}/{}/{user}", service.organisation(), service.id()))
    }

    /// Opens the window of a user for one service; opening again begins again. Until when it is open.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn open(&self, user: &UserId, service: &Service) -> Shared<Timestamp> {
        let window = Duration::from_millis(self.window.load(Ordering::Relaxed));
        let until = self.clock.now().plus(window);
        self.windows.put_for(&self.key(user, service).await?, &until, window).await?;
        self.notify(&changed(user)).await;
        Ok(until)
    }

    /// A receiver of each window of a user that is opened, used or shut from now on: a phone stops its countdown when a window
    /// is used.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn follow(&self, user: &UserId) -> Shared<[mpsc::Receiver<Vec<u8>>; 2]> {
        Ok([self.shared.subscribe(&changed(user)).await?, self.shared.subscribe(ALL_CHANGED).await?])
    }

    /// For a password that no login form asked for: its owner has signed in and is asked once more.
    pub const fn within_a_session() -> Admission {
        Admission { services: Mark::NONE, as_open: false }
    }

    /// Takes the window for one password, right or wrong: of any number of callers one is admitted. With no
    /// service the form is not protected. `user` is `None` where nobody of that name exists.
    ///
    /// # Errors
    /// [`Shut`]: the password must not be evaluated.
    pub async fn admit(&self, user: Option<&UserId>, services: &[&Service]) -> Result<LoginAdmission, Shut> {
        let marks = services.iter().fold(Mark::NONE, |marks, service| marks.and(service.mark()));
        if services.is_empty() || self.is_disabled() {
            return Ok(LoginAdmission::One(Admission { services: marks, as_open: false }));
        }
        // Of those that could not be asked, the strictest wins.
        let mut unasked = None;
        for service in services {
            let taken = match user {
                Some(user) => self.take(user, service).await,
                None => Ok(false),
            };
            match (taken, service.when_unreachable()) {
                (Ok(true), _) => {}
                (Ok(false), _) => {
                    self.count_refused(user).await;
                    return Err(Shut::Protected);
                }
                (Err(error), WhenUnreachable::Deny) => return Err(Shut::Unreachable(error)),
                (Err(error), instead) => {
                    if strangers::may_write_of_anybody(Kind::StateUnavailable) {
                        tracing::warn!(%error, "login_protect_unreachable");
                    }
                    unasked = unasked.into_iter().chain([instead]).min();
                }
            }
        }
        Ok(match unasked {
            Some(WhenUnreachable::Deny | WhenUnreachable::RequireAdPassword) => {
                LoginAdmission::Both(AdmissionOfBoth { services: marks })
            }
            Some(WhenUnreachable::AsOpen) => LoginAdmission::One(Admission { services: marks, as_open: true }),
            None => LoginAdmission::One(Admission { services: marks, as_open: false }),
        })
    }

    /// Whether a form of these services asks for both passwords at this moment. Nobody needs to be named for it:
    /// what a form asks for reveals nothing of a user.
    pub async fn asks_for_both<'a>(&self, services: impl Iterator<Item = &'a Service>) -> bool {
        let may = services.map(Service::when_unreachable).any(|instead| instead == WhenUnreachable::RequireAdPassword);
        may && !self.is_disabled() && self.epoch.get("now").await.is_err()
    }

    async fn take(&self, user: &UserId, service: &Service) -> Shared<bool> {
        let taken = self.windows.take(&self.key(user, service).await?).await?.is_some();
        if taken {
            self.notify(&changed(user)).await;
        }
        Ok(taken)
    }

    /// Notifies the phones. The change is done, whether they can be notified or not.
    async fn notify(&self, channel: &str) {
        let _told = self.shared.publish(channel, Vec::new()).await;
    }

    /// Until when a window is open; `None`: it is shut. Looking takes nothing.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn open_until(&self, user: &UserId, service: &Service) -> Shared<Option<Timestamp>> {
        self.windows.get(&self.key(user, service).await?).await
    }

    /// Shuts a window; whether it was open.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn shut(&self, user: &UserId, service: &Service) -> Shared<bool> {
        self.take(user, service).await
    }

    async fn count_refused(&self, user: Option<&UserId>) {
        metrics::counter!("sekisho_login_protect_refused_total").increment(1);
        if let Some(user) = user {
            // The number of attempts is shown, not relied on.
            let _counted = self.shared.count(&refused(user), 1, COUNTED).await;
        }
    }

    /// How many attempts were refused since this was asked last.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn refused_since(&self, user: &UserId) -> Shared<u64> {
        let count = self.shared.count(&refused(user), 0, COUNTED).await?;
        self.shared.take(&refused(user)).await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// The channel of all windows at once.
const ALL_CHANGED: &str = "login_protect_windows";

/// The channel of a user's windows.
fn changed(user: &UserId) -> String {
    format!("{ALL_CHANGED}/{user}")
}

fn refused(user: &UserId) -> String {
    format!("login_protect_refused/{user}")
}
