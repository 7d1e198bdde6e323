//! Notifies an app that its request was answered (CIBA §10.2): one POST to the address in the config. Redirects are not
//! followed, and internal addresses are refused unless the config lists them. An app that cannot be notified polls.
//! Invariant: a ping carries no result; the result is returned only to a client with the app's token.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use ipnet::IpNet;
use parking_lot::Mutex;
use rustls::{ClientConfig, RootCertStore};

use crate::config::Config;
use crate::config::schema::Ping;
use crate::outbound::{guard, https, roots};

/// How long an app may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The authorities that each app's address is verified by, as long as the config is the same.
type Believed = HashMap<Option<PathBuf>, (Arc<Config>, Arc<ClientConfig>)>;

/// Sends pings.
#[derive(Default)]
pub(super) struct PingClient(Mutex<Believed>);

impl fmt::Debug for PingClient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PingClient")
    }
}

impl PingClient {
    /// Sends one ping; log and metrics say how it went.
    pub(super) async fn notify(&self, config: &Arc<Config>, ping: &Ping, token: &str, id: &str) {
        let sent = tokio::time::timeout(PATIENCE, self.send(config, ping, token, id)).await;
        let outcome = match sent {
            Ok(Ok(status)) if status.is_success() => "delivered",
            Ok(Ok(status)) => {
                tracing::warn!(status = status.as_u16(), endpoint = %ping.endpoint, "ping_refused");
                "refused"
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, endpoint = %ping.endpoint, "ping_failed");
                "failed"
            }
            Err(_) => {
                tracing::warn!(endpoint = %ping.endpoint, "ping_too_slow");
                "too_slow"
            }
        };
        metrics::counter!("sekisho_app_pings_total", "outcome" => outcome).increment(1);
    }

    async fn send(&self, config: &Arc<Config>, ping: &Ping, token: &str, id: &str) -> Result<StatusCode, String> {
        let text = |error: &dyn fmt::Display| error.to_string();
        let networks: Vec<IpNet> = ping.networks.iter().map(|network| network.0).collect();
        let (url, address) = guard::reach(&ping.endpoint, &networks).await.map_err(|error| text(&error))?;
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let request = Request::post(target)
            .header(header::HOST, authority)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(serde_json::json!({ "auth_req_id": id }).to_string())))
            .map_err(|error| text(&error))?;
        let tls = self.believing(config, ping);
        let (status, _) = https::exchange(&tls, address, host, request).await.map_err(|error| text(&error))?;
        Ok(status)
    }

    fn believing(&self, config: &Arc<Config>, ping: &Ping) -> Arc<ClientConfig> {
        let mut kept = self.0.lock();
        if let Some((of, tls)) = kept.get(&ping.authority)
            && Arc::ptr_eq(of, config)
        {
            return Arc::clone(tls);
        }
        // A config whose authorities cannot be read is refused before it comes here; were it not, nobody is believed.
        let roots = roots::of(ping.authority.as_deref(), "app.approvals.ping.authority");
        let roots = roots.unwrap_or_else(|_| RootCertStore::empty());
        let tls = Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth());
        kept.insert(ping.authority.clone(), (Arc::clone(config), Arc::clone(&tls)));
        tls
    }
}
