//! Identity providers, directories and revocation lists as administrators see them, and what is done about a user's accounts there.

use http::StatusCode;

use super::{act, administrator, targets, user};
use crate::directory::testing::{LdapServer, Manners};
use crate::factor::passkey::PasskeyAnswer;
use crate::factor::passkey::testing::SoftKey;
use crate::idp::testing::TestProvider;
use crate::portal::kit::paths;
use crate::portal::testing::Gate;

#[tokio::test]
async fn a_provider_shows_how_it_stands_what_to_register_and_what_it_says_when_asked_now() {
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let gate = Gate::with(&provider.table(folder.path(), "")).await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_IDENTITY_PROVIDERS).await;
    assert!(page.body.contains("Not asked yet") && page.body.contains("Contoso"), "{}", page.body);
    for address in ["/sign-in/idp/corp/callback", "/sign-in/idp/corp/backchannel-logout", "/sign-out"] {
        assert!(page.body.contains(&format!("https://auth.example.com{address}")), "{address}");
    }
    assert_eq!(targets(&page), ["corp|Contoso"]);
    let back = ("back", paths::ADMIN_IDENTITY_PROVIDERS);
    let done = act(&mut browser, "test-provider", &["corp|Contoso"], &[back]).await;
    assert_eq!(done.location(), "/admin/identity-providers?done=test-provider&count=1", "{}", done.body);
    assert!(browser.get(done.location()).await.body.contains(">Answers<"));
    provider.is_down(true);
    let done = act(&mut browser, "test-provider", &["corp"], &[back]).await;
    let page = browser.get(done.location()).await;
    assert!(page.body.contains("Out of order") && page.body.contains("answers 503"), "{}", page.body);
    let gone = act(&mut browser, "test-provider", &["nowhere"], &[back]).await;
    assert!(gone.status == StatusCode::UNPROCESSABLE_ENTITY && gone.body.contains("does not exist any more"), "{}", gone.body);
}

#[cfg(feature = "saml")]
#[tokio::test]
async fn a_provider_that_speaks_saml_shows_its_address_and_hands_out_the_metadata_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = crate::idp::saml_testing::TestIssuer::new();
    let gate = Gate::with(&issuer.table(folder.path(), "", "")).await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_IDENTITY_PROVIDERS).await;
    for said in [
        "https://auth.example.com/sign-in/idp/corp/assertion",
        "https://auth.example.com/sign-in/idp/corp/metadata",
        "/admin/identity-providers/corp/metadata",
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("backchannel-logout"), "{}", page.body);
    let file = browser.get("/admin/identity-providers/corp/metadata").await;
    assert!(file.status == StatusCode::OK && file.body.contains("WantAssertionsSigned=\"true\""), "{}", file.body);
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(browser.get("/admin/identity-providers/nowhere/metadata").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_directory_shows_how_it_stands_and_each_of_its_servers() {
    let server = LdapServer::start(Manners::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &server.authority).unwrap();
    let table = format!(
        "[directory.corp]\nkind = \"active_directory\"\nurls = [\"ldaps://localhost:1\", \"ldaps://localhost:{}\"]\nbase = \"DC=corp,DC=test\"\n\
         upn_suffix = \"corp.test\"\nauthority = {authority:?}\n",
        server.port
    );
    let gate = Gate::with(&table).await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_DIRECTORIES).await;
    assert!(page.body.contains("Not asked yet") && page.body.contains("corp.test"), "{}", page.body);
    assert!(!page.body.contains("sync-directory"), "it has no account to read with");
    let done = act(
        &mut browser,
        "test-directory",
        &targets(&page).iter().map(String::as_str).collect::<Vec<_>>(),
        &[("back", paths::ADMIN_DIRECTORIES)],
    )
    .await;
    let page = browser.get(done.location()).await;
    assert!(page.body.contains(">Answers<"), "the second server answers: {}", page.body);
    assert_eq!(page.body.matches("Out of order").count(), 1, "and the first does not: {}", page.body);
}

/// A passkey that a user has; its id.
async fn passkey_of(gate: &Gate, name: &str, id: u8, called: &str) -> String {
    let (mut key, passkeys) = (SoftKey::new(id), gate.at.core.passkeys());
    let ceremony = passkeys.begin_registration(&user(name), "", "a test").await.unwrap();
    let made = key.create(&ceremony.options);
    let answer = PasskeyAnswer { place: "a test", ceremony: &ceremony.id, credential: &made };
    passkeys.register(&user(name), answer, called).await.unwrap().id.text()
}

