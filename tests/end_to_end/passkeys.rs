//! Passkeys through the TLS port, with the software authenticator of another maker (crate `passkey`): made on the account page,
//! used without a user name, at check 6 and to register a browser; and what a hostile browser brings instead.

use async_trait::async_trait;
use hyper::Method as HttpMethod;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use sekisho::audit::Filter;
use sekisho::principal::method::{Method, Methods};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, Person, World};

/// The user of an authenticator, who always touches it and always proves to be its owner.
struct Owner;

#[async_trait]
impl UserValidationMethod for Owner {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        _presence: bool,
        _verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence: true, verification: true })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// An authenticator and the browser that speaks with it; `origin` is the page that it believes to be on.
pub(crate) struct Device {
    held: Option<Passkey>,
    pub(crate) origin: url::Url,
}

impl Device {
    pub(crate) fn new(origin: &str) -> Self {
        Self { held: None, origin: origin.parse().unwrap() }
    }

    pub(crate) async fn create(&mut self, options: &Value) -> String {
        let options = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let mut client = Client::new(Authenticator::new(Aaguid::new_empty(), self.held.take(), Owner, RustCryptoBackend));
        let made = client.register(&self.origin, options, DefaultClientData).await.unwrap();
        self.held = client.authenticator().store().clone();
        serde_json::to_string(&made).unwrap()
    }

    pub(crate) async fn get(&mut self, options: &Value) -> String {
        let options = serde_json::from_value(json!({ "publicKey": options })).unwrap();
        let mut client = Client::new(Authenticator::new(Aaguid::new_empty(), self.held.take(), Owner, RustCryptoBackend));
        let used = client.authenticate(&self.origin, options, DefaultClientData).await.unwrap();
        self.held = client.authenticator().store().clone();
        serde_json::to_string(&used).unwrap()
    }
}

/// The value of an attribute of the box that a page has.
fn attribute(page: &Answer, name: &str) -> String {
    let rest = page.body.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page:?}"));
    rest.split('"').next().unwrap().replace("&#38;", "&")
}

/// The hidden fields of the form of the box.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let form = page.body.split("data-passkey=").nth(1).unwrap_or_else(|| panic!("no box in {page:?}"));
    let form = form.split("<form").nth(1).unwrap().split("</form>").next().unwrap();
    let value = |input: &str, name: &str| {
        let rest = input.split(&format!(" {name}=\"")).nth(1)?;
        Some(rest.split('"').next().unwrap().replace("&#38;", "&"))
    };
    form.split("<input")
        .skip(1)
        .filter_map(|input| Some((value(input, "name")?, value(input, "value").unwrap_or_default())))
        .collect()
}

