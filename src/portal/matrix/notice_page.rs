//! Notices of initial patterns, to print: one page each, in the language of its user.

use askama::Template;

use crate::clock::Timestamp;
use crate::factor::matrix::pattern::CellPattern;
use crate::factor::matrix::shape::TableShape;
use crate::portal::kit::language::Language;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::{administrator_sample, hostile};

/// The notices of one or several users.
#[derive(Debug, Template)]
#[template(path = "matrix/notices.html")]
pub struct PatternNoticesPage {
    /// The frame, with the administrator.
    pub frame: Frame,
    /// The notices.
    pub notices: Vec<PatternSheet>,
    /// Users whose notice cannot be shown: they have set their own pattern, or may not be seen.
    pub without: Vec<String>,
    /// Where the administrator goes back to.
    pub back: String,
}

/// One notice.
#[derive(Debug)]
pub struct PatternSheet {
    /// Says it in the user's language.
    pub frame: Frame,
    /// The user's name.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// What to choose beside the name; `None`: the users of this site.
    pub domain: Option<String>,
    /// The address of the portal.
    pub address: String,
    /// The pattern.
    pub pattern: CellPattern,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

impl PatternSheet {
    fn called(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user)
    }

    fn phrase(&self) -> String {
        self.pattern.phrase().to_string()
    }

    const fn language(&self) -> Language {
        self.frame.language
    }
}

impl PortalPage for PatternNoticesPage {
    const NAME: &'static str = "pattern-notices";

    fn samples(frame: &Frame) -> Vec<Self> {
        let sheet = |user: &str, display_name: Option<String>, domain: Option<&str>, pattern: &str| {
            let shape = TableShape::default();
            Some(PatternSheet {
                frame: frame.clone(),
                user: user.to_owned(),
                display_name,
                domain: domain.map(str::to_owned),
                address: "https://auth.example.com".to_owned(),
                pattern: CellPattern::parse(shape, pattern).ok()?,
                expires_at: Timestamp::from_seconds(1_795_595_400),
            })
        };
        let page = |sheets: Vec<Option<PatternSheet>>, without: Vec<String>| Self {
            frame: administrator_sample(frame),
            notices: sheets.into_iter().flatten().collect(),
            without,
            back: "/admin/users".to_owned(),
        };
        vec![
            page(vec![sheet("alice", Some("Alice Arai".to_owned()), None, "C1 F3 L4 A2 H1 J2 D4 G3")], Vec::new()),
            page(
                vec![
                    sheet("bob", None, Some("corp.example"), "C1 F3 L4 A2 H1 J2 D4 G3 \"k7m\""),
                    sheet("mallory", Some(hostile()), None, "A1 A1 B2 E4 K2 L1"),
                ],
                vec!["carol".to_owned()],
            ),
            page(Vec::new(), vec![hostile()]),
        ]
    }
}
