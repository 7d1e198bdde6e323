//! Accepting tickets, on threads of its own: the library blocks, and a worker of the runtime never does. So many tickets wait
//! at most; more are turned away at once.
//! Before each ticket the keytab's file is looked at: a new one is read, judged and in use from that moment, and one that is
//! gone or has a weak key stops everything (fail closed).

use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::account::DomainAccount;
use super::fault::TicketFault;
use super::gss::{self, AcceptedToken, Credential, GssError};
use super::keytab::{self, FileState, KeytabEntry, KeytabError};
use super::principal::ClientPrincipal;
use super::token::NegotiateToken;
use crate::config::schema::{ChannelBindingMode, KerberosSection};

/// Tickets that may wait for each thread.
const WAITING_PER_THREAD: usize = 16;
/// Longer than this nobody waits for the library.
const LONGEST: Duration = Duration::from_secs(5);
/// The library adds this to the life of a ticket (the clock skew that it allows).
const SKEW: u32 = 300;

/// A ticket that was accepted.
#[derive(Debug)]
pub struct AcceptedTicket {
    /// Whose.
    pub client: ClientPrincipal,
    /// The account in Active Directory, where the ticket has a PAC that says so.
    pub account: Option<DomainAccount>,
    /// The token that completes the exchange; empty where the client wants none.
    pub reply: Vec<u8>,
}

/// Why tickets cannot be accepted at all.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AcceptorError {
    /// The keytab.
    #[error("the keytab {0}")]
    Keytab(#[from] KeytabError),
    /// The library.
    #[error(transparent)]
    Library(#[from] GssError),
    /// What was accepted cannot be remembered.
    #[error("open the replay cache {path}: {error}")]
    ReplayCache {
        /// Its file.
        path: String,
        /// Why.
        error: String,
    },
    /// No thread.
    #[error("start a thread: {0}")]
    Thread(String),
}

/// Accepts tickets.
pub struct Acceptor {
    queue: SyncSender<Job>,
    shared: Arc<SharedByThreads>,
}

/// What its threads share.
struct SharedByThreads {
    credential: Credential,
    keytab: PathBuf,
    judged: Mutex<JudgedKeytab>,
    replay_cache: PathBuf,
    realms: Vec<String>,
    must_be_bound: bool,
    ignores_bindings: bool,
}

/// The keytab as it was when it was last read.
struct JudgedKeytab {
    state: Option<FileState>,
    verdict: Result<Vec<KeytabEntry>, KeytabError>,
}

/// One ticket on its way.
struct Job {
    token: NegotiateToken,
    binding: Option<Arc<[u8]>>,
    answer: oneshot::Sender<Result<AcceptedTicket, (TicketFault, String)>>,
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Acceptor({})", self.shared.keytab.display())
    }
}

impl Acceptor {
    /// As the config says; what was accepted is remembered in `folder`.
    ///
    /// # Errors
    /// [`AcceptorError`].
    pub fn start(config: &KerberosSection, folder: &Path) -> Result<Self, AcceptorError> {
        let state = keytab::state_of(&config.keytab);
        let entries = keytab::read(&config.keytab)?;
        let replay_cache = folder.join("kerberos.rcache");
        let credential = Credential::acquire(&gss::library(config), &config.keytab, &replay_cache)?;
        let shared = Arc::new(SharedByThreads {
            credential,
            keytab: config.keytab.clone(),
            judged: Mutex::new(JudgedKeytab { state, verdict: Ok(entries) }),
            replay_cache,
            realms: config.realm.iter().map(|realm| realm.name.clone()).collect(),
            must_be_bound: config.channel_binding == ChannelBindingMode::Require,
            ignores_bindings: config.channel_binding == ChannelBindingMode::Off,
        });
        let (queue, jobs) = sync_channel::<Job>(config.at_once.saturating_mul(WAITING_PER_THREAD));
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..config.at_once {
            let (jobs, shared) = (Arc::clone(&jobs), Arc::clone(&shared));
            let thread = thread::Builder::new().name(format!("kerberos-{number}"));
            let spawned = thread.spawn(move || work(&jobs, &shared));
            drop(spawned.map_err(|error| AcceptorError::Thread(error.to_string()))?);
        }
        Ok(Self { queue, shared })
    }