/// What the script of a page does: draws a challenge.
async fn challenge(browser: &mut Browser, page: &Answer) -> Value {
    let at = page.url.parse::<url::Url>().unwrap().join(&attribute(page, "data-options")).unwrap();
    let fields = fields(page);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let answer = browser.send(HttpMethod::POST, at.as_str(), Some(&body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// What the script does with the answer: posts it by the form of the box.
async fn post(browser: &mut Browser, page: &Answer, challenge: &Value, credential: &str) -> Answer {
    let form = page.body.split("data-passkey=").nth(1).unwrap();
    let action = form.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut fields = fields(page);
    for (name, value) in &mut fields {
        match name.as_str() {
            "ceremony" => challenge["id"].as_str().unwrap().clone_into(value),
            "credential" => credential.clone_into(value),
            _ => {}
        }
    }
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let at = page.url.parse::<url::Url>().unwrap().join(action).unwrap();
    browser.post(at.as_str(), &pairs).await
}

/// Uses the device on a page with a box.
async fn touch(browser: &mut Browser, page: &Answer, device: &mut Device) -> Answer {
    let challenge = challenge(browser, page).await;
    let credential = device.get(&challenge["options"]).await;
    post(browser, page, &challenge, &credential).await
}

/// A world whose wiki takes passkeys, and whose portal takes one as second factor.
const APPS: &[(&str, &str)] = &[
    (
        "wiki",
        "[app.demands.primary_factor]\nmethods = [\"password\", \"passkey\"]\n[app.demands.otp]\nmethods = [\"totp\", \"passkey\"]\n",
    ),
    ("vault", "[app.demands.primary_factor]\n[app.demands.cookie]\n[app.demands.otp]\nmethods = [\"passkey\", \"totp\"]\n"),
    ("ledger", "[app.demands.primary_factor]\nmethods = [\"passkey\"]\n[app.demands.otp]\nmethods = [\"totp\"]\n"),
];

/// A person with a passkey, made on the account page after a password and a code.
pub(crate) async fn with_passkey(world: &World, name: &str) -> (Person, Device, Browser) {
    let person = world.person(name).await;
    let mut browser = world.browser();
    let page = browser.sign_in(&world.url("auth", "/account/passkeys/add"), &person).await;
    assert!(page.body.contains("data-passkey=\"create\""), "{page:?}");
    let mut device = Device::new(&world.url("auth", ""));
    let challenge = challenge(&mut browser, &page).await;
    let made = device.create(&challenge["options"]).await;
    let list = post(&mut browser, &page, &challenge, &made).await;
    assert!(list.body.contains("The passkey is added"), "{list:?}");
    (person, device, browser)
}

#[tokio::test]
async fn a_passkey_made_on_the_account_page_opens_an_app_without_a_name_or_a_code() {
    let world = World::with(APPS, "").await;
    let (alice, mut device, mut at_home) = with_passkey(&world, "alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/page?x=1")).await;
    assert!(page.body.contains("autocomplete=\"username webauthn\"") && page.body.contains("data-conditional"), "{page:?}");
    assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'"), "{page:?}");
    let arrived = touch(&mut browser, &page, &mut device).await;
    assert_eq!((arrived.status, arrived.body.as_str()), (200, "GET /page?x=1\n"), "{arrived:?}");
    assert_eq!(world.upstream.last().all("remote-user"), ["alice"]);
    // The app that accepts no passkey at check 6 asks for a code all the same.
    let page = browser.get(&world.url("ledger", "/")).await;
    assert!(page.body.contains("one-time-code"), "{page:?}");
    let page = browser.fill(&page, "one-time-code", &[("code", &alice.code())]).await;
    assert_eq!(page.status, 200, "{page:?}");
    // Removed on the account page: what it opened elsewhere ends at once, and the passkey opens nothing any more.
    let list = at_home.get(&world.url("auth", "/account/passkeys")).await;
    let id = list.body.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let renamed = at_home.post(&world.url("auth", "/account/passkeys/rename"), &[("id", &id), ("name", "Work <phone>")]).await;
    assert!(renamed.body.contains("Work &#60;phone&#62;") && renamed.body.contains("data-accepted"), "{renamed:?}");
    let removed = at_home.post(&world.url("auth", "/account/passkeys/remove"), &[("id", &id)]).await;
    assert!(removed.body.contains("The passkey is removed"), "{removed:?}");
    assert!(
        removed.body.contains("allAcceptedCredentialIds&#34;:[]"),
        "the list of this request, complete and empty: {removed:?}"
    );
    let page = browser.get(&world.url("wiki", "/")).await;
    assert!(page.body.contains("current-password"), "signed out: {page:?}");
    let refused = touch(&mut browser, &page, &mut device).await;
    assert_eq!(refused.status, 401);
    assert!(refused.body.contains("That passkey was not accepted"), "{refused:?}");
    assert_eq!(at_home.get(&world.url("auth", "/account")).await.status, 200, "the session that removed it goes on");
}

#[tokio::test]
async fn a_passkey_passes_check_6_and_registers_a_browser_at_check_5() {
    let world = World::with(APPS, "").await;
    let (_alice, mut device, _) = with_passkey(&world, "alice").await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("vault", "/")).await;
    assert!(!page.body.contains("data-passkey"), "its primary factor is the password: {page:?}");
    let typed = [("user", "alice"), ("password", crate::support::PASSWORD)];
    let page = browser.fill(&page, "current-password", &typed).await;
    assert!(page.body.contains("Register this browser") && page.body.contains("data-passkey=\"use\""), "{page:?}");
    let challenge = challenge(&mut browser, &page).await;
    assert_eq!(challenge["options"]["allowCredentials"].as_array().unwrap().len(), 1, "of her passkeys one");
    let credential = device.get(&challenge["options"]).await;
    let arrived = post(&mut browser, &page, &challenge, &credential).await;
    assert_eq!(arrived.status, 200, "checks 5 and 6 at once: {arrived:?}");
    assert!(browser.cookie("auth.test", "__Host-sekisho-browser").is_some());
    // The next sign-in shows the browser by itself, and check 6 takes the passkey.
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    browser.forget_cookies("vault.test");
    let page = browser.get(&world.url("vault", "/")).await;
    let page = browser.fill(&page, "current-password", &typed).await;
    assert!(page.body.contains("Use your passkey") && page.body.contains("Use your authenticator app instead"), "{page:?}");
    assert_eq!(touch(&mut browser, &page, &mut device).await.status, 200);
}

#[tokio::test]
async fn a_hostile_browser_gets_one_answer_and_no_session_t31() {
    let world = World::with(APPS, "").await;
    let (_alice, mut hers, _) = with_passkey(&world, "alice").await;
    let (_bob, mut his, _) = with_passkey(&world, "bob").await;
    let wiki = world.url("wiki", "/");
    let mut answers = Vec::new();
    let mut refuse = async |browser: &mut Browser, page: &Answer, challenge: &Value, credential: &str, what: &str| {
        let refused = post(browser, page, challenge, credential).await;
        assert_eq!(refused.status, 401, "{what}: {refused:?}");
        assert!(browser.cookie("auth.test", "__Host-sekisho").is_none(), "{what}");
        let problem = refused.body.split("id=\"problem\"").nth(1).unwrap().split("</div>").next().unwrap().to_owned();
        answers.push((what.to_owned(), problem));
    };
    // From another origin of the same domain.
    let mut browser = world.browser();
    let page = browser.get(&wiki).await;
    let drawn = challenge(&mut browser, &page).await;
    let origin = std::mem::replace(&mut hers.origin, "https://auth.test:1".parse().unwrap());
    let credential = hers.get(&drawn["options"]).await;
    hers.origin = origin;
    refuse(&mut browser, &page, &drawn, &credential, "another port").await;
    // Bob's answer, with her credential id.
    let drawn = challenge(&mut browser, &page).await;
    let mut forged: Value = serde_json::from_str(&his.get(&drawn["options"]).await).unwrap();
    let known: Value = serde_json::from_str(&hers.get(&drawn["options"]).await).unwrap();
    for key in ["id", "rawId"] {
        forged[key] = known[key].clone();
    }
    forged["response"]["userHandle"] = known["response"]["userHandle"].clone();
    refuse(&mut browser, &page, &drawn, &forged.to_string(), "a foreign key").await;
    // Her answer under his name, and a passkey that nobody registered.
    let drawn = challenge(&mut browser, &page).await;
    let mut swapped: Value = serde_json::from_str(&hers.get(&drawn["options"]).await).unwrap();
    swapped["response"]["userHandle"] =
        serde_json::from_str::<Value>(&his.get(&drawn["options"]).await).unwrap()["response"]["userHandle"].clone();
    refuse(&mut browser, &page, &drawn, &swapped.to_string(), "another user's handle").await;
    let drawn = challenge(&mut browser, &page).await;
    let mut unknown: Value = serde_json::from_str(&hers.get(&drawn["options"]).await).unwrap();
    unknown["rawId"] = sekisho::random::base64url(&[9; 16]).into();
    refuse(&mut browser, &page, &drawn, &unknown.to_string(), "unknown").await;
    // Switched off; and without the method.
    let core = world.server.core();
    let drawn = challenge(&mut browser, &page).await;
    let credential = his.get(&drawn["options"]).await;
    core.suspend_user(&sekisho::principal::user::UserId::parse("bob").unwrap()).await.unwrap();
    refuse(&mut browser, &page, &drawn, &credential, "disabled").await;
    core.assign(&sekisho::principal::user::UserId::parse("alice").unwrap(), Methods::of(&[Method::Password])).await.unwrap();
    let drawn = challenge(&mut browser, &page).await;
    let credential = hers.get(&drawn["options"]).await;
    refuse(&mut browser, &page, &drawn, &credential, "not assigned").await;
    let (_, first) = &answers[0];
    assert!(answers.iter().all(|(_, problem)| problem == first), "one answer: {answers:?}");
    core.audit().flush().await.unwrap();
    let noted = core.audit().query(&Filter { what: Some("sign_in".to_owned()), ..Filter::default() }, None, 100).await.unwrap();
    let text = format!("{noted:?}");
    for why in ["passkey_origin", "passkey_signature", "passkey_of_another_user", "passkey_unknown", "unknown_or_disabled"] {
        assert!(text.contains(why), "{why} is in the audit log: {text}");
    }
}

#[tokio::test]
async fn a_challenge_is_good_once_and_for_the_browser_that_drew_it() {
    let world = World::with(APPS, "").await;
    let (_alice, mut device, _) = with_passkey(&world, "alice").await;
    let (mut browser, mut thief) = (world.browser(), world.browser());
    let page = browser.get(&world.url("wiki", "/")).await;
    let others = thief.get(&world.url("wiki", "/")).await;
    let drawn = challenge(&mut browser, &page).await;
    let credential = device.get(&drawn["options"]).await;
    let stolen = post(&mut thief, &others, &drawn, &credential).await;
    assert!(stolen.status == 401 && stolen.body.contains("took too long"), "{stolen:?}");
    let drawn = challenge(&mut browser, &page).await;
    let credential = device.get(&drawn["options"]).await;
    assert_eq!(post(&mut browser, &page, &drawn, &credential).await.status, 200);
    browser.post(&world.url("auth", "/sign-out"), &[("scope", "here")]).await;
    browser.forget_cookies("wiki.test");
    let page = browser.get(&world.url("wiki", "/")).await;
    let replayed = post(&mut browser, &page, &drawn, &credential).await;
    assert!(replayed.status == 401 && browser.cookie("auth.test", "__Host-sekisho").is_none(), "{replayed:?}");
    let drawn = challenge(&mut browser, &page).await;
    let credential = device.get(&drawn["options"]).await;
    world.advance(5 * 60 + 1);
    assert_eq!(post(&mut browser, &page, &drawn, &credential).await.status, 401, "too late");
    // A challenge is for our own pages alone.
    let options = world.url("auth", "/sign-in/passkey/options");
    let foreign = browser.clone().with_header("origin", "https://evil.example").send(HttpMethod::POST, &options, Some("")).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn a_password_alone_adds_no_passkey_and_a_link_makes_one_once_t36() {
    let demands = "[portal.demands]\nprimary_factor = { methods = [\"password\", \"passkey\"] }\notp = { mode = \"off\" }\n";
    let world = World::with(APPS, demands).await;
    let core = world.server.core();
    let dora = sekisho::principal::user::UserId::parse("dora").unwrap();
    core.users().add(sekisho::account::users::NewUser::named(dora.clone())).await.unwrap();
    core.passwords().set(&dora, crate::support::PASSWORD.into()).await.unwrap();
    let mut browser = world.browser();
    let page = browser.get(&world.url("auth", "/account/passkeys/add")).await;
    let typed = [("user", "dora"), ("password", crate::support::PASSWORD)];
    let refused = browser.fill(&page, "current-password", &typed).await;
    assert!(refused.status == 403 && !refused.body.contains("data-passkey=\"create\""), "{refused:?}");
    let options = browser.send(HttpMethod::POST, &world.url("auth", "/account/passkeys/add/options"), Some("")).await;
    assert_eq!(options.status, 403, "{options:?}");
    // The link of an administrator.
    let purpose = sekisho::account::links::LinkPurpose::ResetPasskey;
    let (_, secret) = core.links().issue(&dora, purpose, "test", sekisho::account::links::LIFETIME).await.unwrap();
    let mut device = Device::new(&world.url("auth", ""));
    let mut phone = world.browser();
    let page = phone.get(&world.url("auth", &format!("/invitation/{}", secret.text()))).await;
    let drawn = challenge(&mut phone, &page).await;
    let made = device.create(&drawn["options"]).await;
    let done = post(&mut phone, &page, &drawn, &made).await;
    assert!(done.url.contains("/invitation/done"), "{done:?}");
    assert_eq!(phone.get(&world.url("auth", &format!("/invitation/{}", secret.text()))).await.status, 410, "used up");
    assert!(browser.get(&world.url("auth", "/account")).await.url.contains("/sign-in"), "sessions from before ended");
    // With it she signs in, and may add another one: a verified passkey is two factors.
    let page = phone.get(&world.url("auth", "/account/passkeys/add")).await;
    let page = touch(&mut phone, &page, &mut device).await;
    assert!(page.body.contains("data-passkey=\"create\""), "{page:?}");
}
