//! Signing in by a password that a directory judges, alone and together with our own: from the pages.

use std::path::PathBuf;

use http::StatusCode;

use crate::audit::Filter;
use crate::directory::testing::{Account, LdapServer, Manners};
use crate::portal::testing::{Answer, Browser, Gate, PASSWORD};
use crate::principal::method::{Method, Methods};

const APPS: &str = r#"
[[app]]
name = "helpdesk"
url = "https://helpdesk.example.com"
upstream = ["http://127.0.0.1:8082"]
demands.primary_factor = { methods = ["ad_password"] }
[[app]]
name = "mixed"
url = "https://mixed.example.com"
upstream = ["http://127.0.0.1:8083"]
demands.primary_factor = { methods = ["password", "ad_password"] }
[[app]]
name = "shut"
url = "https://shut.example.com"
upstream = ["http://127.0.0.1:8084"]
demands.primary_factor = { methods = ["ad_password"], login_protect = { organisation = "example", service = "abcdefghijklmnop" } }
[[app]]
name = "hybrid"
url = "https://hybrid.example.com"
upstream = ["http://127.0.0.1:8085"]
demands.primary_factor = { login_protect = { organisation = "example", service = "ponmlkjihgfedcba", when_unreachable = "require_ad_password" } }
[regulation]
per_user_and_network = 1000
per_network = 1000
longest_delay = "1ms"
"#;

const WINDOWS: &str = "B0b!Passw0rd";

/// A gate with a directory in which Alice is known.
struct World {
    gate: Gate,
    /// Ours; `None` where a real one was started for these tests.
    server: Option<LdapServer>,
    _folder: tempfile::TempDir,
}

impl World {
    async fn open() -> Self {
        Self::with(Manners::default()).await
    }

    async fn with(manners: Manners) -> Self {
        let accounts = vec![Account { name: "alice", password: WINDOWS, data: None }];
        let server = LdapServer::start(Manners { accounts, ..manners }).await;
        let folder = tempfile::tempdir().unwrap();
        let table = LdapServer::table(&[&server], folder.path(), "connect_within = \"5s\"\nanswer_within = \"500ms\"");
        let gate = Gate::with(&format!("{APPS}{table}")).await;
        Self { gate, server: Some(server), _folder: folder }
    }

    /// As [`Self::open`], but where `SEKISHO_TEST_DIRECTORY` names the table of a real directory (`tests/directory`), with
    /// that one.
    async fn real_or_ours() -> Self {
        let Some(file) = std::env::var_os("SEKISHO_TEST_DIRECTORY") else { return Self::open().await };
        let table = std::fs::read_to_string(PathBuf::from(file)).unwrap();
        Self { gate: Gate::with(&format!("{APPS}{table}")).await, server: None, _folder: tempfile::tempdir().unwrap() }
    }

    async fn assign(&self, methods: &[Method]) {
        self.gate.at.core.assign(self.gate.alice.id(), Methods::of(methods)).await.unwrap();
    }

    async fn enters(&self, app: &str, user: &str, fields: &[(&str, &str)]) -> Answer {
        let (departure, _) = self.gate.departure(app, "/").await;
        let mut browser: Browser = self.gate.browser();
        // Delays after failures are a millisecond here.
        self.gate.at.clock.advance(std::time::Duration::from_secs(1));
        let mut all = vec![("user", user), ("for", &departure)];
        all.extend(fields);
        let mut answer = browser.post("/sign-in/password", &all).await;
        answer.body = answer.body.replace(&departure, "DEPARTURE").replace(&format!("value=\"{user}\""), "value=\"USER\"");
        answer
    }

