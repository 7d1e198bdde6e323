//! `check` and `explain` agree with `run`: what `run` refuses is refused, what may not be meant is warned of, and the config
//! that is named is the one that is spoken of.

use hyper::Method;
use serde_json::Value;

use crate::support::failing::fails;
use crate::support::{BY_PASSWORD, OPEN, World};

const APPS: &[(&str, &str)] = &[("wiki", BY_PASSWORD)];

/// The line of the config that is this, 1-based.
fn line(world: &World, text: &str) -> usize {
    let config = world.read("sekisho.toml");
    1 + config.lines().position(|line| line == text).unwrap_or_else(|| panic!("no {text:?} in {config}"))
}

/// What `check --json` says of the check of a part of the portal: its mode, for `/admin/**` and for the rest.
async fn portal(world: &World, check: &str) -> [String; 2] {
    let got = world.answer(&["check"]).await;
    let parts = got["hosts"][0]["parts"].as_array().unwrap();
    assert_eq!((got["hosts"][0]["name"].as_str(), parts[0]["path"].as_str()), (Some("portal"), Some("/admin/**")));
    let mode = |part: &Value| {
        let checks = part["checks"].as_array().unwrap();
        checks.iter().find(|one| one["check"] == check).unwrap()["mode"].as_str().unwrap().to_owned()
    };
    [mode(&parts[0]), mode(&parts[1])]
}

/// The keys that `check --json` warns of.
async fn warned(world: &World) -> Vec<String> {
    let got = world.answer(&["check"]).await;
    got["warnings"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
}

/// A world whose administrators' group is there, so that nothing is left to warn of.
async fn quiet(more: &str) -> World {
    let world = World::with(APPS, more).await;
    world.answer(&["group", "add", "administrators"]).await;
    world
}

#[tokio::test]
async fn unwritten_portal_demands_weaken_nothing_and_written_ones_warn() {
    for more in [
        "",
        "[portal.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n",
        "[portal.demands.cookie]\n",
        "[portal.admin_demands.cookie]\n",
    ] {
        let world = quiet(more).await;
        assert_eq!(portal(&world, "otp").await, ["require", "require"], "{more}");
        assert_eq!(portal(&world, "primary_factor").await, ["require", "require"], "{more}");
        assert_eq!(warned(&world).await, [""; 0], "{more}");
    }
    let world = quiet("[portal.demands.otp]\nmode = \"off\"\n").await;
    let at = 1 + line(&world, "[portal.demands.otp]");
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 0, "it is a warning: {said:?}");
    said.mentions(&[
        "warning:",
        "the portal asks, and with it the administration, for no second factor",
        &format!("sekisho.toml:{at}:"),
    ]);
    assert_eq!(warned(&world).await, ["portal.demands.otp.mode"]);
    // The log says so at the start and at a reload.
    let gateway = world.start().await;
    let logged = || {
        gateway.words().lines().filter(|line| line.contains("config_warning") && line.contains("portal.demands.otp.mode")).count()
    };
    assert_eq!(logged(), 1, "{}", gateway.words());
    gateway.signal("HUP").await;
    crate::support::process::until("the reload warns", async || logged() == 2).await;
    // What would weaken the administration below the portal is refused.
    world.configure(APPS, "[portal.admin_demands.otp]\nmode = \"off\"\n");
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 3);
    said.mentions(&["changes nothing", "never less"]);
}

#[tokio::test]
async fn who_would_pass_an_app_and_never_the_portal_is_warned_of() {
    let world = quiet("").await;
    world.configure(&[("mail", "[app.demands.primary_factor]\nmethods = [\"push\"]\n")], "");
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 0);
    said.mentions(&["who signs in by `push` alone passes here, and never the portal", "who has a phone and no authenticator"]);
    let accepts = "[portal.demands]\nprimary_factor.methods = [\"password\", \"push\"]\notp.methods = [\"totp\", \"push\"]\n";
    world.configure(&[("mail", "[app.demands.primary_factor]\nmethods = [\"push\"]\n")], accepts);
    assert!(!world.command(&["check"]).await.words.contains("never the portal"));
}

