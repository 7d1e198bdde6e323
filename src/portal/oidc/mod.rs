//! OpenID Connect, as far as an app needs it to ask for approvals: Client-Initiated Backchannel Authentication (CIBA, Core
//! 1.0) with the delivery modes poll and ping. It does not sign users in to apps: there is no authorization endpoint.
//! An app proves who it is by its token as the client's secret, or by a client certificate at a host of its own (RFC 8705).
//! Invariant: a request is acted on only after its client is authenticated, and no cache keeps an answer.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{self, HeaderMap, HeaderValue};
use http::{StatusCode, request};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::backchannel::Backchannel;
use crate::backchannel::RequestOrigin;
use crate::backchannel::authentication_request::{AuthenticationRequest, RequestError, presence};
use crate::backchannel::client::{Client, ClientRejected};
use crate::backchannel::error::BackchannelError;
use crate::backchannel::exchange::GrantError;
use crate::facts::arrival::Arrival;
use crate::telemetry::strangers::{self, Kind};

/// CIBA §4.
const GRANT: &str = "urn:openid:params:grant-type:ciba";
const AUTHORIZE: &str = "/oidc/bc-authorize";
const TOKEN: &str = "/oidc/token";
/// Fields of a form at most.
const MOST_FIELDS: usize = 64;

/// The routes of the portal.
pub(in crate::portal) fn router<S: Clone + Send + Sync + 'static>(backchannel: Arc<Backchannel>) -> Router<S> {
    let discovery = Router::new().route("/.well-known/openid-configuration", get(configuration));
    discovery.with_state(Arc::clone(&backchannel)).merge(endpoints(backchannel))
}

/// What apps call, at either host.
pub(in crate::portal) fn endpoints<S: Clone + Send + Sync + 'static>(backchannel: Arc<Backchannel>) -> Router<S> {
    Router::new().route(AUTHORIZE, post(authorize)).route(TOKEN, post(token)).with_state(backchannel)
}

