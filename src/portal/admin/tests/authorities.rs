//! The own authority, the register and requests of devices on the pages: what is made, changed, removed, and said of wrong input.

use http::StatusCode;
use rcgen::{CertificateParams, KeyPair};

use super::{act, administrator, targets};
use crate::clock::Clock as _;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::portal::kit::paths;
use crate::portal::testing::{Answer, Browser, Gate};
use crate::principal::certificate::Holder;

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("/admin/forms/{form}"), fields).await
}

#[tokio::test]
async fn an_authority_is_made_renewed_imported_and_withdrawn_on_the_pages() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let empty = browser.get(paths::ADMIN_AUTHORITIES).await.body;
    assert!(empty.contains("There is no authority yet.") && empty.contains("/admin/forms/create-authority"), "{empty}");
    let nameless = send(&mut browser, "create-authority", &[("organisation", " ")]).await;
    assert!(nameless.status.is_client_error() && nameless.body.contains("That was not done."), "{}", nameless.body);
    let made = send(&mut browser, "create-authority", &[("organisation", "Example")]).await;
    assert_eq!(made.location(), "/admin/authorities?done=create-authority");
    let page = browser.get(made.location()).await.body;
    assert!(
        page.contains("The authority is made.") && page.contains("CN=Example issuing") && page.contains("anchors.pem"),
        "{page}"
    );
    assert!(!page.contains("/admin/forms/create-authority") && page.contains("/admin/forms/renew-authority"));
    let again = send(&mut browser, "create-authority", &[("organisation", "Other")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let asked = send(&mut browser, "renew-authority", &[]).await;
    assert!(asked.body.contains("name=\"confirmed\"") && gate.at.core.authority().list().len() == 2, "{}", asked.body);
    let word = asked.field("confirmed");
    let renewed = send(&mut browser, "renew-authority", &[("confirmed", &word)]).await;
    assert_eq!(renewed.location(), "/admin/authorities?done=renew-authority");
    assert_eq!(gate.at.core.authority().list().len(), 3);
    // Sent a second time, it is about other keys than those that were shown.
    let twice = send(&mut browser, "renew-authority", &[("confirmed", &word)]).await;
    assert!(twice.body.contains("name=\"confirmed\"") && gate.at.core.authority().list().len() == 3, "{}", twice.body);
    // A key that is refused is not on the page that says so.
    let key = KeyPair::generate().unwrap().serialize_pem();
    let refused = send(&mut browser, "import-authority", &[("chain", "no certificate"), ("key", &key)]).await;
    let secret = key.lines().nth(1).unwrap();
    assert!(
        refused.status.is_client_error() && refused.body.contains("no certificate") && !refused.body.contains(secret),
        "{}",
        refused.body
    );
    // Nor is one that stands in the wrong field, with its certificate or without.
    let certificate = CertificateParams::default().self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    let both = format!("{certificate}{key}");
    let bare = key.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for (form, field, pasted) in [
        ("import-authority", "chain", key.as_str()),
        ("import-authority", "chain", both.as_str()),
        ("import-authority", "chain", bare.as_str()),
        ("register-certificate", "certificate", key.as_str()),
        ("create-authority", "organisation", key.as_str()),
    ] {
        let refused = send(&mut browser, form, &[(field, pasted), ("key", "none")]).await;
        assert!(refused.status.is_client_error() && !refused.body.contains(secret), "{form} {field}: {}", refused.body);
    }
    let refused = send(&mut browser, "import-authority", &[("chain", &certificate), ("key", "none")]).await;
    assert!(refused.body.contains(certificate.lines().nth(1).unwrap()), "a chain stays: {}", refused.body);
    let page = browser.get(&format!("{}?search=issuing", paths::ADMIN_AUTHORITIES)).await;
    let lines = targets(&page);
    assert!(lines.len() == 2 && !page.body.contains("CN=Example root"), "{}", page.body);
    let last = lines.last().unwrap().as_str();
    let back = ("back", paths::ADMIN_AUTHORITIES);
    let asked = act(&mut browser, "withdraw-authority", &[last], &[back]).await;
    assert!(asked.body.contains("for good") && gate.at.core.authority().list().iter().all(|key| key.withdrawn_at.is_none()));
    let done = act(&mut browser, "withdraw-authority", &[last], &[back, ("confirmed", "yes")]).await;
    assert_eq!(done.location(), "/admin/authorities?done=withdraw-authority&count=1", "{}", done.body);
    assert_eq!(gate.at.core.authority().list().iter().filter(|key| key.withdrawn_at.is_some()).count(), 1);
    assert!(browser.get(done.location()).await.body.contains("Withdrawn"));
}

#[tokio::test]
async fn a_devices_request_is_signed_on_the_page_and_the_certificate_handed_out() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let key = KeyPair::generate().unwrap();
    let request = CertificateParams::default().serialize_request(&key).unwrap();
    let (pem, base64) = (request.pem().unwrap(), data_encoding::BASE64.encode(request.der()));
    let order = |pem: &str, file: &str, name: &str, id: &str| {
        [
            ("pem", pem),
            ("file", file),
            ("name", name),
            ("user", "alice"),
            ("last_day", "2028-01-31"),
            ("state", "enabled"),
            ("request", id),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |browser: &mut Browser, fields: [(String, String); 7]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post(paths::ADMIN_CERTIFICATE_SIGN, &fields).await
    };
    assert!(browser.get(paths::ADMIN_CERTIFICATE_SIGN).await.body.contains("multipart/form-data"));
    let none = post(&mut browser, order(&pem, "", "laptop", "a")).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("There is no authority yet."), "{}", none.body);
    gate.at.core.authority().create("Example").await.unwrap();
    for (pem, name, words) in [
        ("", "laptop", "The request cannot be signed."),
        ("hello", "laptop", "not a certificate request in PEM"),
        (key.serialize_pem().as_str(), "laptop", "not a certificate request in PEM"),
        (pem.as_str(), "my laptop", "This name cannot be used."),
    ] {
        let refused = post(&mut browser, order(pem, "", name, "a")).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(words), "{words}: {}", refused.body);
        assert!(!refused.body.contains(key.serialize_pem().lines().nth(1).unwrap()), "{}", refused.body);
    }
    // By its text, and as a file in DER, which counts before a text.
    for (id, pem, file) in [("b", pem.as_str(), ""), ("c", "hello", base64.as_str())] {
        let signed = post(&mut browser, order(pem, file, "laptop", id)).await;
        assert!(signed.status == StatusCode::OK && !signed.body.contains("id=\"passphrase\""), "{}", signed.body);
    }
    let again = post(&mut browser, order(&pem, "", "laptop", "b")).await;
    assert_eq!(again.location(), "/admin/certificates?done=certificate-issued-before");
    let which = gate.at.core.certificates().list()[0].fingerprint.text();
    let file = browser.post(paths::ADMIN_CERTIFICATE_CONTAINER, &[("certificate", &which)]).await;
    assert!(file.body.starts_with("-----BEGIN CERTIFICATE-----"), "{}", file.body);
    assert!(file.headers["content-disposition"].to_str().unwrap().ends_with(".pem\""));
}

