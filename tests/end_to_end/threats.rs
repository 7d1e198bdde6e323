//! Threats that broke other gateways, tried on this one through its TLS port: health checks that let requests in, tokens that
//! are taken for proof, hosts that mean two things, HTTP/2 that floods, numbers without a bound.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use sekisho::clock::{Clock as _, SystemClock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::World;
use crate::support::wire::{Over, Said};

const OPEN: &str = "[app.demands.ip_restriction]\nallow = [\"127.0.0.0/8\"]\n";

#[tokio::test]
async fn no_health_check_opens_anything_t7_ghsa_5hvv_m4w4_gf6v() {
    let world = World::new().await;
    let checkers = [
        ("user-agent", "GoogleHC/1.0"),
        ("user-agent", "ELB-HealthChecker/2.0"),
        ("user-agent", "kube-probe/1.30"),
        ("user-agent", "Envoy/HC"),
        ("user-agent", "Consul Health Check"),
        ("x-health-check", "1"),
        ("x-goog-healthcheck", "1"),
        ("x-envoy-healthchecked-cluster", "wiki"),
    ];
    for (name, value) in checkers {
        for path in ["/", "/ping", "/healthz", "/readyz", "/health", "/metrics", "/.well-known/health"] {
            let mut checker = world.browser().with_header(name, value).with_header("accept", "application/json");
            let answer = checker.send(Method::GET, &world.url("wiki", path), None).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"), "{name}: {value} {path}");
        }
    }
    assert!(world.upstream.seen().is_empty());
    // The operations' own answers are at their own listener, on no host of the TLS port.
    for path in ["/metrics", "/healthz", "/readyz"] {
        assert_eq!(world.browser().send(Method::GET, &world.url("auth", path), None).await.status, 404, "{path}");
    }
}

