//! Whose a certificate is: only where check 2 was demanded and passed does it name the user, in every way by which an app learns the name.

use hyper::Method;
use sekisho::account::tokens::{Scope, Scopes};
use sekisho::account::users::{NewUser, ProfileChange};
use sekisho::facts::presented_certificate::PresentedCertificate;
use sekisho::principal::certificate::{Fingerprint, Holder};
use sekisho::principal::certificate_setting::CertificateSetting;
use sekisho::principal::user::{GroupName, UserId};
use serde_json::{Value, json};

use super::sessions::{closes, events};
use super::support::{Authority, Browser, PASSWORD, World};

/// Three ways to stand towards a certificate.
const APPS: [(&str, &str); 3] = [
    // The path that anybody may see; another one of the same app asks for a certificate, so TLS does.
    (
        "open",
        "demands.primary_factor = { mode = \"off\" }\n\
         [[app.rule]]\npaths = [\"/secure/**\"]\ndemands.client_certificate = { trust = [\"world\", \"listed\"] }\n",
    ),
    ("observed", "demands.client_certificate = { mode = \"observe\", trust = [\"world\", \"listed\"] }\n"),
    ("required", "demands.client_certificate = { trust = [\"world\", \"listed\"] }\n"),
];

/// What the world trusts besides: an authority that revokes, and one that counts for another app alone; and an app of
/// another proxy, which asks over a connection of its own that shows a certificate, too.
fn more(world: &World) -> String {
    let port = world.port;
    format!(
        "[[app]]\nname = \"proxied\"\nurl = \"https://proxied.test:{port}\"\nforward_auth = true\n\
         demands.primary_factor = {{ mode = \"off\" }}\n\
         [[app]]\nname = \"other\"\nurl = \"https://other.test:{port}\"\nupstream = [\"http://127.0.0.1:9\"]\n\
         demands.client_certificate = {{ trust = [\"partners\"] }}\n\
         [trust.listed]\nbundle = \"listed.pem\"\nrevocation_lists = [\"listed.crl\"]\nmapping = [{{ from = \"common_name\" }}]\n\
         [trust.partners]\nbundle = \"partners.pem\"\nmapping = [{{ from = \"common_name\" }}]\n\
         [server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n"
    )
}

struct Scene {
    world: World,
    listed: Authority,
    partners: Authority,
}

async fn scene() -> Scene {
    let world = World::with(&APPS.map(|(name, _)| (name, "demands.primary_factor = {}\n")), "").await;
    let (listed, partners) = (Authority::new(), Authority::new());
    for (name, text) in [("listed.pem", listed.pem()), ("listed.crl", listed.revokes(&[7])), ("partners.pem", partners.pem())] {
        std::fs::write(world.folder.path().join(name), text).unwrap();
    }
    world.reload(&APPS, &more(&world)).unwrap();
    world.person("alice").await;
    Scene { world, listed, partners }
}

fn alice() -> UserId {
    UserId::parse("alice").unwrap()
}

impl Scene {
    /// A browser with a certificate that this authority made for alice.
    fn of(&self, authority: &Authority, until: Option<i32>, serial: Option<u64>) -> (Browser, Fingerprint) {
        let (chain, key) = authority.client_numbered("alice", until, serial);
        let fingerprint = PresentedCertificate::new(&chain).unwrap().fingerprint();
        (Browser::new(self.world.authority.der(), Some((chain, key))), fingerprint)
    }

    /// The user that an app sees, and the status.
    async fn seen_by_app(&self, browser: &Browser, app: &str) -> (u16, String) {
        let mut program = browser.clone().with_header("accept", "application/json");
        let before = self.world.upstream.seen().len();
        let answer = program.send(Method::GET, &self.world.url(app, "/"), None).await;
        let got = match self.world.upstream.seen().len() > before {
            true => self.world.upstream.last().all("remote-user").join(" "),
            false => answer.code(),
        };
        (answer.status, got)
    }

