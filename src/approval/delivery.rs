//! Telling phones whose page is closed: an encrypted message by their push services, sent aside so that a slow service
//! delays nobody. It says that something is asked, never what the answer is; the page fetches the rest with its own key.
//! Invariant: no request leaves towards an address of the inside, whatever endpoint a browser brought.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use ipnet::IpNet;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rustls::{ClientConfig, RootCertStore};
use tokio_util::task::TaskTracker;

use super::approver::ApproverRegistry;
use super::key::ApproverId;
use super::question::Question;
use super::web_push::{self, Subscription, VapidClaims};
use crate::clock::SharedClock;
use crate::config::diagnose::Complaint;
use crate::config::schema;
use crate::outbound::guard::{self, EndpointError};
use crate::outbound::{https, roots};
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// How long a push service may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages on their way at once; more are left to the page, which looks by itself.
const AT_ONCE: usize = 256;

/// Why nothing can be delivered at all.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The key that names this gateway to push services.
    #[error("open the push key: {0}")]
    Seal(#[from] SealError),
    /// The key itself.
    #[error("read the push key: it cannot be used")]
    Key,
}

/// What sends messages.
pub struct Delivery {
    approvers: ApproverRegistry,
    private: EncodingKey,
    public: Vec<u8>,
    tls: ArcSwap<ClientConfig>,
    networks: ArcSwap<Vec<IpNet>>,
    tasks: TaskTracker,
    clock: SharedClock,
    random: SharedRandom,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Delivery")
    }
}

