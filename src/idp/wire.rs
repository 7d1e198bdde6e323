//! Requests to a provider: over TLS alone, to addresses that the guard has judged, within a time and up to a size. Redirects
//! are not followed: an address that answers with one is not the address of the endpoint.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::Full;
use ipnet::IpNet;
use rustls::ClientConfig;

use super::failure::IdpReason;
use crate::outbound::guard::EndpointError;
use crate::outbound::{guard, https};

/// How a provider is reached.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) tls: Arc<ClientConfig>,
    pub(super) networks: Arc<[IpNet]>,
    pub(super) within: Duration,
}

impl fmt::Debug for Wire {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Wire(within {:?})", self.within)
    }
}

/// An answer.
pub(super) struct WireAnswer {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

debug_by_name!(WireAnswer);

impl Wire {
    /// Reads a document.
    pub(super) async fn get(&self, url: &str, bearer: Option<&str>) -> Result<WireAnswer, IdpReason> {
        let request = Request::get(target(url)?).header(header::ACCEPT, "application/json, application/jwt");
        let request = match bearer {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        };
        self.send(url, request, Bytes::new()).await
    }

    /// Posts a form; `authorization` is the value of that header field.
    pub(super) async fn post(
        &self,
        url: &str,
        form: &[(&str, &str)],
        authorization: Option<&str>,
    ) -> Result<WireAnswer, IdpReason> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(target(url)?)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = match authorization {
            Some(value) => request.header(header::AUTHORIZATION, value),
            None => request,
        };
        self.send(url, request, body.into()).await
    }

    async fn send(&self, endpoint: &str, request: http::request::Builder, body: Bytes) -> Result<WireAnswer, IdpReason> {
        let sent = tokio::time::timeout(self.within, self.exchange(endpoint, request, body)).await;
        let answer =
            sent.unwrap_or_else(|_| Err(IdpReason::unavailable(format!("{endpoint} does not answer within {:?}", self.within))))?;
        if answer.status.is_redirection() {
            return Err(IdpReason::set_up(format!(
                "{endpoint} answers with a redirect ({}); redirects are not followed: the issuer must name the final address",
                answer.status.as_u16()
            )));
        }
        Ok(answer)
    }

    async fn exchange(&self, endpoint: &str, request: http::request::Builder, body: Bytes) -> Result<WireAnswer, IdpReason> {
        let (url, address) = guard::reach(endpoint, &self.networks).await.map_err(|error| match error {
            EndpointError::Address => IdpReason::set_up(format!("{endpoint} is not an https address")),
            EndpointError::Inside => IdpReason::unavailable(format!(
                "{endpoint} leads to no public address; if it is inside, list its network in `networks`"
            )),
        })?;
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let request = request
            .header(header::HOST, authority)
            .header(header::USER_AGENT, concat!("sekisho/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(body))
            .map_err(|error| IdpReason::set_up(format!("{endpoint} cannot be asked: {error}")))?;
        let host = host.trim_matches(['[', ']']);
        let answer = https::exchange_whole(&self.tls, address, host, request).await;
        let answer = answer.map_err(|error| IdpReason::unavailable(format!("{endpoint} does not answer: {error}")))?;
        let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Ok(WireAnswer { status: answer.status(), content_type, body: answer.into_body() })
    }
}

/// Path and query of an endpoint.
fn target(endpoint: &str) -> Result<String, IdpReason> {
    let url = url::Url::parse(endpoint).map_err(|_| IdpReason::set_up(format!("{endpoint} is not an address")))?;
    Ok(url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())))
}
