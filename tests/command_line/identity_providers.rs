//! What `check` and `explain` say of identity providers; signing in at real ones is tested in `tests/idp`.

use std::os::unix::fs::PermissionsExt as _;

use hyper::Method;

use crate::support::{OPEN, World};

const WIKI: &str = "[app.demands.primary_factor]\nmethods = [\"idp\"]\nmax_age = \"1h\"\n";
const APPS: &[(&str, &str)] = &[("wiki", WIKI), ("open", OPEN)];
const PORTAL: &str = "[portal.demands]\nprimary_factor.methods = [\"password\", \"idp\"]\n";

fn corp(more: &str) -> String {
    format!(
        "{PORTAL}[[idp]]\nname = \"corp\"\nissuer = \"https://login.example.com\"\nclient_id = \"sekisho\"\nclient_secret_file = \"corp.secret\"\n{more}"
    )
}

fn secret(world: &World, text: &str, mode: u32) {
    world.write("corp.secret", text);
    std::fs::set_permissions(world.path("corp.secret"), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn check_looks_at_a_provider_and_its_files_and_says_how_to_mend_them() {
    let world = World::with(APPS, &corp("")).await;
    secret(&world, "a secret\n", 0o600);
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 0, "{said:?}");
    // Its files.
    secret(&world, "a secret\n", 0o644);
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 3, "{said:?}");
    said.mentions(&["client_secret_file", "others may read or change it (mode 644)", "chmod 600"]);
    assert!(!said.words.contains("a secret"), "{said:?}");
    secret(&world, "\n", 0o600);
    world.command(&["check"]).await.mentions(&["it is empty", "write the client secret into it"]);
    std::fs::remove_file(world.path("corp.secret")).unwrap();
    world.command(&["check"]).await.mentions(&["client_secret_file", "corp.secret", "No such file"]);
    secret(&world, "a secret\n", 0o600);
    // What cannot be meant, with its line.
    for (more, mentioned) in [
        ("authority = \"nowhere.pem\"\n", ["authority", "nowhere.pem"]),
        ("link = \"verified_mail\"\n", ["link = ", "mail_domains"]),
        ("button = false\n", ["button = false", "mail_domains"]),
        ("parameters = { state = \"mine\" }\n", ["parameters = ", "state"]),
        (
            "[[idp]]\nname = \"corp\"\nissuer = \"https://b.example\"\nclient_id = \"x\"\nclient_secret_file = \"corp.secret\"\n",
            ["name = ", "corp"],
        ),
        (
            "[[idp]]\nname = \"b\"\nissuer = \"http://b.example\"\nclient_id = \"x\"\nclient_secret_file = \"corp.secret\"\n",
            ["issuer = ", "https"],
        ),
    ] {
        world.configure(APPS, &corp(more));
        let said = world.command(&["check"]).await;
        assert_eq!(said.code, 3, "{more}: {said:?}");
        said.mentions(&mentioned);
        assert!(said.words.contains("sekisho.toml:"), "it names the line: {said:?}");
    }
    // The method without a provider.
    world.configure(APPS, "");
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 3);
    said.mentions(&["there is no identity provider to sign in at", "write `[[idp]]`"]);
}

#[tokio::test]
async fn explain_judges_a_sign_in_at_a_provider_by_its_age_and_agrees_with_a_live_request() {
    let world = World::with(APPS, &corp("")).await;
    secret(&world, "a secret\n", 0o600);
    world.answer(&["user", "add", "alice"]).await;
    let _gateway = world.start().await;
    let explain = async |more: &[&str]| {
        let line = [&["explain", "--app", "wiki", "--from", "127.0.0.1"], more].concat();
        let explained = world.answer(&line).await;
        explained["because"].as_str().map(str::to_owned)
    };
    let mut program = world.browser().with_header("accept", "application/json");
    let live = program.send(Method::GET, &world.url("wiki", "/"), None).await;
    assert_eq!(explain(&[]).await.as_deref(), Some("primary_factor_missing"));
    assert_eq!(live.code(), "primary_factor_missing");
    let alice = |with: &'static str| ["--user", "alice", "--with", with];
    assert_eq!(explain(&alice("idp")).await, None);
    assert_eq!(explain(&alice("idp@59m")).await, None);
    assert_eq!(explain(&alice("idp@2h")).await.as_deref(), Some("primary_factor_too_old"));
    assert_eq!(explain(&alice("password")).await.as_deref(), Some("primary_factor_method"), "another method is none here");
    // The portal takes it too, and then asks for the second factor.
    let portal = ["explain", "--app", "portal", "--from", "127.0.0.1", "--user", "alice", "--with", "idp"];
    assert_eq!(world.answer(&portal).await["because"], "otp_missing");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_listed_with_the_reason_and_stops_nothing() {
    // A port of loopback at which nobody listens: the connection is refused at once.
    let more = "networks = [\"127.0.0.0/8\"]\nanswer_within = \"2s\"\n";
    let text = corp(more).replace("https://login.example.com", "https://127.0.0.1:1");
    let world = World::with(APPS, &text).await;
    secret(&world, "a secret\n", 0o600);
    let _gateway = world.start().await;
    let tested = world.answer(&["idp", "test", "corp"]).await;
    assert_eq!((tested["state"].as_str(), tested["keys"].as_u64()), (Some("unknown"), Some(0)), "{tested}");
    assert!(tested["trouble"].as_str().unwrap().contains("127.0.0.1:1"), "{tested}");
    assert!(tested["redirect_uri"].as_str().unwrap().ends_with("/sign-in/idp/corp/callback"), "{tested}");
    let listed = world.answer(&["idp", "list"]).await;
    assert_eq!(listed["items"][0]["provider"], "corp");
    assert_eq!(world.browser().get(&world.url("open", "/")).await.body, "GET /\n", "the rest runs");
    let unknown = world.command(&["idp", "test", "other"]).await;
    assert_eq!(unknown.code, 1, "{unknown:?}");
    unknown.mentions(&["the identity provider", "other"]);
}
