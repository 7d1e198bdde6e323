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
        is_of_certificates.then(|| format!("{}{}", self.portal.trim_end_matches('/'), paths::CERTIFICATE_HELP))
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
                }
            })
            .collect();
        samples.push(Self {
            frame,
            barrier: None,
            destination: Some(hostile_destination()),
            refusal: Refusal::AddressDenied,
            address: Some(hostile()),
            user: Some(hostile()),
            portal: String::new(),
        });
        samples
    }
}
