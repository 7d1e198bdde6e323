//! Certificates that are issued on the page.

use std::time::Duration;

use http::StatusCode;

use super::{act, administrator, targets};
use crate::certificate::result::CertificateOutcome;
use crate::clock::Clock as _;
use crate::facts::client_address::ClientAddress;
use crate::portal::kit::paths;
use crate::portal::testing::{Answer, Gate};
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::{GroupName, UserId};

/// What stands in the element of the passphrase.
fn passphrase(body: &str) -> Option<String> {
    Some(body.split_once("id=\"passphrase\">")?.1.split('<').next()?.to_owned())
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_certificate_is_issued_on_the_page_and_its_passphrase_is_shown_once_r_218_r_219_r_225_r_226_r_227() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let empty = browser.get(paths::ADMIN_CERTIFICATES).await;
    assert!(empty.body.contains("No certificate is known yet.") && empty.body.contains(paths::ADMIN_CERTIFICATE_ISSUE));
    let order = |name: &'static str, request: &'static str| {
        [("name", name), ("user", "alice"), ("last_day", "2028-01-31"), ("state", "enabled"), ("request", request)]
    };
    let none = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order("iPhone15", "form-1")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.body.contains("There is no authority yet."), "{}", none.body);
    gate.at.core.authority().create("Example").await.unwrap();
    for (fields, words) in [
        (order("my phone", "form-1"), "This name cannot be used."),
        (
            [("name", "phone"), ("user", "ghost"), ("last_day", "2028-01-31"), ("state", ""), ("request", "form-1")],
            "No user has this name.",
        ),
        (
            [("name", "phone"), ("user", ""), ("last_day", "2020-01-31"), ("state", ""), ("request", "form-1")],
            "These days cannot be used.",
        ),
        (
            [("name", "phone"), ("user", ""), ("last_day", "soon"), ("state", ""), ("request", "form-1")],
            "These days cannot be used.",
        ),
        (
            [("name", "phone"), ("user", ""), ("last_day", "2099-01-31"), ("state", ""), ("request", "form-1")],
            "The authority ends before",
        ),
        (
            [
                ("name", "phone"),
                ("user", "alice"),
                ("group", "administrators"),
                ("last_day", "2028-01-31"),
                ("request", "form-1"),
            ],
            "not both",
        ),
    ] {
        let again = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(again.body.contains(words) && again.body.contains("value=\"form-1\""), "{words}: {}", again.body);
    }
    let issued = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order("iPhone15", "form-1")).await;
    assert_eq!(issued.status, StatusCode::OK, "{}", issued.body);
    assert!(header(&issued, "cache-control").contains("no-store"));
    let shown = passphrase(&issued.body).unwrap();
    assert_eq!(shown.len(), 24, "{shown}");
    // The page loaded again, or two clicks.
    let again = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order("iPhone15", "form-1")).await;
    assert_eq!(again.location(), "/admin/certificates?done=certificate-issued-before");
    let list = browser.get(again.location()).await;
    assert!(list.body.contains("its passphrase was shown then") && !list.body.contains(&shown));
    let lines = targets(&list);
    assert_eq!(lines.len(), 1, "one more");
    let which = gate.at.core.certificates().list()[0].fingerprint.text();
    for (search, found) in [("IPHONE", 1), (&which[..8], 1), ("laptop", 0)] {
        let page = browser.get(&format!("{}?search={search}", paths::ADMIN_CERTIFICATES)).await;
        assert!(targets(&page).len() == found && page.body.contains(&format!("value=\"{search}\"")), "{search}: {}", page.body);
    }
    let page = browser.get(&paths::admin_certificate(&which)).await;
    assert!(page.body.contains("iPhone15") && passphrase(&page.body).is_none());
    let file = browser.post(paths::ADMIN_CERTIFICATE_CONTAINER, &[("certificate", &which)]).await;
    assert_eq!((file.status, header(&file, "content-type")), (StatusCode::OK, "application/x-pkcs12"));
    assert!(header(&file, "content-disposition").contains("attachment"));
    for (action, done) in
        [("disable-certificate", "disabled"), ("enable-certificate", "enabled"), ("revoke-certificate", "revoked")]
    {
        let target = lines[0].clone();
        let result = act(&mut browser, action, &[&target], &[("confirmed", "yes"), ("back", paths::ADMIN_CERTIFICATES)]).await;
        assert_eq!(result.status, StatusCode::SEE_OTHER, "{action}: {}", result.body);
        assert!(browser.get(result.location()).await.body.contains(done), "{action}");
    }
    assert!(gate.at.core.certificates().list()[0].revoked_at.is_some());
}

