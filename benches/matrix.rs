//! What signing in by a pattern costs, through a gateway of its own on loopback by TLS: the page with its table and the answer at 500
//! sign-ins a second; whether an unknown name, a wrong answer and a shut form are answered after the same time, with a table on the
//! page and with one on the phone; the answer off a phone; and the three tables that are drawn for setting a pattern.
//!
//! `cargo bench --bench matrix`, or one part: `cargo bench --bench matrix -- rate | phone | alike | alike-phone | three`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark ends with the line it stands on, and prints what it measured"
)]

#[expect(dead_code, reason = "what it shares with the bench of the phone is more than it needs")]
#[path = "phone/clients.rs"]
mod clients;
#[path = "phone/figures.rs"]
mod figures;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use sekisho::account::users::NewUser;
use sekisho::clock::{Clock as _, SystemClock};
use sekisho::config::Config;
use sekisho::core::Core;
use sekisho::factor::matrix::pattern::CellPattern;
use sekisho::factor::matrix::shape::TableShape;
use sekisho::factor::matrix::table::Table;
use sekisho::factor::token_matrix::derivation;
use sekisho::principal::method::{Method, Methods};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;
use sekisho::seal::SecretToken;
use sekisho::server::{Listeners, Server, Workers};
use sekisho::session::handover::Departure;
use sekisho::telemetry::Metrics;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::clients::{Browser, Connection, Phone};

/// Sign-ins of a second.
const RATE: usize = 500;
/// How long, in seconds.
const SECONDS: usize = 10;
/// Browsers that are connected: enough for those under way.
const BROWSERS: usize = 100;
/// Attempts of each kind, where times are compared.
const TIMES: usize = 600;
/// People whose answers are wrong: no more attempts of each than cost no pause.
const PEOPLE: usize = TIMES / 2;
/// Draws of three tables.
const DRAWS: usize = 20_000;
/// Everybody's pattern: six cells.
const PATTERN: &str = "A1 L4 C2 G3 J1 E4";
const SERVICE: &str = "bench/abcdefghijklmnop";

struct Gateway {
    server: Server,
    address: SocketAddr,
    authority: CertificateDer<'static>,
    _folder: tempfile::TempDir,
}

/// Who signs in, and with what.
struct Person {
    user: UserId,
    phone: Phone,
    seed: Option<[u8; 32]>,
}

impl Gateway {
    /// Starts one. Nothing is slowed down that only guards against this many sign-ins from one address.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let hosts = ["auth", "grid", "shut", "token", "shut-token"].map(|name| format!("{name}.test"));
        let params = CertificateParams::new(hosts.to_vec()).unwrap();
        let key = KeyPair::generate().unwrap();
        std::fs::write(folder.path().join("server.pem"), params.signed_by(&key, &issuer).unwrap().pem()).unwrap();
        std::fs::write(folder.path().join("server.key"), key.serialize_pem()).unwrap();
        let listener = sekisho::gateway::accept::listener::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (port, organisation, service) = (address.port(), &SERVICE[..5], &SERVICE[6..]);
        let app = |name: &str, method: &str, more: &str| {
            format!(
                "[[app]]\nname = \"{name}\"\nurl = \"https://{name}.test:{port}\"\nupstream = [\"http://127.0.0.1:9\"]\n\
                 demands.primary_factor = {{ methods = [\"{method}\"]{more} }}\n"
            )
        };
        let shut = format!(", login_protect = {{ organisation = \"{organisation}\", service = \"{service}\" }}");
        let apps = [
            app("grid", "matrix", ""),
            app("shut", "matrix", &shut),
            app("token", "token_matrix", ""),
            app("shut-token", "token_matrix", &shut),
        ]
        .concat();
        let config = format!(
            "[[tls.certificate]]\nchain = \"server.pem\"\nkey = \"server.key\"\n[portal]\nurl = \"https://auth.test:{port}\"\n\
             [state]\ndirectory = \"state\"\n[regulation]\nper_network = 1000000\nper_user_and_network = 1000000\n{apps}"
        );
        let path = folder.path().join("sekisho.toml");
        std::fs::write(&path, config).unwrap();
        let config = Arc::new(Config::read(&path).unwrap_or_else(|diagnosis| panic!("{diagnosis}")));
        let listeners = Listeners { https: vec![listener], ..Listeners::default() };
        let metrics = Arc::new(Metrics::detached().unwrap());
        let workers = Workers::start(1).unwrap();
        let clock = Arc::new(SystemClock::new());
        let server = Server::start(config, clock, Arc::new(OsRandom::new()), listeners, metrics, workers).await.unwrap();
        Self { server, address, authority: issuer.der().clone(), _folder: folder }
    }

    const fn core(&self) -> &Arc<Core> {
        self.server.core()
    }

    async fn browser(&self) -> Browser {
        Browser::on(Connection::open(self.address, &self.authority).await)
    }

    /// Somebody with a pattern of their own, and a phone, which has the seed of its tables where that is wanted.
    async fn person(&self, name: &str, with_seed: bool) -> Person {
        let core = self.core();
        let user = UserId::parse(name).unwrap();
        core.users().add(NewUser::named(user.clone())).await.unwrap();
        core.assign(&user, Methods::of(&[Method::Matrix, Method::TokenMatrix])).await.unwrap();
        let standing = core.users().find(&user).unwrap().standing();
        core.matrices().issue(&standing).await.unwrap();
        let initial = core.matrices().state(&user).await.unwrap().unwrap().id;
        let own = CellPattern::parse(TableShape::default(), PATTERN).unwrap();
        let _nobody_goes_on = core.matrices().set(&user, &own, initial).await.unwrap().unwrap();
        let phone = Phone::new(name, format!("https://auth.test:{}", self.address.port()));
        core.approvals().approvers.register(&phone.key, &user, "phone", "Chrome, Android", 3).await.unwrap();
        let seed = match with_seed {
            true => Some(*core.token_matrices().draw(&phone.key.id(), &user).await.unwrap().unwrap().seed),
            false => None,
        };
        Person { user, phone, seed }
    }

    /// Somebody sent to sign in by this app.
    async fn departure(&self, app: &str) -> String {
        departure(self.core(), app).await
    }
}

