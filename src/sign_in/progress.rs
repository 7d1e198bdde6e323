//! How far a sign-in has come: who was named, what was proved. Kept on the server for half an hour, under a key that only
//! the browser's own cookie and the goal together give; so any number of tabs go on side by side.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chain::Check;
use crate::chain::evidence::{Earned, Evidence, EvidenceRecord, Gathered};
use crate::factor::Successor;
use crate::principal::method::CredentialId;
use crate::principal::user::UserId;
use crate::seal::TokenHash;
use crate::store::shared::{Keyspace, Shared, SharedState};

/// How long a sign-in may take.
pub const LIFE: Duration = Duration::from_secs(30 * 60);

/// What was gathered so far.
#[derive(Clone, Debug, Default)]
pub struct SignInProgress {
    /// What was proved, and the user it was proved for.
    pub gathered: Gathered,
    /// The registration of this browser, once check 5 has passed.
    pub browser: Option<CredentialId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ProgressRecord {
    user: Option<UserId>,
    evidence: Vec<EvidenceRecord>,
    browser: Option<CredentialId>,
}

/// All sign-ins in progress.
#[derive(Clone, Debug)]
pub struct InProgress(Keyspace<ProgressRecord>);

impl InProgress {
    /// In this shared state.
    pub fn new(shared: &Arc<dyn SharedState>) -> Self {
        Self(Keyspace::new(Arc::clone(shared), "sign_in", LIFE))
    }

    /// How far the sign-in of this browser towards this goal has come.
    ///
    /// # Errors
    /// `SharedStateError`. So for the others.
    pub async fn of(&self, browser: &str, goal: &str) -> Shared<SignInProgress> {
        Ok(self.0.get(&key(browser, goal)).await?.as_ref().map(SignInProgress::read).unwrap_or_default())
    }

    /// Notes what was earned.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn add(
        &self,
        browser: &str,
        goal: &str,
        user: &UserId,
        earned: &Earned,
        registration: Option<CredentialId>,
    ) -> Shared<()> {
        let mut progress = self.of(browser, goal).await?;
        progress.gathered.add(user, earned);
        progress.browser = registration.or(progress.browser);
        self.0.put(&key(browser, goal), &progress.record()).await
    }

    /// Begins again with what was earned: proving a primary factor starts a sign-in of its own. A ticket of the same user stays:
    /// it comes before the primary factor.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn begin(&self, browser: &str, goal: &str, user: &UserId, earned: &Earned) -> Shared<()> {
        let before = self.of(browser, goal).await?;
        let mut progress = SignInProgress { gathered: before.gathered.only(Check::DesktopSso), browser: None };
        progress.gathered.add(user, earned);
        self.0.put(&key(browser, goal), &progress.record()).await
    }

    /// Goes on with what was earned beside, under another goal of the same browser, by a credential that was replaced since: it
    /// becomes what this goal has. What was earned by another one is dropped.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn join(&self, browser: &str, beside: &str, goal: &str, successor: &Successor) -> Shared<()> {
        let Some(earned) = self.0.take(&key(browser, beside)).await? else { return Ok(()) };
        let Some(earned) = SignInProgress::read(&earned).gathered.following(successor) else { return Ok(()) };
        let mut gathered = self.of(browser, goal).await?.gathered.only(Check::DesktopSso);
        if gathered.user().is_some_and(|user| Some(user) != earned.user()) {
            gathered = Gathered::none();
        }
        gathered.add_all(&earned);
        self.0.put(&key(browser, goal), &SignInProgress { gathered, browser: None }.record()).await
    }

    /// Ends it.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn end(&self, browser: &str, goal: &str) -> Shared<()> {
        self.0.take(&key(browser, goal)).await.map(drop)
    }
}

impl SignInProgress {
    fn record(&self) -> ProgressRecord {
        ProgressRecord {
            user: self.gathered.user().cloned(),
            evidence: self.gathered.iter().map(Evidence::record).collect(),
            browser: self.browser,
        }
    }

    #[expect(clippy::disallowed_methods, reason = "an entry of the shared state that this module wrote")]
    fn read(record: &ProgressRecord) -> Self {
        let mut gathered = Gathered::none();
        if let Some(user) = &record.user {
            for piece in &record.evidence {
                gathered.put_back(user, Evidence::restore(piece));
            }
        }
        Self { gathered, browser: record.browser }
    }
}

/// A reader of the shared state learns no cookie.
pub(super) fn key(browser: &str, goal: &str) -> String {
    crate::random::base64url(TokenHash::of(format!("{browser}\n{goal}").as_bytes()).as_bytes())
}