#[tokio::test]
async fn a_certificate_is_registered_from_a_sighting_its_days_are_set_and_it_is_removed_on_the_pages_r_251() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let core = &gate.at.core;
    assert!(browser.get(paths::ADMIN_SIGHTINGS).await.body.contains("Nobody has presented a certificate yet."));
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "<b>phone</b>");
    let shown = PresentedCertificate::new(&[params.self_signed(&key).unwrap().der().clone()]).unwrap();
    let standing = core.certificates().standing(&shown, gate.at.clock.now());
    core.certificates().note(&shown, &standing, ClientAddress::new("203.0.113.7".parse().unwrap()));
    let which = shown.fingerprint().text();
    let page = browser.get(paths::ADMIN_SIGHTINGS).await.body;
    let form = format!("/admin/forms/register-certificate?certificate={which}");
    assert!(page.contains("203.0.113.7") && page.contains("&#60;b&#62;phone") && page.contains(&form), "{page}");
    assert!(browser.get(&format!("{}?certificate={which}&user=alice", paths::ADMIN_SIGHTINGS)).await.body.contains("found"));
    assert!(browser.get(&form).await.body.contains(&format!("value=\"{which}\"")));
    let nobodys = send(&mut browser, "register-certificate", &[("certificate", &which)]).await;
    assert!(nobodys.status.is_client_error() && nobodys.body.contains("name one holder"), "{}", nobodys.body);
    let fields = [("certificate", which.as_str()), ("user", "alice"), ("label", "phone"), ("valid_until", "2027-06-30")];
    let added = send(&mut browser, "register-certificate", &fields).await;
    assert_eq!(added.location(), format!("/admin/certificates/{which}?done=register-certificate"), "{}", added.body);
    let page = browser.get(added.location()).await.body;
    assert!(page.contains("The certificate is in the register.") && page.contains("value=\"2027-06-30\""), "{page}");
    assert!(browser.get(paths::ADMIN_SIGHTINGS).await.body.contains(&format!("/admin/certificates/{which}")));
    let dates = async |browser: &mut Browser, first: &str, last: &str| {
        let fields = [("certificate", which.as_str()), ("first_day", first), ("last_day", last)];
        browser.post(paths::ADMIN_CERTIFICATE_DATES, &fields).await
    };
    for (first, last) in [("2027-07-01", "2027-06-30"), ("soon", ""), ("", "2027-02-31")] {
        let wrong = dates(&mut browser, first, last).await;
        assert!(
            wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("These days cannot be used."),
            "{}",
            wrong.body
        );
        assert!(wrong.body.contains(&format!("value=\"{last}\"")), "{}", wrong.body);
    }
    let set = dates(&mut browser, "", "2027-05-31").await;
    assert_eq!(set.location(), format!("/admin/certificates/{which}?done=certificate-dates-set"));
    assert!(browser.get(set.location()).await.body.contains("The days are set."));
    let entry = core.certificates().find(shown.fingerprint()).unwrap();
    assert!(matches!(entry.holder, Holder::User(_)) && entry.valid_from.is_none());
    let back = ("back", paths::ADMIN_CERTIFICATES);
    let removed = act(&mut browser, "remove-certificate", &[&which], &[back, ("confirmed", "yes")]).await;
    assert_eq!(removed.location(), "/admin/certificates?done=remove-certificate&count=1", "{}", removed.body);
    assert!(core.certificates().find(shown.fingerprint()).is_none());
    let gone = dates(&mut browser, "", "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_day_of_what_began_in_the_middle_of_a_day_is_set_and_several_are_revoked_at_once() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let core = &gate.at.core;
    core.authority().create("Example").await.unwrap();
    for (name, id) in [("one", "1"), ("two", "2")] {
        let order = [("name", name), ("user", ""), ("last_day", "2028-01-31"), ("state", "enabled"), ("request", id)];
        assert_eq!(browser.post(paths::ADMIN_CERTIFICATE_ISSUE, &order).await.status, StatusCode::OK);
    }
    let entry = core.certificates().list().remove(0);
    let which = entry.fingerprint.text();
    let page = browser.get(&paths::admin_certificate(&which)).await.body;
    let first = page.split("name=\"first_day\" type=\"date\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = [("certificate", which.as_str()), ("first_day", first.as_str()), ("last_day", "2027-12-31")];
    let set = browser.post(paths::ADMIN_CERTIFICATE_DATES, &fields).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
    assert_eq!(core.certificates().find(entry.fingerprint).unwrap().valid_from, entry.valid_from);
    let fields = [("certificate", which.as_str()), ("first_day", first.as_str()), ("last_day", "2029-12-31")];
    let beyond = browser.post(paths::ADMIN_CERTIFICATE_DATES, &fields).await;
    assert!(beyond.status.is_client_error() && beyond.body.contains("by itself it is valid from"), "{}", beyond.body);
    // All that are picked, or none.
    let list = browser.get(paths::ADMIN_CERTIFICATES).await;
    let lines = targets(&list);
    let revoked = || core.certificates().list().iter().filter(|entry| entry.revoked_at.is_some()).count();
    let confirmed = [("back", paths::ADMIN_CERTIFICATES), ("confirmed", "yes")];
    let unknown = format!("{}|ghost", "ab".repeat(32));
    let with: Vec<&str> = lines.iter().map(String::as_str).chain([unknown.as_str()]).collect();
    let none = act(&mut browser, "revoke-certificate", &with, &confirmed).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("ghost") && revoked() == 0, "{}", none.body);
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    let done = act(&mut browser, "revoke-certificate", &all, &confirmed).await;
    assert_eq!((done.location(), revoked()), ("/admin/certificates?done=revoke-certificate&count=2", 2), "{}", done.body);
}

