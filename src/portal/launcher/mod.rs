//! The launcher: every app that this person may open, and what each would still ask.

use askama::Template;

use crate::portal::account::pages::Notice;
use crate::chain::Check;
use crate::portal::kit::page::{Frame, Page, Person};

/// The apps.
#[derive(Debug, Template)]
#[template(path = "launcher/launcher.html")]
pub struct LauncherPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The apps, in the order they are shown.
    pub apps: Vec<AppTile>,
    /// What the person should know first.
    pub notices: Vec<Notice>,
}

/// One app.
#[derive(Clone, Debug)]
pub struct AppTile {
    /// What people call it.
    pub title: String,
    /// Its host, as the address bar will show it.
    pub host: String,
    /// Its address.
    pub url: String,
    /// The check that it would ask for on opening; `None` if it opens at once.
    pub asks: Option<Check>,
}

impl AppTile {
    /// The letter in its square.
    fn initial(&self) -> String {
        self.title.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
    }
}

impl Page for LauncherPage {
    const NAME: &'static str = "launcher";

    fn samples(frame: &Frame) -> Vec<Self> {
        let frame = Frame { person: Some(Person::sample(false)), ..frame.clone() };
        let tile = |title: &str, host: &str, asks| AppTile {
            title: title.to_owned(),
            host: host.to_owned(),
            url: format!("https://{host}/"),
            asks,
        };
        vec![
            Self {
                frame: frame.clone(),
                apps: vec![
                    tile("Wiki", "wiki.example.com", None),
                    tile("Payroll", "pay.example.com", Some(Check::Otp)),
                    tile("経費精算", "keihi.example.com", Some(Check::Cookie)),
                    tile("Build server", "build.dev.internal.example.com", Some(Check::ClientCertificate)),
                ],
                notices: vec![Notice::FewRecoveryCodes(2)],
            },
            Self { frame: Frame { person: Some(Person::sample(true)), ..frame.clone() }, apps: Vec::new(), notices: Vec::new() },
            Self {
                frame,
                apps: vec![tile(&crate::portal::samples::hostile(), &"b".repeat(300), None), tile("", "nameless.example.com", None)],
                notices: Vec::new(),
            },
        ]
    }
}