/// What a checker is answered that writes these lines by HTTP/1, under a name or none.
async fn checked(world: &World, name: Option<&str>, lines: &str) -> String {
    let mut config = trusting(world);
    config.enable_sni = name.is_some();
    let stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    // Without SNI the gateway shows its first certificate; it is the same for all names here.
    let server = ServerName::try_from(name.unwrap_or("wiki.test").to_owned()).unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(server, stream).await.unwrap();
    stream.write_all(lines.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _closed_without_a_farewell = stream.read_to_string(&mut answer).await;
    answer
}

#[tokio::test]
async fn a_balancer_that_knows_no_name_asks_for_health_and_learns_nothing_more_t7() {
    let world = World::new().await;
    let path = "/.sekisho/health";
    for (name, lines) in [
        (None, format!("GET {path} HTTP/1.0\r\n\r\n")),
        (None, format!("GET {path} HTTP/1.1\r\nHost: 192.0.2.1\r\nConnection: close\r\n\r\n")),
        (Some("wiki.test"), format!("HEAD {path} HTTP/1.1\r\nHost: balancer\r\nConnection: close\r\n\r\n")),
        (
            Some("wiki.test"),
            format!("GET {path} HTTP/1.1\r\nHost: wiki.test\r\nConnection: close\r\nCookie: __Host-sekisho=x\r\n\r\n"),
        ),
        (Some("auth.test"), format!("GET {path} HTTP/1.1\r\nHost: auth.test\r\nConnection: close\r\n\r\n")),
    ] {
        let answer = checked(&world, name, &lines).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{lines}: {answer:?}"));
        assert!(head.starts_with("HTTP/1.") && head.contains(" 200 "), "{lines}: {answer}");
        assert_eq!(body, if lines.starts_with("HEAD") { "" } else { "ok\n" }, "{lines}");
        // One word is all: no version, no host, no session, no id.
        for told in ["set-cookie", "location", "server:", "x-request-id", "strict-transport-security"] {
            assert!(!head.to_ascii_lowercase().contains(told), "{told}: {head}");
        }
    }
    // Nothing else is open by that road, and no other method asks.
    let post = format!("POST {path} HTTP/1.1\r\nHost: wiki.test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert!(checked(&world, Some("wiki.test"), &post).await.starts_with("HTTP/1.1 404"), "{post}");
    for path in ["/.sekisho/health/../../", "/.sekisho/health/", "/.sekisho/healthz", "//.sekisho/health"] {
        let ask = format!("GET {path} HTTP/1.1\r\nHost: wiki.test\r\nConnection: close\r\n\r\n");
        let answer = checked(&world, Some("wiki.test"), &ask).await;
        assert!(!answer.contains(" 200 "), "{path}: {answer}");
    }
    let elsewhere = "GET / HTTP/1.0\r\n\r\n";
    assert!(checked(&world, None, elsewhere).await.contains(" 400 "), "a request without a host reaches nobody");
    assert!(world.upstream.seen().is_empty());
    // Over HTTP/2, for a name that is nobody's.
    let (mut client, _connection) = h2(&world, "wiki.test").await;
    let ask = http::Request::get(format!("https://balancer{path}")).body(()).unwrap();
    let (response, _body) = client.send_request(ask, true).unwrap();
    assert_eq!(response.await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_token_that_a_client_brings_is_no_proof_t10_cve_2022_29226() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let seen = world.upstream.seen().len();
    let assertion = world.upstream.last().all("sekisho-assertion")[0].to_owned();
    // {"alg":"none"}.{"sub":"alice"}. — and our own assertion, which is good and was made for this very app.
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.";
    for token in [assertion.as_str(), unsigned] {
        for (name, value) in [
            ("sekisho-assertion", token.to_owned()),
            ("authorization", format!("Bearer {token}")),
            ("authorization", format!("Sekisho {token}")),
            ("cookie", format!("__Host-sekisho={token}")),
            ("x-forwarded-access-token", token.to_owned()),
        ] {
            let mut thief = world.browser().with_header(name, &value).with_header("remote-user", "alice");
            thief.headers.push(("accept".to_owned(), "application/json".to_owned()));
            let answer = thief.send(Method::GET, &world.url("wiki", "/"), None).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "primary_factor_missing"), "{name}");
        }
    }
    assert_eq!(world.upstream.seen().len(), seen, "nothing reached the app");
}

#[tokio::test]
async fn one_connection_serves_one_host_over_http_2_too_t13() {
    let world = World::with(&[("wiki", OPEN), ("other", OPEN)], "").await;
    let (mut client, _connection) = h2(&world, "wiki.test").await;
    let mut statuses = Vec::new();
    for host in ["wiki.test", "other.test", "auth.test", "unknown.test"] {
        let request = request(&world, host, Method::GET);
        let (response, _body) = client.send_request(request, true).unwrap();
        statuses.push(response.await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 421, 421, 421]);
    assert_eq!(world.upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_listed_proxy_serves_many_hosts_on_one_connection_and_no_certificate_app_t13() {
    let certificate = "[app.demands.client_certificate]\ntrust = [\"world\"]\n";
    let apps = [("wiki", OPEN), ("other", OPEN), ("ledger", certificate)];
    let listed = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n";
    for (more, others) in [(listed, [200, 421]), ("[server]\ntrusted_proxies = [\"192.0.2.1\"]\n", [421, 421])] {
        let world = World::with(&apps, more).await;
        let mut h2_statuses = Vec::new();
        let (mut client, _connection) = h2(&world, "wiki.test").await;
        for host in ["wiki.test", "other.test", "ledger.test"] {
            let (response, _body) = client.send_request(request(&world, host, Method::GET), true).unwrap();
            h2_statuses.push(response.await.unwrap().status().as_u16());
        }
        assert_eq!(h2_statuses, [200, others[0], others[1]], "{more}");
        for (name, app, status) in [
            ("wiki", "wiki", 200),
            ("wiki", "other", others[0]),
            ("wiki", "ledger", 421),
            // Nor does a connection that was agreed under the name of a certificate app serve another.
            ("ledger", "wiki", 421),
            ("wiki", "mtls", 421),
            ("wiki", "unknown", 421),
        ] {
            let said = Said::to(&world, app, "GET", "/");
            assert_eq!(said.say(&world, &format!("{name}.test"), Over::H1).await.status, status, "{more} {name} {app}");
        }
        // Who shows a certificate shows it for the host of the handshake alone, proxy or not.
        let said = Said::to(&world, "ledger", "GET", "/").shown_by("machine-7");
        assert_eq!(said.say(&world, "ledger.test", Over::H1).await.status, 200);
        assert_eq!(said.say(&world, "wiki.test", Over::H1).await.status, 421);
        let said = Said::to(&world, "wiki", "GET", "/").shown_by("machine-7");
        assert_eq!(said.say(&world, "ledger.test", Over::H1).await.status, 421);
    }
}

#[tokio::test]
async fn a_host_that_means_two_things_reaches_nobody_t16() {
    let world = World::with(&[("wiki", OPEN), ("other", OPEN)], "").await;
    let long = format!("{}.test", "a".repeat(300));
    let hosts = [
        "other.test",
        "",
        "*",
        "/",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "[wiki.test]",
        "wiki.test other.test",
        "wiki.test,other.test",
        "wiki.test, other.test",
        "wiki.test;other.test",
        "wiki.test/other.test",
        "wiki.test/",
        "wiki.test?other.test",
        "wiki.test#other.test",
        "wiki.test\\other.test",
        "https://wiki.test",
        "//wiki.test",
        "user@wiki.test",
        "wiki.test@other.test",
        "other.test:1@wiki.test",
        "wiki.test:other.test",
        "wiki.test:0",
        "wiki.test:99999",
        "wiki.test:+443",
        "wiki.test:443:443",
        "wiki.test..",
        ".wiki.test",
        "wiki..test",
        "wiki%2etest",
        "wiki.test%00",
        "\"wiki.test\"",
        "w\u{131}ki.test",
        &long,
    ];
    let address: url::Url = world.url("wiki", "/").parse().unwrap();
    for host in hosts {
        for head in [
            format!("GET / HTTP/1.1\r\nHost: {host}\r\n"),
            format!("GET / HTTP/1.1\r\nHost: wiki.test:{}\r\nHost: {host}\r\n", world.port),
            format!("GET https://{host}/ HTTP/1.1\r\nHost: wiki.test:{}\r\n", world.port),
        ] {
            let mut stream = world.browser().connect(&address).await;
            stream.write_all(format!("{head}Accept: application/json\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _read = stream.read_to_end(&mut answer).await;
            let line = String::from_utf8_lossy(answer.get(..12).unwrap_or_default()).into_owned();
            assert!(["HTTP/1.1 400", "HTTP/1.1 421"].contains(&line.as_str()), "{head:?}: {line:?}");
        }
    }
    assert!(world.upstream.seen().is_empty());
}

#[tokio::test]
async fn a_client_that_resets_its_streams_is_cut_off_t21_cve_2023_44487() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let (mut client, connection) = h2(&world, "wiki.test").await;
    let mut sent = 0;
    while sent < 20_000 {
        client = match client.ready().await {
            Ok(client) => client,
            Err(_ended) => break,
        };
        let Ok((_response, mut stream)) = client.send_request(request(&world, "wiki.test", Method::POST), false) else { break };
        stream.send_reset(h2::Reason::CANCEL);
        sent += 1;
        tokio::task::yield_now().await;
    }
    assert!(sent < 20_000, "{sent} requests were asked and reset");
    let ended = tokio::time::timeout(Duration::from_secs(10), connection).await.unwrap().unwrap();
    // GOAWAY, or the end of the connection where that was quicker than our reading of it.
    let error = ended.unwrap_err();
    assert!(error.is_io() || error.reason() == Some(h2::Reason::ENHANCE_YOUR_CALM), "{error:?}");
    // Others are served meanwhile and after.
    assert_eq!(world.browser().send(Method::GET, &world.url("wiki", "/"), None).await.status, 200);
}

#[tokio::test]
async fn http_2_announces_its_bounds_and_refuses_a_head_beyond_them_t21() {
    let world = World::with(&[("wiki", OPEN)], "").await;
    let (client, _connection) = h2(&world, "wiki.test").await;
    let mut client = client.ready().await.unwrap();
    let mut answer = client.send_request(request(&world, "wiki.test", Method::GET), true).unwrap().0;
    assert_eq!((&mut answer).await.unwrap().status(), 200);
    assert_eq!(client.current_max_send_streams(), 100);
    // 80 KiB in fields of 8 KiB: more than one HEADERS frame holds, and more than a head may have.
    let mut large = request(&world, "wiki.test", Method::GET);
    for number in 0..10 {
        let name = http::HeaderName::try_from(format!("x-large-{number}")).unwrap();
        large.headers_mut().insert(name, http::HeaderValue::try_from("v".repeat(8192)).unwrap());
    }
    let refused = match client.send_request(large, true) {
        Ok((response, _)) => response.await.map(|response| response.status().as_u16()),
        Err(error) => Err(error),
    };
    assert!(refused.as_ref().is_err() || refused.as_ref().is_ok_and(|status| *status == 431), "{refused:?}");
    assert_eq!(world.upstream.seen().len(), 1);
}

#[tokio::test]
async fn every_number_and_length_of_a_client_has_a_bound_t23_cve_2026_4634() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let group = sekisho::principal::user::GroupName::parse("administrators").unwrap();
    core.groups().add(group.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![group]).await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("wiki", "/"), &alice).await;
    let clock = SystemClock::new();
    let huge = "9".repeat(400);
    let words = "a ".repeat(7_000);
    let cookies = (0..1_500).map(|number| format!("c{number}=v")).collect::<Vec<_>>().join("; ");
    let commas = ",".repeat(7_000);
    for (url, name, value) in [
        (world.url("auth", &format!("/api/v1/audit?limit={huge}")), "accept", "application/json"),
        (world.url("auth", "/api/v1/audit?limit=4294967295"), "accept", "application/json"),
        (world.url("auth", "/api/v1/audit?limit=-1"), "accept", "application/json"),
        (world.url("auth", &format!("/api/v1/audit?before={huge}")), "accept", "application/json"),
        (world.url("auth", &format!("/account?done=signed_out&count={huge}")), "accept", "text/html"),
        (world.url("auth", &format!("/sign-in?for={}", "A".repeat(12_000))), "accept", "text/html"),
        (world.url("wiki", "/"), "prefer", &format!("wait={huge}")),
        (world.url("wiki", "/"), "accept-language", &commas),
        (world.url("auth", "/"), "accept-language", &words),
        (world.url("auth", "/"), "accept", &commas),
        (world.url("wiki", "/"), "accept", &words),
        (world.url("wiki", "/"), "cookie", &cookies),
        (world.url("auth", "/"), "cookie", &cookies),
        (world.url("wiki", "/"), "connection", &commas),
        (world.url("wiki", "/"), "x-forwarded-for", &commas),
        (world.url("wiki", "/"), "range", &format!("bytes=0-{huge}")),
        (world.url("wiki", "/"), "max-forwards", &huge),
    ] {
        let begin = clock.monotonic();
        let answer = browser.clone().with_header(name, value).send(Method::GET, &url, None).await;
        assert!(answer.status < 500, "{name} {}: {}", &url[..60.min(url.len())], answer.status);
        assert!(clock.monotonic() - begin < Duration::from_secs(2), "{name} {}", &url[..60.min(url.len())]);
        assert!(answer.body.len() < 512 * 1024, "{name}: {}", answer.body.len());
    }
    // Names and passwords as long as a form may be; a body longer than that.
    let long = "p".repeat(30_000);
    let form = [("user", long.as_str()), ("password", long.as_str()), ("for", long.as_str())];
    assert!(world.browser().post(&world.url("auth", "/sign-in/password"), &form).await.status < 500);
    let longer = "p".repeat(80_000);
    let answer = world.browser().post(&world.url("auth", "/sign-in/password"), &[("user", "alice"), ("password", &longer)]).await;
    assert_eq!(answer.status, 413);
}

/// A client of HTTP/2 on a connection of its own, and that connection's end.
async fn h2(world: &World, host: &str) -> (h2::client::SendRequest<Bytes>, tokio::task::JoinHandle<Result<(), h2::Error>>) {
    let (client, connection) = h2::client::handshake(tls(world, host).await).await.unwrap();
    let connection = tokio::spawn(connection);
    (client.ready().await.unwrap(), connection)
}

async fn tls(world: &World, host: &str) -> TlsStream<TcpStream> {
    let mut config = trusting(world);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", world.port)).await.unwrap();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

fn trusting(world: &World) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(world.authority.der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn request(world: &World, host: &str, method: Method) -> http::Request<()> {
    let url = format!("https://{host}:{}/", world.port);
    http::Request::builder().method(method).uri(url).header("accept", "application/json").body(()).unwrap()
}
