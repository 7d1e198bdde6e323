//! Requests of apps: checked, counted, put to the user's phones, remembered, and watched for a ping.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::authentication_request::{AuthenticationRequest, RequestError, bearer};
use super::client::Client;
use super::error::BackchannelError;
use super::request::StoredRequest;
use super::{Backchannel, RequestOrigin, request_id};
use crate::account::user::User;
use crate::approval::id::ApprovalId;
use crate::approval::number::Carried;
use crate::approval::question::Purpose;
use crate::approval::{Ask, Matter, RequesterClass};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::principal::method::Method;
use crate::principal::user::GroupName;
use crate::store::shared::Shared;

/// Requests of one app and hour that its list shows at most: the latest.
const LISTED: usize = 1000;

/// Requests that are watched for a ping at once.
const WATCHED: usize = 10_000;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestAccepted {
    /// Names the request.
    pub auth_req_id: String,
    /// How long it may be answered.
    pub expires_in: Duration,
    /// How often the app may look, in seconds.
    pub interval: u64,
    /// The number that the app shows, where one is carried to the phone.
    pub number: Option<Carried>,
}

impl RequestAccepted {
    /// The document that the app gets, by our API and by CIBA (§7.3) alike.
    pub fn document(&self) -> Value {
        let mut document = json!({
            "auth_req_id": self.auth_req_id,
            "expires_in": self.expires_in.as_secs(),
            "interval": self.interval,
        });
        if let (Some(number), Some(document)) = (&self.number, document.as_object_mut()) {
            document.insert("number".to_owned(), json!(number.digits));
            document.insert("number_style".to_owned(), json!(number.style.word()));
            if let Some(address) = &number.address {
                document.insert("number_code".to_owned(), json!(address));
            }
        }
        document
    }
}

impl Backchannel {
    /// Asks a user's phones for what an app wants approved. If no such user exists, or the user may not be asked, the request
    /// runs until it expires, unless the config lets this app know.
    ///
    /// # Errors
    /// [`RequestError`].
    pub async fn ask(
        self: &Arc<Self>,
        client: &Client,
        request: &AuthenticationRequest,
        circumstances: RequestOrigin<'_>,
    ) -> Result<RequestAccepted, RequestError> {
        let settings = client.settings();
        let event = Event::new("backchannel.ask").app(client.app()).actor(client.actor());
        let event = event.address(circumstances.address).request_id(circumstances.request_id);
        self.may_ask_now(client).await.inspect_err(|_| self.core.audit().note(event.clone().refused("too_many")))?;
        let details = request.details()?;
        let ping = match (&settings.ping, &request.notification_token) {
            (Some(ping), Some(token)) => Some((ping.clone(), bearer(token)?.to_owned())),
            // CIBA §7.1: a client in ping mode sends a token by which it recognises our ping.
            (Some(_), None) if request.openid => {
                return Err(RequestError::Input("`client_notification_token` is missing".to_owned()));
            }
            _ => None,
        };
        if ping.is_some() && self.watches.len() >= WATCHED {
            return Err(RequestError::TooMany);
        }
        let user = request.user()?;
        let event = event.user(user.as_str());
        let somebody = self.core.users().find(&user).filter(|user| may_be_asked(user, &settings.groups));
        if somebody.is_none() && settings.tell_unknown {
            self.core.audit().note(event.refused("unknown_user"));
            return Err(RequestError::UnknownUser);
        }
        let id = request_id::draw(&self.core, client.app());
        let config = self.core.config();
        let lifetime = request.lifetime(settings)?;
        let ask = Ask {
            purpose: Purpose::App,
            user: &user,
            asker: &asker(client.app(), &id),
            browser: "",
            address: circumstances.address,
            app: Some(client.title()),
            portal: config.file.portal.url.trim_end_matches('/'),
            requester: RequesterClass::App,
            number: (settings.number || request.number)
                .then(|| self.core.number_style_of_app(client.app(), &user, somebody.as_deref())),
            by_passkey: false,
            anybody: somebody.is_some(),
            request_id: circumstances.request_id,
            matter: Some(Matter { app: client.app(), details: &details, lifetime }),
        };
        let question = self.core.approvals().ask(ask).await.map_err(BackchannelError::from)?;
        let kept = StoredRequest {
            app: client.app().to_owned(),
            user,
            approval: question.id.clone(),
            openid: request.openid,
            expires_at: question.expires_at,
            interval: settings.interval.0.as_secs(),
            looked_at: None,
            given: None,
            exchanged: false,
        };
        self.requests.put(&id, &kept).await.map_err(BackchannelError::from)?;
        self.enlist(client.app(), &id, question.asked_at).await.map_err(BackchannelError::from)?;
        if let Some((ping, token)) = ping {
            self.watch(question.id.clone(), ping, token, id.clone(), question.expires_at);
        }
        let event = event.detail("approval", question.id.as_str());
        self.core.audit().note(if somebody.is_some() { event } else { event.refused("unknown_user") });
        metrics::counter!("sekisho_app_approvals_asked_total", "app" => client.app().to_owned()).increment(1);
        Ok(RequestAccepted {
            auth_req_id: id,
            expires_in: lifetime,
            interval: kept.interval,
            number: question.number.map(|number| number.carried(&question.id, config.file.portal.url.trim_end_matches('/'))),
        })
    }