    /// Accepts a ticket, or says why not, with what the library says. `binding` is the value of tls-server-end-point of the
    /// client's own TLS connection (RFC 5929 §4), where that ends here.
    ///
    /// # Errors
    /// [`TicketFault`], and a text for the log.
    pub async fn accept(
        &self,
        token: NegotiateToken,
        binding: Option<Arc<[u8]>>,
    ) -> Result<AcceptedTicket, (TicketFault, String)> {
        let (answer, answered) = oneshot::channel();
        if self.queue.try_send(Job { token, binding, answer }).is_err() {
            return Err((TicketFault::Busy, "too many tickets wait".to_owned()));
        }
        match tokio::time::timeout(LONGEST, answered).await {
            Ok(Ok(accepted)) => accepted,
            Ok(Err(_)) => Err((TicketFault::Other, "the thread that verified it ended".to_owned())),
            Err(_elapsed) => Err((TicketFault::Busy, "the library did not answer in time".to_owned())),
        }
    }

    /// Whether tickets can be accepted now: the keytab is there and good, and what is accepted can be remembered.
    ///
    /// # Errors
    /// [`AcceptorError`].
    pub fn ready(&self) -> Result<(), AcceptorError> {
        self.shared.keytab()?;
        let path = &self.shared.replay_cache;
        let opened = OpenOptions::new().create(true).truncate(false).write(true).read(true).mode(0o600).open(path);
        opened
            .map(drop)
            .map_err(|error| AcceptorError::ReplayCache { path: path.display().to_string(), error: error.to_string() })
    }
}

impl SharedByThreads {
    /// Looks whether the keytab's file is another, and judges it then.
    fn keytab(&self) -> Result<(), KeytabError> {
        let state = keytab::state_of(&self.keytab);
        let mut judged = self.judged.lock();
        if judged.state != state || state.is_none() {
            let verdict = keytab::read(&self.keytab);
            if judged.verdict != verdict {
                match &verdict {
                    Ok(entries) => {
                        let keys = entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                        tracing::info!(path = %self.keytab.display(), keys, "keytab_changed");
                    }
                    Err(error) => tracing::error!(path = %self.keytab.display(), %error, "keytab_unusable"),
                }
            }
            *judged = JudgedKeytab { state, verdict };
        }
        judged.verdict.as_ref().map(drop).map_err(Clone::clone)
    }

    fn accept(&self, token: &NegotiateToken, binding: Option<&[u8]>) -> Result<AcceptedTicket, (TicketFault, String)> {
        self.keytab().map_err(|error| (TicketFault::KeytabUnusable, error.to_string()))?;
        let binding = binding.filter(|_| !self.ignores_bindings);
        let accepted = self.credential.accept(token.as_bytes(), binding).map_err(|failure| {
            let text = format!("{failure:?}");
            (TicketFault::of(&failure), text)
        })?;
        let AcceptedToken { name, reply, left, is_kerberos, is_bound, account } = accepted;
        let client = String::from_utf8_lossy(&name).into_owned();
        let fault = |fault: TicketFault| (fault, client.clone());
        if !is_kerberos {
            return Err(fault(TicketFault::OtherMechanism));
        }
        if self.must_be_bound && !is_bound {
            return Err(fault(TicketFault::NotBound));
        }
        if left <= SKEW {
            return Err(fault(TicketFault::Expired));
        }
        let client = ClientPrincipal::read(&name).map_err(fault)?;
        if !self.realms.contains(&client.realm) {
            return Err((TicketFault::ForeignRealm, client.to_string()));
        }
        let account = account.and_then(|bytes| DomainAccount::read(&bytes));
        if account.as_ref().is_some_and(|account| account.name.ends_with('$')) {
            return Err((TicketFault::Machine, client.to_string()));
        }
        Ok(AcceptedTicket { client, account, reply })
    }
}

fn work(jobs: &Mutex<Receiver<Job>>, shared: &SharedByThreads) {
    loop {
        let job = jobs.lock().recv();
        let Ok(Job { token, binding, answer }) = job else { return };
        // Who asked has gone: a ticket that nobody waits for is not used up.
        if answer.is_closed() {
            continue;
        }
        let _gone_meanwhile = answer.send(shared.accept(&token, binding.as_deref()));
    }
}
