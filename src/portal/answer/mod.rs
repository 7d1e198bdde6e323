//! The answer to a request that the chain refused. The portal gives it, and so does the gateway on the hosts of apps; there
//! the page stands alone ([`Frame::standalone`]).

pub mod load_again;

use askama::Template;

use crate::chain::Check;
use crate::chain::refusal::{Refusal, Side};
use crate::portal::kit::barrier::{Barrier, CheckMark};
use crate::portal::kit::destination::{AppDestination, dashed, hostile_destination};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

/// The chain refused: what happened, on whose side, what to do.
#[derive(Debug, Template)]
#[template(path = "answer/refused.html")]
pub struct RefusedPage {
    /// The frame; its request id is shown.
    pub frame: Frame,
    /// The six marks.
    pub barrier: Option<Barrier>,
    /// The app.
    pub destination: Option<AppDestination>,
    /// Why.
    pub refusal: Refusal,
    /// The address that the request came from, as we see it.
    pub address: Option<String>,
    /// Who is signed in.
    pub user: Option<String>,
    /// The address of the portal; empty on the portal itself.
    pub portal: String,
    /// Where the same is tried once more, empty for the address that was asked for; `None` where something was posted, which no
    /// link sends again.
    pub again: Option<String>,
    /// The departure that a sign-in as somebody else leads to.
    pub departure: Option<String>,
}

impl RefusedPage {
    fn word(&self, part: &str) -> String {
        self.frame.say(&format!("refusal-{}{part}", dashed(self.refusal.code())))
    }

    /// What happened and what to do, as a program shows it: without the page.
    pub fn sentences(&self) -> [String; 2] {
        [".what", ".do"].map(|part| self.word(part))
    }

    /// Where it is explained how a certificate is installed and shown, where check 2 refused.
    fn help(&self) -> Option<String> {
        let is_of_certificates = self.refusal.check() == Check::ClientCertificate;
        is_of_certificates.then(|| self.at_portal(paths::CERTIFICATE_HELP))
    }

    /// The address of a page of the portal.
    fn at_portal(&self, path: &str) -> String {
        format!("{}{path}", self.portal.trim_end_matches('/'))
    }

    const fn side(&self) -> &'static str {
        match self.refusal.side() {
            Side::Client => "side-client",
            Side::Gateway => "side-gateway",
        }
    }
}

impl PortalPage for RefusedPage {
    const NAME: &'static str = "refused";

    fn samples(frame: &Frame) -> Vec<Self> {
        let frame = Frame { request_id: Some("01KAT5Z9M3".into()), ..frame.clone() };
        let mut samples: Vec<Self> = Refusal::ALL
            .iter()
            .copied()
            .map(|refusal| {
                let check = refusal.check() as usize;
                let marks = std::array::from_fn(|at| match at.cmp(&check) {
                    std::cmp::Ordering::Less if at == 2 => CheckMark::NotNeeded,
                    std::cmp::Ordering::Less => CheckMark::Done,
                    std::cmp::Ordering::Equal => CheckMark::Stopped,
                    std::cmp::Ordering::Greater => CheckMark::ToCome,
                });
                Self {
                    frame: frame.clone(),
                    barrier: Some(Barrier(marks)),
                    destination: Some(AppDestination {
                        title: "Wiki".to_owned(),
                        host: "wiki.example.com".to_owned(),
                        holds_post: false,
                    }),
                    refusal,
                    address: Some("2001:db8:12:34::7".to_owned()),
                    user: (check > 3).then(|| "alice".to_owned()),
                    portal: "https://auth.example.com".to_owned(),
                    again: Some(String::new()),
                    departure: None,
                }
            })
            .collect();
        let standing_alone = Frame::standalone(frame.language, frame.organisation.clone(), "01KAT5Z9M3".into());
        samples.push(Self {
            frame: standing_alone,
            barrier: None,
            destination: None,
            refusal: Refusal::UserNotAdmitted,
            address: None,
            user: Some("alice".to_owned()),
            portal: "https://auth.example.com/".to_owned(),
            again: None,
            departure: None,
        });
        samples.push(Self {
            frame,
            barrier: None,
            destination: Some(hostile_destination()),
            refusal: Refusal::AddressDenied,
            address: Some(hostile()),
            user: Some(hostile()),
            portal: String::new(),
            again: Some("/sign-in?for=8mL2xQ".to_owned()),
            departure: Some("8mL2xQ".to_owned()),
        });
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::kit::language::Language;

    fn page(standalone: bool, again: Option<&str>, user: Option<&str>) -> String {
        let bare = Frame::bare(Language::English);
        let frame = if standalone { Frame::standalone(Language::English, None, "1".into()) } else { bare };
        RefusedPage {
            frame,
            barrier: None,
            destination: None,
            refusal: Refusal::UserNotAdmitted,
            address: None,
            user: user.map(str::to_owned),
            portal: if standalone { "https://auth.example.com/".to_owned() } else { String::new() },
            again: again.map(str::to_owned),
            departure: Some("8mL2xQ".to_owned()),
        }
        .html()
    }

    #[test]
    fn a_refusal_leads_on_by_buttons_and_never_repeats_what_was_posted() {
        let at_app = page(true, Some(""), Some("alice"));
        for link in [
            "<a class=\"button primary\" href=\"\">Try again</a>",
            "<a class=\"button\" href=\"https://auth.example.com/\">To your apps</a>",
            "<a class=\"button\" href=\"https://auth.example.com/sign-out\">Not you?</a>",
        ] {
            assert!(at_app.contains(link), "{link}: {at_app}");
        }
        assert!(!at_app.contains("<form"), "a form of an app's host could not reach the portal");
        let posted = page(true, None, None);
        assert!(!posted.contains("Try again") && !posted.contains("/sign-out"), "{posted}");
        let at_portal = page(false, Some("/sign-in?for=8mL2xQ"), Some("alice"));
        assert!(
            at_portal.contains("href=\"/sign-in?for=8mL2xQ\"") && at_portal.contains("href=\"/\">To your apps"),
            "{at_portal}"
        );
        assert!(at_portal.contains("name=\"for\" value=\"8mL2xQ\""), "somebody else goes on to the same app: {at_portal}");
    }
}