#[tokio::test]
async fn the_exit_codes_are_those_of_the_help() {
    let world = quiet("").await;
    let help = world.command(&["--help"]).await.out;
    assert!(help.contains("3 the config is wrong") && help.contains("4 refused or not as expected"), "{help}");
    assert_eq!(world.command(&["check"]).await.code, 0);
    world.write("expect.toml", "[[expect]]\napp = \"wiki\"\nfrom = \"127.0.0.1\"\nthen = \"pass\"\n");
    assert_eq!(world.command(&["check", "--expect", "expect.toml"]).await.code, 4);
    world.write("expect.toml", "[[expect]]\napp = \"wiki\"\nfrom = \"127.0.0.1\"\nthen = \"primary_factor\"\n");
    assert_eq!(world.command(&["check", "--expect", "expect.toml"]).await.code, 0);
    // The config, what it means, the files that it names, and its very absence.
    world.configure(APPS, "[servr]\n");
    assert_eq!(world.command(&["check"]).await.code, 3);
    assert_eq!(world.command(&["check", "--json"]).await.code, 3);
    assert_eq!(world.command(&["run"]).await.code, 3);
    world.configure(APPS, "[totp]\nskew = 9\n");
    assert_eq!(world.command(&["check"]).await.code, 3);
    world.configure(APPS, "");
    world.write("server.key", "no key");
    assert_eq!(world.command(&["check"]).await.code, 3);
    assert_eq!(world.command(&["check", "--config", "nowhere.toml"]).await.code, 3);
}

