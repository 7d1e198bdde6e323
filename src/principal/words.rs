//! A text in the languages of the pages, as a config or an app writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something in the languages of the portal, by their tags: `en`, `ja`, `zh-Hans`, `zh-Hant`, `ko`, `fr`, `es`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// English; said where a language is missing.
    pub en: String,
    /// 日本語.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ja: Option<String>,
    /// 简体中文.
    #[serde(rename = "zh-Hans", skip_serializing_if = "Option::is_none")]
    pub zh_hans: Option<String>,
    /// 繁體中文.
    #[serde(rename = "zh-Hant", skip_serializing_if = "Option::is_none")]
    pub zh_hant: Option<String>,
    /// 한국어.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ko: Option<String>,
    /// Français.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fr: Option<String>,
    /// Español.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
}

impl Words {
    /// In a language, by its tag; in English where it is not said.
    pub fn say(&self, tag: &str) -> &str {
        let said = match tag {
            "ja" => &self.ja,
            "zh-Hans" => &self.zh_hans,
            "zh-Hant" => &self.zh_hant,
            "ko" => &self.ko,
            "fr" => &self.fr,
            "es" => &self.es,
            _ => &None,
        };
        said.as_deref().unwrap_or(&self.en)
    }

    /// Whether nothing is said at all.
    pub fn is_silent(&self) -> bool {
        self == &Self::default()
    }

    /// Every text.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let others = [&self.ja, &self.zh_hans, &self.zh_hant, &self.ko, &self.fr, &self.es];
        std::iter::once(self.en.as_str()).chain(others.into_iter().flatten().map(String::as_str))
    }
}