/// GET /.well-known/openid-configuration (OpenID Connect Discovery 1.0 §3, CIBA §4).
async fn configuration(State(backchannel): State<Arc<Backchannel>>) -> Response {
    let config = backchannel.core().config();
    let issuer = config.file.portal.url.trim_end_matches('/').to_owned();
    let mut document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "token_endpoint": format!("{issuer}{TOKEN}"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "backchannel_authentication_endpoint": format!("{issuer}{AUTHORIZE}"),
        "backchannel_token_delivery_modes_supported": ["poll", "ping"],
        "backchannel_user_code_parameter_supported": false,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": ["openid"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "aud", "sub", "iat", "exp", "auth_time", "amr", "at_hash", "urn:openid:params:jwt:claim:auth_req_id",
            "urn:sekisho:claim:approval", "urn:sekisho:claim:shown_digest",
        ],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    if let (Some(mtls), Some(document)) = (&config.file.portal.mtls_url, document.as_object_mut()) {
        let mtls = mtls.trim_end_matches('/');
        document.insert(
            "token_endpoint_auth_methods_supported".to_owned(),
            json!(["client_secret_basic", "client_secret_post", "tls_client_auth"]),
        );
        // RFC 8705 §5.
        let aliases = json!({
            "token_endpoint": format!("{mtls}{TOKEN}"),
            "backchannel_authentication_endpoint": format!("{mtls}{AUTHORIZE}"),
        });
        document.insert("mtls_endpoint_aliases".to_owned(), aliases);
    }
    let mut response = answered(StatusCode::OK, &document);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// An error of OAuth (RFC 6749 §5.2, CIBA §11 and §13).
struct OauthError {
    status: StatusCode,
    error: &'static str,
    description: String,
    challenged: bool,
    retry_after: Option<u32>,
}

impl OauthError {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description: description.into(), challenged: false, retry_after: None }
    }

    fn input(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    fn trouble(error: &BackchannelError) -> Self {
        tracing::error!(%error, "backchannel_failed");
        let fault = Self::new("server_error", "the state of approvals does not answer");
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..fault }
    }

    fn answer(self) -> Response {
        // RFC 6749 §5.2: printable ASCII without quotes and backslashes.
        let plain = |c: char| if matches!(c, ' '..='~') && !matches!(c, '"' | '\\') { c } else { '\'' };
        let description: String = self.description.chars().map(plain).collect();
        let mut response = answered(self.status, &json!({ "error": self.error, "error_description": description }));
        if self.challenged {
            let challenge = HeaderValue::from_static("Basic realm=\"sekisho\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A request of a client that proved who it is.
struct ClientRequest {
    client: Client,
    arrival: Arrival,
    fields: Vec<(String, String)>,
}

impl ClientRequest {
    async fn read(backchannel: &Backchannel, request: Request) -> Result<Self, OauthError> {
        let (parts, body) = request.into_parts();
        let past = || OauthError {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            ..OauthError::new("server_error", "it came past the gateway")
        };
        let arrival = parts.extensions.get::<Arrival>().cloned().ok_or_else(past)?;
        let fields = form(backchannel, &parts, body).await?;
        let client = authenticated(backchannel, &parts.headers, &fields, &arrival)?;
        Ok(Self { client, arrival, fields })
    }

    /// A parameter; an empty one counts as absent (RFC 6749 §3.2).
    fn text(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn circumstances(&self) -> RequestOrigin<'_> {
        RequestOrigin { address: self.arrival.address, request_id: &self.arrival.request_id }
    }
}

async fn form(backchannel: &Backchannel, parts: &request::Parts, body: Body) -> Result<Vec<(String, String)>, OauthError> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") || parts.headers.contains_key(header::CONTENT_ENCODING) {
        return Err(OauthError::input("send a form: application/x-www-form-urlencoded, as it is"));
    }
    let limit = backchannel.core().config().file.limits.portal_body.bytes();
    let bytes = axum::body::to_bytes(body, limit).await;
    let bytes =
        bytes.map_err(|_| OauthError { status: StatusCode::PAYLOAD_TOO_LARGE, ..OauthError::input("the form is too large") })?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(&bytes) {
        // RFC 6749 §3.2: no parameter twice.
        if fields.len() >= MOST_FIELDS || fields.iter().any(|(found, _)| *found == name) {
            return Err(OauthError::input("a parameter is there twice, or there are too many"));
        }
        fields.push((name.into_owned(), value.into_owned()));
    }
    Ok(fields)
}

/// The client by its name and token, in the header or in the form but never in both (RFC 6749 §2.3.1); without a token, by
/// its name and the certificate of the connection (RFC 8705 §2).
fn authenticated(
    backchannel: &Backchannel,
    headers: &HeaderMap,
    fields: &[(String, String)],
    arrival: &Arrival,
) -> Result<Client, OauthError> {
    let field = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let by_header = headers.get(header::AUTHORIZATION);
    let refused = |error: ClientRejected| {
        if strangers::may_write(Kind::ClientRefused, arrival.address.ip()) {
            tracing::warn!(remote_ip = %arrival.address, %error, request_id = %arrival.request_id, "client_refused");
        }
        match error {
            ClientRejected::Token | ClientRejected::Nothing => {
                let fault = OauthError::new("invalid_client", "bring the app's name and its token");
                OauthError { status: StatusCode::UNAUTHORIZED, challenged: true, ..fault }
            }
            ClientRejected::Unfit(_) | ClientRejected::Certificate | ClientRejected::AnotherName => {
                OauthError { status: StatusCode::UNAUTHORIZED, ..OauthError::new("invalid_client", error.to_string()) }
            }
            ClientRejected::NotOffered => OauthError::new("unauthorized_client", error.to_string()),
            ClientRejected::Network => {
                OauthError { status: StatusCode::FORBIDDEN, ..OauthError::new("access_denied", error.to_string()) }
            }
        }
    };
    let (name, secret) = match (by_header, field("client_secret")) {
        (Some(_), Some(_)) => return Err(OauthError::input("say the client's secret once: in the header or in the form")),
        (Some(header), None) => basic(header).ok_or_else(|| refused(ClientRejected::Token))?,
        (None, Some(secret)) => (field("client_id").unwrap_or_default().to_owned(), secret.to_owned()),
        (None, None) => {
            let shown = arrival.certificate.as_ref().ok_or_else(|| refused(ClientRejected::Token))?;
            let client = backchannel.client_by_certificate(shown, arrival.address).map_err(refused)?;
            // RFC 8705 §2: the certificate must be that of the client in `client_id`.
            return if field("client_id") == Some(client.app()) { Ok(client) } else { Err(refused(ClientRejected::AnotherName)) };
        }
    };
    if by_header.is_some() && field("client_id").is_some_and(|said| said != name) {
        return Err(OauthError::input("`client_id` is not the client of the header"));
    }
    // The owner of the token is checked first: only that app learns what the config says of it.
    if backchannel.app_of(&secret).is_none_or(|app| app != name) {
        return Err(refused(ClientRejected::Token));
    }
    backchannel.client(&secret, arrival.address).map_err(refused)
}

fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, text) = header.to_str().ok()?.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(text.trim()).ok())??;
    let (name, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    // RFC 6749 §2.3.1: name and secret are form-encoded before they are joined.
    let plain = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(|text| text.into_owned())
    };
    Some((plain(name)?, plain(secret)?))
}

/// POST /oidc/bc-authorize (CIBA §7)
async fn authorize(State(backchannel): State<Arc<Backchannel>>, request: Request) -> Response {
    let asked = async {
        let call = ClientRequest::read(&backchannel, request).await?;
        let wish = wish(&backchannel, &call)?;
        let asked = backchannel.ask(&call.client, &wish, call.circumstances()).await.map_err(|error| not_asked(&error))?;
        Ok::<_, OauthError>(answered(StatusCode::OK, &asked.document()))
    };
    asked.await.unwrap_or_else(OauthError::answer)
}