#[tokio::test]
async fn results_are_searched_on_the_page_and_lead_to_the_user_and_the_certificate_r_241_r_242() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let empty = browser.get(paths::ADMIN_CERTIFICATE_RESULTS).await;
    assert!(empty.body.contains("No certificate has been checked yet."), "{}", empty.body);
    let certificates = gate.at.core.certificates();
    let (alice, address) = (UserId::parse("alice").unwrap(), ClientAddress::new("192.0.2.7".parse().unwrap()));
    certificates.note_result(&alice, None, (CertificateOutcome::Passed, ""), &"wiki".into(), address);
    certificates.note_result(&alice, None, (CertificateOutcome::Refused, "certificate_expired"), &"mail".into(), address);
    let page = |query: &str| format!("{}?{query}", paths::ADMIN_CERTIFICATE_RESULTS);
    let both = browser.get(paths::ADMIN_CERTIFICATE_RESULTS).await;
    assert!(
        both.body.contains("/admin/users/alice") && both.body.contains("wiki") && both.body.contains("mail"),
        "{}",
        both.body
    );
    let lines = |body: &str| body.matches("/admin/users/alice").count();
    for (query, found) in [
        ("", 2),
        ("reason=certificate_expired", 1),
        ("outcome=passed", 1),
        ("outcome=would_be_refused", 0),
        ("text=ALI&user=&app=&since=2001-01-01&until=", 2),
        ("until=2001-01-01", 0),
        ("app=wiki", 1),
    ] {
        let answer = browser.get(&page(query)).await;
        assert_eq!((answer.status, lines(&answer.body)), (StatusCode::OK, found), "{query}: {}", answer.body);
    }
    for wrong in ["outcome=maybe", "reason=otp_missing", "since=yesterday", "certificate=12", "after=x"] {
        assert_eq!(browser.get(&page(wrong)).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn the_switch_of_users_is_listed_and_set_for_one_for_those_picked_and_for_a_group_r_229_r_230() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let (bob, carol) = (gate.at.user("bob").await, gate.at.user("carol").await);
    let users = gate.at.core.users();
    let staff = GroupName::parse("staff").unwrap();
    gate.at.core.groups().add(staff.clone(), None).await.unwrap();
    users.set_groups(carol.id(), vec![staff]).await.unwrap();
    let on = |user: &UserId| users.find(user).unwrap().standing().certificates.counts();
    let asked = act(&mut browser, "forbid-certificates", &["bob"], &[]).await;
    assert!(asked.body.contains("No certificate counts for this user any more") && on(bob.id()), "{}", asked.body);
    act(&mut browser, "forbid-certificates", &["bob", "carol"], &[("confirmed", "yes")]).await;
    assert!(!on(bob.id()) && !on(carol.id()) && on(gate.alice.id()));
    let page = browser.get("/admin/users?search=bob").await;
    assert!(page.body.contains("data-label=\"Client certificates\"><div>Refused</div>"), "{}", page.body);
    let of_group = [("scope", "all"), ("group", "staff"), ("confirmed", "yes")];
    act(&mut browser, "allow-certificates", &[], &of_group).await;
    assert!(on(carol.id()) && !on(bob.id()), "the members of the group and nobody else");
    let page = browser.get("/admin/users/bob").await;
    assert!(page.body.contains("Accept client certificates"), "{}", page.body);
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_marked_and_renewed_on_the_page_r_250_r_252() {
    let gate = Gate::open().await;
    gate.at.core.authority().create("Example").await.unwrap();
    let mut browser = administrator(&gate).await;
    let order = [("name", "iPhone15"), ("user", "alice"), ("last_day", "2027-01-31"), ("request", "form-1")];
    let issued = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order).await;
    // The sheet for the user, in the one answer that has the passphrase.
    for words in ["iPhone15", "alice", "2027-01-15 – 2027-01-31", "https://auth.example.com/account/certificates", "Never send"]
    {
        assert!(issued.body.contains(words), "{words}: {}", issued.body);
    }
    assert!(browser.get("/admin").await.body.contains("/admin/certificates?ends_within=30"));
    let list = browser.get("/admin/certificates?ends_within=30").await;
    assert!(list.body.contains("iPhone15") && list.body.contains("Ends soon"), "{}", list.body);
    assert!(!browser.get("/admin/certificates?ends_within=3").await.body.contains("iPhone15"));
    assert_eq!(browser.get("/admin/certificates?ends_within=x").await.status, StatusCode::BAD_REQUEST);
    let old = gate.at.core.certificates().list()[0].fingerprint.text();
    let address = format!("{}?renews={old}", paths::ADMIN_CERTIFICATE_ISSUE);
    assert!(browser.get(&paths::admin_certificate(&old)).await.body.contains(&address));
    let form = browser.get(&address).await;
    assert_eq!(form.field("renews"), old, "{}", form.body);
    assert!(form.body.contains("iPhone15") && !form.body.contains("id=\"user\""), "{}", form.body);
    let renew = |first: &'static str, last: &'static str| {
        [
            ("renews", old.clone()),
            ("first_day", first.to_owned()),
            ("last_day", last.to_owned()),
            ("request", "form-2".to_owned()),
        ]
    };
    for (first, last, words) in
        [("2027-02-01", "2028-01-31", "The two have to overlap"), ("2027-01-20", "2027-01-31", "It would end no later")]
    {
        let fields = renew(first, last);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let again = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(again.body.contains(words) && again.field("renews") == old, "{words}: {}", again.body);
    }
    let fields = renew("2027-01-20", "2028-01-31");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let renewed = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &fields).await;
    assert!(renewed.status == StatusCode::OK && passphrase(&renewed.body).is_some(), "{}", renewed.body);
    let all = gate.at.core.certificates().list();
    let new = all.iter().find(|entry| entry.renews.is_some()).unwrap();
    assert_eq!(new.renews.unwrap().text(), old);
    assert_eq!(new.holder, Holder::User(UserId::parse("alice").unwrap()));
    let before = all.iter().find(|entry| entry.renews.is_none()).unwrap().fingerprint;
    gate.at.core.revoke_certificates(&[before]).await.unwrap();
    let fields = [("renews", old.as_str()), ("last_day", "2028-01-31"), ("request", "form-3")];
    let revoked = browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &fields).await;
    assert!(revoked.body.contains("This certificate cannot be renewed"), "{}", revoked.body);
    assert!(revoked.body.contains("id=\"user\""), "the form is that of a new one: {}", revoked.body);
}

