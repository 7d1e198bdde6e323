//! The seven languages that people are spoken to in.

/// A language that pages and messages are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Language {
    /// English; said where no other is asked for.
    #[default]
    English,
    /// 日本語.
    Japanese,
    /// 简体中文.
    SimplifiedChinese,
    /// 繁體中文.
    TraditionalChinese,
    /// 한국어.
    Korean,
    /// Français.
    French,
    /// Español.
    Spanish,
}

impl Language {
    /// All, in the order of the chooser.
    pub const ALL: [Self; 7] = [
        Self::Japanese,
        Self::English,
        Self::SimplifiedChinese,
        Self::TraditionalChinese,
        Self::Korean,
        Self::French,
        Self::Spanish,
    ];

    /// The BCP 47 tag, as in `<html lang>`, the cookie and a user's profile.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
            Self::SimplifiedChinese => "zh-Hans",
            Self::TraditionalChinese => "zh-Hant",
            Self::Korean => "ko",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// What its speakers call it.
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "日本語",
            Self::SimplifiedChinese => "简体中文",
            Self::TraditionalChinese => "繁體中文",
            Self::Korean => "한국어",
            Self::French => "Français",
            Self::Spanish => "Español",
        }
    }

    /// Whether a blank stands between two sentences.
    pub const fn sets_blanks(self) -> bool {
        !matches!(self, Self::Japanese | Self::SimplifiedChinese | Self::TraditionalChinese)
    }

    /// Reads exactly one of our own tags.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language nearest to a tag: `ja-JP` is Japanese; for Chinese the script decides, else the region.
    pub fn nearest(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            "ko" => Some(Self::Korean),
            "fr" => Some(Self::French),
            "es" => Some(Self::Spanish),
            "zh" => {
                let rest: Vec<&str> = parts.collect();
                let traditional = rest.contains(&"hant")
                    || (!rest.contains(&"hans") && rest.iter().any(|part| matches!(*part, "tw" | "hk" | "mo")));
                Some(if traditional { Self::TraditionalChinese } else { Self::SimplifiedChinese })
            }
            _ => None,
        }
    }
}
