//! What the tests of the portal share: a gate, and a browser that goes through the whole router.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::account::user::User;
use crate::backchannel::Backchannel;
use crate::core::testing::TestCore;
use crate::factor::totp::{Enrolment, code_now};
use crate::facts::arrival::Arrival;
use crate::facts::client_address::ClientAddress;
use crate::seal::SecretToken;
use crate::session::handover::Departure;

pub(in crate::portal) const PASSWORD: &str = "correct horse battery";
pub(in crate::portal) const CHEAP: &str = "[password]\nmemory_mib = 19\npasses = 2\n";
pub(in crate::portal) const VAULT: &str = r#"
[[app]]
name = "vault"
url = "https://vault.example.com"
upstream = ["http://127.0.0.1:8081"]
demands.primary_factor = {}
demands.cookie = {}
demands.otp = {}
"#;
pub(in crate::portal) const ORIGIN: &str = "https://auth.example.com";

/// A core with Alice, who has a password and an authenticator.
pub(in crate::portal) struct Gate {
    pub(in crate::portal) at: TestCore,
    pub(in crate::portal) router: Router,
    pub(in crate::portal) alice: Arc<User>,
    pub(in crate::portal) authenticator: Enrolment,
}

impl Gate {
    pub(in crate::portal) async fn open() -> Self {
        Self::with("").await
    }

    pub(in crate::portal) async fn with(more: &str) -> Self {
        Self::of(&format!("{CHEAP}{VAULT}{more}")).await
    }

    /// With more of the first app's own, which stands last in what every core begins with.
    pub(in crate::portal) async fn before(more: &str) -> Self {
        Self::of(&format!("{more}{CHEAP}{VAULT}")).await
    }

    pub(in crate::portal) async fn of(config: &str) -> Self {
        let at = TestCore::with(config).await;
        let alice = at.user("alice").await;
        at.core.passwords().set(alice.id(), PASSWORD.into()).await.unwrap();
        let (authenticator, drawn) = at.core.totps().draw(alice.id()).unwrap();
        at.core.totps().adopt(alice.id(), &drawn).await.unwrap();
        let router = router(&at);
        Self { at, router, alice, authenticator }
    }

    pub(in crate::portal) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), address: Ipv4Addr::new(192, 0, 2, 7).into() }
    }

    /// A code that was not used before: the clock goes one step on.
    pub(in crate::portal) fn code(&self) -> String {
        self.at.clock.advance(Duration::from_secs(30));
        code_now(&self.authenticator, self.at.core.clock()).unwrap()
    }

    /// A browser that has signed in to the portal.
    pub(in crate::portal) async fn signed_in(&self) -> Browser {
        let mut browser = self.browser();
        let answer = browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let answer = browser.post("/sign-in/otp", &[("method", "totp"), ("code", &self.code())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let answer = browser.get("/sign-in").await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        assert!(browser.cookies.contains_key("__Host-sekisho"));
        browser
    }

    /// Somebody sent by an app to sign in: the departure's id and the value that only their browser holds there.
    pub(in crate::portal) async fn departure(&self, app: &str, page: &str) -> (String, String) {
        let state = SecretToken::draw(&**self.at.core.random());
        let departure = Departure {
            app: app.to_owned(),
            method: "GET".to_owned(),
            path_and_query: page.to_owned(),
            state: state.hash(),
            certificate: None,
            held: None,
            started: self.at.core.clock().now(),
        };
        (self.at.core.handover().depart(&departure).await.unwrap(), state.text().to_owned())
    }

    /// The page that a callback's code opens at an app.
    pub(in crate::portal) async fn arrives(&self, location: &str, app: &str, state: &str) -> String {
        let code = location.strip_prefix(&format!("https://{app}.example.com/.sekisho/callback?code=")).unwrap();
        self.at.core.handover().redeem(code, app, state).await.unwrap().departure.path_and_query
    }
}

/// The portal's handlers over this core.
pub(in crate::portal) fn router(at: &TestCore) -> Router {
    crate::portal::router(Arc::new(Backchannel::new(Arc::clone(&at.core))))
}

/// A browser: a jar of cookies and an address.
pub(in crate::portal) struct Browser {
    pub(in crate::portal) router: Router,
    pub(in crate::portal) cookies: BTreeMap<String, String>,
    pub(in crate::portal) address: IpAddr,
}

pub(in crate::portal) struct Answer {
    pub(in crate::portal) status: StatusCode,
    pub(in crate::portal) headers: HeaderMap,
    pub(in crate::portal) body: String,
}

impl Answer {
    pub(in crate::portal) fn location(&self) -> &str {
        let by_page = || self.body.split("http-equiv=\"refresh\" content=\"0; url=").nth(1)?.split('"').next();
        self.headers.get(header::LOCATION).map_or_else(|| by_page().unwrap_or_default(), |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub(in crate::portal) fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = &self.body[self.body.find(&start).unwrap() + start.len()..];
        rest[..rest.find('"').unwrap()].to_owned()
    }
}

impl Browser {
    pub(in crate::portal) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(in crate::portal) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[("origin", ORIGIN)]).await
    }

    /// As a person does who is asked first: where the page carries the word of its question, the same is sent again with it.
    pub(in crate::portal) async fn post_meant(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let asked = self.post(path, fields).await;
        if !asked.body.contains("name=\"confirmed\"") {
            return asked;
        }
        let word = asked.field("confirmed");
        let fields: Vec<_> = fields.iter().copied().chain([("confirmed", &*word)]).collect();
        self.post(path, &fields).await
    }

    pub(in crate::portal) async fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(form)).await
    }

    pub(in crate::portal) async fn send(&mut self, request: http::request::Builder, body: Body) -> Answer {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let arrival = Arrival {
            address: ClientAddress::new(self.address),
            certificate: None,
            channel_binding: None,
            request_id: Arc::from("request-1"),
        };
        let request = request.header("cookie", jar.join("; ")).extension(arrival).body(body).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
                assert!(set.contains(attribute), "{attribute}: {set}");
            }
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}
