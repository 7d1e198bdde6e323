//! What the chain costs: `examine` walks all six checks in about a microsecond and allocates nothing.
//! Evidence is made by verifiers alone, so none is made here: the checks that want it are observed, and evaluated all
//! the same. Where evidence is asked for, a `Turn` is made, which costs one reference count.
//! Run it with `cargo bench --bench chain`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use rustls_pki_types::CertificateDer;
use sekisho::chain::evidence::Gathered;
use sekisho::chain::papers::Papers;
use sekisho::chain::policy::{Addition, Mode, Policy, Whom};
use sekisho::chain::{Verdict, examine};
use sekisho::clock::Timestamp;
use sekisho::config::Config;
use sekisho::config::environment::Environment;
use sekisho::facts::client_address::ClientAddress;
use sekisho::facts::path::RequestPath;
use sekisho::facts::presented_certificate::PresentedCertificate;
use sekisho::facts::target::Target;
use sekisho::gateway::accept::facts::KeptStanding;
use sekisho::principal::certificate::{CertificateStanding, Holder, TrustSet};
use sekisho::principal::certificate_setting::CertificateSetting;
use sekisho::principal::method::Methods;
use sekisho::principal::networks::{AddressList, AddressLists};
use sekisho::principal::user::{GroupName, UserId, UserStanding};

/// The system's allocator, counting what this thread asks of it.
struct Counting;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

#[expect(unsafe_code, reason = "an allocator is unsafe by its nature; this one only counts and hands on")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(clippy::unwrap_used, reason = "fixed data")]
fn chain(criterion: &mut Criterion) {
    let shown = PresentedCertificate::new(&[CertificateDer::from(vec![1; 1200])]).unwrap();
    let now = Timestamp::from_seconds(1_800_000_000);
    let standing = CertificateStanding {
        trusted_by: TrustSet(1),
        fault: None,
        not_before: Timestamp::from_millis(0),
        not_after: Timestamp::from_seconds(1_900_000_000),
        revocation_known_until: Some(Timestamp::from_seconds(1_800_000_600)),
        enabled: true,
        holder: Holder::Shared,
        paths: Vec::new(),
    };
    let user = UserStanding {
        user: UserId::parse("alice").unwrap(),
        enabled: true,
        groups: (0..32).map(|number| GroupName::parse(&format!("group-{number:02}")).unwrap()).collect(),
        assigned: Methods::ANY,
        certificates: CertificateSetting::Accepted,
        certificates_by_group: false,
        device_designation: false,
        allowed_networks: Box::default(),
        denied_networks: ["203.0.113.0/24".parse().unwrap()].into(),
    };
    let list = || AddressList {
        allowed: (192..208).map(|part| format!("10.{part}.0.0/16").parse().unwrap()).collect(),
        denied: ["203.0.113.0/24".parse().unwrap()].into(),
    };
    let groups = (0..16).map(|number| (GroupName::parse(&format!("group-{number:02}")).unwrap(), list()));
    let lists = AddressLists::new([("wiki".into(), list())].into(), groups.collect());
    let evidence = Gathered::none();
    let papers = Papers {
        address: ClientAddress::new("10.200.3.4".parse().unwrap()),
        lists: &lists,
        certificate: Some((&shown, &standing)),
        holder: None,
        bound_certificate: Some(shown.fingerprint()),
        user: Some(&user),
        evidence: &evidence,
        bound_browser: false,
        now,
    };
    let all_six = policy(Mode::Observe);
    let asking = policy(Mode::Require);
    assert!(matches!(examine(&all_six, &papers).verdict, Verdict::Pass(_)));
    assert!(matches!(examine(&asking, &papers).verdict, Verdict::Ask(_)));

    for (name, policy) in [("all six checks, four additions", &all_six), ("the first missing evidence is asked for", &asking)] {
        let before = ASKED.get();
        for _ in 0..10_000 {
            black_box(examine(black_box(policy), black_box(&papers)));
        }
        assert_eq!(ASKED.get() - before, 0, "{name}: examine allocates");
        criterion.bench_function(name, |bencher| bencher.iter(|| examine(black_box(policy), black_box(&papers))));
    }
}

