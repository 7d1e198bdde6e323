//! Approved with a passkey on the phone that reads the code (`approval.by_passkey`), through the whole router.

mod factors;

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::{PUSH, asks, number, path, phone};
use crate::audit::Filter;
use crate::chain::Check;
use crate::factor::passkey::PasskeyAnswer;
use crate::factor::passkey::testing::{SoftKey, VERIFIED};
use crate::portal::testing::{Answer, Browser, Gate};
use crate::principal::method::{CredentialId, Method, Methods};
use crate::principal::user::UserId;

const BY_PASSKEY: &str =
    "[approval]\nby_passkey = true\n[portal.demands]\nprimary_factor = { methods = [\"push\", \"password\"] }\n";

/// A gate where Alice may sign in by push, has no phone, and a passkey.
async fn gate() -> (Gate, SoftKey) {
    gate_with(&format!("{PUSH}{BY_PASSKEY}")).await
}

async fn gate_with(config: &str) -> (Gate, SoftKey) {
    let gate = Gate::with(config).await;
    let methods = Methods::of(&[Method::Push, Method::Password, Method::Passkey]);
    gate.at.core.assign(gate.alice.id(), methods).await.unwrap();
    let key = passkey_of(&gate, gate.alice.id(), 1).await;
    (gate, key)
}

async fn passkey_of(gate: &Gate, user: &UserId, id: u8) -> SoftKey {
    let mut key = SoftKey::new(id);
    let passkeys = gate.at.core.passkeys();
    let ceremony = passkeys.begin_registration(user, "", "a test").await.unwrap();
    let made = key.create(&ceremony.options);
    let answer = PasskeyAnswer { place: "a test", ceremony: &ceremony.id, credential: &made };
    passkeys.register(user, answer, "key").await.unwrap();
    key
}

async fn alices(gate: &Gate, key: &SoftKey) -> CredentialId {
    let all = gate.at.core.passkeys().of_user(gate.alice.id()).await.unwrap();
    all.iter().find(|passkey| passkey.credential_id == key.id).unwrap().id
}

/// A code that a screen shows, as the phone that reads it sends it.
#[derive(Clone, Debug)]
struct Code {
    approval: String,
    number: String,
}

fn code(page: &Answer) -> Option<Code> {
    let text = page.body.split("/approver/#scan=").nth(1)?.split('<').next()?;
    let (approval, number) = text.split_once('.').unwrap();
    Some(Code { approval: approval.to_owned(), number: number.to_owned() })
}