    async fn may_ask_now(&self, client: &Client) -> Result<(), RequestError> {
        let key = format!("backchannel_asked/{}", client.app());
        let asked = self.core.shared().count(&key, 1, Duration::from_secs(60)).await.map_err(BackchannelError::from)?;
        if asked > i64::from(client.settings().per_minute) { Err(RequestError::TooMany) } else { Ok(()) }
    }

    /// Sends one ping when the request is answered or over.
    fn watch(
        self: &Arc<Self>,
        approval: ApprovalId,
        ping: crate::config::schema::Ping,
        token: String,
        id: String,
        expires_at: Timestamp,
    ) {
        let own = Arc::clone(self);
        self.watches.spawn(async move {
            let core = &own.core;
            loop {
                let left = expires_at.since(core.clock().now());
                match core.approvals().wait(&approval, left).await {
                    // The gateway shuts down: no ping for an unanswered request; the app asks again.
                    Ok(Some(question)) if question.is_open(core.clock().now()) && core.approvals().is_shut_down() => return,
                    Ok(Some(question)) if question.is_open(core.clock().now()) => {}
                    Ok(_) => break,
                    Err(error) => return tracing::warn!(%error, "approval_not_watched"),
                }
            }
            own.ping_client.notify(&core.config(), &ping, &token, &id).await;
        });
    }

    async fn enlist(&self, app: &str, id: &str, at: Timestamp) -> Shared<()> {
        let key = list_key(app, hour(at));
        loop {
            let before = self.of_app.get(&key).await?;
            let mut after = before.clone().unwrap_or_default();
            after.push(id.to_owned());
            let surplus = after.len().saturating_sub(LISTED);
            after.drain(..surplus);
            let done = match &before {
                Some(before) => self.of_app.swap(&key, before, &after).await?,
                None => self.of_app.put_new(&key, &after).await?,
            };
            if done {
                return Ok(());
            }
        }
    }
}

/// Whether an app may ask a user: switched on, assigned push, and in one of its groups where it has any.
fn may_be_asked(user: &User, groups: &[String]) -> bool {
    let standing = user.standing();
    let in_any = || groups.iter().filter_map(|group| GroupName::parse(group).ok()).any(|group| standing.is_in(&group));
    standing.enabled && standing.assigned.contains(Method::Push) && (groups.is_empty() || in_any())
}

/// Who asks, to the engine: no other request takes what this one was given, and none supersedes another.
pub(super) fn asker(app: &str, id: &str) -> String {
    format!("app/{app}/{id}")
}

pub(super) const fn hour(at: Timestamp) -> i64 {
    at.seconds().div_euclid(3600)
}

pub(super) fn list_key(app: &str, hour: i64) -> String {
    format!("{app}/{hour}")
}