#[tokio::test]
async fn to_renew_is_offered_where_it_can_be_done_and_otherwise_the_reason_is_said() {
    let gate = Gate::open().await;
    let core = &gate.at.core;
    core.authority().create("Example").await.unwrap();
    let mut browser = administrator(&gate).await;
    let order = [("name", "iPhone15"), ("user", "alice"), ("last_day", "2027-01-15"), ("request", "form-1")];
    assert_eq!(browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order).await.status, StatusCode::OK);
    let issued = core.certificates().list()[0].fingerprint;
    let alice = Holder::User(UserId::parse("alice").unwrap());
    let add = async |byte: u8, holder: Holder, label: Option<&str>| {
        let which = Fingerprint([byte; 32]);
        core.certificates().add(which, holder, label.map(str::to_owned), (None, None)).await.unwrap();
        which
    };
    let named = add(1, alice.clone(), Some("Laptop7")).await;
    let oddly = add(2, alice.clone(), Some("Alice's laptop")).await;
    let unnamed = add(3, alice, None).await;
    let machine = add(4, Holder::Machine("robot".into()), Some("robot")).await;
    let mut offered = async |which: Fingerprint| {
        let address = format!("{}?renews={}", paths::ADMIN_CERTIFICATE_ISSUE, which.text());
        let is_offered = browser.get(&paths::admin_certificate(&which.text())).await.body.contains(&address);
        let form = browser.get(&address).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.body);
        assert_eq!(is_offered, form.body.contains("name=\"renews\""), "{}", form.body);
        let why =
            ["would have the same name", "it has ended", "or to a machine"].into_iter().find(|words| form.body.contains(words));
        (is_offered, why.unwrap_or_default())
    };
    for which in [issued, named] {
        assert_eq!(offered(which).await, (true, ""));
    }
    for which in [oddly, unnamed] {
        assert_eq!(offered(which).await, (false, "would have the same name"));
    }
    assert_eq!(offered(machine).await, (false, "or to a machine"));
    gate.at.clock.advance(Duration::from_secs(86_400));
    let mut browser = gate.signed_in().await;
    let page = browser.get(&paths::admin_certificate(&issued.text())).await;
    assert!(page.status == StatusCode::OK && !page.body.contains("?renews="), "{}", page.body);
    let form = browser.get(&format!("{}?renews={}", paths::ADMIN_CERTIFICATE_ISSUE, issued.text())).await;
    assert!(form.body.contains("it has ended") && !form.body.contains("name=\"renews\""), "{}", form.body);
}