/// The request of CIBA §7.1; a parameter that is not supported here is an error.
fn wish(backchannel: &Backchannel, call: &ClientRequest) -> Result<AuthenticationRequest, OauthError> {
    if call.text("request").is_some() {
        return Err(OauthError::input("signed requests are not taken"));
    }
    if !call.text("scope").unwrap_or_default().split(' ').any(|scope| scope == "openid") {
        return Err(OauthError::new("invalid_scope", "`scope` must contain `openid`"));
    }
    if call.text("user_code").is_some() {
        return Err(OauthError::new("invalid_user_code", "no user has a user code here"));
    }
    let login_hint = match (call.text("login_hint"), call.text("id_token_hint"), call.text("login_hint_token")) {
        (Some(name), None, None) => name.to_owned(),
        (None, Some(token), None) => subject(backchannel, &call.client, token)?,
        (None, None, Some(_)) => return Err(OauthError::input("`login_hint_token` is not taken: say who in `login_hint`")),
        _ => return Err(OauthError::input("say who by exactly one of `login_hint` and `id_token_hint`")),
    };
    let expiry = call.text("requested_expiry").map(|text| text.parse::<u64>().ok().filter(|seconds| *seconds > 0));
    let requested_expiry = match expiry {
        Some(None) => return Err(OauthError::input("`requested_expiry` must be a number of seconds, 1 or more")),
        Some(seconds) => seconds,
        None => None,
    };
    // An empty message is an error, so it must not count as absent.
    let message = call.fields.iter().find(|(name, _)| name == "binding_message").map(|(_, value)| value.clone());
    Ok(AuthenticationRequest {
        login_hint,
        // The phone always shows a purpose; without a message, the request confirms that the user is present.
        title: message.is_none().then(presence),
        binding_message: message,
        requested_expiry,
        notification_token: call.text("client_notification_token").map(str::to_owned),
        openid: true,
        ..AuthenticationRequest::default()
    })
}

/// The user of an id_token that was made here for this app. It may have expired: it names the user and proves nothing.
fn subject(backchannel: &Backchannel, client: &Client, token: &str) -> Result<String, OauthError> {
    #[derive(Deserialize)]
    struct Hint {
        iss: String,
        aud: String,
        sub: String,
        /// Only id_tokens of CIBA have this claim.
        #[serde(rename = "urn:openid:params:jwt:claim:auth_req_id")]
        _auth_req_id: String,
    }
    let core = backchannel.core();
    let issuer = core.config().file.portal.url.trim_end_matches('/').to_owned();
    let hint = core.signing_keys().open::<Hint>("JWT", token).filter(|hint| hint.iss == issuer && hint.aud == client.app());
    hint.map(|hint| hint.sub)
        .ok_or_else(|| OauthError::input("`id_token_hint` is not a token that was made here for this client"))
}

fn not_asked(error: &RequestError) -> OauthError {
    match error {
        RequestError::Input(_) => OauthError::input(error.to_string()),
        RequestError::BindingMessage => OauthError::new("invalid_binding_message", error.to_string()),
        RequestError::UnknownUser => OauthError::new("unknown_user_id", error.to_string()),
        RequestError::TooMany => {
            let fault = OauthError::new("temporarily_unavailable", error.to_string());
            OauthError { status: StatusCode::TOO_MANY_REQUESTS, retry_after: Some(60), ..fault }
        }
        RequestError::Backchannel(error) => OauthError::trouble(error),
    }
}

/// POST /oidc/token (CIBA §10.1, §11)
async fn token(State(backchannel): State<Arc<Backchannel>>, request: Request) -> Response {
    let granted = async {
        let call = ClientRequest::read(&backchannel, request).await?;
        match call.text("grant_type") {
            Some(GRANT) => {}
            Some(_) => return Err(OauthError::new("unsupported_grant_type", format!("this endpoint knows {GRANT} alone"))),
            None => return Err(OauthError::input("`grant_type` is missing")),
        }
        let id = call.text("auth_req_id").ok_or_else(|| OauthError::input("`auth_req_id` is missing"))?;
        let grant = backchannel.exchange(&call.client, id, call.circumstances()).await.map_err(|error| not_granted(&error))?;
        let document = json!({
            "access_token": grant.access_token,
            "token_type": "Bearer",
            "expires_in": grant.expires_in.as_secs(),
            "scope": "openid",
            "id_token": grant.id_token,
            "approval": grant.statement,
        });
        Ok::<_, OauthError>(answered(StatusCode::OK, &document))
    };
    granted.await.unwrap_or_else(OauthError::answer)
}

fn not_granted(error: &GrantError) -> OauthError {
    let code = match error {
        GrantError::Unknown => "invalid_grant",
        GrantError::Pending => "authorization_pending",
        GrantError::TooOften => "slow_down",
        GrantError::Denied => "access_denied",
        GrantError::Expired => "expired_token",
        GrantError::Failed => "transaction_failed",
        GrantError::Backchannel(error) => return OauthError::trouble(error),
    };
    OauthError::new(code, error.to_string())
}

fn answered(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