/// A request of a phone that is no approver.
async fn post(gate: &Gate, what: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/approver/api/passkey/{what}")).header("content-type", "application/json");
    let answer = gate.browser().send(request, Body::from(body.to_string())).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

async fn question(gate: &Gate, code: &Code) -> (StatusCode, Value) {
    post(gate, "question", &json!({ "approval": code.approval, "number": code.number })).await
}

/// What is said to a question that was shown.
async fn said(gate: &Gate, code: &Code, decision: &str) -> Value {
    let (status, seen) = question(gate, code).await;
    assert_eq!((status, &seen["state"]), (StatusCode::OK, &json!("pending")), "{seen}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, seen["shown"].as_str().unwrap().as_bytes());
    json!({
        "approval": code.approval, "number": code.number, "decision": decision, "shown": crate::random::base64url(digest.as_ref()),
    })
}

/// The passkey's answer to it.
async fn signed(gate: &Gate, key: &mut SoftKey, said: &Value) -> Value {
    let (status, drawn) = post(gate, "challenge", said).await;
    assert_eq!(status, StatusCode::OK, "{drawn}");
    assert_eq!(drawn["options"]["userVerification"], "required");
    assert!(drawn["options"].get("allowCredentials").is_none_or(|listed| listed == &json!([])), "{drawn}");
    let mut answer = said.clone();
    answer["ceremony"] = drawn["id"].clone();
    answer["credential"] = serde_json::from_str(&key.get(&drawn["options"])).unwrap();
    answer
}

async fn answer(gate: &Gate, key: &mut SoftKey, code: &Code, decision: &str) -> (StatusCode, Value) {
    let said = said(gate, code, decision).await;
    let signed = signed(gate, key, &said).await;
    post(gate, "answer", &signed).await
}

fn is(answer: &(StatusCode, Value), status: u16, code: &str) {
    assert_eq!(
        (answer.0.as_u16(), answer.1["code"].as_str().or(answer.1["state"].as_str())),
        (status, Some(code)),
        "{}",
        answer.1
    );
}

/// Asks from a new browser, and reads the code there.
async fn shown(gate: &Gate, app: &str) -> (Browser, String, Code) {
    let mut browser = gate.browser();
    let (departure, _) = gate.departure(app, "/").await;
    let page = asks(&mut browser, &departure, "alice").await;
    let code = code(&page).unwrap_or_else(|| panic!("no code: {}", page.body));
    (browser, departure, code)
}

#[tokio::test]
async fn a_passkey_on_the_phone_approves_and_registers_the_browser() {
    let (gate, mut key) = gate().await;
    let mut browser = gate.browser();
    let (departure, state) = gate.departure("registered", "/a").await;
    let page = asks(&mut browser, &departure, "alice").await;
    let code = code(&page).unwrap();
    assert_eq!(number(&page), None, "no digits that nothing takes");
    let (_, seen) = question(&gate, &code).await;
    let text: Value = serde_json::from_str(seen["shown"].as_str().unwrap()).unwrap();
    assert_eq!((&text["user"], &text["purpose"]), (&json!("alice"), &json!("sign_in")));
    assert!(browser.get(&path(&departure)).await.body.contains("#scan="), "to be shown it approves nothing");
    is(&answer(&gate, &mut key, &code, "approve").await, 200, "approved");
    let passed = browser.get(&path(&departure)).await;
    assert!(browser.cookies.contains_key("__Host-sekisho-browser"), "{}", passed.body);
    let end = browser.get(passed.location()).await;
    assert_eq!(gate.arrives(end.location(), "registered", &state).await, "/a");
    let filter = Filter { what: Some("approval.answer".to_owned()), ..Filter::default() };
    let log = gate.at.core.audit().query(&filter, None, 10).await.unwrap();
    let passkey = alices(&gate, &key).await.text();
    assert!(log.iter().any(|event| format!("{event:?}").contains(&passkey)), "{log:?}");
}

#[tokio::test]
async fn nothing_of_it_is_there_unless_it_is_switched_on() {
    let (gate, _) = gate_with(PUSH).await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let page = asks(&mut browser, &departure, "alice").await;
    assert!(code(&page).is_none() && number(&page).is_none());
    let code = Code { approval: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(), number: "AAAAAAAAAAAAAAAAAAAAAA".to_owned() };
    is(&question(&gate, &code).await, 404, "approval_unknown");
}

#[tokio::test]
async fn a_user_with_a_phone_is_asked_there_and_its_questions_are_shown_to_no_other() {
    let (gate, _) = gate().await;
    phone(&gate).await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let page = asks(&mut browser, &departure, "alice").await;
    assert!(code(&page).is_none());
    let number = number(&page).expect("two digits");
    let asked = gate.at.core.approvals().open_of(gate.alice.id()).await.unwrap();
    let code = Code { approval: asked[0].id.to_string(), number };
    is(&question(&gate, &code).await, 404, "approval_unknown");
    assert_eq!(gate.at.core.approvals().open_of(gate.alice.id()).await.unwrap().len(), 1, "and it stands");
}

#[tokio::test]
async fn who_guesses_the_number_ends_the_question_and_locks_nobody() {
    let (gate, mut key) = gate().await;
    for _ in 0..6 {
        let (mut browser, departure, code) = shown(&gate, "mail").await;
        let said = said(&gate, &code, "approve").await;
        let signed = signed(&gate, &mut key, &said).await;
        let guess = Code { number: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(), ..code.clone() };
        is(&question(&gate, &guess).await, 404, "approval_unknown");
        is(&post(&gate, "answer", &signed).await, 409, "approval_closed");
        assert_eq!(question(&gate, &code).await.1["state"], "wrong_number");
        assert!(browser.get(&path(&departure)).await.body.contains("denied on the phone"));
    }
    assert!(gate.at.core.approvals().approvers.standing(gate.alice.id()).await.unwrap().is_good());
    for wrong in [json!({ "approval": "x", "number": "y" }), json!({ "approval": 1 }), json!([])] {
        is(&post(&gate, "question", &wrong).await, 400, "invalid_input");
    }
}

#[tokio::test]
async fn another_users_passkey_and_an_unverified_user_approve_nothing() {
    let (gate, mut key) = gate().await;
    let bob = gate.at.user("bob").await;
    let mut other = passkey_of(&gate, bob.id(), 2).await;
    let (mut browser, departure, code) = shown(&gate, "mail").await;
    is(&answer(&gate, &mut other, &code, "approve").await, 401, "passkey_refused");
    is(&answer(&gate, &mut other, &code, "not_me").await, 401, "passkey_refused");
    // Alice's, on an authenticator that names Bob or nobody.
    let handle = key.handle.clone();
    for wrong in [other.handle.clone(), None] {
        key.handle = wrong;
        is(&answer(&gate, &mut key, &code, "approve").await, 401, "passkey_refused");
    }
    key.handle = handle;
    key.flags = 0x01;
    is(&answer(&gate, &mut key, &code, "approve").await, 401, "passkey_not_verified");
    key.flags = VERIFIED;
    key.origin = "https://auth.example.net".to_owned();
    is(&answer(&gate, &mut key, &code, "approve").await, 401, "passkey_refused");
    key.origin = "https://auth.example.com".to_owned();
    assert!(browser.get(&path(&departure)).await.body.contains("#scan="), "the question stands");
    is(&answer(&gate, &mut key, &code, "approve").await, 200, "approved");
}

#[tokio::test]
async fn a_challenge_says_what_is_answered() {
    let (gate, mut key) = gate().await;
    let (_, _, code) = shown(&gate, "mail").await;
    let (_, _, second) = shown(&gate, "mail").await;
    let good = said(&gate, &code, "approve").await;
    // Another text than the one that is asked.
    let mut wrong = good.clone();
    wrong["shown"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    is(&post(&gate, "challenge", &wrong).await, 409, "shown_otherwise");
    // What was signed for one decision, sent as another; and for one question, sent to another.
    let mut turned = signed(&gate, &mut key, &said(&gate, &code, "not_me").await).await;
    turned["decision"] = json!("approve");
    is(&post(&gate, "answer", &turned).await, 401, "passkey_over");
    let mut moved = signed(&gate, &mut key, &good).await;
    let other = said(&gate, &second, "approve").await;
    for part in ["approval", "number", "shown"] {
        moved[part] = other[part].clone();
    }
    is(&post(&gate, "answer", &moved).await, 401, "passkey_over");
    // The challenge that the authenticator signs is made of the answer, and not drawn.
    let (_, drawn) = post(&gate, "challenge", &good).await;
    let mut other_challenge = drawn["options"].clone();
    other_challenge["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let mut forged = good.clone();
    forged["ceremony"] = drawn["id"].clone();
    forged["credential"] = serde_json::from_str(&key.get(&other_challenge)).unwrap();
    is(&post(&gate, "answer", &forged).await, 401, "passkey_refused");
    // Once used it is used up.
    let answer = signed(&gate, &mut key, &good).await;
    is(&post(&gate, "answer", &answer).await, 200, "approved");
    is(&post(&gate, "answer", &answer).await, 409, "approval_closed");
    for part in ["approval", "number", "shown"] {
        let mut again = answer.clone();
        again[part] = other[part].clone();
        assert_ne!(post(&gate, "answer", &again).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_question_that_ended_in_between_is_answered_no_more() {
    let (gate, mut key) = gate().await;
    let (mut browser, departure, code) = shown(&gate, "mail").await;
    let signed_before = signed(&gate, &mut key, &said(&gate, &code, "approve").await).await;
    browser.post("/sign-in/push/cancel", &[("for", &departure)]).await;
    is(&post(&gate, "answer", &signed_before).await, 409, "approval_closed");
    assert_eq!(question(&gate, &code).await.1["state"], "taken_back");
    let (_, _, code) = shown(&gate, "mail").await;
    let signed_before = signed(&gate, &mut key, &said(&gate, &code, "approve").await).await;
    gate.at.clock.advance(Duration::from_secs(60));
    is(&post(&gate, "answer", &signed_before).await, 410, "approval_expired");
    assert_eq!(question(&gate, &code).await.1["state"], "lapsed");
}

#[tokio::test]
async fn of_answers_at_once_one_is_taken_and_challenges_are_counted() {
    let (gate, mut key) = gate().await;
    let mut other = passkey_of(&gate, gate.alice.id(), 2).await;
    let (_, _, code) = shown(&gate, "mail").await;
    let said = said(&gate, &code, "approve").await;
    let (one, two) = (signed(&gate, &mut key, &said).await, signed(&gate, &mut other, &said).await);
    let (one, two) = tokio::join!(post(&gate, "answer", &one), post(&gate, "answer", &two));
    let good = [&one, &two].iter().filter(|answer| answer.0 == StatusCode::OK).count();
    assert_eq!(good, 1, "{one:?} {two:?}");
    let (_, _, code) = shown(&gate, "mail").await;
    let said = self::said(&gate, &code, "approve").await;
    for _ in 0..20 {
        assert_eq!(post(&gate, "challenge", &said).await.0, StatusCode::OK);
    }
    is(&post(&gate, "challenge", &said).await, 401, "passkey_over");
}

/// Also A-06: a name that no user has is shown a code too, and the phone that reads it is shown the same.
#[tokio::test]
async fn a_name_that_no_user_has_is_shown_a_code_as_well_t31() {
    let (gate, mut key) = gate().await;
    gate.at.user("neither").await;
    gate.at.core.assign(&UserId::parse("neither").unwrap(), Methods::of(&[Method::Push])).await.unwrap();
    let core = &gate.at.core;
    let policy = core.policies().app("mail").unwrap().own().clone();
    let name = |coded: bool| {
        let is = |name: &String| core.number_of_nobody(&policy, name).by_passkey == coded;
        (0..200).map(|number| format!("nobody{number}")).find(is).unwrap()
    };
    let coded = (0..400).filter(|number| core.number_of_nobody(&policy, &format!("nobody{number}")).by_passkey).count();
    assert!((60..140).contains(&coded), "a quarter: {coded} of 400");
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let real = asks(&mut browser, &departure, "alice").await;
    let nobody = name(true);
    let mut stranger = gate.browser();
    let page = asks(&mut stranger, &departure, &nobody).await;
    let decoy = code(&page).unwrap();
    let alike = |page: &Answer, user: &str| {
        let code = code(page).unwrap();
        let text = page.body.replace(&code.approval, "").replace(&code.number, "").replace(user, "somebody");
        // The picture says the address in its own way.
        text.split("<svg class=\"qr\"").map(|part| part.split("</svg>").last().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(alike(&real, "alice"), alike(&page, &nobody));
    let (status, seen) = question(&gate, &decoy).await;
    assert_eq!((status, &seen["state"]), (StatusCode::OK, &json!("pending")));
    is(&answer(&gate, &mut key, &decoy, "approve").await, 401, "passkey_refused");
    // A user with neither, and the other names, as without all this.
    let mut other = gate.browser();
    assert!(code(&asks(&mut other, &departure, "neither").await).is_none());
    assert!(code(&asks(&mut other, &departure, &name(false)).await).is_none());
}

/// A name whose user may not sign in so is shown what no user's name would be: the right passkey opens nothing then.
#[tokio::test]
async fn a_code_that_was_shown_for_nobody_is_answered_by_nobody() {
    let (gate, _) = gate().await;
    let core = &gate.at.core;
    let policy = core.policies().app("mail").unwrap().own().clone();
    let name =
        (0..200).map(|number| format!("user{number}")).find(|name| core.number_of_nobody(&policy, name).by_passkey).unwrap();
    let user = gate.at.user(&name).await;
    core.assign(user.id(), Methods::of(&[Method::Password])).await.unwrap();
    let mut own = passkey_of(&gate, user.id(), 3).await;
    let mut browser = gate.browser();
    let (departure, _) = gate.departure("mail", "/").await;
    let code = code(&asks(&mut browser, &departure, &name).await).unwrap();
    is(&answer(&gate, &mut own, &code, "approve").await, 401, "passkey_refused");
    browser.get(&path(&departure)).await;
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
}

#[tokio::test]
async fn somebody_else_asked_is_heard_and_suspended_approvals_stay_so() {
    let (gate, mut key) = gate().await;
    let (mut browser, departure, code) = shown(&gate, "mail").await;
    is(&answer(&gate, &mut key, &code, "not_me").await, 200, "not_me");
    assert!(browser.get(&path(&departure)).await.body.contains("denied on the phone"));
    // From that network nothing is listened to for a day, and nothing says so.
    let (_, _, code) = shown(&gate, "mail").await;
    is(&answer(&gate, &mut key, &code, "approve").await, 401, "passkey_refused");
    gate.at.clock.advance(Duration::from_secs(25 * 3600));
    let (mut browser, departure, code) = shown(&gate, "mail").await;
    let answer = signed(&gate, &mut key, &said(&gate, &code, "approve").await).await;
    gate.at.core.suspend_approvals(gate.alice.id()).await.unwrap();
    is(&post(&gate, "answer", &answer).await, 403, "approvals_suspended");
    browser.get(&path(&departure)).await;
    assert!(!browser.cookies.contains_key("__Host-sekisho"));
}

#[tokio::test]
async fn a_removed_passkey_ends_what_it_approved() {
    let (gate, mut key) = gate().await;
    let mut second = passkey_of(&gate, gate.alice.id(), 2).await;
    let core = &gate.at.core;
    // Between the answer and the page that takes it.
    let (mut browser, departure, code) = shown(&gate, "mail").await;
    is(&answer(&gate, &mut key, &code, "approve").await, 200, "approved");
    core.remove_passkey(gate.alice.id(), alices(&gate, &key).await, None).await.unwrap();
    browser.get(&path(&departure)).await;
    assert!(!browser.cookies.contains_key("__Host-sekisho") && !browser.cookies.contains_key("__Host-sekisho-browser"));
    // After it: the session, and the browser that was registered by the number.
    for all in [false, true] {
        if all {
            second = passkey_of(&gate, gate.alice.id(), 4).await;
        }
        let (mut browser, departure, code) = shown(&gate, "mail").await;
        is(&answer(&gate, &mut second, &code, "approve").await, 200, "approved");
        browser.get(&path(&departure)).await;
        browser.get(&path(&departure)).await;
        let opened = |core: &crate::core::Core| core.sessions().of_user(gate.alice.id()).len();
        assert_eq!((opened(core), core.browsers().of_user(gate.alice.id()).len()), (1, 1));
        let piece = core.sessions().of_user(gate.alice.id())[0].evidence().of(Check::PrimaryFactor).map(|piece| piece.method());
        assert_eq!(piece, Some(Method::Push));
        if all {
            core.remove_passkeys(gate.alice.id()).await.unwrap();
        } else {
            core.remove_passkey(gate.alice.id(), alices(&gate, &second).await, None).await.unwrap();
        }
        assert_eq!((opened(core), core.browsers().of_user(gate.alice.id()).len()), (0, 0));
    }
}