    /// The same by forward-auth, over a connection that shows this certificate.
    async fn seen_behind_proxy(&self, browser: &Browser) -> (u16, String) {
        let host = format!("proxied.test:{}", self.world.port);
        let key = self.world.proxy_key();
        let asking = [
            ("sekisho-proxy-key", key.as_str()),
            ("x-forwarded-uri", "/"),
            ("x-forwarded-method", "GET"),
            ("x-forwarded-host", host.as_str()),
        ];
        let mut proxy = asking.into_iter().fold(browser.clone(), |proxy, (name, value)| proxy.with_header(name, value));
        let asked = proxy.send(Method::GET, &self.world.url("required", "/.sekisho/forward-auth"), None).await;
        (asked.status, asked.header("remote-user").unwrap_or_default().to_owned())
    }

    /// Nothing on an open path or where it is only looked at; where it is demanded, the name or this refusal.
    async fn stands(&self, what: &str, browser: &Browser, required: Result<&str, &str>) {
        for app in ["open", "observed"] {
            assert_eq!(self.seen_by_app(browser, app).await, (200, String::new()), "{app}: {what}");
        }
        assert_eq!(self.seen_behind_proxy(browser).await, (200, String::new()), "forward-auth: {what}");
        let expected = match required {
            Ok(name) => (200, name.to_owned()),
            Err(code) => (403, code.to_owned()),
        };
        assert_eq!(self.seen_by_app(browser, "required").await, expected, "required: {what}");
    }
}

#[tokio::test]
async fn a_certificate_is_an_identity_only_where_it_is_demanded_and_good_r_231() {
    let scene = scene().await;
    let core = scene.world.server.core();
    let (good, _) = scene.of(&scene.world.authority, None, None);
    scene.stands("good", &good, Ok("alice")).await;
    scene.stands("good, of the authority with a list", &scene.of(&scene.listed, None, Some(8)).0, Ok("alice")).await;
    scene.stands("expired", &scene.of(&scene.world.authority, Some(2020), None).0, Err("certificate_expired")).await;
    scene.stands("revoked", &scene.of(&scene.listed, None, Some(7)).0, Err("certificate_revoked")).await;
    scene.stands("of another app's authority", &scene.of(&scene.partners, None, None).0, Err("certificate_untrusted")).await;
    scene.stands("of no authority", &scene.of(&Authority::new(), None, None).0, Err("certificate_untrusted")).await;
    let machine = scene.world.browser_with_certificate("machine-turbine-7");
    scene.stands("a machine's", &machine, Ok("turbine-7")).await;

    let (early, fingerprint) = scene.of(&scene.world.authority, None, None);
    let tomorrow = sekisho::clock::Clock::now(&*scene.world.clock).plus(std::time::Duration::from_secs(86_400));
    core.certificates().add(fingerprint, Holder::User(alice()), None, (Some(tomorrow), None)).await.unwrap();
    scene.stands("not yet", &early, Err("certificate_not_yet_valid")).await;
    let (off, fingerprint) = scene.of(&scene.world.authority, None, None);
    core.certificates().add(fingerprint, Holder::User(alice()), None, (None, None)).await.unwrap();
    scene.stands("in the register", &off, Ok("alice")).await;
    core.certificates().set_enabled(fingerprint, false).await.unwrap();
    scene.stands("switched off", &off, Err("certificate_disabled")).await;
    // A register that names alice makes nothing of a certificate that no authority stands behind.
    let (claimed, fingerprint) = scene.of(&Authority::new(), None, None);
    core.certificates().add(fingerprint, Holder::User(alice()), None, (None, None)).await.unwrap();
    scene.stands("of nobody, in the register", &claimed, Err("certificate_untrusted")).await;

    // What stands against the user stands against the certificate, on connections that are there already.
    core.set_certificates_of(&alice(), CertificateSetting::Refused).await.unwrap();
    scene.stands("the holder's switch is off", &good, Err("certificate_switch_off")).await;
    core.set_certificates_of(&alice(), CertificateSetting::Accepted).await.unwrap();
    core.users().set_networks(&alice(), Vec::new(), vec!["127.0.0.0/8".parse().unwrap()]).await.unwrap();
    scene.stands("from a network that the user may not come from", &good, Err("address_denied")).await;
    core.users().set_networks(&alice(), vec!["192.0.2.0/24".parse().unwrap()], Vec::new()).await.unwrap();
    scene.stands("outside the user's networks", &good, Err("address_not_allowed")).await;
    core.users().set_networks(&alice(), Vec::new(), Vec::new()).await.unwrap();
    scene.stands("good again", &good, Ok("alice")).await;
    core.suspend_user(&alice()).await.unwrap();
    scene.stands("the user is disabled", &good, Err("user_disabled")).await;
    core.remove_user(&alice()).await.unwrap();
    scene.stands("the user is removed", &good, Err("certificate_without_holder")).await;
}