    async fn events(&self, what: &str) -> Vec<serde_json::Value> {
        self.gate.at.core.audit().flush().await.unwrap();
        let filter = Filter { what: Some(what.to_owned()), ..Filter::default() };
        let rows = self.gate.at.core.audit().query(&filter, None, 100).await.unwrap();
        rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_password_of_the_directory_signs_in_and_every_other_gets_one_answer_r_031_t31() {
    let world = World::open().await;
    world.assign(&[Method::AdPassword]).await;
    assert_eq!(world.enters("helpdesk", "alice", &[("password", WINDOWS)]).await.status, StatusCode::SEE_OTHER);
    let wrong = world.enters("helpdesk", "alice", &[("password", PASSWORD)]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for (user, password) in [("nobody", WINDOWS), ("alice", "B0b!Passw0rd\0"), ("nobody", "\0"), ("no body", WINDOWS)] {
        let reply = world.enters("helpdesk", user, &[("password", password)]).await;
        assert_eq!((reply.status, reply.body), (wrong.status, wrong.body.clone()), "{user} {password:?}");
    }
    world.assign(&[Method::Password]).await;
    let reply = world.enters("helpdesk", "alice", &[("password", WINDOWS)]).await;
    assert_eq!((reply.status, reply.body), (wrong.status, wrong.body.clone()), "not assigned (R-036)");
    assert!(wrong.body.contains("autocomplete=\"current-password\""));
    let said: Vec<_> =
        world.events("sign_in").await.iter().map(|row| row["refusal"].as_str().unwrap_or_default().to_owned()).collect();
    for word in ["directory_wrong", "directory_password_not_sent", "unknown_or_disabled"] {
        assert!(said.iter().any(|refusal| refusal == word), "{word}: {said:?}");
    }
}

#[tokio::test]
async fn where_a_policy_takes_both_kinds_the_assigned_one_counts_and_the_work_is_the_same_a_05_t31() {
    let world = World::open().await;
    let server = world.server.as_ref().unwrap();
    let core = &world.gate.at.core;
    for (assigned, right, wrong) in [(Method::Password, PASSWORD, WINDOWS), (Method::AdPassword, WINDOWS, PASSWORD)] {
        world.assign(&[assigned]).await;
        assert_eq!(world.enters("mixed", "alice", &[("password", right)]).await.status, StatusCode::SEE_OTHER);
        for user in ["alice", "nobody"] {
            let before = (core.passwords().evaluated(), server.binds().len());
            assert_eq!(world.enters("mixed", user, &[("password", wrong)]).await.status, StatusCode::UNAUTHORIZED);
            assert_eq!((core.passwords().evaluated(), server.binds().len()), (before.0 + 1, before.1 + 1), "{assigned:?} {user}");
        }
    }
    // Both assigned: the one that the policy names first.
    world.assign(&[Method::Password, Method::AdPassword]).await;
    assert_eq!(world.enters("mixed", "alice", &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.enters("mixed", "alice", &[("password", WINDOWS)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_shut_form_sends_no_password_to_the_directory_r_102() {
    let world = World::open().await;
    let (core, server) = (&world.gate.at.core, world.server.as_ref().unwrap());
    let shut = world.enters("shut", "alice", &[("password", WINDOWS)]).await;
    assert_eq!(shut.status, StatusCode::UNAUTHORIZED);
    assert!(server.binds().iter().all(|(name, password)| name == "sekisho-nobody@corp.test" && password != WINDOWS));
    let policies = core.policies();
    let service = policies.app("shut").unwrap().own().services_of_anybody().next().unwrap().clone();
    core.login_protect().open(world.gate.alice.id(), &service).await.unwrap();
    assert_eq!(world.enters("shut", "alice", &[("password", WINDOWS)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.enters("shut", "alice", &[("password", WINDOWS)]).await.status, StatusCode::UNAUTHORIZED, "one password");
}

#[tokio::test]
async fn a_directory_that_does_not_answer_lets_nobody_in_and_everybody_is_told_alike() {
    let world = World::with(Manners { silent: true, ..Manners::default() }).await;
    world.assign(&[Method::AdPassword]).await;
    let reply = world.enters("helpdesk", "alice", &[("password", WINDOWS)]).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.headers.contains_key("retry-after"));
    let other = world.enters("helpdesk", "nobody", &[("password", WINDOWS)]).await;
    assert_eq!((other.status, other.body), (reply.status, reply.body.clone()));
    assert!(world.events("sign_in").await.iter().any(|row| row["refusal"] == "directory_unreachable"));
    // Beside it a password of our own is still good, and a wrong one gets the same answer as the others.
    world.assign(&[Method::Password]).await;
    assert_eq!(world.enters("mixed", "alice", &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    let wrong = world.enters("mixed", "alice", &[("password", "wrong")]).await;
    let other = world.enters("mixed", "nobody", &[("password", "wrong")]).await;
    assert_eq!((wrong.status, wrong.body), (StatusCode::SERVICE_UNAVAILABLE, other.body));
}

/// The policy's third way while nothing can be learnt of windows: two passwords, both right (A-19).
#[tokio::test]
async fn both_passwords_are_needed_while_nothing_can_be_learnt_of_a_window_r_158_a_19() {
    let world = World::real_or_ours().await;
    let gate = &world.gate;
    let fields = |own, theirs| [("password", own), ("directory_password", theirs)];
    let (departure, _) = gate.departure("hybrid", "/").await;
    let page = gate.browser().get(&format!("/sign-in?for={departure}")).await;
    assert!(!page.body.contains("directory_password"), "one password as long as windows are known");
    let shut = world.enters("hybrid", "alice", &fields(PASSWORD, WINDOWS)).await;
    assert_eq!(shut.status, StatusCode::UNAUTHORIZED, "a window that is known to be shut stays shut");

    gate.at.lose(Some("login_protect"));
    let page = gate.browser().get(&format!("/sign-in?for={departure}")).await;
    assert!(page.body.contains("name=\"directory_password\"") && page.body.contains("Both must be right"), "{}", page.body);
    let other = gate.browser().get("/sign-in").await;
    assert!(!other.body.contains("directory_password"), "where the policy does not say so, nothing changes");

    let judged = gate.at.core.passwords().judged();
    let one = world.enters("hybrid", "alice", &[("password", PASSWORD)]).await;
    assert!(one.status == StatusCode::UNAUTHORIZED && one.body.contains("Two passwords are needed"), "{}", one.body);
    assert_eq!(gate.at.core.passwords().judged(), judged, "one password alone is not looked at");
    let wrong = world.enters("hybrid", "alice", &fields(PASSWORD, "wrong")).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    for (user, own, theirs) in [
        ("alice", "wrong", WINDOWS),
        ("alice", "wrong", "wrong"),
        ("alice", WINDOWS, PASSWORD),
        ("alice", WINDOWS, WINDOWS),
        ("alice", PASSWORD, "\0"),
        ("nobody", PASSWORD, WINDOWS),
    ] {
        let work = || (gate.at.core.passwords().evaluated(), world.server.as_ref().map_or(0, |server| server.binds().len()));
        let before = work();
        let reply = world.enters("hybrid", user, &fields(own, theirs)).await;
        assert_eq!((reply.status, reply.body), (wrong.status, wrong.body.clone()), "{user} {own:?} {theirs:?}");
        let sent = usize::from(world.server.is_some() && theirs != "\0");
        assert_eq!(work(), (before.0 + 1, before.1 + sent), "{user} {own:?} {theirs:?}: the same work (T31)");
    }
    assert_eq!(world.enters("hybrid", "alice", &fields(PASSWORD, WINDOWS)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.events("login_protect.require_ad_password").await.len(), 7, "each time it is written down");
    let step = &world.events("sign_in.step").await[0];
    assert_eq!(step["details"]["method"], "password", "{step}");

    // Known again: as before.
    gate.at.lose(None);
    assert_eq!(world.enters("hybrid", "alice", &fields(PASSWORD, WINDOWS)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn with_the_directory_gone_as_well_nobody_enters_r_158() {
    let world = World::with(Manners { silent: true, ..Manners::default() }).await;
    world.gate.at.lose(Some("login_protect"));
    let fields = |own| [("password", own), ("directory_password", WINDOWS)];
    let right = world.enters("hybrid", "alice", &fields(PASSWORD)).await;
    assert_eq!(right.status, StatusCode::SERVICE_UNAVAILABLE);
    for (user, own) in [("alice", "wrong"), ("nobody", PASSWORD)] {
        let reply = world.enters("hybrid", user, &fields(own)).await;
        assert_eq!((reply.status, reply.body), (right.status, right.body.clone()), "{user} {own}");
    }
}