async fn departure(core: &Core, app: &str) -> String {
    let departure = Departure {
        app: app.to_owned(),
        method: "GET".to_owned(),
        path_and_query: "/".to_owned(),
        state: SecretToken::draw(&**core.random()).hash(),
        certificate: None,
        held: None,
        started: core.clock().now(),
    };
    core.handover().depart(&departure).await.unwrap()
}

/// What somebody types who reads the pattern off these digits, row by row of 3 blocks of 4×4.
fn read_off(digits: &[u8]) -> String {
    let shape = TableShape::default();
    PATTERN.split(' ').map(|cell| char::from(digits[usize::from(shape.cell(cell).unwrap())])).collect()
}

/// The digits and the sealed table of a page.
fn shown(body: &str) -> (Vec<u8>, String) {
    let digits: Vec<u8> =
        body.split("<td class=\"digit").skip(1).map(|cell| cell.split_once("\">").unwrap().1.as_bytes()[0]).collect();
    assert_eq!(digits.len(), 48, "{body}");
    let sealed = body.split("name=\"table\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    (digits, sealed.to_owned())
}

/// What the table of a phone shows now.
fn of_phone(person: &Person) -> String {
    let step = derivation::step_at(SystemClock::new().now().seconds());
    let table = derivation::table(&person.seed.expect("it has one"), step, TableShape::default());
    read_off(&table.rows().flatten().map(|digit| b'0' + digit).collect::<Vec<u8>>())
}

/// Sign-ins at the rate, each its own user's: how long the page took, and how long the answer.
async fn at_rate(by_phone: bool) {
    let gateway = Gateway::start().await;
    let count = RATE * SECONDS;
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        people.push(gateway.person(&format!("user{number}"), by_phone).await);
    }
    let (free, browsers) = mpsc::unbounded_channel();
    for _ in 0..BROWSERS {
        free.send(gateway.browser().await).unwrap();
    }
    let app = if by_phone { "token" } else { "grid" };
    let mut departures = Vec::with_capacity(count);
    for _ in 0..count {
        departures.push(gateway.departure(app).await);
    }
    let browsers = Arc::new(Mutex::new(browsers));
    // Who finds no browser free waits for one, and the wait is part of what the page took.
    let clock = SystemClock::new();
    let begin = clock.monotonic();
    let mut under_way = JoinSet::new();
    for (number, (person, departure)) in people.into_iter().zip(departures).enumerate() {
        let due = begin + Duration::from_micros(1_000_000 / RATE as u64) * u32::try_from(number).unwrap();
        if let Some(wait) = due.checked_sub(clock.monotonic()) {
            tokio::time::sleep(wait).await;
        }
        let (browsers, free) = (Arc::clone(&browsers), free.clone());
        under_way.spawn(async move {
            let came = SystemClock::new();
            let mut browser = browsers.lock().await.recv().await.expect("each comes back");
            let took = sign_in(&mut browser, &person, &departure, &came).await;
            free.send(browser).unwrap();
            took
        });
    }
    let (mut pages, mut answers): (Vec<_>, Vec<_>) = under_way.join_all().await.into_iter().unzip();
    let rate = count as f64 / (clock.monotonic() - begin).as_secs_f64();
    let what = if by_phone { "page without a table" } else { "page with its table" };
    figures::print(&format!("{what}, {rate:.0} sign-ins a second"), &mut pages);
    figures::print("its answer, judged", &mut answers);
    gateway.server.stop().await.unwrap();
}

