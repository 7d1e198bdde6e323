//! `/help/certificates`: how a certificate is installed on each device, how one sees that it is there, what signing in looks
//! like, and what to do when it fails. Everybody may read it: a browser without a certificate is sent here from
//! the page that refused it.

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use strum::VariantArray as _;

use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;

/// Adds the routes of help.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router.route(paths::CERTIFICATE_HELP, get(any_device)).route(paths::CERTIFICATE_HELP_ON, get(on_device))
}

/// GET /help/certificates: of the device that asks, as far as it says which it is.
async fn any_device(visit: Visit) -> Response {
    let agent = visit.parts.headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let device = HelpDevice::of_agent(agent.unwrap_or_default());
    shown(&visit, device)
}

/// GET /help/certificates/{device}
async fn on_device(device: Result<Path<String>, PathRejection>, visit: Visit) -> Response {
    match device.ok().and_then(|Path(device)| device.parse().ok()) {
        Some(device) => shown(&visit, device),
        None => visit.error(StatusCode::NOT_FOUND, "no_such_page"),
    }
}

fn shown(visit: &Visit, device: HelpDevice) -> Response {
    visit.page(StatusCode::OK, &CertificateHelpPage { frame: visit.frame(), device }, &[])
}

/// Where a certificate is installed. Its word stands in the address and in the keys of the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum HelpDevice {
    /// iPhone and iPad.
    Ios,
    /// Android.
    Android,
    /// Safari and Chrome on macOS.
    Macos,
    /// Edge and Chrome on Windows.
    Windows,
    /// Firefox on a computer.
    Firefox,
    /// Chromium and Chrome on Linux.
    Chromium,
}

impl HelpDevice {
    /// The device of a browser that calls itself so.
    fn of_agent(agent: &str) -> Self {
        let known = [
            ("Android", Self::Android),
            ("iPhone", Self::Ios),
            ("iPad", Self::Ios),
            ("Firefox/", Self::Firefox),
            ("Mac OS X", Self::Macos),
            ("Linux", Self::Chromium),
        ];
        known.into_iter().find(|(word, _)| agent.contains(word)).map_or(Self::Windows, |(_, device)| device)
    }

    fn word(self) -> &'static str {
        self.into()
    }

    /// A sentence about this device: a message key.
    fn key(self, part: &str) -> String {
        format!("help-{}{part}", self.word())
    }

    /// Whether it is held in a hand: its pictures are upright.
    const fn is_phone(self) -> bool {
        matches!(self, Self::Ios | Self::Android)
    }
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// A file with a key comes down to the device.
    Fetch,
    /// A list of settings, one of them chosen.
    Settings,
    /// The passphrase is entered.
    Passphrase,
    /// A list of certificates, with a mark.
    Listed,
    /// The browser asks which certificate to show.
    Choose,
}

/// A picture of our own, without a word in it; the sentence beside it says what it shows.
#[derive(Template)]
#[template(path = "help/picture.html")]
struct Picture {
    scene: Scene,
    is_phone: bool,
}

/// How a certificate is installed on one device.
#[derive(Debug, Template)]
#[template(path = "help/certificates.html")]
pub struct CertificateHelpPage {
    /// The frame, with the person if there is one.
    pub frame: Frame,
    /// The device.
    pub device: HelpDevice,
}

impl CertificateHelpPage {
    const STEPS: [(&'static str, Scene); 3] = [(".one", Scene::Fetch), (".two", Scene::Settings), (".three", Scene::Passphrase)];

    fn say(&self, part: &str) -> String {
        self.frame.say(&self.device.key(part))
    }

    fn picture(&self, scene: &Scene) -> String {
        // As for a page: writing to a String cannot fail.
        Picture { scene: *scene, is_phone: self.device.is_phone() }.render().unwrap_or_default()
    }
}

impl PortalPage for CertificateHelpPage {
    const NAME: &'static str = "help-certificates";

    fn samples(frame: &Frame) -> Vec<Self> {
        HelpDevice::VARIANTS.iter().map(|device| Self { frame: frame.clone(), device: *device }).collect()
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::portal::testing::Gate;

    #[tokio::test]
    async fn everybody_reads_the_help_of_the_device_that_asks_or_of_another_r_236_r_243() {
        let gate = Gate::open().await;
        let mut browser = gate.browser();
        for (agent, device) in [
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "ios"),
            ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "android"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "macos"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "windows"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "firefox"),
            ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "chromium"),
            ("", "windows"),
        ] {
            let request = Request::get(paths::CERTIFICATE_HELP).header("user-agent", agent);
            let answer = browser.send(request, axum::body::Body::empty()).await;
            let here = format!("href=\"{}\" aria-current=\"page\"", paths::certificate_help(device));
            assert!(answer.status == StatusCode::OK && answer.body.contains(&here), "{agent}: {}", answer.body);
        }
        for device in HelpDevice::VARIANTS {
            let answer = browser.get(&paths::certificate_help((*device).into())).await;
            assert_eq!((answer.status, answer.body.matches("<svg class=\"scene\"").count()), (StatusCode::OK, 5), "{device:?}");
        }
        assert!(browser.get("/help/certificates/android").await.body.contains("Android 8"), "R-243");
        for none in ["/help/certificates/toaster", "/help/certificates/ios/x", "/help"] {
            assert_eq!(browser.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
        }
    }
}
