//! Signing in at a provider, from the pages: by a small provider that says what a test wants.

mod linking;
#[cfg(feature = "saml")]
mod saml;

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::idp::testing::TestProvider;
use crate::portal::testing::{Answer, Browser, Gate};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

const APPS: &str = r#"
[[app]]
name = "crm"
url = "https://crm.example.com"
upstream = ["http://127.0.0.1:8086"]
demands.primary_factor = { methods = ["idp"] }
[[app]]
name = "pay"
url = "https://pay.example.com"
upstream = ["http://127.0.0.1:8087"]
demands.primary_factor = { methods = ["idp"], max_age = "5m" }
"#;

struct World {
    gate: Gate,
    provider: TestProvider,
    _folder: tempfile::TempDir,
}

impl World {
    async fn with(more: &str) -> Self {
        let provider = TestProvider::start().await;
        let folder = tempfile::tempdir().unwrap();
        let gate = Gate::with(&format!("{APPS}{}", provider.table(folder.path(), more))).await;
        let issuer = provider.issuer();
        gate.at.core.idp().links().add(gate.alice.id(), "corp", &issuer, "alice-there", None).await.unwrap().unwrap();
        Self { gate, provider, _folder: folder }
    }

    fn now(&self) -> i64 {
        self.gate.at.core.clock().now().seconds()
    }

    /// The claims of an ID token for the request at this address.
    fn claims(&self, request: &HashMap<String, String>) -> Value {
        let now = self.now();
        json!({
            "iss": self.provider.issuer(), "aud": "sekisho", "sub": "alice-there", "iat": now, "exp": now + 300, "auth_time": now,
            "nonce": request["nonce"], "email": "a@example.com", "name": "Alice", "preferred_username": "alice.there", "sid": "s1",
        })
    }

    /// To the provider: the parameters of the request there.
    async fn there(&self, browser: &mut Browser, goal: &str) -> HashMap<String, String> {
        let began = browser.get(&format!("/sign-in/idp?provider=corp&for={goal}")).await;
        assert_eq!(began.status, StatusCode::SEE_OTHER, "{}", began.body);
        let url = url::Url::parse(began.location()).unwrap();
        assert_eq!(url.path(), "/authorize");
        url.query_pairs().into_owned().collect()
    }

    /// Back with a code for these claims.
    async fn back(&self, browser: &mut Browser, request: &HashMap<String, String>, claims: &Value) -> Answer {
        self.provider.gives("code", claims);
        browser.get(&format!("/sign-in/idp/corp/callback?code=code&state={}", request["state"])).await
    }

    async fn signed_in(&self) -> Browser {
        let mut browser = self.gate.browser();
        let (departure, state) = self.gate.departure("crm", "/deals").await;
        let request = self.there(&mut browser, &departure).await;
        let back = self.back(&mut browser, &request, &self.claims(&request)).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        let onward = browser.get(back.location()).await;
        assert_eq!(self.gate.arrives(onward.location(), "crm", &state).await, "/deals");
        browser
    }

    fn sessions(&self) -> usize {
        self.gate.at.core.sessions().of_user(self.gate.alice.id()).len()
    }
}

#[tokio::test]
async fn a_person_at_a_provider_signs_in_and_a_lie_does_not_r_031_t29() {
    let world = World::with("").await;
    world.signed_in().await;
    assert_eq!(world.sessions(), 1);
    let (departure, _) = world.gate.departure("crm", "/").await;
    for (name, value) in [
        ("iss", json!("https://localhost")),
        ("aud", json!("another")),
        ("nonce", json!("another")),
        ("exp", json!(world.now() - 61)),
        ("sub", json!("")),
    ] {
        let mut browser = world.gate.browser();
        let request = world.there(&mut browser, &departure).await;
        let mut claims = world.claims(&request);
        claims[name] = value;
        let answer = world.back(&mut browser, &request, &claims).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
        assert!(answer.body.contains("idp_not_believed") && !browser.cookies.contains_key("__Host-sekisho"), "{name}");
    }
    assert_eq!(world.sessions(), 1);
}

#[tokio::test]
async fn a_state_is_good_once_in_its_own_browser_within_half_an_hour_t27_t29() {
    let world = World::with("").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let (mut own, mut stranger) = (world.gate.browser(), world.gate.browser());
    let request = world.there(&mut own, &departure).await;
    stranger.get("/sign-in").await;
    let stolen = world.back(&mut stranger, &request, &world.claims(&request)).await;
    assert!(stolen.status == StatusCode::BAD_REQUEST && stolen.body.contains("idp_another_browser"), "{}", stolen.body);
    assert_eq!(world.provider.asked("/token"), 0, "no code of somebody else is redeemed");
    assert_eq!(world.back(&mut own, &request, &world.claims(&request)).await.status, StatusCode::SEE_OTHER);
    let again = world.back(&mut own, &request, &world.claims(&request)).await;
    assert!(again.status == StatusCode::SEE_OTHER && again.location().starts_with("/sign-in"), "{}", again.body);
    assert_eq!(world.provider.asked("/token"), 1, "and none twice");
    let mut slow = world.gate.browser();
    let late = world.there(&mut slow, &departure).await;
    world.gate.at.clock.advance(Duration::from_secs(30 * 60));
    let answer = world.back(&mut slow, &late, &world.claims(&late)).await;
    assert!(answer.body.contains("idp_over"), "{}", answer.body);
}

