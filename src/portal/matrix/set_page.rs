//! The page that sets a pattern: three entries, each off a new table (R-309…R-313).

use std::sync::Arc;

use askama::Template;

use crate::factor::matrix::reading::UnreadableEntry;
use crate::factor::matrix::rules::{PatternRules, UnfitPattern};
use crate::factor::matrix::setting::{ENTRIES, NotTaken, SettingStep};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::signed_in_sample;
use crate::portal::matrix::parts::{sample_rules, sample_table};

/// Why a pattern is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhySet {
    /// The present one was drawn by the server.
    Initial,
    /// The present one does not meet the rules any more.
    Unfit,
    /// The user wants another one.
    Change,
}

/// One entry of three.
#[derive(Debug, Template)]
#[template(path = "matrix/set.html")]
pub struct SetPatternPage {
    /// The frame.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// Why.
    pub why: WhySet,
    /// In a sign-in: what is signed in for, sent back as `for`.
    pub departure: Option<String>,
    /// The rules.
    pub rules: Arc<PatternRules>,
    /// Which entry, off which table.
    pub step: SettingStep,
}

impl SetPatternPage {
    const fn action(&self) -> &'static str {
        if self.departure.is_some() { paths::NEW_PATTERN } else { paths::PATTERN }
    }

    const fn title(&self) -> &'static str {
        match self.why {
            WhySet::Initial | WhySet::Unfit => "pattern-title",
            WhySet::Change => "pattern-change-title",
        }
    }

    const fn what(&self) -> &'static str {
        match self.why {
            WhySet::Initial => "pattern-initial-what",
            WhySet::Unfit => "pattern-unfit-what",
            WhySet::Change => "pattern-change-what",
        }
    }

    const fn instruction(&self) -> &'static str {
        if self.step.entry == 1 { "pattern-entry-first" } else { "pattern-entry-again" }
    }

    const fn submit(&self) -> &'static str {
        if self.step.entry == ENTRIES { "pattern-submit-last" } else { "pattern-submit-next" }
    }
}

impl PortalPage for SetPatternPage {
    const NAME: &'static str = "set-pattern";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |why, entry, problem: Option<NotTaken>| Self {
            frame: if why == WhySet::Change { signed_in_sample(frame) } else { frame.clone() },
            user: "alice".to_owned(),
            why,
            departure: (why != WhySet::Change).then(|| "8mL2xQ".to_owned()),
            rules: Arc::new(sample_rules()),
            step: SettingStep { id: "JZrC0e8cB3mQ5v1yKpX7nT".to_owned(), entry, table: sample_table(3, 4, 4), problem },
        };
        let every = NotTaken::Unfit(vec![
            UnfitPattern::Shape,
            UnfitPattern::TooShort { cells: 5, shortest: 6 },
            UnfitPattern::TooLong { cells: 13, longest: 12 },
            UnfitPattern::FewCells { distinct: 2, needed: 4 },
            UnfitPattern::OneStroke,
            UnfitPattern::BlocksUnused(vec![1, 3]),
            UnfitPattern::Forbidden,
            UnfitPattern::PhraseTooShort { characters: 1, shortest: 2 },
            UnfitPattern::PhraseTooLong { characters: 7, longest: 6 },
        ]);
        let mut bare = page(WhySet::Change, 1, Some(NotTaken::AsBefore));
        bare.rules = Arc::new(PatternRules {
            distinct: 0,
            no_one_stroke: false,
            every_block: false,
            phrase_longest: 0,
            forbidden: Vec::new(),
            ..sample_rules()
        });
        let mut pages = vec![
            page(WhySet::Initial, 1, None),
            page(WhySet::Initial, 2, None),
            page(WhySet::Unfit, 3, None),
            page(WhySet::Change, 1, None),
            page(WhySet::Initial, 1, Some(every)),
            bare,
        ];
        let unreadable = [
            UnreadableEntry::Empty,
            UnreadableEntry::TooLong,
            UnreadableEntry::Lengths,
            UnreadableEntry::Disagree(3),
            UnreadableEntry::Character('，'),
        ];
        pages.extend(unreadable.map(|one| page(WhySet::Initial, 1, Some(NotTaken::Unreadable(one)))));
        pages
    }
}
