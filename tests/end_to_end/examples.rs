//! The examples work: the embedded gateway lets nobody pass who has not signed in, and the example of an approver approves a
//! sign-in there.

use crate::support::Browser;

#[expect(dead_code, reason = "main is for the example itself")]
#[path = "../../examples/approver.rs"]
pub mod approver;
#[expect(dead_code, reason = "main is for the example itself")]
#[path = "../../examples/embed.rs"]
mod embed;

/// Runs what waits for its connection, on a thread that may wait.
fn waits<T>(call: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(call)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_embedded_gateway_takes_the_answer_of_the_approver() {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    let embedded = embed::start().await.unwrap();
    let authority = CertificateDer::from_pem_file(&embedded.authority).unwrap();
    let approver = waits(|| approver::Approver::register(&embedded.invitation, &embedded.authority)).unwrap();
    assert!(waits(|| approver.questions()).unwrap().is_empty());

    // The name alone asks the approver; the waiting page shows the number that it has to choose.
    let mut browser = Browser::new(authority.clone(), None);
    let page = browser.get(&format!("{}page", embedded.address)).await;
    assert!(page.url.contains("auth.localhost"), "{page:?}");
    let waiting = browser.fill(&page, "username", &[("user", "alice")]).await;
    let question = waits(|| approver.questions()).unwrap().remove(0);
    assert_eq!(waits(|| approver.answer(&question, "approve", Some(&waiting.number()))).unwrap()["state"], "approved");
    let next = waiting.body.split("data-next=\"").nth(1).unwrap().split('"').next().unwrap();
    let origin = page.url.split("/sign").next().unwrap();
    assert_eq!(browser.get(&format!("{origin}{next}")).await.body, "Hello alice, you asked for /page\n");

    // Denied: the question is over.
    let mut other = Browser::new(authority, None);
    let page = other.get(&embedded.address).await;
    other.fill(&page, "username", &[("user", "alice")]).await;
    let question = waits(|| approver.questions()).unwrap().remove(0);
    let offered: Vec<&str> = question["offered"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(offered.len(), 3);
    assert_eq!(waits(|| approver.answer(&question, "deny", None)).unwrap()["state"], "denied");
    embedded.server.stop().await.unwrap();
}
