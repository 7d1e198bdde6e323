//! The first steps on a new host, as `init` prints them, and the words of the program: data on stdout, words on stderr.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;

use crate::support::process::{PATIENCE, program};
use crate::support::{Answer, Browser, Gateway, OPEN, PASSWORD, Person, World};

/// The link of an invitation that a command printed.
fn invitation(out: &str) -> Option<String> {
    out.split_whitespace().find(|word| word.contains("/invitation/")).map(str::to_owned)
}

/// What a new gateway at `new/sekisho.toml` begins with: the certificate that `init` made for it, and a port of its own for
/// operations, which tests side by side cannot share.
fn prepared(world: &World) -> Browser {
    let text = world.read("new/sekisho.toml");
    let operations = format!("operations_listen = \"127.0.0.1:{}\"", world.operations);
    let other = text.replace("#operations_listen = \"127.0.0.1:9443\"", &operations);
    assert_ne!(text, other, "the key stands there with its default");
    world.write("new/sekisho.toml", &other);
    let authority = CertificateDer::from_pem_file(world.path("new/authority.pem")).unwrap();
    Browser::new(authority, None)
}

/// Opens an invitation, sets a password and an authenticator, and signs in at `/admin` with both.
async fn begins(world: &World, browser: &Browser, name: &str, link: &str) -> Answer {
    let mut invited = browser.clone();
    assert_eq!(invited.get(link).await.status, 200, "{link}");
    let page = invited.get(&format!("{link}/password")).await;
    let enrol = invited.fill(&page, "new-password", &[("new", PASSWORD), ("again", PASSWORD)]).await;
    let key = enrol.body.split("<code class=\"key\">").nth(1).unwrap_or_else(|| panic!("no key in {enrol:?}"));
    let person = Person::with_key(name, key.split("</code>").next().unwrap());
    let codes = invited.fill(&enrol, "one-time-code", &[("code", &person.code())]).await;
    assert_eq!(codes.status, 200, "{codes:?}");
    let mut browser = browser.clone();
    browser.sign_in(&world.url("auth", "/admin"), &person).await
}

#[tokio::test]
async fn the_steps_that_init_prints_lead_to_a_gateway_that_serves() {
    // A world for its upstream and its ports; what it wrote itself is not used.
    let world = World::with(&[("wiki", OPEN)], "").await;
    let (portal, app) = (world.url("auth", ""), world.url("wiki", ""));
    let upstream = format!("http://{}", world.upstream.address());
    let init = ["init", "--dir", "new", "--portal", &portal, "--app", &app, "--upstream", &upstream];
    let said = world.command(&init).await;
    assert_eq!(said.code, 0, "{said:?}");
    assert!(world.read("new/sekisho.toml").contains(&format!("\nlisten = [\"0.0.0.0:{}\"]\n", world.port)));
    let steps: Vec<&str> =
        said.out.split("Next:").nth(1).unwrap().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(steps.len(), 4, "{said:?}");
    let again = world.command(&init).await;
    assert_eq!(again.code, 1);
    again.mentions(&["it is there already", "nothing was written"]);

    let mut browser = prepared(&world);
    let mut link = None;
    for step in &steps[..3] {
        let line: Vec<&str> = step.split_whitespace().skip(1).map(|word| if word == "YOU" { "ada" } else { word }).collect();
        let said = world.command(&line).await;
        assert_eq!(said.code, 0, "{step}: {said:?}");
        link = link.or(invitation(&said.out));
    }
    let run: Vec<&str> = steps[3].split_whitespace().skip(1).collect();
    let mut gateway = Gateway::speaking(&world, program(&world).args(run));
    gateway.is_ready(world.operations).await;
    let page = browser.get(&world.url("wiki", "/")).await;
    assert!(page.url.starts_with(&portal) && page.body.contains("current-password"), "{page:?}");
    let page = begins(&world, &browser, "ada", &link.unwrap()).await;
    assert!(page.status == 200 && page.url.ends_with("/admin") && page.body.contains("/admin/users"), "{page:?}");
    assert_eq!(gateway.stop().await, 0);
}

/// The commands of README.md's way to a real host, as they stand there.
fn of_the_readme() -> Vec<String> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let way = text.split("\n## A real host").nth(1).unwrap().split("\n## ").next().unwrap().to_owned();
    let block = way.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    block.lines().filter(|line| line.starts_with("sekisho ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_readme_leads_to_a_first_administrator_who_signs_in() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let commands = of_the_readme();
    assert_eq!(commands.len(), 5, "{commands:?}");
    let stand_ins = [
        ("https://auth.example.com", world.url("auth", "")),
        ("https://wiki.example.com", world.url("wiki", "")),
        ("http://127.0.0.1:8080", format!("http://{}", world.upstream.address())),
        ("/etc/sekisho", "new".to_owned()),
    ];
    // What the file of the host is to commands there, this one is here.
    let here = |line: &str| {
        let line = stand_ins.iter().fold(line.to_owned(), |line, (there, here)| line.replace(there, here));
        let mut command = program(&world);
        command.env("SEKISHO_CONFIG", world.path("new/sekisho.toml")).args(line.split_whitespace().skip(1));
        command
    };
    let (mut browser, mut link) = (None, None);
    for line in &commands[..4] {
        let output = tokio::time::timeout(PATIENCE, here(line).output()).await.unwrap().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        if line.starts_with("sekisho init ") {
            browser = Some(prepared(&world));
        }
        link = link.or(invitation(&String::from_utf8(output.stdout).unwrap()));
    }
    assert_eq!(commands[4], "sekisho run");
    let mut gateway = Gateway::speaking(&world, &mut here(&commands[4]));
    gateway.is_ready(world.operations).await;
    let page = begins(&world, &browser.unwrap(), "alice", &link.unwrap()).await;
    assert!(page.status == 200 && page.url.ends_with("/admin") && page.body.contains("/admin/users"), "{page:?}");
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
    let mut child = program(&world);
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