#[tokio::test]
async fn what_run_refuses_is_refused_by_check_too() {
    let world = World::with(APPS, "").await;
    let text = world.read("sekisho.toml");
    let mail =
        "[mail]\nhost = \"127.0.0.1\"\nsecurity = \"plain\"\nfrom = \"a@example.com\"\nuser = \"a\"\npassword_file = \"none\"\n";
    let replaced = |old: &str, new: &str| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    };
    world.write("a file", "");
    world.write("short.key", "abc\n");
    let tls = format!("upstream = [\"http://{}\"]", world.upstream.address());
    for (config, mentions) in [
        (replaced("https://wiki.test", "https://*.test"), "a wildcard is not a host"),
        (replaced("https://auth.test", "https://*.test"), "a wildcard is not a host"),
        (replaced("https://auth.test", "https://a..test"), "is not a host name"),
        (replaced("authority.pem", "none.pem"), "none.pem"),
        (replaced(&tls, "upstream = [\"https://127.0.0.1:1\"]\nupstream_tls.authority = \"none.pem\""), "none.pem"),
        (replaced(&tls, "upstream = [\"http://127.0.0.1:99999\"]"), "127.0.0.1:99999"),
        (format!("{text}{mail}"), "none cannot be read"),
        (format!("{text}[approval]\npush_authority = \"none.pem\"\n"), "none.pem"),
        (replaced("directory = \"state\"", "directory = \"a file\""), "not a directory"),
        (replaced("directory = \"state\"", "directory = \"a file/state\""), "not a directory"),
        (replaced("directory = \"state\"", "directory = \"state\"\nmaster_key = \"none.key\""), "it is not there"),
        (replaced("directory = \"state\"", "directory = \"state\"\nmaster_key = \"short.key\""), "short.key"),
        (replaced("listen = [\"127.0.0.1", "listen = [\"192.0.2.1"), "no interface of this machine has that address"),
        (replaced("operations_listen = \"127.0.0.1", "operations_listen = \"192.0.2.1"), "no interface of this machine"),
    ] {
        world.write("sekisho.toml", &config);
        let said = world.command(&["check"]).await;
        assert_eq!(said.code, 3, "{mentions}: {said:?}");
        said.mentions(&[mentions, "sekisho.toml:"]);
        let run = fails(&world, &["run"], &[mentions], &["master.key", "state", "lock", "sekisho.db"]).await;
        assert!([1, 3].contains(&run.code), "{run:?}");
    }
    // Everything at once, of several kinds.
    let many = text.replace("authority.pem", "none.pem").replace("chain = \"server.pem\"", "chain = \"none.chain\"") + mail;
    world.write("sekisho.toml", &many);
    for command in ["check", "run"] {
        world.command(&[command]).await.mentions(&["none.pem", "none.chain", "none cannot be read", "3 errors"]);
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_used_is_an_error_to_check_and_stops_no_start_t15() {
    let world = quiet("").await;
    let text = world.read("sekisho.toml");
    assert!(text.contains("mapping = ["));
    world.write("sekisho.toml", &text.replace("mapping = [", "revocation_lists = [\"corp.crl\"]\nmapping = ["));
    let refused = async |what: &str| {
        let said = world.command(&["check"]).await;
        assert_eq!(said.code, 3, "{said:?}");
        said.mentions(&[what, "sekisho.toml:", "revocation_lists"]);
    };
    refused("corp.crl cannot be read").await;

    // Nothing was ever known of it.
    let gateway = world.start().await;
    gateway.says("corp.crl cannot be read").await;
    let listed = world.answer(&["crl", "refresh"]).await;
    let list = &listed["items"][0];
    assert_eq!((&list["state"], &list["read_at"]), (&"missing".into(), &Value::Null), "{list}");
    assert!(list["trouble"].as_str().unwrap().contains("cannot be read"), "{list}");
    gateway.says("revocation_list_not_read").await;

    // It comes.
    world.write("corp.crl", &world.authority.revokes(&[6]));
    crate::support::process::until("the list is in force", async || {
        let listed = world.answer(&["crl", "refresh"]).await;
        listed["items"][0]["state"] == "current" && listed["items"][0]["trouble"].is_null()
    })
    .await;
    assert_eq!(world.metric("sekisho_revocation_list_reachable").await, 1.0);
    assert_eq!(world.command(&["check"]).await.code, 0);
    assert_eq!(gateway.stop().await, 0);

    // It is broken at the next start: its last good version is in force, and log, metric and list say so.
    world.write("corp.crl", "broken");
    refused("corp.crl holds no revocation list").await;
    let gateway = world.start().await;
    gateway.says("corp.crl holds no revocation list").await;
    let listed = world.answer(&["crl", "refresh"]).await;
    let list = &listed["items"][0];
    assert_eq!((&list["state"], &list["revoked"]), (&"current".into(), &1.into()), "{list}");
    assert!(list["trouble"].is_string() && list["read_at"].is_string(), "{list}");
    assert_eq!(world.metric("sekisho_revocation_list_reachable").await, 0.0);
    let said = world.command(&["crl", "list"]).await;
    assert!(said.out.contains("holds no revocation list"), "{said:?}");
    assert_eq!(gateway.stop().await, 0);
}

#[tokio::test]
async fn check_warns_of_hosts_ports_and_groups_that_do_not_exist() {
    let world = quiet("").await;
    assert_eq!(warned(&world).await, [""; 0]);
    let text = world.read("sekisho.toml");
    world.write("sekisho.toml", &text.replace("https://wiki.test", "https://other.test"));
    world.command(&["check"]).await.mentions(&["no certificate is for `other.test`", "[[tls.certificate]]"]);
    assert_eq!(warned(&world).await, ["app[0].url"]);

    world.write("sekisho.toml", &text.replace(&format!("https://auth.test:{}", world.port), "https://auth.test:444"));
    let port = world.port;
    world.command(&["check"]).await.mentions(&["nobody listens on port 444 here", &format!("`server.listen` has {port}")]);
    assert_eq!(warned(&world).await, ["portal.url"]);

    world.configure(&[("wiki", "[app.demands.primary_factor]\ngroups = [\"administrators\", \"stuff\"]\n")], "");
    world.command(&["check"]).await.mentions(&["there is no group `stuff`", "`sekisho group add stuff` makes it"]);
    assert_eq!(warned(&world).await, ["app[0].demands.primary_factor.groups[1]"]);
    // The same beside a gateway that runs, which says it in its log; once the group exists the warning is gone.
    let gateway = world.start().await;
    gateway.says("there is no group `stuff`").await;
    assert_eq!(warned(&world).await, ["app[0].demands.primary_factor.groups[1]"]);
    world.answer(&["group", "add", "stuff"]).await;
    assert_eq!(warned(&world).await, [""; 0]);
    assert_eq!(gateway.stop().await, 0);
    let files = || {
        crate::support::failing::everything(world.folder.path())
            .into_iter()
            .filter(|(path, _)| path.contains("/state"))
            .collect::<Vec<_>>()
    };
    let before = files();
    assert_eq!(warned(&world).await, [""; 0]);
    assert_eq!(files(), before, "to look leaves nothing behind");
}

#[tokio::test]
async fn an_address_that_is_taken_is_warned_of_unless_the_gateway_has_it() {
    let world = quiet("").await;
    let other = std::net::TcpListener::bind(("127.0.0.1", world.port)).unwrap();
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 0);
    said.mentions(&[&format!("listen on 127.0.0.1:{}: the port is in use", world.port)]);
    drop(other);
    let _gateway = world.start().await;
    assert_eq!(warned(&world).await, [""; 0], "it is the gateway's own");
}