#[tokio::test]
async fn a_users_accounts_at_providers_are_linked_and_unlinked_and_passkeys_reset() {
    let folder = tempfile::tempdir().unwrap();
    let provider = TestProvider::start().await;
    let gate = Gate::with(&provider.table(folder.path(), "")).await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    let page = paths::admin_user("bob");
    let form =
        |subject: &'static str| [("user", "bob"), ("provider", "corp"), ("subject", subject), ("back", "/admin/users/bob")];
    let linked = browser.post(paths::ADMIN_LINK_IDENTITY, &form(" bob-there ")).await;
    assert_eq!(linked.location(), "/admin/users/bob?done=identity-linked", "{}", linked.body);
    for subject in ["bob-there", "", "  "] {
        let not = browser.post(paths::ADMIN_LINK_IDENTITY, &form(subject)).await;
        assert_eq!(not.location(), "/admin/users/bob?done=identity-not-linked", "{subject:?}: {}", not.body);
    }
    let shown = browser.get(&page).await;
    assert!(shown.body.contains("bob-there"), "{}", shown.body);
    let links = gate.at.core.idp().links().of_user(&user("bob")).await.unwrap();
    let target = format!("bob/{}", links[0].id.text());
    assert!(targets(&shown).iter().any(|one| one.starts_with(&target)), "{:?}", targets(&shown));
    let asks = act(&mut browser, "unlink-identity", &[&target], &[]).await;
    assert!(asks.status == StatusCode::OK && asks.body.contains("will no longer sign in"), "{}", asks.body);
    let done = act(&mut browser, "unlink-identity", &[&target], &[("confirmed", "yes"), ("back", &page)]).await;
    assert_eq!(done.location(), "/admin/users/bob?done=unlink-identity&count=1", "{}", done.body);
    assert!(gate.at.core.idp().links().of_user(&user("bob")).await.unwrap().is_empty());
    for hostile in [target.as_str(), "bob", "bob/", "/x", "nobody/00"] {
        let gone = act(&mut browser, "unlink-identity", &[hostile], &[("confirmed", "yes")]).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{hostile}: {}", gone.body);
    }
    // One passkey of two, from its line; what it opened ends, and the other stays.
    let (lost, kept) = (passkey_of(&gate, "bob", 1, "Lost").await, passkey_of(&gate, "bob", 2, "Kept").await);
    let shown = browser.get(&page).await;
    assert!(shown.body.contains("Lost") && shown.body.contains("Kept"), "{}", shown.body);
    let target = format!("bob/{lost}");
    assert!(targets(&shown).iter().any(|one| one.starts_with(&target)), "{:?}", targets(&shown));
    let asks = act(&mut browser, "remove-passkey", &[&target], &[]).await;
    assert!(asks.status == StatusCode::OK && asks.body.contains("no longer sign in its user"), "{}", asks.body);
    let done = act(&mut browser, "remove-passkey", &[&target], &[("confirmed", "yes"), ("back", &page)]).await;
    assert_eq!(done.location(), "/admin/users/bob?done=remove-passkey&count=1", "{}", done.body);
    let left = gate.at.core.passkeys().of_user(&user("bob")).await.unwrap();
    assert_eq!(left.iter().map(|one| one.id.text()).collect::<Vec<_>>(), [kept.as_str()]);
    for hostile in [target.as_str(), "bob", "bob/", "/x", &format!("alice/{kept}"), &format!("nobody/{kept}")] {
        let gone = act(&mut browser, "remove-passkey", &[hostile], &[("confirmed", "yes")]).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{hostile}: {}", gone.body);
    }
    assert!(!browser.get(paths::ADMIN_USERS).await.body.contains("remove-passkey"), "no action on a list of users");
    let reset = act(&mut browser, "reset-passkeys", &["bob"], &[("confirmed", "yes")]).await;
    assert!(reset.body.contains("https://auth.example.com/invitation/"), "a link makes a new one: {}", reset.body);
}

#[tokio::test]
async fn a_revocation_list_shows_how_current_it_is_and_is_fetched_now() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let issuer = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Corp Issuing CA");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    std::fs::write(path("corp.pem"), params.self_signed(&issuer).unwrap().pem()).unwrap();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let table = format!("[trust.corp]\nbundle = {:?}\nrevocation_urls = [\"http://{unused}/corp.crl\"]\n", path("corp.pem"));
    let gate = Gate::with(&table).await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_CRLS).await;
    assert!(page.body.contains("Not read yet") && page.body.contains("/corp.crl"), "{}", page.body);
    let lists = targets(&page);
    let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
    let done = act(&mut browser, "refresh-crls", &lists, &[("back", paths::ADMIN_CRLS)]).await;
    let page = browser.get(done.location()).await;
    assert!(page.body.contains("The lists have been fetched") && page.body.contains("does not answer"), "{}", page.body);
}

#[tokio::test]
async fn the_key_of_an_account_is_replaced_only_where_a_certificate_came_from_its_authority() {
    let table = "[acme.ours]\ndirectory = \"https://ca.example.com/directory\"\nagree_to_terms = true\n\
                 [[tls.certificate]]\nacme = [\"ours\"]\nnames = [\"mail.example.com\"]\n";
    let gate = Gate::with(table).await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_TLS).await;
    assert!(page.body.contains("renew-certificate") && !page.body.contains("replace-account-key"), "{}", page.body);
    for target in ["mail.example.com", "nowhere.example.com"] {
        let gone = act(&mut browser, "replace-account-key", &[target], &[("back", paths::ADMIN_TLS)]).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}: {}", gone.body);
    }
}
