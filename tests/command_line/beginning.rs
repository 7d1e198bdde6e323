//! The first steps on a new host, as `init` prints them, and the words of the program: data on stdout, words on stderr.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;

use crate::support::process::PATIENCE;
use crate::support::{Browser, Gateway, OPEN, World};

#[tokio::test]
async fn the_steps_that_init_prints_lead_to_a_gateway_that_serves() {
    // A world for its upstream and its ports; what it wrote itself is not used.
    let world = World::with(&[("wiki", OPEN)], "").await;
    let (portal, app) = (world.url("auth", ""), world.url("wiki", ""));
    let upstream = format!("http://{}", world.upstream.address());
    let init = ["init", "--dir", "new", "--portal", &portal, "--app", &app, "--upstream", &upstream];
    let said = world.command(&init).await;
    assert_eq!(said.code, 0, "{said:?}");
    let steps: Vec<&str> =
        said.out.split("Next:").nth(1).unwrap().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(steps.len(), 4, "{said:?}");
    let again = world.command(&init).await;
    assert_eq!(again.code, 1);
    again.mentions(&["it is there already", "nothing was written"]);

    // It listens on the port of its addresses. The one thing to change: tests side by side cannot share the operations port.
    let (server, operations) = (world.port, world.operations);
    let text = world.read("new/sekisho.toml");
    assert!(text.contains(&format!("\nlisten = [\"0.0.0.0:{server}\"]\n")), "{text}");
    let text =
        text.replace("#operations_listen = \"127.0.0.1:9443\"", &format!("operations_listen = \"127.0.0.1:{operations}\""));
    world.write("new/sekisho.toml", &text);
    let mut link = String::new();
    for step in &steps[..3] {
        let line: Vec<&str> = step.split_whitespace().skip(1).map(|word| if word == "YOU" { "ada" } else { word }).collect();
        let said = world.command(&line).await;
        assert_eq!(said.code, 0, "{step}: {said:?}");
        link.extend(said.out.split_whitespace().find(|word| word.contains("/invitation/")));
    }
    let run: Vec<&str> = steps[3].split_whitespace().skip(1).collect();
    let mut command = crate::support::process::program(&world);
    let mut gateway = Gateway::speaking(&world, command.args(run));
    gateway.is_ready(operations).await;
    let authority = CertificateDer::from_pem_file(world.path("new/authority.pem")).unwrap();
    let mut browser = Browser::new(authority, None);
    let page = browser.get(&world.url("wiki", "/")).await;
    assert!(page.url.starts_with(&portal) && page.body.contains("current-password"), "{page:?}");
    assert_eq!(browser.get(&link).await.status, 200, "{link}");
    assert_eq!(gateway.stop().await, 0);
}

#[tokio::test]
async fn with_a_json_log_every_line_of_the_gateway_is_json() {
    let world = World::with(&[("wiki", OPEN)], "[log]\nformat = \"json\"\n").await;
    let gateway = world.start().await;
    let mut browser = world.program();
    assert_eq!(browser.get(&world.url("wiki", "/%0Ax?secret=1")).await.status, 400, "a line end in a path is not a path");
    assert_eq!(browser.get(&world.url("wiki", "/page?secret=1")).await.status, 200);
    gateway.says("/page").await;
    world.answer(&["user", "add", "alice"]).await;
    world.write("sekisho.toml", "nonsense");
    gateway.signal("HUP").await;
    gateway.says("config_refused").await;
    let words = gateway.words();
    let lines: Vec<Value> = words.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let access = lines.iter().find(|line| line["path"] == "/page").unwrap();
    assert_eq!((&access["status"], &access["remote_ip"]), (&200.into(), &"127.0.0.1".into()), "{access}");
    assert!(!words.contains("secret"), "a query may hold secrets: {words}");
    let refused = lines.iter().find(|line| line["message"].as_str().is_some_and(|it| it.starts_with("config_refused"))).unwrap();
    assert!(refused["line"] == 1 && refused["column"].is_number() && refused["file"].is_string(), "{refused}");
}

#[tokio::test]
async fn a_closed_pipe_is_not_a_failure_and_wrong_usage_has_its_code() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    for name in ["ada", "bob"] {
        world.answer(&["user", "add", name]).await;
    }
    // `sekisho user list | true`
    let mut child = crate::support::process::program(&world);
    let mut child = child.args(["user", "list"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
    for (line, code) in
        [(&["no-such-command"][..], 2), (&["user", "lst"], 2), (&["user", "show", "nobody"], 1), (&["version"], 0)]
    {
        let said = world.command(line).await;
        assert_eq!(said.code, code, "{line:?}: {said:?}");
        assert_eq!(said.out.is_empty(), code != 0, "{line:?}: {said:?}");
        assert_eq!(said.words.is_empty(), code == 0, "{line:?}: {said:?}");
    }
    // A page of a list names the next one; together they are the whole.
    let first = world.answer(&["user", "list", "--limit", "1"]).await;
    assert_eq!((&first["items"][0]["user"], &first["next"]), (&"ada".into(), &"ada".into()));
    let second = world.answer(&["user", "list", "--limit", "1", "--after", "ada"]).await;
    assert_eq!((&second["items"][0]["user"], &second["next"]), (&"bob".into(), &Value::Null));
}
