//! Waiting for a transaction: what would be done, the transaction password or a code where one is asked for, the phone,
//! and how it ended.

use std::time::Duration;

use askama::Template;

use crate::approval::number::Carried;
use crate::portal::kit::number::sample_number;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::principal::number_style::NumberStyle;

/// A held request, as its requester sees it.
#[derive(Debug, Template)]
#[template(path = "transaction/held.html")]
pub struct TransactionPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// What people call the app.
    pub app: String,
    /// Where the app is.
    pub back: String,
    /// What it is, in this language.
    pub title: String,
    /// A sentence below that.
    pub sentence: String,
    /// The fields of the request: label and value; `None` if the request has no such field.
    pub fields: Vec<(String, Option<String>)>,
    /// How it stands.
    pub stage: TransactionStage,
    /// What was wrong with the last try.
    pub problem: Option<TransactionProblem>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionStage {
    /// The transaction password is asked for.
    Password,
    /// A code is asked for.
    Code,
    /// Phones are asked.
    Waiting {
        /// The number to carry over, where there is one.
        number: Option<Carried>,
        /// The number of approvals so far, and the number that is needed.
        yes: (usize, usize),
        /// Whether people other than the requester approve it.
        by_others: bool,
        /// Whether enough phones were asked for the number of approvals that is needed.
        reached: bool,
        /// How long it may still be approved.
        left: Duration,
    },
    /// It is over: the word of how it ended.
    Over(&'static str),
}

/// What was wrong with the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionProblem {
    /// Not the transaction password.
    WrongPassword,
    /// Not the code that is valid now.
    WrongCode,
    /// Too many failures: the next attempt counts after this time.
    SlowDown(Duration),
    /// Too many at once; nothing was judged.
    Busy,
}

impl TransactionPage {
    fn heading(&self) -> String {
        match &self.stage {
            TransactionStage::Over(word) => self.frame.say(&format!("transaction-{}-title", word.replace('_', "-"))),
            _ => self.frame.with("transaction-title", "what", self.title.as_str()),
        }
    }

    fn over_what(&self, word: &str) -> String {
        self.frame.with(&format!("transaction-{}-what", word.replace('_', "-")), "app", self.app.as_str())
    }

    const fn waits(&self) -> bool {
        matches!(self.stage, TransactionStage::Waiting { .. })
    }

    const fn is_over(&self) -> bool {
        matches!(self.stage, TransactionStage::Over(_))
    }

    fn seen(&self) -> String {
        match &self.stage {
            TransactionStage::Waiting { yes, .. } => format!("pending-{}", yes.0),
            _ => String::new(),
        }
    }

    fn state_at(&self) -> String {
        format!("{}?seen={}", paths::transaction(&self.id, "state"), self.seen())
    }

    fn what(&self, number: Option<&Carried>, by_others: &bool, reached: &bool) -> String {
        if *reached && number.is_some_and(|number| number.by_passkey) {
            return self.frame.say("transaction-passkey-what");
        }
        self.frame.say(match (number.map(|number| number.style), *by_others) {
            (_, true) if !reached => "transaction-quiet-others-what",
            (_, false) if !reached => "transaction-quiet-what",
            (Some(NumberStyle::Choose), _) => "transaction-number-what",
            (Some(NumberStyle::Type), _) => "transaction-number-type-what",
            (Some(NumberStyle::Scan), _) => "transaction-number-scan-what",
            (None, true) => "transaction-others-what",
            (None, false) => "transaction-waiting-what",
        })
    }

    fn problem_text(&self) -> Option<String> {
        Some(match self.problem? {
            TransactionProblem::WrongPassword => self.frame.say("transaction-wrong-password"),
            TransactionProblem::WrongCode => self.frame.say("problem-wrong-code"),
            TransactionProblem::SlowDown(wait) => {
                let wait = crate::portal::kit::moment::lasting(wait, self.frame.language);
                self.frame.with("problem-slow-down", "wait", wait)
            }
            TransactionProblem::Busy => self.frame.say("problem-busy"),
        })
    }
}

impl PortalPage for TransactionPage {
    const NAME: &'static str = "transaction";

    fn samples(frame: &Frame) -> Vec<Self> {
        let waiting = |number: Option<NumberStyle>, yes, by_others| TransactionStage::Waiting {
            number: number.map(sample_number),
            yes,
            by_others,
            reached: true,
            left: Duration::from_secs(94),
        };
        let quiet = |by_others| TransactionStage::Waiting {
            number: None,
            yes: (0, 1),
            by_others,
            reached: false,
            left: Duration::from_secs(1800),
        };
        let page = |stage, problem| Self {
            frame: crate::portal::kit::sample::signed_in_sample(frame),
            id: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            app: "Bank".to_owned(),
            back: "https://bank.example.com/".to_owned(),
            title: "Transfer".to_owned(),
            sentence: "The money leaves at once and cannot be called back.".to_owned(),
            fields: vec![
                ("Payee".to_owned(), Some("Taro Yamada".to_owned())),
                ("Amount".to_owned(), Some("1,250,000 JPY".to_owned())),
                ("Note".to_owned(), None),
            ],
            stage,
            problem,
        };
        let mut pages = vec![
            page(TransactionStage::Password, None),
            page(TransactionStage::Password, Some(TransactionProblem::WrongPassword)),
            page(TransactionStage::Code, None),
            page(TransactionStage::Code, Some(TransactionProblem::WrongCode)),
            page(TransactionStage::Code, Some(TransactionProblem::SlowDown(Duration::from_secs(32)))),
            page(TransactionStage::Password, Some(TransactionProblem::Busy)),
            page(waiting(None, (0, 1), false), None),
            page(waiting(Some(NumberStyle::Choose), (0, 1), false), None),
            page(waiting(Some(NumberStyle::Type), (0, 1), false), None),
            page(waiting(Some(NumberStyle::Scan), (0, 1), false), None),
            page(
                TransactionStage::Waiting {
                    number: Some(sample_number(NumberStyle::Scan).for_passkey()),
                    yes: (0, 1),
                    by_others: false,
                    reached: true,
                    left: Duration::from_secs(94),
                },
                None,
            ),
            page(waiting(None, (1, 2), true), None),
            page(quiet(false), None),
            page(quiet(true), None),
        ];
        let words = ["forwarded", "denied", "cancelled", "expired", "refused", "not_sent", "unknown", "forwarding"];
        pages.extend(words.map(|word| page(TransactionStage::Over(word), None)));
        let mut worst = page(waiting(None, (0, 1), false), None);
        // Values come cut and made legible (`transaction::fields`); what they are called is the config's.
        let shown = crate::portal::kit::legible::short(&hostile());
        worst.title.clone_from(&shown);
        worst.fields = vec![(shown.clone(), Some(shown)), ("Long".to_owned(), Some("x".repeat(240)))];
        worst.app = hostile();
        pages.push(worst);
        pages
    }
}