#[tokio::test]
async fn a_user_is_assigned_what_this_build_has_and_nothing_else() {
    let world = World::with(APPS, "").await;
    let added = world.answer(&["user", "add", "alice"]).await;
    assert_eq!(
        added["user"]["methods"],
        serde_json::json!(["password", "ad_password", "idp", "matrix", "token_matrix", "passkey"])
    );
    for absent in ["recovery_code", "totp", "kerberos"] {
        let mentions = [
            &*format!("`{absent}` is not a primary factor that this build has"),
            "there are push, password, ad_password, idp, matrix, token_matrix, passkey",
        ];
        fails(&world, &["user", "set-methods", "alice", "password", absent], &mentions, &[]).await;
    }
    fails(&world, &["user", "set-methods", "alice", "pass"], &["\"pass\" is not a method", "there are push, password"], &[])
        .await;
    let help = world.command(&["user", "set-methods", "--help"]).await.out;
    assert!(help.contains("`token_matrix`"), "{help}");
    let set = world.answer(&["user", "set-methods", "alice", "push", "password"]).await;
    assert_eq!(set["methods"], serde_json::json!(["push", "password"]));
    let explain = ["explain", "--app", "wiki", "--from", "127.0.0.1", "--user", "alice", "--with", "matrices"];
    fails(&world, &explain, &["\"matrices\"", "totp"], &[]).await;
    // No list of the config offers what is refused.
    let schema = world.command(&["config", "schema"]).await.out;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut offered = Vec::new();
    words(&schema, &mut offered);
    for present in ["matrix", "token_matrix", "admin_approval", "link"] {
        assert!(offered.contains(&present.to_owned()), "{present}");
    }
    world.configure(&[("wiki", "[app.demands.otp]\nmode = \"offer\"\n")], "");
    let at = 1 + line(&world, "[app.demands.otp]");
    world.command(&["check"]).await.mentions(&[
        "`offer` is not available in this build",
        &format!("sekisho.toml:{at}:"),
        "allowed here: `off`, `observe`, `require`",
    ]);
}

