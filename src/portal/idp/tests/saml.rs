//! Signing in at a provider that speaks SAML, from the pages: by a small provider that says what a test wants.

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;

use super::APPS;
use crate::clock::Timestamp;
use crate::idp::saml_testing::{ISSUER, TestIssuer, encoded, request_of};
use crate::portal::testing::{Answer, Browser, Gate};

const ACS: &str = "/sign-in/idp/corp/assertion";

struct World {
    gate: Gate,
    issuer: TestIssuer,
    _folder: tempfile::TempDir,
}

/// A request, as the provider has it.
struct Asked {
    id: String,
    relay: String,
    xml: String,
}

impl Asked {
    fn by(address: &str) -> Self {
        let url = url::Url::parse(&address.replace("&#38;", "&")).unwrap();
        assert!(url.as_str().starts_with("https://login.example.net/sso?a=1&b=2&"), "{url}");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let xml = request_of(&query["SAMLRequest"]);
        let id = xml.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        Self { id, relay: query["RelayState"].clone(), xml }
    }
}

impl World {
    async fn with(saml: &str, more: &str) -> Self {
        let (issuer, folder) = (TestIssuer::new(), tempfile::tempdir().unwrap());
        let gate = Gate::with(&format!("{APPS}{}", issuer.table(folder.path(), saml, more))).await;
        gate.at.core.idp().links().add(gate.alice.id(), "corp", ISSUER, "alice-there", None).await.unwrap().unwrap();
        Self { gate, issuer, _folder: folder }
    }

    fn now(&self) -> Timestamp {
        self.gate.at.core.clock().now()
    }

    async fn there(&self, browser: &mut Browser, goal: &str) -> Asked {
        let began = browser.get(&format!("/sign-in/idp?provider=corp&for={goal}")).await;
        assert_eq!(began.status, StatusCode::SEE_OTHER, "{}", began.body);
        Asked::by(began.location())
    }