#[tokio::test]
async fn the_mark_of_an_end_counts_days_of_the_calendar_as_the_search_does() {
    for (start, last_day) in [
        // From noon to the end of the next day; over a day of 25 hours, and over one of 23.
        (1_800_000_000, "2027-01-16"),
        (1_824_940_800, "2027-11-01"),
        (1_806_148_800, "2027-03-28"),
    ] {
        let gate = Gate::with("[certificates]\nremind_days = [1]\n[time]\nzone = \"Europe/Berlin\"\n").await;
        gate.at.core.authority().create("Example").await.unwrap();
        let now = gate.at.clock.now().seconds();
        gate.at.clock.advance(Duration::from_secs(u64::try_from(start - now).unwrap()));
        let mut browser = administrator(&gate).await;
        let order = [("name", "iPhone15"), ("user", "alice"), ("last_day", last_day), ("request", "form-1")];
        assert_eq!(browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order).await.status, StatusCode::OK);
        let found = browser.get("/admin/certificates?ends_within=1").await;
        assert!(found.body.contains("iPhone15") && found.body.contains("Ends soon"), "{last_day}: {}", found.body);
        let found = browser.get("/admin/certificates?ends_within=0").await;
        assert!(!found.body.contains("iPhone15"), "{last_day}: {}", found.body);
    }
}

#[tokio::test]
async fn what_stands_against_an_import_is_said_in_the_language_of_the_page_r_301() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let table = format!("certificate,user\n{},bob\n", "ab".repeat(32));
    for (language, line, sentence) in [
        ("fr", "Ligne 2", "L’utilisateur bob n’existe pas. Ajoutez-le d’abord, ou corrigez le nom."),
        ("ja", "2行目", "ユーザー bob は存在しません。先にユーザーを追加するか、名前を直してください。"),
        ("en", "Line 2", "no user has the name bob: add the user first, or mend the name"),
    ] {
        browser.cookies.insert("__Host-sekisho-language".to_owned(), language.to_owned());
        let refused = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &[("file", table.as_str()), ("step", "register")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let said = format!("<dt>{line}</dt><dd><bdi>{sentence}</bdi></dd>");
        assert!(refused.body.contains(&said), "{said}: {}", refused.body);
    }
    for (language, sentence) in [
        ("ko", "PEM도 아니고, 첫 번째 줄에 열 이름이 있는 표(UTF-8 CSV)도 아닙니다."),
        ("zh-Hans", "既不是 PEM，也不是第一行写有列名的表格"),
        ("zh-Hant", "既不是 PEM，也不是第一行寫有欄名的表格"),
        ("es", "No es PEM ni una tabla"),
    ] {
        browser.cookies.insert("__Host-sekisho-language".to_owned(), language.to_owned());
        let unread = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &[("file", "hello"), ("step", "check")]).await;
        assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unread.body);
        assert!(unread.body.contains(&format!("<p class=\"hint\"><bdi>{sentence}")), "{sentence}: {}", unread.body);
    }
    assert!(gate.at.core.certificates().list().is_empty());
}

#[tokio::test]
async fn certificates_are_imported_on_the_page_and_a_private_key_is_refused_and_shown_nowhere() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let form = browser.get(paths::ADMIN_CERTIFICATE_IMPORT).await;
    assert!(form.body.contains("multipart/form-data") && form.body.contains("value=\"san_email\""), "{}", form.body);
    assert!(browser.get(paths::ADMIN_CERTIFICATES).await.body.contains(paths::ADMIN_CERTIFICATE_IMPORT));
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "alice");
    let pem = params.self_signed(&key).unwrap().pem();
    let with_key = format!("{pem}{}", key.serialize_pem());
    let refused = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &[("file", with_key.as_str()), ("step", "register")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("it holds a private key") && !refused.body.contains(pem.lines().nth(1).unwrap()));
    let fields = |whose| [("file", pem.as_str()), ("whose", whose), ("step", "register")];
    let refused = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &fields("san_upn")).await;
    assert!(refused.body.contains("Line 1") && refused.body.contains("it has no name there"), "{}", refused.body);
    assert!(refused.body.contains("value=\"san_upn\" selected"), "what was chosen is there again: {}", refused.body);
    let done = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &fields("common_name")).await;
    assert!(done.status == StatusCode::OK && done.body.contains("The certificate is in the register."), "{}", done.body);
    assert_eq!(gate.at.core.certificates().list().len(), 1);
    // A sign-in that is not fresh any more registers nothing.
    gate.at.clock.advance(std::time::Duration::from_secs(11 * 60));
    let old = browser.post(paths::ADMIN_CERTIFICATE_IMPORT, &fields("common_name")).await;
    assert!(old.status == StatusCode::FORBIDDEN && old.body.contains("for=%2Fadmin%2Fimport-certificates"), "{}", old.body);
}
