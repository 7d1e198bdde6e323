//! From the portal to an app: a departure is what the app's host remembers of a visitor it sent to sign in; a code is
//! the one-time way back. A code is 256 bits, lives 30 s, is used once, and is bound to the app, to the page asked for
//! and to a value that only that visitor's browser holds (T27), so apps may live on unrelated domains.
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
use crate::clock::Timestamp;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::random::SharedRandom;
use crate::seal::{Token, TokenHash};
use crate::store::shared::{Keyspace, SharedState, SharedStateError};

/// How long a visitor may take to sign in.
pub const DEPARTURE: Duration = Duration::from_secs(30 * 60);
/// How long a code lives.
pub const CODE: Duration = Duration::from_secs(30);

/// What an app's host remembers of a visitor it sent to the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The app's name.
    pub app: String,
    /// The method of the request.
    pub method: String,
    /// The page asked for: path and query as received.
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

/// Why a code does not open the way back.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Not a code, used already, or older than 30 s.
    #[error("redeem the code: it is not known, was used already or is older than 30 s")]
    Unknown,
    /// Made for another app.
    #[error("redeem the code: it was made for another app")]
    AnotherApp,
    /// Brought by a browser that did not depart.
    #[error("redeem the code: it was made for another browser")]
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
    /// The chain as shown, each certificate's DER in base64url.
    certificate: Option<Vec<String>>,
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
    random: SharedRandom,
    sessions: Arc<Sessions>,
    departures: Keyspace<DepartureRecord>,
    codes: Keyspace<CodeRecord>,
}

impl Handover {
    /// In this shared state.
    pub fn new(shared: &Arc<dyn SharedState>, sessions: Arc<Sessions>, random: SharedRandom) -> Self {
        Self {
            random,
            sessions,
            departures: Keyspace::new(Arc::clone(shared), "departure", DEPARTURE),
            codes: Keyspace::new(Arc::clone(shared), "handover", CODE),
        }
    }

    /// Remembers a visitor; answers the id that the portal is told.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn depart(&self, departure: &Departure) -> Result<String, SharedStateError> {
        let id = Token::draw(&*self.random);
        self.departures.put(&key(&id.hash()), &departure.record()).await?;
        Ok(id.text().to_owned())
    }

    /// The departure of this id, for 30 minutes: the back button and a reload find it again.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn departure(&self, id: &str) -> Result<Option<Departure>, SharedStateError> {
        let Some(hash) = TokenHash::of_text(id) else { return Ok(None) };
        Ok(self.departures.get(&key(&hash)).await?.and_then(Departure::read))
    }

    /// A code that takes `session` to the app of a departure; `None` if the departure is not known any more.
    ///
    /// # Errors
    /// [`SharedStateError`].
    pub async fn issue(&self, departure: &str, session: SessionId) -> Result<Option<String>, SharedStateError> {
        let Some(hash) = TokenHash::of_text(departure) else { return Ok(None) };
        let Some(departure) = self.departures.get(&key(&hash)).await? else { return Ok(None) };
        let code = Token::draw(&*self.random);
        self.codes.put(&key(&code.hash()), &CodeRecord { departure, session: session.text() }).await?;
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
        let departure = Departure::read(record.departure).ok_or(Refused::Unknown)?;
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
}

impl Departure {
    fn record(&self) -> DepartureRecord {
        DepartureRecord {
            app: self.app.clone(),
            method: self.method.clone(),
            path_and_query: self.path_and_query.clone(),
            state: crate::random::base64url(self.state.as_bytes()),
            certificate: self
                .certificate
                .as_ref()
                .map(|shown| shown.chain().iter().map(|one| URL_SAFE_NO_PAD.encode(one)).collect()),
            held: self.held.clone(),
            started: self.started.millis(),
        }
    }

    fn read(record: DepartureRecord) -> Option<Self> {
        let certificate = match &record.certificate {
            Some(chain) => {
                let chain: Option<Vec<CertificateDer<'static>>> =
                    chain.iter().map(|one| URL_SAFE_NO_PAD.decode(one).ok().map(CertificateDer::from)).collect();
                Some(Arc::new(PresentedCertificate::new(&chain?)?))
            }
            None => None,
        };
        Some(Self {
            state: TokenHash::from_bytes(&crate::random::from_base64url::<32>(&record.state)?)?,
            certificate,
            app: record.app,
            method: record.method,
            path_and_query: record.path_and_query,
            held: record.held,
            started: Timestamp::from_millis(record.started),
        })
    }
}

/// Whoever can list the shared state learns no id and no code.
fn key(hash: &TokenHash) -> String {
    crate::random::base64url(hash.as_bytes())
}