    /// What the provider's page has a browser post: without a cookie, since it is another site's.
    async fn posted(&self, xml: &str, relay: &str) -> Answer {
        let fields = [("SAMLResponse", encoded(xml)), ("RelayState", relay.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let headers = [("origin", "https://login.example.net"), ("sec-fetch-site", "cross-site")];
        let answer = self.gate.browser().post_with(ACS, &fields, &headers).await;
        assert!(!answer.headers.contains_key("set-cookie"), "a browser that sent no cookie keeps those that it has");
        answer
    }

    async fn back(&self, browser: &mut Browser, asked: &Asked, change: impl FnOnce(String) -> String) -> Answer {
        let xml = self.issuer.sign(&change(TestIssuer::says(&asked.id, self.now())), false);
        let posted = self.posted(&xml, &asked.relay).await;
        if posted.status != StatusCode::OK {
            return posted;
        }
        browser.get(&posted.location().replace("&#38;", "&")).await
    }

    fn sessions(&self) -> usize {
        self.gate.at.core.sessions().of_user(self.gate.alice.id()).len()
    }
}

#[tokio::test]
async fn a_person_signs_in_by_saml_whether_the_assertion_or_the_response_is_signed() {
    let world = World::with("", "groups = { same_names = true }").await;
    let core = &world.gate.at.core;
    core.groups().add(crate::principal::user::GroupName::parse("staff").unwrap(), None).await.unwrap();
    for whole in [false, true] {
        let mut browser = world.gate.browser();
        let (departure, state) = world.gate.departure("crm", "/deals").await;
        let asked = world.there(&mut browser, &departure).await;
        assert!(!asked.xml.contains("ForceAuthn") && asked.xml.contains("AllowCreate=\"true\""), "{}", asked.xml);
        assert!(asked.xml.contains("Destination=\"https://login.example.net/sso?a=1&amp;b=2\""), "{}", asked.xml);
        let xml = world.issuer.sign(&TestIssuer::says(&asked.id, world.now()), whole);
        let posted = world.posted(&xml, &asked.relay).await;
        assert_eq!(posted.status, StatusCode::OK, "{}", posted.body);
        let back = browser.get(&posted.location().replace("&#38;", "&")).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        let onward = browser.get(back.location()).await;
        assert_eq!(world.gate.arrives(onward.location(), "crm", &state).await, "/deals");
        world.gate.at.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(world.sessions(), 2);
    let alice = core.users().find(world.gate.alice.id()).unwrap();
    assert_eq!(alice.standing().groups.len(), 1, "groups of several elements, of which one is here");
}

/// What is done to a response before it is signed.
type Change = Box<dyn Fn(String) -> String>;

#[tokio::test]
async fn a_response_that_says_something_else_signs_nobody_in() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let late = Timestamp::from_seconds(world.now().seconds() - 300).rfc3339();
    let future = Timestamp::from_seconds(world.now().seconds() + 61).rfc3339();
    let now = world.now().rfc3339();
    let then = Timestamp::from_seconds(world.now().seconds() + 86_400).rfc3339();
    let before = Timestamp::from_seconds(world.now().seconds() - 61).rfc3339();
    let changes: [(&str, Change, &str); 15] = [
        ("issuer", Box::new(|xml| xml.replace(ISSUER, "https://other.example")), "idp_not_believed"),
        ("audience", Box::new(|xml| xml.replace("corp/metadata<", "other/metadata<")), "idp_not_believed"),
        ("no audience", Box::new(|xml| xml.replace("AudienceRestriction", "OneTimeUse")), "idp_not_believed"),
        ("recipient", Box::new(|xml| xml.replace("Recipient=\"https://auth", "Recipient=\"https://other")), "idp_not_believed"),
        (
            "destination",
            Box::new(|xml| xml.replace("Destination=\"https://auth", "Destination=\"https://other")),
            "idp_not_believed",
        ),
        ("another request", Box::new(|xml| xml.replace("InResponseTo=\"_", "InResponseTo=\"_x")), "idp_not_believed"),
        (
            "ended",
            Box::new({
                let before = before.clone();
                move |xml| xml.replace(&then, &before)
            }),
            "idp_not_believed",
        ),
        (
            "older than five minutes",
            Box::new({
                let now = now.clone();
                move |xml| xml.replace(&format!("IssueInstant=\"{now}"), &format!("IssueInstant=\"{late}"))
            }),
            "idp_not_believed",
        ),
        (
            "future",
            Box::new({
                let now = now.clone();
                move |xml| xml.replace(&format!("IssueInstant=\"{now}"), &format!("IssueInstant=\"{future}"))
            }),
            "idp_not_believed",
        ),
        ("format", Box::new(|xml| xml.replace("2.0:nameid-format:persistent", "1.1:nameid-format:emailAddress")), "idp_set_up"),
        ("transient", Box::new(|xml| xml.replace("nameid-format:persistent", "nameid-format:transient")), "idp_set_up"),
        (
            "qualifier",
            Box::new(|xml| xml.replace("<saml:NameID ", "<saml:NameID SPNameQualifier=\"https://other\" ")),
            "idp_not_believed",
        ),
        ("nobody", Box::new(|xml| xml.replace("alice-there", " ")), "idp_not_believed"),
        ("comment", Box::new(|xml| xml.replace("alice-there", "alice-there<!-- -->.evil")), "idp_not_believed"),
        ("holder of key", Box::new(|xml| xml.replace("cm:bearer", "cm:holder-of-key")), "idp_not_believed"),
    ];
    for (what, change, code) in changes {
        let mut browser = world.gate.browser();
        let asked = world.there(&mut browser, &departure).await;
        let answer = world.back(&mut browser, &asked, change).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}: {}", answer.body);
        assert!(answer.body.contains(code) && !browser.cookies.contains_key("__Host-sekisho"), "{what}: {}", answer.body);
    }
    assert_eq!(world.sessions(), 0);
}

#[tokio::test]
async fn an_unsigned_response_and_one_of_another_key_are_refused() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let asked = world.there(&mut browser, &departure).await;
    let says = TestIssuer::says(&asked.id, world.now());
    let forged = TestIssuer::new().sign(&says, false);
    let bent = world.issuer.sign(&says, false).replace("alice-there", "mallory-there");
    for xml in [says, forged, bent] {
        let answer = world.posted(&xml, &asked.relay).await;
        assert!(answer.status == StatusCode::FORBIDDEN && answer.body.contains("idp_not_believed"), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_assertion_is_good_once_in_the_browser_that_asked_for_it_t27() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let (mut own, mut stranger) = (world.gate.browser(), world.gate.browser());
    let asked = world.there(&mut own, &departure).await;
    stranger.get("/sign-in").await;
    world.there(&mut stranger, &departure).await;
    let xml = world.issuer.sign(&TestIssuer::says(&asked.id, world.now()), false);
    let posted = world.posted(&xml, &asked.relay).await;
    let next = posted.location().replace("&#38;", "&");
    let stolen = stranger.get(&next).await;
    assert!(stolen.status == StatusCode::BAD_REQUEST && stolen.body.contains("idp_another_browser"), "{}", stolen.body);
    // With the way of the other browser, too: the way names the browser that it was begun in.
    stranger.cookies.extend(
        own.cookies.iter().filter(|(name, _)| name.starts_with("__Host-sekisho-flow-")).map(|(n, v)| (n.clone(), v.clone())),
    );
    let stolen = stranger.get(&next).await;
    assert!(stolen.body.contains("idp_another_browser"), "{}", stolen.body);
    let replayed = world.posted(&xml, &asked.relay).await;
    assert!(replayed.status == StatusCode::FORBIDDEN && replayed.body.contains("idp_not_believed"), "{}", replayed.body);
    assert_eq!(own.get(&next).await.status, StatusCode::SEE_OTHER);
    let again = own.get(&next).await;
    assert!(again.status == StatusCode::SEE_OTHER && again.location().starts_with("/sign-in"), "{}", again.body);
    // An answer to one's own request does not fit another one of the same browser.
    let mut own = world.gate.browser();
    let (first, second) = (world.there(&mut own, &departure).await, world.there(&mut own, &departure).await);
    let xml = world.issuer.sign(&TestIssuer::says(&first.id, world.now()), false);
    let crossed = world.posted(&xml, &second.relay).await;
    assert!(crossed.body.contains("idp_not_believed"), "{}", crossed.body);
    let posted = world.posted(&xml, &first.relay).await.location().replace("&#38;", "&");
    let crossed = own.get(&posted.replace(&first.relay, &second.relay)).await;
    assert!(crossed.status == StatusCode::FORBIDDEN && crossed.body.contains("idp_not_believed"), "{}", crossed.body);
}

#[tokio::test]
async fn what_was_not_asked_for_or_came_too_late_is_told_apart() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let asked = world.there(&mut browser, &departure).await;
    let unasked = TestIssuer::says("", world.now()).replace(" InResponseTo=\"\"", "");
    for relay in ["", "https://crm.example.com/", &"a".repeat(500)] {
        let answer = world.posted(&world.issuer.sign(&unasked, false), relay).await;
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains("idp_unsolicited"), "{}", answer.body);
    }
    let answer = world.posted(&world.issuer.sign(&unasked, false), &asked.relay).await;
    assert!(answer.body.contains("idp_not_believed"), "{}", answer.body);
    world.gate.at.clock.advance(Duration::from_secs(30 * 60));
    let xml = world.issuer.sign(&TestIssuer::says(&asked.id, world.now()), false);
    let answer = world.posted(&xml, &asked.relay).await;
    assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains("idp_over"), "{}", answer.body);
}