#[tokio::test]
async fn a_certificate_is_tested_on_the_page_and_a_private_key_in_it_is_refused_and_shown_nowhere() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "<i>phone</i>");
    let certificate = params.self_signed(&key).unwrap();
    assert!(browser.get(paths::ADMIN_CERTIFICATE_TEST).await.body.contains("multipart/form-data"));
    let pem = certificate.pem();
    let said = browser.post(paths::ADMIN_CERTIFICATE_TEST, &[("pem", pem.as_str()), ("app", "portal")]).await;
    assert!(
        said.status == StatusCode::OK && said.body.contains("&#60;i&#62;phone") && said.body.contains("Does not count"),
        "{}",
        said.body
    );
    assert!(said.body.contains("Neither the register nor a mapping rule"), "{}", said.body);
    let der = data_encoding::BASE64.encode(certificate.der());
    let by_file = browser.post(paths::ADMIN_CERTIFICATE_TEST, &[("pem", "hello"), ("file", der.as_str())]).await;
    assert!(by_file.body.contains("&#60;i&#62;phone"), "{}", by_file.body);
    let with_key = format!("{pem}{}", key.serialize_pem());
    for (fields, words) in [
        ([("pem", with_key.as_str()), ("app", "")], "it holds a private key"),
        ([("pem", ""), ("app", "")], "neither PEM nor DER"),
        ([("pem", pem.as_str()), ("app", "nowhere")], "there is no app"),
        ([("pem", pem.as_str()), ("user", "no such name!")], "read the user:"),
    ] {
        let refused = browser.post(paths::ADMIN_CERTIFICATE_TEST, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.body.contains(words) && !refused.body.contains(pem.lines().nth(1).unwrap()), "{words}: {}", refused.body);
    }
}
