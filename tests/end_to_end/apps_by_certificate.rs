//! Apps that ask for approvals by a client certificate, at a host that is there for nothing else (RFC 8705): whose certificate
//! counts for whom, at once, and what else that host serves: nothing.

use hyper::Method;
use sekisho::clock::Clock as _;
use sekisho::facts::presented_certificate::PresentedCertificate;
use sekisho::principal::certificate::Holder;
use sekisho::principal::method::{Method as Factor, Methods};
use sekisho::principal::user::UserId;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::support::{Answer, Browser, Phone, World};

const BANK: &str =
    "demands.primary_factor = {}\napprovals.certificate = { trust = [\"world\"], machines = [\"bank\", \"batch\"] }\n";
const SHOP: &str = "demands.primary_factor = {}\napprovals = { certificate = { trust = [\"world\"], machines = [\"shop\"] }, networks = [\"192.0.2.0/24\"] }\n";
const WIKI: &str = "demands.primary_factor = {}\n";
const GRANT: &str = "urn:openid:params:grant-type:ciba";

async fn world() -> (World, Phone) {
    let world = World::with(&[("bank", BANK), ("shop", SHOP), ("wiki", WIKI)], "").await;
    world.person("alice").await;
    let methods = Methods::of(&[Factor::Push, Factor::Password]);
    world.server.core().assign(&UserId::parse("alice").unwrap(), methods).await.unwrap();
    let phone = Phone::of(&world, &["alice"]).await;
    (world, phone)
}

/// Our own API, by what the connection shows.
async fn api(world: &World, mut client: Browser, method: Method, path: &str, body: Option<&Value>) -> Answer {
    client = client.with_header("accept", "application/json").with_header("content-type", "application/json");
    let text = body.map(ToString::to_string);
    client.send(method, &world.url("mtls", &format!("/api/v1{path}")), text.as_deref()).await
}

async fn ask(world: &World, client: Browser) -> Answer {
    let input = json!({ "login_hint": "alice", "binding_message": "Pay 100 to Bob" });
    api(world, client, Method::POST, "/approvals", Some(&input)).await
}

/// CIBA: a form without a secret.
async fn oidc(world: &World, mut client: Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    client.send(Method::POST, &world.url("mtls", path), Some(&form)).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

#[tokio::test]
async fn an_app_asks_and_is_answered_by_its_certificate_alone_rfc_8705() {
    let (world, phone) = world().await;
    let bank = world.browser_with_certificate("machine-bank");
    let asked = ask(&world, bank.clone()).await;
    assert_eq!(asked.status, 201, "{asked:?}");
    let path = format!("/approvals/{}", read(&asked)["auth_req_id"].as_str().unwrap());
    assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
    let seen = api(&world, bank.clone(), Method::GET, &path, None).await;
    assert_eq!((seen.status, &read(&seen)["status"]), (200, &json!("approved")), "{seen:?}");
    // Another machine of the same app is the same app.
    let batch = api(&world, world.browser_with_certificate("machine-batch"), Method::GET, &path, None).await;
    assert_eq!(read(&batch)["approval"], read(&seen)["approval"]);

    // CIBA: the name in the form, the proof in the handshake.
    let input = [("client_id", "bank"), ("scope", "openid"), ("login_hint", "alice"), ("binding_message", "Invoice 4711")];
    let asked = oidc(&world, bank.clone(), "/oidc/bc-authorize", &input).await;
    assert_eq!(asked.status, 200, "{asked:?}");
    let id = read(&asked)["auth_req_id"].as_str().unwrap().to_owned();
    assert_eq!(phone.answer(&world, "approve", None).await.status, 200);
    let fields = [("client_id", "bank"), ("grant_type", GRANT), ("auth_req_id", id.as_str())];
    let granted = oidc(&world, bank, "/oidc/token", &fields).await;
    assert_eq!(granted.status, 200, "{granted:?}");
    assert!(read(&granted)["id_token"].as_str().unwrap().starts_with("ey"));

    // Clients find the way by themselves.
    let got = world.browser().send(Method::GET, &world.url("auth", "/.well-known/openid-configuration"), None).await;
    let got = read(&got);
    assert_eq!(got["mtls_endpoint_aliases"]["token_endpoint"], json!(world.url("mtls", "/oidc/token")));
    assert!(got["token_endpoint_auth_methods_supported"].as_array().unwrap().contains(&json!("tls_client_auth")));
}

#[tokio::test]
async fn no_other_certificate_opens_it_and_none_that_ended() {
    let (world, phone) = world().await;
    let refused = async |client: Browser, status: u16, code: &str, why: &str| {
        let answer = ask(&world, client).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
        assert!(answer.body.contains(why), "{why}: {answer:?}");
    };
    refused(world.browser(), 401, "certificate_missing", "send a client certificate").await;
    // A machine of no app, a person, an authority that is not ours, one that ended.
    refused(
        world.browser_with_certificate("machine-printer"),
        401,
        "invalid_certificate",
        "names the machine of its certificate",
    )
    .await;
    refused(world.browser_with_certificate("alice"), 401, "invalid_certificate", "names the machine of its certificate").await;
    let stranger = super::support::Authority::new().client("machine-bank");
    refused(Browser::new(world.authority.der(), Some(stranger)), 401, "invalid_certificate", "of no authority").await;
    let old = world.authority.client_until("machine-bank", Some(2020));
    refused(Browser::new(world.authority.der(), Some(old)), 401, "invalid_certificate", "expired").await;
    // Shop's machine, from where shop may not ask.
    refused(world.browser_with_certificate("machine-shop"), 403, "address_not_allowed", "network").await;
    // Switched off in the register: the very next request is refused.
    let (chain, key) = world.authority.client("machine-bank");
    let fingerprint = PresentedCertificate::new(&chain).unwrap().fingerprint();
    let bank = Browser::new(world.authority.der(), Some((chain, key)));
    assert_eq!(ask(&world, bank.clone()).await.status, 201);
    let certificates = &world.server.core().certificates();
    certificates.add(fingerprint, Holder::Machine("bank".into()), None, (None, None)).await.unwrap();
    certificates.set_enabled(fingerprint, false).await.unwrap();
    refused(bank, 401, "invalid_certificate", "switched off").await;
    // CIBA: whose certificate it is must be said, and be true.
    let bank = world.browser_with_certificate("machine-bank");
    for name in ["", "shop", "wiki", "nobody"] {
        let input = [("client_id", name), ("scope", "openid"), ("login_hint", "alice")];
        let answer = oidc(&world, bank.clone(), "/oidc/bc-authorize", &input).await;
        assert_eq!((answer.status, &read(&answer)["error"]), (401, &json!("invalid_client")), "{name}: {answer:?}");
        assert!(answer.body.contains("client_id"), "{answer:?}");
    }
    // A wrong secret is wrong, whatever certificate is shown beside it.
    let input = [("client_id", "bank"), ("client_secret", "x"), ("scope", "openid"), ("login_hint", "alice")];
    assert_eq!(oidc(&world, bank.clone(), "/oidc/bc-authorize", &input).await.status, 401);
    refused(bank.clone().with_header("authorization", "Bearer x"), 401, "invalid_token", "the token is unknown").await;
    // A page that makes a browser show its certificate.
    for origin in ["https://evil.test".to_owned(), "null".to_owned(), world.url("auth", "")] {
        refused(bank.clone().with_header("origin", &origin), 403, "foreign_origin", "page").await;
        let input = [("client_id", "bank"), ("scope", "openid"), ("login_hint", "alice")];
        let answer = oidc(&world, bank.clone().with_header("origin", &origin), "/oidc/bc-authorize", &input).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "foreign_origin"), "{answer:?}");
    }
    assert_eq!(phone.asked(&world).await.len(), 1, "the one that was let through, before it was switched off");
}