#[tokio::test]
async fn what_is_demanded_of_a_user_holds_for_their_certificate_too() {
    let scene = scene().await;
    let (good, _) = scene.of(&scene.world.authority, None, None);
    let addition = "[[addition]]\nuser = \"alice\"\napps = [\"required\"]\ndemands.primary_factor = {}\n";
    scene.world.reload(&APPS, &format!("{}{addition}", more(&scene.world))).unwrap();
    assert_eq!(scene.seen_by_app(&good, "required").await, (401, "primary_factor_missing".to_owned()));
    // A machine is not a user: nothing more is demanded of it.
    let machine = scene.world.browser_with_certificate("machine-turbine-7");
    assert_eq!(scene.seen_by_app(&machine, "required").await, (200, "turbine-7".to_owned()));
}

#[tokio::test]
async fn a_cookie_of_one_certificate_names_nobody_with_another_a_28() {
    let scene = scene().await;
    let secure = "demands.primary_factor = { mode = \"off\" }\n[[app.rule]]\npaths = [\"/secure/**\"]\n\
                  demands.client_certificate = { trust = [\"world\"] }\ndemands.primary_factor = {}\n";
    scene.world.reload(&[("open", secure), APPS[1], APPS[2]], &more(&scene.world)).unwrap();
    let (mut browser, _) = scene.of(&scene.world.authority, None, None);
    let page = browser.get(&scene.world.url("open", "/secure/")).await;
    let page = browser.fill(&page, "current-password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(page.body, "GET /secure/\n", "{page:?}");
    browser.send(Method::GET, &scene.world.url("open", "/"), None).await;
    assert_eq!(scene.world.upstream.last().all("remote-user"), ["alice"]);
    let cookie = format!("__Host-sekisho={}", browser.cookie("open.test", "__Host-sekisho").unwrap());
    for other in [scene.world.browser(), scene.of(&scene.world.authority, None, None).0] {
        let mut other = other.with_header("cookie", &cookie);
        assert_eq!(other.send(Method::GET, &scene.world.url("open", "/"), None).await.status, 200);
        assert!(scene.world.upstream.last().all("remote-user").is_empty(), "{:?}", scene.world.upstream.last());
        assert!(scene.world.upstream.last().all("sekisho-assertion").is_empty());
    }
}

/// What the assertion of the last request says.
fn stated(world: &World) -> Value {
    use base64::Engine as _;
    let token = world.upstream.last().all("sekisho-assertion")[0].to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[tokio::test]
async fn who_is_known_by_a_certificate_alone_arrives_with_groups_and_an_assertion() {
    let scene = scene().await;
    let (core, world) = (scene.world.server.core(), &scene.world);
    let (staff, audit) = (GroupName::parse("staff").unwrap(), GroupName::parse("audit").unwrap());
    for group in [&staff, &audit] {
        core.groups().add(group.clone(), None).await.unwrap();
    }
    core.users().set_groups(&alice(), vec![staff.clone()]).await.unwrap();
    let change = ProfileChange { display_name: Some(Some("Alice A".to_owned())), ..ProfileChange::default() };
    core.users().change(&alice(), change).await.unwrap();
    let (own, _) = scene.of(&world.authority, None, None);
    let ask = async |browser: &Browser, app: &str| {
        assert_eq!(scene.seen_by_app(browser, app).await.0, 200, "{app}");
        world.upstream.last()
    };
    let seen = ask(&own, "required").await;
    let fields = ["remote-user", "remote-groups", "remote-name"].map(|name| seen.all(name).join(" "));
    assert_eq!(fields, ["alice", "staff", "Alice A"]);
    let claims = stated(world);
    assert_eq!((&claims["sub"], &claims["aud"], &claims["groups"]), (&json!("alice"), &json!("required"), &json!(["staff"])));
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("urn:sekisho:certificate"), &json!(["pop"])));
    assert!(claims.get("sid").is_none() && claims.get("auth_time").is_none(), "there is no session: {claims}");
    // Kept for a while, but never longer than it is true.
    let token = seen.all("sekisho-assertion")[0].to_owned();
    assert_eq!(ask(&own, "required").await.all("sekisho-assertion"), [token.as_str()]);
    core.users().set_groups(&alice(), vec![audit]).await.unwrap();
    assert_eq!(ask(&own, "required").await.all("remote-groups"), ["audit"]);
    assert_eq!(stated(world)["groups"], json!(["audit"]));
    // A machine is a name, and says that it is no user.
    let machine = world.browser_with_certificate("machine-alice");
    let seen = ask(&machine, "required").await;
    assert_eq!((seen.all("remote-user"), seen.all("remote-groups"), seen.all("remote-name")), (vec!["alice"], vec![], vec![]));
    let claims = stated(world);
    assert_eq!((&claims["sub"], &claims["groups"], &claims["acr"]), (&json!("alice"), &json!([]), &json!("urn:sekisho:machine")));
    // Where the certificate is not demanded, nobody is stated.
    for (browser, app) in [(&own, "open"), (&own, "observed"), (&machine, "open"), (&machine, "observed")] {
        let seen = ask(browser, app).await;
        for name in ["remote-user", "remote-groups", "remote-name", "sekisho-assertion"] {
            assert!(seen.all(name).is_empty(), "{app} {name}: {seen:?}");
        }
    }
    // A binding of the register that gives the certificate to somebody else counts at once.
    world.person("bob").await;
    let (own, fingerprint) = scene.of(&world.authority, None, None);
    assert_eq!(ask(&own, "required").await.all("remote-user"), ["alice"]);
    core.certificates().add(fingerprint, Holder::User(UserId::parse("bob").unwrap()), None, (None, None)).await.unwrap();
    let seen = ask(&own, "required").await;
    assert_eq!((seen.all("remote-user"), seen.all("remote-groups")), (vec!["bob"], vec![]));
    assert_eq!(stated(world)["sub"], json!("bob"));
}