#[tokio::test]
async fn a_demand_of_an_age_is_met_by_the_time_at_the_provider_and_by_no_unknown_one() {
    let world = World::with("").await;
    for (auth_time, enters) in [(json!(world.now() - 299), true), (json!(world.now() - 301), false), (json!(0), false)] {
        let mut browser = world.gate.browser();
        let (departure, state) = world.gate.departure("pay", "/").await;
        let request = world.there(&mut browser, &departure).await;
        assert!(!request.contains_key("prompt") && !request.contains_key("max_age"));
        let mut claims = world.claims(&request);
        claims["auth_time"] = auth_time.clone();
        let back = world.back(&mut browser, &request, &claims).await;
        let next = browser.get(back.location()).await;
        if enters {
            assert_eq!(world.gate.arrives(next.location(), "pay", &state).await, "/");
            continue;
        }
        assert!(next.body.contains("/sign-in/idp?provider=corp"), "{auth_time}: {}", next.body);
        let again = world.there(&mut browser, &departure).await;
        assert_eq!(again["prompt"], "login", "never max_age=0");
        let mut claims = world.claims(&again);
        claims["auth_time"] = auth_time.clone();
        let refused = world.back(&mut browser, &again, &claims).await;
        let code = if auth_time == json!(0) { "idp_time_unknown" } else { "idp_not_fresh" };
        assert!(refused.body.contains(code), "{auth_time}: {}", refused.body);
    }
}

#[tokio::test]
async fn a_session_is_re_checked_and_ends_when_the_provider_says_so_or_says_nothing_for_too_long() {
    let world = World::with("groups = { same_names = true }\n[session]\nidle = \"12h\"").await;
    let core = &world.gate.at.core;
    core.groups().add(crate::principal::user::GroupName::parse("sales").unwrap(), None).await.unwrap();
    world.provider.refreshes_by("refresh-1");
    world.signed_in().await;
    let renewed = |groups: Value| {
        let now = world.now();
        json!({ "iss": world.provider.issuer(), "aud": "sekisho", "sub": "alice-there", "iat": now, "exp": now + 300, "groups": groups })
    };
    let quarter = Duration::from_secs(15 * 60);
    core.idp_turn().await;
    assert_eq!(world.provider.asked("/token"), 1, "it is not due yet");
    world.gate.at.clock.advance(quarter);
    world.provider.gives("refresh-1", &renewed(json!(["sales", "unknown"])));
    core.idp_turn().await;
    assert_eq!((world.sessions(), world.provider.asked("/token")), (1, 2));
    let groups = |user: &str| core.users().find(&UserId::parse(user).unwrap()).unwrap().standing().groups.len();
    assert_eq!(groups("alice"), 1, "groups are taken over");
    // An outage ends nothing at once, and everything after two hours.
    world.provider.is_down(true);
    for turn in 0..8 {
        assert_eq!(world.sessions(), 1, "{turn}");
        world.gate.at.clock.advance(quarter);
        core.idp_turn().await;
    }
    assert_eq!(world.sessions(), 0, "no session lives on for ever without its provider");
    world.provider.is_down(false);
    world.signed_in().await;
    world.provider.gives_nothing_for("refresh-1");
    world.gate.at.clock.advance(quarter);
    core.idp_turn().await;
    assert_eq!(world.sessions(), 0, "a refused refresh token ends the session");
}

