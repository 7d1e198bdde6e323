//! Renders every page in every state in every language.

use super::*;
use std::collections::BTreeSet;

use crate::portal::kit::language::Language;
use crate::portal::kit::language::words::tests::{keys, said};
use crate::portal::kit::page::{Frame, Person, PortalPage, Styles};

fn everything() -> Vec<Sample> {
    Language::ALL.into_iter().flat_map(samples).collect()
}

#[test]
fn every_page_is_whole_in_every_language() {
    for Sample { page: name, number: sample, language, html } in everything() {
        let place = format!("{name} {sample} {}", language.tag());
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"), "{place}");
        assert!(html.contains(&format!("<html lang=\"{}\">", language.tag())), "{place}");
        assert!(!html.contains('⟦'), "{place}: a word is missing: {}", html.split('⟦').nth(1).unwrap_or_default());
        let doubly = html.replace("&#60;svg onload", "");
        assert!(!doubly.contains("&#60;") && !doubly.contains("&#38;#"), "{place}: our own markup was escaped");
        assert_eq!(html.matches("<h1").count(), 1, "{place}: one heading");
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{place}: ids are unique: {ids:?}");
    }
}

/// The tags of a page without the values of their attributes.
fn tags(html: &str) -> Vec<String> {
    html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap().split('"').step_by(2).collect()).collect()
}

/// Pages that work by a script of ours.
const SCRIPTED: [&str; 21] = [
    "sign-in-onward",
    "sign-in-matrix",
    "sign-in-token",
    "sign-in-idp",
    "sign-in-otp",
    "sign-in-browser",
    "sign-in-no-authenticator",
    "sign-in-ticket",
    "enrol-authenticator",
    "sign-in-device",
    "sign-in-waiting",
    "transaction",
    "account-approver-add",
    "approver",
    "admin-list",
    "sign-in-password",
    "sign-in-passkey",
    "sign-in-phone",
    "sign-in-push",
    "account-passkeys",
    "enrol-passkey",
];

/// The script of the page that loads itself again.
const AGAIN: &str = include_str!("../kit/assets/again.js");

#[test]
fn nothing_runs_and_nothing_comes_from_elsewhere() {
    for Sample { page: page_name, number: sample, language, html } in everything() {
        let place = format!("{page_name} {sample} {}", language.tag());
        for script in html.split("<script").skip(1) {
            // One page is left before a second request could bring its script: its policy names the script by its hash.
            if page_name == "load-again" && script.starts_with(&format!(">{AGAIN}</script>")) {
                continue;
            }
            assert!(script.starts_with(" type=\"module\" src=\"/assets/") && script.contains("\"></script>"), "{place}");
        }
        for tag in tags(&html) {
            let name = tag.split([' ', '\n']).next().unwrap();
            // A script of ours, by its address, where a page waits or signs; never one inside the page.
            if tag == "script" && page_name == "load-again" {
                continue;
            }
            if tag.starts_with("script") && SCRIPTED.contains(&page_name) {
                assert_eq!(tag, "script type= src=", "{place}");
                continue;
            }
            assert!(!["script", "iframe", "object", "embed", "base", "img"].contains(&name), "{place}: <{tag}>");
            for attribute in tag.split_ascii_whitespace().skip(1) {
                assert!(
                    !attribute.starts_with("on") && !attribute.starts_with("style") && !attribute.starts_with("src"),
                    "{place}: <{tag}>"
                );
            }
        }
        assert!(!html.contains("href=\"javascript:"), "{place}");
        for (at, _) in html.match_indices("<link") {
            let link = html[at..].split('>').next().unwrap();
            assert!(
                ["/assets/", "data:,", "/approver/manifest.webmanifest"]
                    .iter()
                    .any(|here| link.contains(&format!("href=\"{here}"))),
                "{place}: {link}"
            );
        }
        if page_name == "approver" {
            // Its script takes what is entered there; nothing is ever sent by the browser itself.
            continue;
        }
        // A form without an address of its own would post to wherever the page happens to be.
        for (at, _) in html.match_indices("<form") {
            let form = html[at..].split('>').next().unwrap();
            let posts = form.contains("method=\"post\"") || form.contains("method=\"get\"") && form.contains("role=\"search\"");
            assert!(form.contains("action=\"/") && posts, "{place}: {form}");
        }
        // A search changes nothing and carries none: it would stand in the address.
        assert_eq!(
            html.matches("method=\"post\"").count(),
            html.matches("name=\"token\"").count(),
            "{place}: each form carries the token"
        );
    }
}

#[test]
fn hostile_names_are_text_t46_t50() {
    let pages = everything();
    assert!(pages.iter().any(|page| page.html.contains("&#60;svg onload=alert(1)&#62;")));
    for Sample { page: name, number: sample, language, html } in pages {
        let place = format!("{name} {sample} {}", language.tag());
        assert!(!html.contains("<svg onload"), "{place}");
        for hidden in ['\u{202E}', '\u{0}', '\u{2028}'] {
            assert!(!html.contains(hidden), "{place}: {hidden:?}");
        }
        assert!(!html.contains(&"a".repeat(crate::portal::kit::legible::LONGEST + 1)), "{place}: a flood is cut");
    }
}

#[test]
fn no_sentence_is_written_in_vain() {
    everything();
    let said = said();
    let idle: Vec<String> = keys(Language::English).into_iter().filter(|key| !said.contains(key)).collect();
    let known = ["month", "moment", "ago-", "lasting-", "why-", "check-", "mark-", "frame-"];
    let idle: Vec<_> = idle.iter().filter(|key| !known.iter().any(|head| key.starts_with(head))).collect();
    assert!(idle.is_empty(), "no page says {idle:?}");
}

/// What the owner of a phone reads, on the phone and beside it.
#[test]
fn all_seven_languages_know_the_phone_and_the_pages_that_wait_for_it() {
    fn rendered<P: PortalPage>(frame: &Frame) {
        for page in P::samples(frame) {
            assert!(!page.html().is_empty());
        }
    }
    let frame = Frame::bare(Language::English);
    rendered::<crate::portal::approver::page::ApproverPage>(&frame);
    rendered::<crate::portal::push::page::PushPage>(&frame);
    rendered::<crate::portal::push::page::PhonePage>(&frame);
    rendered::<crate::portal::push::page::WaitingPage>(&frame);
    rendered::<crate::portal::account::phones::ApproversPage>(&frame);
    rendered::<crate::portal::account::phones::ApproverAddPage>(&frame);
    rendered::<crate::portal::help::CertificateHelpPage>(&frame);
    rendered::<crate::portal::idp::page::IdpPage>(&frame);
    rendered::<crate::portal::idp::page::IdpProblemPage>(&frame);
    let mut said = said();
    // Of login-protect the sign-in page says one sentence more.
    said.insert("why-primary-factor-unprotected".to_owned());
    assert!(said.contains("approver-left") && said.contains("push-number-what"), "{said:?}");
    for language in Language::ALL {
        let own: BTreeSet<String> = keys(language).into_iter().collect();
        let lacking: Vec<&String> = said.difference(&own).collect();
        assert!(lacking.is_empty(), "{} lacks {lacking:?}", language.tag());
    }
}

#[test]
fn a_standalone_page_needs_nothing_else() {
    let mut frame = Frame::bare(Language::Japanese);
    frame.styles = Styles::Inside;
    frame.person = Some(Person { user: "alice".to_owned(), display_name: None, administrator: true });
    for page in crate::portal::sign_in::over_page::ExpiredPage::samples(&frame) {
        let html = page.html();
        assert!(html.contains("<style>") && !html.contains("/assets/"));
    }
}
