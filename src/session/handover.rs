//! From the portal to an app: a departure is what the app's host remembers of a visitor it sent to sign in; a code is
//! the one-time way back. A code is 256 bits, lives 30 s, is used once, and is bound to the app, to the page asked for
//! and to a value that only that visitor's browser holds (T27), so apps may live on unrelated domains.
//!
//! A departure travels sealed in the address of the sign-in page: a client that is not signed in leaves nothing here (but
//! the certificate shown, once), so a flood of visitors fills no memory and locks nobody out.
//! Invariant: a code is taken before it is judged: a wrong guess uses it up.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::sessions::Sessions;
use super::{Session, SessionId};
use crate::clock::{SharedClock, Timestamp};
use crate::facts::presented_certificate::PresentedCertificate;
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError, SecretToken, TokenHash};
use crate::store::shared::{Keyspace, SharedState, SharedStateError};

/// How long a visitor may take to sign in.
pub const DEPARTURE: Duration = Duration::from_secs(30 * 60);
/// How long a code lives.
pub const CODE: Duration = Duration::from_secs(30);

/// Pages with a longer address are not come back to: the visitor arrives at the app's first page. Sealed and written as
/// text, this fits into a request line of 16 KiB.
const LONGEST_PAGE: usize = 8 << 10;
/// What a departure is sealed for.
const PLACE: &str = "departure";

/// What an app's host remembers of a visitor it sent to the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The app's name.
    pub app: String,
    /// The method of the request.
    pub method: String,
    /// The page asked for: path and query as received; `/` if longer than 8 KiB.
    pub path_and_query: String,
    /// Hash of the value in the browser's `__Host-sekisho-state`.
    pub state: TokenHash,
    /// The certificate of the app's connection, which check 2 will judge again.
    pub certificate: Option<Arc<PresentedCertificate>>,
    /// The id of a held request body, if there is one.
    pub held: Option<String>,
    /// When.
    pub started: Timestamp,
}

/// A visitor who came back.
#[derive(Debug)]
pub struct Arrived {
    /// The session to admit.
    pub session: Arc<Session>,
    /// What was remembered.
    pub departure: Departure,
}

