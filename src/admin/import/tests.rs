//! Files of certificates: what is read of them, what stands against them, and that all of them are registered or none.

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType, SerialNumber};
use serde_json::{Value, json};

use crate::account::tokens::{Scope, Scopes};
use crate::admin::act::{Circumstances, perform};
use crate::admin::certificates::RegisterCertificate;
use crate::admin::groups::AddGroup;
use crate::admin::import::{ImportCertificates, LONGEST};
use crate::admin::testing::does;
use crate::admin::users::profile::AddUser;
use crate::audit::Filter;
use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::core::testing::TestCore;
use crate::principal::certificate::Fingerprint;
use crate::session::Administrator;

/// Certificates with one key, so that many are made soon.
struct Maker(KeyPair);

impl Maker {
    fn new() -> Self {
        Self(KeyPair::generate().unwrap())
    }

    fn make(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> rcgen::Certificate {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = time::OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap();
        params.not_after = time::OffsetDateTime::from_unix_timestamp(1_830_000_000).unwrap();
        change(&mut params);
        params.self_signed(&self.0).unwrap()
    }
}

fn sha256(certificate: &rcgen::Certificate) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate.der());
    Fingerprint(digest.as_ref().try_into().unwrap()).text()
}

async fn imports(test: &TestCore, input: Value) -> Result<Value, String> {
    does::<ImportCertificates>(test, input).await.map_err(|error| error.to_string())
}

async fn problems(test: &TestCore, mut input: Value) -> Vec<(u64, String)> {
    input["dry_run"] = true.into();
    let report = imports(test, input).await.unwrap();
    assert_eq!(report["wrong"].as_u64().unwrap(), report["problems"].as_array().unwrap().len() as u64);
    let problem = |one: &Value| (one["line"].as_u64().unwrap(), one["why"].as_str().unwrap().to_owned());
    report["problems"].as_array().unwrap().iter().map(problem).collect()
}

#[tokio::test]
async fn a_table_is_registered_as_a_whole_or_not_at_all_and_each_line_that_is_wrong_is_named() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let (one, two, three) = ("ab".repeat(32), "cd".repeat(32), "ef".repeat(32));
    let there = json!({ "certificate": three, "user": "alice", "label": "Laptop7" });
    does::<RegisterCertificate>(&test, there).await.unwrap();
    let itself = Maker::new().make("Phone", |_| {});
    let good = format!(
        "Certificate;User;Machine;Shared;Label;Valid from;Valid until\n{one};alice;;;\"Alice; phone\";2027-01-01;2028-03-31\n\n\
         {};;meter-7;;;;\n{};;;yes;;;\n",
        two.to_uppercase(),
        data_encoding::BASE64.encode(itself.der()),
    );
    let bad = format!(
        "certificate,user,machine,shared,valid_until\n{one},bob,,,\n{two},alice,meter,,\nxyz,alice,,,\n{three},alice,,,\n\
         {one},alice,,,\n,alice,,,\n{two},alice\n{},Not A Name,,,\n{},alice,,,31.3.2028\n{},,,maybe,\n",
        "11".repeat(32),
        "12".repeat(32),
        "13".repeat(32),
    );
    let found = problems(&test, json!({ "file": bad })).await;
    let expected = [
        (2, "no user has the name bob: add the user first"),
        (3, "name one holder"),
        (4, "neither the SHA-256 of a certificate (64 hexadecimal digits)"),
        (5, "it is in the register already as Laptop7, of alice"),
        (6, "it is the certificate of line 2 once more"),
        (7, "no certificate is named"),
        (8, "the row has 2 cells, and the first line 5"),
        (9, "`user`: "),
        (10, "`valid_until`: \"31.3.2028\" is not a date or time"),
        (11, "`shared` is yes or no"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, why), (expected_line, expected)) in found.iter().zip(expected) {
        assert!(*line == expected_line && why.contains(expected), "{expected_line} {expected}: {line} {why}");
    }
    // One line that is wrong stands against all.
    let mixed = format!("{}\n{};nobody;;;;;\n", good.trim_end(), "14".repeat(32));
    let refused = imports(&test, json!({ "file": mixed })).await.unwrap_err();
    assert!(refused.contains("of 4 certificates 1 cannot be registered, so none was: line 6:"), "{refused}");
    assert_eq!(test.core.certificates().list().len(), 1);

    // A dry run does nothing, and says nothing in the log.
    let checked = imports(&test, json!({ "file": good, "dry_run": true })).await.unwrap();
    assert_eq!((&checked["read"], &checked["registered"], &checked["wrong"]), (&3.into(), &0.into(), &0.into()));
    assert_eq!(test.core.certificates().list().len(), 1);
    let generation = test.core.certificates().generation();
    let done = imports(&test, json!({ "file": good })).await.unwrap();
    assert_eq!(done["registered"], 3);
    assert_ne!(test.core.certificates().generation(), generation, "who is connected is judged again");
    let entry = test.core.certificates().find(Fingerprint::parse(&one).unwrap()).unwrap();
    assert_eq!((entry.label.as_deref(), entry.enabled), (Some("Alice; phone"), true));
    assert!(entry.valid_from.is_some() && entry.valid_until.is_some());
    let own = test.core.certificates().find(Fingerprint::parse(&sha256(&itself)).unwrap()).unwrap();
    assert_eq!(own.label.as_deref(), Some("Phone"));
    // Every one of them again: each is named.
    let again = problems(&test, json!({ "file": good })).await;
    assert_eq!(again.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 5]);

    let log = test.core.audit().query(&Filter::default(), None, 10).await.unwrap();
    let rows: Vec<_> = log.iter().map(|row| (row.what.as_str(), row.user.as_deref(), row.refusal.as_deref())).collect();
    let register = |user| ("certificate.register", user, None);
    assert_eq!(
        rows,
        [
            ("certificate.import", None, None),
            register(None),
            register(None),
            register(Some("alice")),
            ("certificate.import", None, Some("invalid_input")),
            register(Some("alice")),
        ]
    );
    assert_eq!(log[0].details["count"], "3");
    // What is in the database is what memory has.
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.certificates().list().len(), 4);
}