#[tokio::test]
async fn what_a_provider_says_to_a_sign_in_that_failed_is_told_in_its_browser() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    for (code, said) in [("AuthnFailed", "idp_denied"), ("NoAuthnContext", "idp_not_enough"), ("", "idp_unavailable")] {
        let mut browser = world.gate.browser();
        let asked = world.there(&mut browser, &departure).await;
        let second = format!("<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:{code}\"/>");
        let second = if code.is_empty() { "" } else { &second };
        let says = TestIssuer::says(&asked.id, world.now());
        let status = format!(
            "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">{second}</samlp:StatusCode></samlp:Status>"
        );
        let xml = format!("{}{status}</samlp:Response>", &says[..says.find("<samlp:StatusCode").unwrap()]);
        let posted = world.posted(&xml, &asked.relay).await;
        assert_eq!(posted.status, StatusCode::OK, "{}", posted.body);
        let told = browser.get(&posted.location().replace("&#38;", "&")).await;
        assert!(told.body.contains(said), "{code}: {}", told.body);
    }
}

#[tokio::test]
async fn a_fresh_sign_in_is_forced_there_and_its_time_counts() {
    let world = World::with("", "acr = [\"urn:example:mfa\"]").await;
    for (seconds, class, code) in [
        (0, "urn:example:mfa", None),
        (0, "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", Some("idp_not_enough")),
        (-301, "urn:example:mfa", Some("idp_not_fresh")),
    ] {
        let mut browser = world.gate.browser();
        let (departure, state) = world.gate.departure("pay", "/").await;
        let instant = Timestamp::from_seconds(world.now().seconds() + seconds).rfc3339();
        let changed = |xml: String| {
            let xml = xml.replace("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport", class);
            let at = xml.find("AuthnInstant=\"").unwrap() + "AuthnInstant=\"".len();
            let end = at + xml[at..].find('"').unwrap();
            format!("{}{instant}{}", &xml[..at], &xml[end..])
        };
        let asked = world.there(&mut browser, &departure).await;
        assert!(asked.xml.contains("Comparison=\"exact\"") && asked.xml.contains("urn:example:mfa"), "{}", asked.xml);
        let back = world.back(&mut browser, &asked, changed).await;
        let back = if code == Some("idp_not_fresh") {
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
            browser.get(back.location()).await;
            let again = world.there(&mut browser, &departure).await;
            assert!(again.xml.contains("ForceAuthn=\"true\""), "{}", again.xml);
            world.back(&mut browser, &again, changed).await
        } else {
            back
        };
        match code {
            Some(code) => assert!(back.body.contains(code), "{code}: {}", back.body),
            None => {
                let next = browser.get(back.location()).await;
                assert_eq!(world.gate.arrives(next.location(), "pay", &state).await, "/");
            }
        }
        world.gate.at.clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn where_names_are_transient_an_attribute_says_who_it_is_and_only_with_one_value() {
    let world = World::with(", name_id = \"transient\", subject = \"uid\"", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let uid = "<saml:Attribute Name=\"uid\"><saml:AttributeValue>alice-there</saml:AttributeValue></saml:Attribute>";
    for (attributes, code) in
        [(uid.to_owned(), None), (format!("{uid}{uid}"), Some("idp_set_up")), (String::new(), Some("idp_set_up"))]
    {
        let mut browser = world.gate.browser();
        let asked = world.there(&mut browser, &departure).await;
        assert!(asked.xml.contains("transient") && !asked.xml.contains("AllowCreate"), "{}", asked.xml);
        let answer = world
            .back(&mut browser, &asked, |xml| {
                let xml = xml.replace("nameid-format:persistent", "nameid-format:transient").replace("alice-there", "_1f2e");
                xml.replace("<saml:AttributeStatement>", &format!("<saml:AttributeStatement>{attributes}"))
            })
            .await;
        match code {
            None => assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body),
            Some(code) => assert!(answer.body.contains(code), "{}", answer.body),
        }
    }
}

#[tokio::test]
async fn attributes_with_names_of_ours_are_not_taken_for_what_is_ours() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let asked = world.there(&mut browser, &departure).await;
    let evil = ["sub", "acr", "auth_time", "email", "sid"].map(|name| {
        format!("<saml:Attribute Name=\"{name}\"><saml:AttributeValue>mallory</saml:AttributeValue></saml:Attribute>")
    });
    let change = |xml: String| xml.replace("<saml:AttributeStatement>", &format!("<saml:AttributeStatement>{}", evil.concat()));
    assert_eq!(world.back(&mut browser, &asked, change).await.status, StatusCode::SEE_OTHER);
    let links = world.gate.at.core.idp().links().of_user(world.gate.alice.id()).await.unwrap();
    assert_eq!((links[0].subject.as_str(), links[0].mail.as_deref()), ("alice-there", Some("a@example.com")));
}

#[tokio::test]
async fn a_flood_of_ways_and_of_responses_leaves_nothing_and_ends_at_a_limit() {
    let world = World::with("", "").await;
    let (departure, _) = world.gate.departure("crm", "/").await;
    let mut browser = world.gate.browser();
    let before = world.gate.at.core.shared_entries();
    let mut asked = world.there(&mut browser, &departure).await;
    for _flood in 0..10 {
        asked = world.there(&mut browser, &departure).await;
    }
    assert_eq!(world.gate.at.core.shared_entries(), before, "the way waits in the browser");
    let ways = browser.cookies.keys().filter(|name| name.starts_with("__Host-sekisho-flow-")).count();
    assert_eq!(ways, 4, "and no more than four of them");
    for _unasked in 0..101 {
        assert_eq!(world.posted("<Response/>", "").await.status, StatusCode::BAD_REQUEST);
    }
    for _guess in 0..100 {
        assert_eq!(world.posted("<Response/>", &asked.relay).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(world.gate.at.core.shared_entries(), before + 1, "one counter");
    assert_eq!(world.posted("<Response/>", &asked.relay).await.status, StatusCode::TOO_MANY_REQUESTS);
    let huge = world.posted(&"x".repeat(80_000), &asked.relay).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", huge.body);
}

#[tokio::test]
async fn the_metadata_of_this_gateway_are_read_without_a_sign_in_and_ended_ones_of_a_provider_sign_nobody_in() {
    let world = World::with("", "").await;
    let mut browser = world.gate.browser();
    let answer = browser.get("/sign-in/idp/corp/metadata").await;
    assert_eq!(
        (answer.status, answer.headers["content-type"].as_bytes()),
        (StatusCode::OK, &b"application/samlmetadata+xml"[..])
    );
    for said in [
        "entityID=\"https://auth.example.com/sign-in/idp/corp/metadata\"",
        "WantAssertionsSigned=\"true\"",
        "Location=\"https://auth.example.com/sign-in/idp/corp/assertion\"",
        "nameid-format:persistent",
    ] {
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    for path in ["backchannel-logout", "frontchannel-logout"] {
        let path = format!("/sign-in/idp/corp/{path}");
        let answer = if path.contains("back") {
            browser.post_with(&path, &[], &[]).await
        } else {
            browser.get(&format!("{path}?sid=s1")).await
        };
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let (issuer, folder) = (TestIssuer::new(), tempfile::tempdir().unwrap());
    let table = issuer.table(folder.path(), "", "");
    let ends = "validUntil=\"2001-01-01T00:00:00Z\" entityID=";
    std::fs::write(folder.path().join("metadata.xml"), issuer.metadata().replace("entityID=", ends)).unwrap();
    let gate = Gate::with(&format!("{APPS}{table}")).await;
    let (departure, _) = gate.departure("crm", "/").await;
    let answer = gate.browser().get(&format!("/sign-in/idp?provider=corp&for={departure}")).await;
    assert!(answer.status == StatusCode::FORBIDDEN && answer.body.contains("idp_set_up"), "{}", answer.body);
    let trouble = gate.at.core.idp().find("corp").unwrap().state().trouble.unwrap();
    assert!(trouble.contains("was good until 2001-01-01"), "{trouble}");
}

#[tokio::test]
async fn a_person_is_linked_by_saml_from_the_account_page_in_the_session_that_began_it_t36() {
    let world = World::with("", "").await;
    let (mut browser, mut other) = (world.gate.signed_in().await, world.gate.signed_in().await);
    let page = browser.post("/sign-in/idp/link", &[("provider", "corp")]).await;
    let asked = Asked::by(page.location());
    assert!(asked.xml.contains("ForceAuthn=\"true\""), "{}", asked.xml);
    let xml = world.issuer.sign(&TestIssuer::says(&asked.id, world.now()).replace("alice-there", "second"), false);
    let next = world.posted(&xml, &asked.relay).await.location().replace("&#38;", "&");
    assert!(other.get(&next).await.body.contains("idp_another_browser"));
    let done = browser.get(&next).await;
    assert_eq!(done.location(), "/account/identities?done=identity-linked", "{}", done.body);
    let links = world.gate.at.core.idp().links().of_user(world.gate.alice.id()).await.unwrap();
    assert_eq!(links.iter().map(|link| link.subject.as_str()).collect::<Vec<_>>(), ["alice-there", "second"]);
}