const BANK: &str = "demands.client_certificate = { trust = [\"world\"] }\n\
                    [[app.transaction]]\nname = \"report\"\npaths = [\"/report\"]\nmethods = [\"POST\"]\ntitle = { en = \"Report\" }\n";

#[tokio::test]
async fn a_held_request_of_a_certificate_is_nobodys_once_that_counts_no_more() {
    let world = World::with(&[("bank", BANK)], "").await;
    world.person("alice").await;
    super::support::Phone::of(&world, &["alice"]).await;
    let core = world.server.core();
    let mut machine = world.browser_with_certificate("alice").with_header("accept", "application/json");
    let held = machine.send(Method::POST, &world.url("bank", "/report"), Some("all=1")).await;
    assert_eq!(held.status, 202, "{held:?}");
    let got: Value = serde_json::from_str(&held.body).unwrap();
    let status = world.url("bank", got["status"].as_str().unwrap());
    assert_eq!(machine.send(Method::GET, &status, None).await.status, 200);
    core.set_certificates_of(&alice(), CertificateSetting::Refused).await.unwrap();
    for method in [Method::GET, Method::DELETE] {
        let answer = machine.send(method, &status, None).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "transaction_unknown_here"));
    }
    core.set_certificates_of(&alice(), CertificateSetting::Accepted).await.unwrap();
    assert_eq!(machine.send(Method::GET, &status, None).await.status, 200, "and nobody took it back meanwhile");
}