/// Why a visitor cannot be sent to sign in.
#[derive(Debug, thiserror::Error)]
pub enum DepartError {
    /// The departure cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The shared state did not take the certificate.
    #[error(transparent)]
    Unavailable(#[from] SharedStateError),
}

/// Why a code does not open the way back.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not a code, used already, or older than 30 s.
    #[error("redeem the code: it is unknown, was used or is older than 30 s")]
    Unknown,
    /// Made for another app.
    #[error("redeem the code: it was issued for another app")]
    AnotherApp,
    /// Brought by a browser that did not depart.
    #[error("redeem the code: it was issued for another browser")]
    AnotherBrowser,
    /// The session ended meanwhile.
    #[error("redeem the code: its session has ended")]
    Ended,
    /// The shared state did not answer.
    #[error(transparent)]
    Unavailable(#[from] SharedStateError),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DepartureRecord {
    app: String,
    method: String,
    path_and_query: String,
    state: String,
    /// The fingerprint of its leaf.
    certificate: Option<String>,
    held: Option<String>,
    started: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct CodeRecord {
    departure: DepartureRecord,
    session: String,
}

/// Departures and codes.
#[derive(Debug)]
pub struct Handover {
    clock: SharedClock,
    random: SharedRandom,
    keys: Arc<MasterKeys>,
    sessions: Arc<Sessions>,
    codes: Keyspace<CodeRecord>,
    /// Chains as shown, each certificate's DER in base64url, by the fingerprint of the leaf: too long for an address.
    certificates: Keyspace<Vec<String>>,
}

impl Handover {
    /// Codes in this shared state, departures sealed with these keys.
    pub fn new(
        shared: &Arc<dyn SharedState>,
        keys: Arc<MasterKeys>,
        sessions: Arc<Sessions>,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Self {
        let codes = Keyspace::new(Arc::clone(shared), "handover", CODE);
        let certificates = Keyspace::new(Arc::clone(shared), "departed-certificate", DEPARTURE);
        Self { clock, random, keys, sessions, codes, certificates }
    }

    /// Seals a departure for the address of the portal: base64url of at most 12 KiB.
    ///
    /// # Errors
    /// [`DepartError`].
    pub async fn depart(&self, departure: &Departure) -> Result<String, DepartError> {
        if let Some(shown) = &departure.certificate {
            let chain = shown.chain().iter().map(|one| URL_SAFE_NO_PAD.encode(one)).collect();
            self.certificates.put(&shown.fingerprint().text(), &chain).await?;
        }
        let mut record = departure.record();
        if record.path_and_query.len() > LONGEST_PAGE {
            "/".clone_into(&mut record.path_and_query);
        }
        let record = serde_json::to_vec(&record).map_err(|_| SealError::Damaged)?;
        Ok(URL_SAFE_NO_PAD.encode(self.keys.seal(&*self.random, PLACE, &record)?))
    }

    /// The departure in an address of the portal, for 30 minutes: the back button and a reload find it again. `None` if
    /// it is older, or not ours.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn departure(&self, sealed: &str) -> Result<Option<Departure>, SharedStateError> {
        match self.opened(sealed) {
            Some(record) => self.read(record).await,
            None => Ok(None),
        }
    }

    /// A code that takes `session` to the app of a departure; `None` if the departure is not known any more.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn issue(&self, departure: &str, session: SessionId) -> Result<Option<String>, SharedStateError> {
        let Some(departure) = self.opened(departure) else { return Ok(None) };
        let code = SecretToken::draw(&*self.random);
        let record = CodeRecord { departure, session: session.text() };
        self.codes.put(&key(&code.hash()), &record).await?;
        Ok(Some(code.text().to_owned()))
    }

    /// Takes a code: of any number of callers one wins, and right or wrong the code is gone.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn redeem(&self, code: &str, app: &str, state: &str) -> Result<Arrived, Refused> {
        let hash = TokenHash::of_text(code).ok_or(Refused::Unknown)?;
        let record = self.codes.take(&key(&hash)).await?.ok_or(Refused::Unknown)?;
        let session = SessionId::parse(&record.session).ok_or(Refused::Unknown)?;
        let departure = self.read(record.departure).await?.ok_or(Refused::Unknown)?;
        if departure.app != app {
            return Err(Refused::AnotherApp);
        }
        let held = TokenHash::of_text(state).ok_or(Refused::AnotherBrowser)?;
        if !bool::from(held.as_bytes().ct_eq(departure.state.as_bytes())) {
            return Err(Refused::AnotherBrowser);
        }
        let session = self.sessions.by_id(session).ok_or(Refused::Ended)?;
        Ok(Arrived { session, departure })
    }

    fn opened(&self, sealed: &str) -> Option<DepartureRecord> {
        if sealed.len() > 2 * LONGEST_PAGE {
            return None;
        }
        let opened = self.keys.open(PLACE, &URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
        let record: DepartureRecord = serde_json::from_slice(&opened).ok()?;
        let (started, now) = (Timestamp::from_millis(record.started), self.clock.now());
        (now < started.plus(DEPARTURE) && started <= now.plus(CODE)).then_some(record)
    }

    async fn read(&self, record: DepartureRecord) -> Result<Option<Departure>, SharedStateError> {
        let certificate = match &record.certificate {
            Some(fingerprint) => match self.certificates.get(fingerprint).await?.as_deref().and_then(chain) {
                Some(shown) => Some(Arc::new(shown)),
                // Forgotten: without it check 2 would be judged by another certificate than was shown.
                None => return Ok(None),
            },
            None => None,
        };
        let state = crate::random::from_base64url::<32>(&record.state).and_then(|state| TokenHash::from_bytes(&state));
        Ok(state.map(|state| Departure {
            state,
            certificate,
            app: record.app,
            method: record.method,
            path_and_query: record.path_and_query,
            held: record.held,
            started: Timestamp::from_millis(record.started),
        }))
    }
}

fn chain(ders: &[String]) -> Option<PresentedCertificate> {
    let ders = ders.iter().map(|one| URL_SAFE_NO_PAD.decode(one).ok().map(CertificateDer::from));
    PresentedCertificate::new(&ders.collect::<Option<Vec<_>>>()?)
}

impl Departure {
    fn record(&self) -> DepartureRecord {
        DepartureRecord {
            app: self.app.clone(),
            method: self.method.clone(),
            path_and_query: self.path_and_query.clone(),
            state: crate::random::base64url(self.state.as_bytes()),
            certificate: self.certificate.as_ref().map(|shown| shown.fingerprint().text()),
            held: self.held.clone(),
            started: self.started.millis(),
        }
    }
}

/// A reader of the shared state learns no code.
fn key(hash: &TokenHash) -> String {
    crate::random::base64url(hash.as_bytes())
}