#[tokio::test]
async fn a_logout_token_ends_the_sessions_of_its_session_there_and_a_removed_link_ends_all() {
    let world = World::with("").await;
    world.signed_in().await;
    let (now, issuer) = (world.now(), world.provider.issuer());
    let token = |claims: Value| {
        let mut all = json!({ "iss": issuer, "aud": "sekisho", "iat": now, "exp": now + 120, "jti": claims.to_string(),
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} } });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        world.provider.sign(&all)
    };
    let mut caller = world.gate.browser();
    for (claims, status, left) in [
        (json!({ "sub": "alice-there", "nonce": "n" }), StatusCode::BAD_REQUEST, 1),
        (json!({ "sub": "alice-there", "sid": "another" }), StatusCode::OK, 1),
        (json!({ "sid": "s1" }), StatusCode::OK, 0),
    ] {
        let answer =
            caller.post_with("/sign-in/idp/corp/backchannel-logout", &[("logout_token", &token(claims.clone()))], &[]).await;
        assert_eq!((answer.status, world.sessions()), (status, left), "{claims}: {}", answer.body);
    }
    world.signed_in().await;
    let framed = caller.get(&format!("/sign-in/idp/corp/frontchannel-logout?iss={issuer}&sid=s1")).await;
    assert_eq!((framed.status, world.sessions()), (StatusCode::OK, 0));
    assert!(!framed.headers.contains_key("x-frame-options"), "the provider's page frames it");
    world.signed_in().await;
    let links = world.gate.at.core.idp().links().of_user(world.gate.alice.id()).await.unwrap();
    let turn = world.gate.at.core.idp().links().turn().await;
    assert!(world.gate.at.core.unlink(&turn, world.gate.alice.id(), links[0].id, None).await.unwrap());
    assert_eq!(world.sessions(), 0);
}

#[tokio::test]
async fn an_account_that_is_not_assigned_the_method_is_told_so_and_one_that_is_switched_off_gets_nowhere() {
    let world = World::with("").await;
    world.gate.at.core.assign(world.gate.alice.id(), Methods::of(&[Method::Password])).await.unwrap();
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let request = world.there(&mut browser, &departure).await;
    let answer = world.back(&mut browser, &request, &world.claims(&request)).await;
    assert!(answer.body.contains("idp_not_assigned"), "{}", answer.body);
    world.gate.at.core.assign(world.gate.alice.id(), Methods::of(&[Method::Idp])).await.unwrap();
    world.gate.at.core.suspend_user(world.gate.alice.id()).await.unwrap();
    let request = world.there(&mut browser, &departure).await;
    let answer = world.back(&mut browser, &request, &world.claims(&request)).await;
    let end = if answer.status == StatusCode::SEE_OTHER { browser.get(answer.location()).await } else { answer };
    assert!(end.status == StatusCode::FORBIDDEN && end.body.contains("user_disabled"), "{}", end.body);
    assert_eq!(world.sessions(), 0);
}

#[tokio::test]
async fn a_sign_out_here_comes_first_and_leads_out_there() {
    let world = World::with("sign_out = \"always\"").await;
    let mut browser = world.signed_in().await;
    let page = browser.post("/sign-out", &[("scope", "here")]).await;
    assert_eq!(world.sessions(), 0, "the own session has ended before the browser goes anywhere");
    let there = page.location().replace("&#38;", "&");
    assert!(there.starts_with(&format!("{}/end?id_token_hint=ey", world.provider.issuer())), "{there}");
    assert!(there.contains("post_logout_redirect_uri=https%3A%2F%2Fauth.example.com%2Fsign-out"), "{there}");
}

#[tokio::test]
async fn a_flood_of_ways_to_a_provider_and_back_leaves_nothing_behind() {
    let world = World::with("").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let first = world.there(&mut browser, &departure).await;
    let before = world.gate.at.core.shared_entries();
    for _flood in 0..50 {
        world.there(&mut browser, &departure).await;
    }
    assert_eq!(world.gate.at.core.shared_entries(), before, "the way there is sealed");
    world.provider.gives_nothing_for("code");
    let callback = format!("/sign-in/idp/corp/callback?code=code&state={}", first["state"]);
    for _guess in 0..100 {
        assert_eq!(browser.get(&callback).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.gate.at.core.shared_entries(), before + 1, "one counter");
    assert_eq!(world.provider.asked("/token"), 100);
    assert_eq!(browser.get(&callback).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.provider.asked("/token"), 100, "no further code of this network is redeemed");
    world.gate.at.clock.advance(Duration::from_secs(601));
    let later = world.there(&mut browser, &departure).await;
    assert_eq!(world.back(&mut browser, &later, &world.claims(&later)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn where_the_phone_comes_first_an_unknown_address_is_said_beside_its_field() {
    let app = "[[app]]\nname = \"hall\"\nurl = \"https://hall.example.com\"\nupstream = [\"http://127.0.0.1:8088\"]\n\
               demands.primary_factor = { methods = [\"push\", \"idp\"] }\n";
    let world = World::with(&format!("mail_domains = [\"corp.example\"]\n{app}")).await;
    let mut browser = world.gate.browser();
    let (departure, _) = world.gate.departure("hall", "/").await;
    let page = browser.get(&format!("/sign-in?for={departure}")).await;
    assert!(
        page.body.contains("/sign-in/push") && page.body.contains("Use another way"),
        "no password is spoken of: {}",
        page.body
    );
    let answer = browser.post("/sign-in/idp/find", &[("for", &departure), ("mail", "a@nowhere.example")]).await;
    assert!(answer.body.contains("/sign-in/idp/find") && answer.body.contains("role=\"alert\""), "{}", answer.body);
}