#[tokio::test]
async fn a_stream_ends_with_the_certificate_that_opened_it_t25() {
    for way in ["switched off", "out of the register", "the holder's switch", "the account", "its networks"] {
        let scene = scene().await;
        let core = scene.world.server.core();
        let (own, fingerprint) = scene.of(&scene.world.authority, None, None);
        core.certificates().add(fingerprint, Holder::User(alice()), None, (None, None)).await.unwrap();
        let stream = events(&own, &scene.world, "required").await;
        match way {
            "switched off" => core.switch_certificate(fingerprint, false).await.unwrap(),
            // Its name says another than its register did.
            "out of the register" => {
                core.users().add(NewUser::named(UserId::parse("bob").unwrap())).await.unwrap();
                let bob = Holder::User(UserId::parse("bob").unwrap());
                core.certificates().remove(fingerprint).await.unwrap();
                core.certificates().add(fingerprint, bob, None, (None, None)).await.unwrap();
            }
            "the holder's switch" => core.set_certificates_of(&alice(), CertificateSetting::Refused).await.unwrap(),
            "the account" => core.suspend_user(&alice()).await.unwrap(),
            "its networks" => {
                let denied = vec!["127.0.0.0/8".parse().unwrap()];
                core.users().set_networks(&alice(), Vec::new(), denied).await.unwrap();
            }
            other => panic!("{other}"),
        }
        closes(stream).await;
    }
}

#[tokio::test]
async fn a_token_for_certificates_binds_none_to_an_administrator() {
    let scene = scene().await;
    let core = scene.world.server.core();
    let administrators = GroupName::parse("administrators").unwrap();
    core.groups().add(administrators.clone(), None).await.unwrap();
    core.users().set_groups(&alice(), vec![administrators]).await.unwrap();
    scene.world.person("bob").await;
    let until = sekisho::clock::Clock::now(&*scene.world.clock).plus(std::time::Duration::from_secs(3600));
    let (_, token) = core.tokens().issue("certificates", Scopes::of(&[Scope::Certificates]), None, until).await.unwrap();
    let mut api = scene.world.browser().with_header("authorization", &format!("Bearer {token}"));
    api = api.with_header("accept", "application/json").with_header("content-type", "application/json");
    let mut act = async |method: Method, path: &str, body: Value| {
        let answer = api.send(method, &scene.world.url("auth", &format!("/api/v1{path}")), Some(&body.to_string())).await;
        (answer.status, if answer.status < 300 { String::new() } else { answer.code() })
    };
    let (own, fingerprint) = scene.of(&scene.world.authority, None, None);
    let refused = (403, "scope_missing".to_owned());
    let bind = |holder: &str, name: &str| json!({ "certificate": fingerprint.text(), holder: name });
    assert_eq!(act(Method::POST, "/certificates", bind("user", "alice")).await, refused);
    assert_eq!(act(Method::POST, "/certificates", bind("machine", "alice")).await, refused, "an app would get the same name");
    assert_eq!(act(Method::PUT, "/users/alice/certificates", json!({ "to": "on" })).await, refused);
    assert!(core.certificates().find(fingerprint).is_none());
    assert!(act(Method::POST, "/certificates", bind("user", "bob")).await.0 < 300);
    assert_eq!(scene.seen_by_app(&own, "required").await, (200, "bob".to_owned()));
    // One that is an administrator's already: neither switched on nor put off nor given back to what its name says.
    let (_, other) = scene.of(&scene.world.authority, None, None);
    core.certificates().add(other, Holder::User(alice()), None, (None, None)).await.unwrap();
    let path = format!("/certificates/{}", other.text());
    assert_eq!(act(Method::PUT, &path, json!({})).await, refused);
    assert_eq!(act(Method::DELETE, &path, json!({})).await, refused);
    assert!(act(Method::POST, &format!("{path}/disable"), json!({})).await.0 < 300, "an alarm is answered by switching it off");
    assert_eq!(act(Method::POST, &format!("{path}/enable"), json!({})).await, refused);
}