/// A certificate on every request but the first of its connection: how it stands is kept, and judged.
#[expect(clippy::unwrap_used, reason = "fixed data")]
fn certificate(criterion: &mut Criterion) {
    let shown = PresentedCertificate::new(&[CertificateDer::from(vec![1; 1200])]).unwrap();
    let now = Timestamp::from_seconds(1_800_000_000);
    let kept = KeptStanding::default();
    let standing = CertificateStanding {
        trusted_by: TrustSet(1),
        fault: None,
        not_before: Timestamp::from_millis(0),
        not_after: Timestamp::from_seconds(1_900_000_000),
        revocation_known_until: Some(Timestamp::from_seconds(1_800_000_600)),
        enabled: true,
        holder: Holder::Machine("turbine-7".into()),
        paths: Vec::new(),
    };
    kept.keep(7, Arc::new(standing));
    let mut policy = Policy::default();
    policy.base.client_certificate.mode = Mode::Require;
    policy.base.client_certificate.trust = TrustSet(1);
    let evidence = Gathered::none();
    let lists = AddressLists::default();
    let judge = || {
        let standing = kept.current(black_box(7), black_box(now)).unwrap();
        let papers = Papers {
            address: ClientAddress::new("10.200.3.4".parse().unwrap()),
            lists: &lists,
            certificate: Some((&shown, &standing)),
            holder: None,
            bound_certificate: None,
            user: None,
            evidence: &evidence,
            bound_browser: false,
            now,
        };
        assert!(matches!(examine(black_box(&policy), &papers).verdict, Verdict::Pass(_)));
    };
    judge();
    let before = ASKED.get();
    (0..10_000).for_each(|_| judge());
    assert_eq!(ASKED.get() - before, 0, "judging a certificate that is known allocates");
    criterion.bench_function("a certificate that is known", |bencher| bencher.iter(judge));
}

/// Sixteen networks, beside the lists of the app and of sixteen groups, and four additions of which two hold; what needs
/// evidence counts as `mode` says.
#[expect(clippy::unwrap_used, reason = "fixed data")]
fn policy(mode: Mode) -> Policy {
    let mut policy = Policy { place: "wiki".into(), ..Policy::default() };
    let base = &mut policy.base;
    base.ip_restriction.mode = Mode::Require;
    base.ip_restriction.allow = (192..208).map(|part| format!("10.{part}.0.0/16").parse().unwrap()).collect();
    base.client_certificate.mode = Mode::Require;
    base.client_certificate.trust = TrustSet(1);
    base.desktop_sso.mode = Mode::Offer;
    base.primary_factor.mode = mode;
    base.primary_factor.methods = Methods::ANY;
    base.cookie.mode = mode;
    base.cookie.ways = Methods::ANY;
    base.otp.mode = mode;
    base.otp.methods = Methods::ANY;
    let mut more = policy.base.clone();
    more.primary_factor.groups = [GroupName::parse("group-31").unwrap()].into();
    let group = |name: &str| Whom::Group(GroupName::parse(name).unwrap());
    let whoms = [group("group-07"), group("others"), group("strangers"), Whom::User(UserId::parse("alice").unwrap())];
    policy.additions = whoms.into_iter().map(|whom| Addition { whom, demands: more.clone() }).collect();
    policy
}

/// What a request pays that no transaction concerns, where an app has none and where it has twenty elsewhere.
#[expect(clippy::unwrap_used, reason = "fixed data")]
fn transactions(criterion: &mut Criterion) {
    let evidence = Gathered::none();
    let papers = Papers {
        address: ClientAddress::new("10.200.3.4".parse().unwrap()),
        lists: &AddressLists::default(),
        certificate: None,
        holder: None,
        bound_certificate: None,
        user: None,
        evidence: &evidence,
        bound_browser: false,
        now: Timestamp::from_seconds(1_800_000_000),
    };
    for (count, method) in [(0, http::Method::GET), (20, http::Method::GET), (20, http::Method::POST)] {
        let name = format!("{method} at an app with {count} transactions elsewhere");
        let target = Target { method: &method, path: RequestPath::parse("/wiki/pages/17").unwrap() };
        let mut text = "portal.url = \"https://auth.example.com\"\nstate.directory = \"state\"\n\
                        tls.certificate = [{ chain = \"chain.pem\", key = \"key.pem\" }]\n\
                        [[app]]\nname = \"wiki\"\nurl = \"https://wiki.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
                        demands.primary_factor = { mode = \"off\" }\n"
            .to_owned();
        for number in 0..count {
            text.push_str(&format!(
                "[[app.transaction]]\nname = \"t{number}\"\npaths = [\"/wiki/*/delete/{number}\"]\ntitle = {{ en = \"Delete\" }}\n"
            ));
        }
        let config = Config::parse(Path::new("sekisho.toml"), &text, &Environment::empty()).unwrap();
        let policies = sekisho::policy::compile(&config).unwrap();
        let app = policies.app("wiki").unwrap();
        assert!(matches!(examine(app.select(&target).unwrap(), &papers).verdict, Verdict::Pass(_)));
        criterion.bench_function(&name, |bencher| {
            bencher.iter(|| examine(black_box(app).select(black_box(&target)).unwrap(), black_box(&papers)));
        });
    }
}

criterion_group!(benches, chain, certificate, transactions);
criterion_main!(benches);