#[tokio::test]
async fn certificates_in_pem_are_their_users_by_the_name_in_them() {
    let test = TestCore::open().await;
    test.user("alice").await;
    let maker = Maker::new();
    let mailed = |name: &str| {
        maker.make(name, |params| {
            let mail = format!("{name}@example.com");
            params.subject_alt_names = vec![SanType::Rfc822Name(mail.try_into().unwrap())];
        })
    };
    let (alice, bob) = (mailed("alice"), mailed("bob"));
    let ended = maker.make("alice", |params| {
        params.not_after = time::OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    });
    let authority = maker.make("alice", |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let server = maker.make("alice", |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    let nameless = maker.make("x", |params| params.serial_number = Some(SerialNumber::from(vec![9])));
    let request = CertificateParams::default().serialize_request(&maker.0).unwrap().pem().unwrap();
    let file = format!(
        "Bag Attributes\n{}{}{}{}{}{}{request}-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n\
         -----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIIB",
        alice.pem(),
        bob.pem(),
        ended.pem(),
        authority.pem(),
        server.pem(),
        nameless.pem(),
    );
    let input = json!({ "file": file, "names_from": "san_email", "suffix": "@example.com" });
    let found = problems(&test, input).await;
    let expected = [
        "no user has the name bob",
        "it ended on 2026-",
        "it is an authority's own certificate",
        "it is not for clients",
        "it has no name there",
        "this is CERTIFICATE REQUEST, and no CERTIFICATE",
        "this block is no PEM",
        "the certificate cannot be read",
        "this block has no end",
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((line, why), expected) in found.iter().zip(expected) {
        assert!(why.contains(expected), "{expected}: {why}");
        let text = file.lines().nth(usize::try_from(*line).unwrap() - 1).unwrap();
        assert!(text.starts_with("-----BEGIN "), "{line}: {text}");
    }
    let good = json!({ "file": alice.pem(), "names_from": "san_email", "suffix": "@example.com" });
    assert_eq!(imports(&test, good).await.unwrap()["registered"], 1);
    let entry = test.core.certificates().find(Fingerprint::parse(&sha256(&alice)).unwrap()).unwrap();
    assert_eq!(
        entry.holder,
        crate::principal::certificate::Holder::User(crate::principal::user::UserId::parse("alice").unwrap())
    );
    assert_eq!(entry.label.as_deref(), Some("alice"));
    assert_eq!(imports(&test, json!({ "file": nameless.pem(), "shared": true })).await.unwrap()["registered"], 1);
    for (input, why) in [
        (json!({ "file": bob.pem() }), "say whose the certificates are"),
        (json!({ "file": bob.pem(), "shared": true, "names_from": "common_name" }), "say one of both"),
        (json!({ "file": bob.pem(), "suffix": "@x" }), "a suffix is cut off a name"),
        (json!({ "file": "certificate,user\n" , "shared": true }), "it is a table"),
    ] {
        let refused = imports(&test, input).await.unwrap_err();
        assert!(refused.contains(why), "{why}: {refused}");
    }
}

#[tokio::test]
async fn a_private_key_and_what_is_no_file_of_certificates_is_refused_as_a_whole_and_shown_nowhere() {
    let test = TestCore::open().await;
    let maker = Maker::new();
    let (pem, der) = (maker.0.serialize_pem(), data_encoding::BASE64.encode(&maker.0.serialize_der()));
    let own = maker.make("x", |_| {}).pem();
    let secret = pem.lines().nth(1).unwrap();
    let table = format!("certificate,shared\n{},yes\n{der},yes\n", "ab".repeat(32));
    for file in [
        pem.clone(),
        format!("{own}{pem}"),
        format!("{pem}{own}"),
        der.clone(),
        table,
        "-----BEGIN EC PRIVATE KEY-----".to_owned(),
    ] {
        for input in [json!({ "file": file }), json!({ "file": file, "shared": true }), json!({ "file": file, "dry_run": true })]
        {
            let refused = imports(&test, input.clone()).await.unwrap_err();
            // Of a table whose rows say it all the options are wrong first; nothing is read of it.
            assert!(refused.contains("private key") || refused.contains("leave out `--names-from`"), "{refused}");
            assert!(!refused.contains(secret) && !refused.contains(&der[..20]), "{refused}");
        }
        assert!(super::file::inspect(&file).unwrap_err().to_string().contains("private key"));
        let act: ImportCertificates = serde_json::from_value(json!({ "file": file })).unwrap();
        assert!(!format!("{act:?}").contains(&file));
    }
    for (file, why) in [
        (String::new(), "it is empty"),
        ("hello".to_owned(), "it is neither PEM nor a table (CSV in UTF-8) whose first line names its columns"),
        ("certificate,user\n".to_owned(), "it holds no certificate"),
        ("certificate,owner\n".to_owned(), "line 1: column 2 is none of these: certificate, user, machine"),
        ("certificate,certificate\n".to_owned(), "the column certificate is there twice"),
        ("certificate,user\n\"ab,alice\n".to_owned(), "line 2: the quote that begins a cell here is never closed"),
        (format!("certificate,shared\n{}", "x,yes\n".repeat(20_001)), "it holds more than 20000 certificates"),
        ("x".repeat(LONGEST + 1), "it is longer than 24 MiB"),
    ] {
        let refused = imports(&test, json!({ "file": file })).await.unwrap_err();
        assert!(refused.contains(why), "{why}: {refused}");
    }
    assert!(test.core.certificates().list().is_empty());
}

#[tokio::test]
async fn who_may_not_change_administrators_registers_no_certificate_for_one_among_others() {
    let test = TestCore::open().await;
    does::<AddGroup>(&test, json!({ "group": "administrators" })).await.unwrap();
    does::<AddUser>(&test, json!({ "user": "boss", "groups": ["administrators"] })).await.unwrap();
    test.user("alice").await;
    let until = Timestamp::from_seconds(1_800_003_600);
    let (_, text) = test.core.tokens().issue("desk", Scopes::of(&[Scope::Certificates]), None, until).await.unwrap();
    let desk = Administrator::by_token(&test.core.tokens().find(&text).unwrap());
    let row = |byte: &str, holder: &str| format!("{},{holder}\n", byte.repeat(32));
    let head = "certificate,user,machine\n";
    let imports = async |rows: &str| {
        let act: ImportCertificates = serde_json::from_value(json!({ "file": format!("{head}{rows}") })).unwrap();
        perform(&test.core, &desk, &Circumstances::default(), act).await.map_err(|error| error.to_string())
    };
    for holder in ["boss,", ",boss"] {
        let refused = imports(&format!("{}{}", row("ab", "alice,"), row("cd", holder))).await.unwrap_err();
        assert!(refused.contains("1 cannot be registered") && refused.contains("line 3: "), "{refused}");
        assert!(test.core.certificates().list().is_empty());
    }
    assert_eq!(imports(&row("ab", "alice,")).await.unwrap().registered, 1);
}

#[tokio::test]
async fn one_file_is_read_at_a_time() {
    let test = TestCore::open().await;
    let turn = test.core.certificates().import().unwrap();
    let input = json!({ "file": format!("certificate,shared\n{},yes\n", "ab".repeat(32)) });
    assert!(imports(&test, input.clone()).await.unwrap_err().contains("another import is going on"));
    drop(turn);
    assert_eq!(imports(&test, input).await.unwrap()["registered"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_certificates_are_registered_in_one_act() {
    let test = TestCore::open().await;
    for number in 0..100 {
        test.user(&format!("user{number}")).await;
    }
    let maker = Maker::new();
    let file: String = (0..10_000).map(|number| maker.make(&format!("user{}", number % 100), |_| {}).pem()).collect();
    let clock = SystemClock::new();
    let began = clock.monotonic();
    let done = imports(&test, json!({ "file": file, "names_from": "common_name" })).await.unwrap();
    let took = clock.monotonic() - began;
    assert_eq!((&done["registered"], &done["wrong"]), (&10_000.into(), &0.into()));
    println!("10,000 certificates are registered in {:.1} s", took.as_secs_f64());
    assert!(took.as_secs() < 120, "{took:?}, without optimisation");
    assert_eq!(test.core.certificates().list().len(), 10_000);
    // The same file once more: the first thousand are named, and all are counted.
    let again = imports(&test, json!({ "file": file, "names_from": "common_name", "dry_run": true })).await.unwrap();
    assert_eq!((&again["wrong"], again["problems"].as_array().unwrap().len()), (&10_000.into(), 1000));
}