/// One sign-in, whose page is waited for since `clock` was started.
async fn sign_in(browser: &mut Browser, person: &Person, departure: &str, clock: &SystemClock) -> (Duration, Duration) {
    browser.forget();
    let page = browser.get(&format!("/sign-in?for={departure}")).await;
    let drawn = clock.monotonic();
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let user = person.user.as_str();
    let (path, table, answer) = match person.seed {
        Some(_) => ("/sign-in/token", String::new(), of_phone(person)),
        None => {
            let (digits, sealed) = shown(&page.body);
            ("/sign-in/matrix", sealed, read_off(&digits))
        }
    };
    let typed = clock.monotonic();
    let got = browser.post(path, &[("for", departure), ("user", user), ("table", &table), ("answer", &answer)]).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    (drawn, clock.monotonic() - typed)
}

/// An unknown name, a wrong answer at an open form, a right one at a shut form, in an order that chance makes.
async fn alike(by_phone: bool) {
    let gateway = Gateway::start().await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(gateway.person(&format!("user{number}"), by_phone).await);
    }
    let app = if by_phone { "shut-token" } else { "shut" };
    let policies = gateway.core().policies();
    let service = policies.app(app).unwrap().own().protecting(None).next().unwrap().clone();
    let mut browser = gateway.browser().await;
    let mut phone = Connection::open(gateway.address, &gateway.authority).await;
    let clock = SystemClock::new();
    let mut samples: [Vec<Duration>; 3] = Default::default();
    let mut words: Vec<(StatusCode, usize)> = Vec::new();
    for (done, kind) in figures::shuffled(TIMES, 3, &OsRandom::new()).into_iter().enumerate() {
        // Answers that are not right are counted for each network, and this is one.
        if done % 500 == 0 {
            let shared = gateway.core().shared();
            for key in ["matrix_asked/127.0.0.1", "matrix_asked/all"] {
                shared.take(key).await.unwrap();
            }
        }
        let number = samples[kind].len();
        let known = &people[number % PEOPLE];
        match kind {
            1 => assert_eq!(phone.call(known.phone.release(SERVICE)).await.0, StatusCode::OK),
            _ => drop(gateway.core().login_protect().shut(&known.user, &service).await.unwrap()),
        }
        browser.forget();
        let departure = gateway.departure(app).await;
        let page = browser.get(&format!("/sign-in?for={departure}")).await;
        let (path, table, right) = match by_phone {
            true => ("/sign-in/token", String::new(), of_phone(known)),
            false => {
                let (digits, sealed) = shown(&page.body);
                ("/sign-in/matrix", sealed, read_off(&digits))
            }
        };
        // Another digit at the end than the right one.
        let last = right.as_bytes()[5];
        let wrong = format!("{}{}", &right[..5], char::from(b'0' + (last - b'0' + 1) % 10));
        let unknown = format!("nobody{number}");
        let (user, answer) = match kind {
            0 => (unknown.as_str(), &right),
            1 => (known.user.as_str(), &wrong),
            _ => (known.user.as_str(), &right),
        };
        let begin = clock.monotonic();
        let got = browser.post(path, &[("for", &departure), ("user", user), ("table", &table), ("answer", answer)]).await;
        samples[kind].push(clock.monotonic() - begin);
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{}", got.body);
        let shown = got.body.replace(user, "").replace(&departure, "");
        words.push((got.status, shown.len()));
    }
    words.sort_unstable();
    words.dedup();
    println!("answers: {words:?} (status, length without the name)");
    let where_from = if by_phone { "off a phone" } else { "off the page" };
    println!("{where_from}:");
    figures::compare(&["unknown name", "wrong answer", "shut form, right answer"], &samples);
    gateway.server.stop().await.unwrap();
}

/// The three tables of one setting.
fn three() {
    let (random, clock) = (OsRandom::new(), SystemClock::new());
    let mut sample = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let begin = clock.monotonic();
        std::hint::black_box(Table::draw_three(&random, TableShape::default()));
        sample.push(clock.monotonic() - begin);
    }
    figures::print("three tables for setting a pattern", &mut sample);
}

fn main() {
    let only: Option<String> = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let is_asked = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if is_asked("rate") {
        runtime.block_on(at_rate(false));
    }
    if is_asked("phone") {
        runtime.block_on(at_rate(true));
    }
    if is_asked("alike") {
        runtime.block_on(alike(false));
    }
    if is_asked("alike-phone") {
        runtime.block_on(alike(true));
    }
    if is_asked("three") {
        three();
    }
}