/// Every word that some enumeration of the schema allows.
fn words(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries.iter().filter(|(key, _)| *key != "x-not-in-this-build") {
                match (key.as_str(), value) {
                    ("const", Value::String(word)) => found.push(word.clone()),
                    ("enum", Value::Array(all)) => found.extend(all.iter().filter_map(Value::as_str).map(str::to_owned)),
                    _ => words(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn explain_uses_the_named_config_and_not_the_running_one() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    world.person("alice").await;
    let running = world.read("sekisho.toml");
    world.configure(&[("wiki", "[app.demands.ip_restriction]\nallow = [\"192.0.2.0/24\"]\n"), ("shop", BY_PASSWORD)], "");
    world.write("new.toml", &world.read("sekisho.toml"));
    world.write("sekisho.toml", &running);
    let gateway = world.start().await;
    let explain = async |config: &str, app: &str, more: &[&str]| {
        world.answer(&[&["explain", "--config", config, "--app", app, "--from", "127.0.0.1"], more].concat()).await
    };
    let of_running = explain("sekisho.toml", "wiki", &[]).await;
    assert_eq!(of_running["verdict"], "pass");
    let of_new = explain("new.toml", "wiki", &[]).await;
    assert_eq!((&of_new["verdict"], &of_new["because"]), (&"refuse".into(), &"address_not_allowed".into()));
    assert!(of_new["config"].as_str().unwrap().ends_with("new.toml"), "{of_new}");
    assert_eq!(
        of_new["checks"][0]["lines"][0],
        1 + world.read("new.toml").lines().position(|it| it == "[app.demands.ip_restriction]").unwrap()
    );
    // With the users that the running gateway knows, and an app that only the new one has.
    assert_eq!(explain("new.toml", "shop", &["--user", "alice", "--with", "password"]).await["verdict"], "pass");
    fails(
        &world,
        &["explain", "--config", "new.toml", "--app", "wiki", "--from", "127.0.0.1", "--user", "nobody"],
        &["nobody"],
        &[".db-wal", ".db-shm", ".db"],
    )
    .await;
    // A broken file is reported, whatever gateway runs.
    world.write("broken.toml", "[server\n");
    let said = world.command(&["explain", "--config", "broken.toml", "--app", "wiki", "--from", "127.0.0.1"]).await;
    assert_eq!(said.code, 3);
    // And nothing of it is in force.
    assert_eq!(world.program().send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
    assert_eq!(gateway.stop().await, 0);
}

#[tokio::test]
async fn a_day_is_the_whole_day_in_the_zone_of_the_config_a_26() {
    let world = World::with(APPS, "").await;
    world.answer(&["user", "add", "alice"]).await;
    let certificate = "ab".repeat(32);
    let until = "2030-01-31";
    let register = ["certificate", "register", &certificate, "--user", "alice", "--valid-until", until];
    assert_eq!(world.answer(&register).await["valid_until"], "2030-01-31T23:59:59.999+09:00", "Asia/Tokyo where nothing is said");
    // The moment stays the same where another zone is written; what is entered then is a day there.
    world.configure(APPS, "[time]\nzone = \"America/New_York\"\n");
    let listed = world.answer(&["certificate", "list"]).await;
    assert_eq!(listed["items"][0]["valid_until"], "2030-01-31T09:59:59.999-05:00");
    let edited = world.answer(&["certificate", "edit", &certificate, "--valid-from", until, "--valid-until", until]).await;
    assert_eq!(edited["valid_from"], "2030-01-31T00:00:00-05:00");
    assert_eq!(edited["valid_until"], "2030-01-31T23:59:59.999-05:00");
    let backwards = ["certificate", "edit", &certificate, "--valid-from", "2030-02-01", "--valid-until", until];
    fails(&world, &backwards, &[], &[]).await;
    let said = world.command(&["certificate", "edit", &certificate, "--valid-until", "31.1.2030"]).await;
    assert_eq!(said.code, 2);
    said.mentions(&["write a day as 2027-01-31"]);

    // What is looked for by days: today is within today.
    let today = || {
        let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        jiff::Timestamp::from_second(now.as_secs().try_into().unwrap()).unwrap().to_zoned(zone).date()
    };
    let from = today();
    world.answer(&["user", "add", "bob"]).await;
    let until = today();
    let within = ["audit", "query", "--what", "user.add", "--from", &from.to_string(), "--until", &until.to_string()];
    let found = world.answer(&within).await;
    assert!(found["items"].as_array().unwrap().iter().any(|entry| entry["user"] == "bob"), "{found}");
    let before = from.yesterday().unwrap().to_string();
    let found = world.answer(&["audit", "query", "--what", "user.add", "--until", &before]).await;
    assert!(found["items"].as_array().unwrap().iter().all(|entry| entry["user"] != "bob"), "{found}");

    // An unknown time zone is reported at its position.
    world.configure(APPS, "[time]\nzone = \"Asia/Tokio\"\n");
    let at = line(&world, "zone = \"Asia/Tokio\"");
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 3);
    said.mentions(&["is not a zone", "did you mean \"Asia/Tokyo\"?", &format!("sekisho.toml:{at}:")]);
}