impl Delivery {
    /// With the key that names this gateway to push services; made at the first start.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub async fn load(
        database: &Database,
        approvers: ApproverRegistry,
        master: &MasterKeys,
        config: &schema::Approval,
        clock: SharedClock,
        random: SharedRandom,
    ) -> Result<Self, DeliveryError> {
        const PLACE: &str = "push_keys/vapid";
        let kept = "SELECT private_key FROM push_keys WHERE id = 'vapid'";
        let private = match database.row(kept, &[]).await? {
            Some(row) => master.open(PLACE, &row.bytes("private_key")?)?.to_vec(),
            None => {
                let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
                let made = made.map_err(|_| DeliveryError::Key)?;
                let sealed = master.seal(&*random, PLACE, made.as_ref())?;
                let sql =
                    "INSERT INTO push_keys (id, private_key, created_at) VALUES ('vapid', $1, $2) ON CONFLICT (id) DO NOTHING";
                database.execute(sql, &[sealed.into(), clock.now().into()]).await?;
                // Of two nodes that start at once, both take the one that was written.
                let row = database.row(kept, &[]).await?.ok_or(DeliveryError::Key)?;
                master.open(PLACE, &row.bytes("private_key")?)?.to_vec()
            }
        };
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).map_err(|_| DeliveryError::Key)?;
        let delivery = Self {
            approvers,
            private: EncodingKey::from_ec_der(&private),
            public: pair.public_key().as_ref().to_vec(),
            tls: ArcSwap::from_pointee(believing(config)),
            networks: ArcSwap::from_pointee(networks(config)),
            tasks: TaskTracker::new(),
            clock,
            random,
        };
        Ok(delivery)
    }

    /// Takes over changed settings.
    pub fn configure(&self, config: &schema::Approval) {
        self.tls.store(Arc::new(believing(config)));
        self.networks.store(Arc::new(networks(config)));
    }

    /// The key that a browser subscribes for: `applicationServerKey`.
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// Sends a user's phones a message that something is asked. Returns at once.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn notify(self: &Arc<Self>, question: &Question, portal: &str) -> Result<(), DatabaseError> {
        for (approver, subscription) in self.approvers.subscriptions(&question.user).await? {
            if self.tasks.len() >= AT_ONCE {
                metrics::counter!("sekisho_push_dropped_total").increment(1);
                return Ok(());
            }
            let (own, portal) = (Arc::clone(self), portal.to_owned());
            let message = serde_json::json!({ "approval": question.id, "user": question.user, "purpose": question.purpose });
            let lasts = question.expires_at.since(self.clock.now()).as_secs();
            self.tasks.spawn(async move { own.deliver(&approver, &subscription, &message.to_string(), lasts, &portal).await });
        }
        Ok(())
    }

    async fn deliver(&self, approver: &ApproverId, to: &Subscription, message: &str, lasts: u64, portal: &str) {
        let sent = tokio::time::timeout(PATIENCE, self.send(to, message, lasts, portal)).await;
        let outcome = match sent {
            Ok(Ok(status)) if status.is_success() => "delivered",
            // RFC 8030 §7.3: the subscription is gone for good.
            Ok(Ok(StatusCode::NOT_FOUND | StatusCode::GONE)) => {
                if let Err(error) = self.approvers.unsubscribe(approver, &to.endpoint).await {
                    tracing::warn!(%error, "push_subscription_not_removed");
                }
                "gone"
            }
            Ok(Ok(status)) => {
                tracing::warn!(status = status.as_u16(), approver = %approver, "push_refused");
                "refused"
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, approver = %approver, "push_failed");
                "failed"
            }
            Err(_) => {
                tracing::warn!(approver = %approver, "push_too_slow");
                "too_slow"
            }
        };
        metrics::counter!("sekisho_push_messages_total", "outcome" => outcome).increment(1);
    }

    async fn send(&self, to: &Subscription, message: &str, lasts: u64, portal: &str) -> Result<StatusCode, String> {
        let text = |error: &dyn fmt::Display| error.to_string();
        let (url, address) = self.reach(&to.endpoint).await.map_err(|error| text(&error))?;
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let body = web_push::encrypt(to, message.as_bytes(), salt).map_err(|error| text(&error))?;
        let origin = url.origin().ascii_serialization();
        let claims = VapidClaims::new(&origin, portal, self.clock.now());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.private).map_err(|error| text(&error))?;
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let request = Request::post(url.path())
            .header(header::HOST, authority)
            .header(header::AUTHORIZATION, web_push::authorization(&token, &self.public))
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("ttl", lasts.max(1))
            .header("urgency", "high")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| text(&error))?;
        let (status, _) = https::exchange(&self.tls.load_full(), address, host, request).await.map_err(|error| text(&error))?;
        Ok(status)
    }

    /// Whether an endpoint may be sent to: before it is kept, and again before each message.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub async fn reach(&self, endpoint: &str) -> Result<(url::Url, SocketAddr), EndpointError> {
        guard::reach(endpoint, &self.networks.load()).await
    }

    /// Waits until nothing is on its way any more: for a shutdown, and for tests.
    pub async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }
}

fn networks(config: &schema::Approval) -> Vec<IpNet> {
    config.push_networks.iter().map(|network| network.0).collect()
}

/// The authorities that push services are held against.
///
/// # Errors
/// A [`Complaint`] where the file holds none.
pub fn authorities(config: &schema::Approval) -> Result<RootCertStore, Complaint> {
    roots::of(config.push_authority.as_deref(), "approval.push_authority")
}

/// What is wrong with the authorities that apps' addresses for pings are held against.
pub fn ping_complaints(file: &schema::File) -> Vec<Complaint> {
    let pings = file.app.iter().enumerate().filter_map(|(place, app)| Some((place, app.approvals.as_ref()?.ping.as_ref()?)));
    let named = pings.filter_map(|(place, ping)| Some((place, ping.authority.as_deref()?)));
    named.filter_map(|(place, path)| roots::of(Some(path), &format!("app[{place}].approvals.ping.authority")).err()).collect()
}

/// The system's authorities, or the one that is named; a file that cannot be read is an error.
fn believing(config: &schema::Approval) -> ClientConfig {
    // A config whose authorities cannot be read is refused before it comes here; were it not, nobody would be believed.
    let roots = authorities(config).unwrap_or_else(|_| RootCertStore::empty());
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}