#[tokio::test]
async fn that_host_serves_nothing_else_and_the_portal_asks_for_no_certificate() {
    let (world, _phone) = world().await;
    let mut bank = world.browser_with_certificate("machine-bank").with_header("accept", "application/json");
    for path in
        ["/", "/sign-in", "/admin/users", "/account", "/approver", "/.well-known/openid-configuration", "/.sekisho/whoami"]
    {
        let answer = bank.send(Method::GET, &world.url("mtls", path), None).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "no_such_path"), "{path}: {answer:?}");
    }
    // An administrator's act is no app's.
    let users = api(&world, bank.clone(), Method::GET, "/users", None).await;
    assert_eq!((users.status, users.code().as_str()), (403, "scope_missing"));
    // What was shown in a handshake under one name says nothing under another (T13).
    let mut elsewhere = bank.clone().with_header("host", &format!("auth.test:{}", world.port));
    let answer = elsewhere.send(Method::GET, &world.url("mtls", "/api/v1/approvals"), None).await;
    assert!(matches!(answer.status, 400 | 421), "{answer:?}");
    // At the portal the same client shows nothing: a token is asked for.
    let answer = bank.send(Method::POST, &world.url("auth", "/api/v1/approvals"), Some("{}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "app_token_missing"), "{answer:?}");
    // A token of an app is good at either.
    let until = world.clock.now().plus(std::time::Duration::from_secs(3600));
    let (_, token) = world.server.core().tokens().issue_for_app("bank backend", "bank", None, until).await.unwrap();
    let bearer = format!("Bearer {token}");
    let asked = ask(&world, world.browser().with_header("authorization", &bearer)).await;
    assert_eq!(asked.status, 201, "{asked:?}");
}

#[tokio::test]
async fn one_app_sees_nothing_of_another_and_a_reload_ends_it() {
    let both = SHOP.replace("192.0.2.0/24", "127.0.0.0/8");
    let world = World::with(&[("bank", BANK), ("shop", &both), ("wiki", WIKI)], "").await;
    world.person("alice").await;
    let (bank, shop) = (world.browser_with_certificate("machine-bank"), world.browser_with_certificate("machine-shop"));
    let asked = ask(&world, bank.clone()).await;
    let path = format!("/approvals/{}", read(&asked)["auth_req_id"].as_str().unwrap());
    assert_eq!(api(&world, shop.clone(), Method::GET, &path, None).await.status, 404);
    assert_eq!(api(&world, shop.clone(), Method::DELETE, &path, None).await.status, 404);
    assert_eq!(read(&api(&world, shop.clone(), Method::GET, "/approvals", None).await)["items"], json!([]));
    assert_eq!(api(&world, bank.clone(), Method::GET, &path, None).await.status, 200);

    // One certificate for two apps, one of no authority: refused as a whole, and what was in force stays.
    let error =
        world.reload(&[("bank", BANK), ("shop", &both.replace("\"shop\"", "\"batch\"")), ("wiki", WIKI)], "").unwrap_err();
    assert!(error.contains("machine `batch` would speak for two apps"), "{error}");
    let error = world.reload(&[("bank", &BANK.replace("world", "wrld"))], "").unwrap_err();
    assert!(error.contains("did you mean `world`?"), "{error}");
    assert_eq!(api(&world, bank.clone(), Method::GET, &path, None).await.status, 200);
    // Taken out of the config, its certificate counts no more; the host still asks, for shop's.
    world.reload(&[("bank", "demands.primary_factor = {}\napprovals = {}\n"), ("shop", &both)], "").unwrap();
    let answer = api(&world, bank, Method::GET, &path, None).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_certificate"), "{answer:?}");
}

/// A request whose body is on its way, as long as somebody likes.
struct HalfSent {
    stream: tokio_rustls::client::TlsStream<tokio::net::TcpStream>,
    rest: Vec<u8>,
}

impl HalfSent {
    async fn begin(world: &World, client: &Browser, path: &str, kind: &str, body: &str) -> Self {
        let mut stream = client.connect(&world.url("mtls", path).parse().unwrap()).await;
        let (first, rest) = body.split_at(body.len() / 2);
        let (port, length) = (world.port, body.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: mtls.test:{port}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{first}"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        // Until the head was read and judged, as far as it is.
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        Self { stream, rest: rest.as_bytes().to_vec() }
    }

    /// The status, after the rest was sent.
    async fn end(mut self) -> u16 {
        self.stream.write_all(&self.rest).await.unwrap();
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.split(' ').nth(1).unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const CIBA: &str = "client_id=bank&scope=openid&login_hint=alice&binding_message=Pay+100+to+Bob";

#[tokio::test]
async fn a_certificate_of_another_authority_never_counts() {
    let (world, phone) = world().await;
    let apps = [("bank", BANK), ("shop", SHOP), ("wiki", WIKI)];
    let partners = super::support::Authority::new();
    std::fs::write(world.folder.path().join("partners.pem"), partners.pem()).unwrap();
    // Trusted for something else, and it names the same machine; its place is before the world's.
    let wiki = format!("{WIKI}demands.client_certificate = {{ trust = [\"partners\"] }}\n");
    let trust = "[trust.partners]\nbundle = \"partners.pem\"\nmapping = [{ from = \"common_name\", prefix = \"machine-\", to = \"machine\" }]\n";
    world.reload(&[apps[0], apps[1], ("wiki", &wiki)], trust).unwrap();
    let theirs = Browser::new(world.authority.der(), Some(partners.client("machine-bank")));
    let refused = async || {
        let answer = ask(&world, theirs.clone()).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_certificate"), "{answer:?}");
        assert!(answer.body.contains("of no authority that is trusted for this"), "{answer:?}");
    };
    refused().await;
    let ours = world.browser_with_certificate("machine-bank");
    assert_eq!(ask(&world, ours.clone()).await.status, 201);
    // In the middle of their requests the places of authorities change: theirs had the one that ours has now.
    let json = json!({ "login_hint": "alice", "binding_message": "Pay 100 to Bob" }).to_string();
    let ciba = HalfSent::begin(&world, &theirs, "/oidc/bc-authorize", FORM, CIBA).await;
    world.reload(&apps, "").unwrap();
    assert_eq!(ciba.end().await, 401);
    refused().await;
    // Ours are good all the while, and bad from the moment on when they are switched off, however much was sent by then.
    let (chain, key) = world.authority.client("machine-bank");
    let fingerprint = PresentedCertificate::new(&chain).unwrap().fingerprint();
    let ours = Browser::new(world.authority.der(), Some((chain, key)));
    assert_eq!(HalfSent::begin(&world, &ours, "/oidc/bc-authorize", FORM, CIBA).await.end().await, 200);
    assert_eq!(HalfSent::begin(&world, &ours, "/api/v1/approvals", "application/json", &json).await.end().await, 201);
    let begun = [
        HalfSent::begin(&world, &ours, "/oidc/bc-authorize", FORM, CIBA).await,
        HalfSent::begin(&world, &ours, "/api/v1/approvals", "application/json", &json).await,
    ];
    let certificates = &world.server.core().certificates();
    certificates.add(fingerprint, Holder::Machine("bank".into()), None, (None, None)).await.unwrap();
    certificates.set_enabled(fingerprint, false).await.unwrap();
    for half in begun {
        assert_eq!(half.end().await, 401);
    }
    assert_eq!(phone.asked(&world).await.len(), 3, "what was good, and nothing else");
}
