//! Voices: how a channel speaks, and what is put around its texts.
//!
//! Tone and language belong to the text. They choose among what the writers make, so the fact gate sees every word of it: an
//! English text is read in full; of a text in another language, which only an operator's templates write, the gate checks
//! what is the same in every language, and the rest is the operator's own words
//! ([`Vocabulary::Foreign`]).
//!
//! Hashtags and emoji are put around the text after the gate, by code alone, and need no gate: a hashtag is one of the
//! operator's whitelist for the league, refused in settings unless it is `#` and letters, figures or `_`; an emoji is one of
//! the table below, by the discipline or, for a sending-off, the card. Neither says anything of the game. They are put on only
//! as far as the whole still fits the channel, the emoji first and then tag by tag, and are never cut. [`Voice::undressed`]
//! takes them off again, so that an edited text can be held against the gate.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::fit::{Limits, fits};
use super::gate::Vocabulary;
use super::moment::MomentKind;
use super::sport::{Discipline, SportKey};

/// How lively texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As a wire reports.
    #[default]
    Plain,
    /// As a fan's account reports: the same facts, shorter sentences and exclamation marks.
    Lively,
}

impl Tone {
    /// The tone as it stands in settings and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Lively => "lively",
        }
    }
}

/// A language by its tag: `en`, `de`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// The language of that tag.
    pub fn new(tag: impl Into<String>) -> Self {
        Self(tag.into())
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is English of any kind, which the gate reads and every writer writes.
    pub fn is_english(&self) -> bool {
        self.0.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::new("en")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a writer must know of a voice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Manner {
    /// How lively.
    pub tone: Tone,
    /// In which language.
    pub language: Language,
}

impl Manner {
    /// What the gate makes of a text in that language.
    pub fn vocabulary(&self) -> Vocabulary {
        if self.language.is_english() { Vocabulary::Open } else { Vocabulary::Foreign }
    }
}

/// A hashtag of an operator's whitelist, with its `#`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Hashtag(String);

impl Hashtag {
    /// The longest, in characters.
    const LONGEST: usize = 40;

    /// A hashtag as it is written, with `#` or without; `None` where platforms would not make one of it.
    pub fn new(written: &str) -> Option<Self> {
        let tag = written.strip_prefix('#').unwrap_or(written);
        let fit = tag.chars().all(|c| c.is_alphanumeric() || c == '_');
        let named = tag.chars().any(char::is_alphabetic) && tag.chars().count() <= Self::LONGEST;
        (fit && named).then(|| Self(format!("#{tag}")))
    }

    /// The hashtag with its `#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a channel speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Voice {
    /// What its writers must know.
    pub manner: Manner,
    /// The hashtags of each league.
    pub hashtags: BTreeMap<SportKey, Vec<Hashtag>>,
    /// Whether an emoji stands in front.
    pub emoji: bool,
}

impl Voice {
    /// The text with what this voice puts around it, as far as it fits.
    pub fn dressed(&self, text: &str, facts: &Facts, limits: Limits) -> String {
        let mut dressed = text.to_owned();
        if let Some(emoji) = self.emoji_of(facts) {
            let longer = format!("{emoji} {dressed}");
            if fits(&longer, limits) {
                dressed = longer;
            }
        }
        for tag in self.hashtags.get(&facts.sport).into_iter().flatten() {
            let longer = format!("{dressed} {}", tag.as_str());
            if !fits(&longer, limits) {
                break;
            }
            dressed = longer;
        }
        dressed
    }

    /// The text without what this voice has put around it.
    pub fn undressed<'a>(&self, text: &'a str, facts: &Facts) -> &'a str {
        let emoji = self.emoji_of(facts).and_then(|emoji| text.strip_prefix(emoji)?.strip_prefix(' '));
        let mut bare = emoji.unwrap_or(text);
        for tag in self.hashtags.get(&facts.sport).into_iter().flatten().rev() {
            bare = bare.strip_suffix(tag.as_str()).and_then(|rest| rest.strip_suffix(' ')).unwrap_or(bare);
        }
        bare
    }

    fn emoji_of(&self, facts: &Facts) -> Option<&'static str> {
        self.emoji.then(|| emoji(facts))
    }
}

/// The emoji of a moment: the card of a sending-off, else what the discipline is played with.
fn emoji(facts: &Facts) -> &'static str {
    match (facts.kind, facts.discipline) {
        (MomentKind::RedCard, _) => "🟥",
        (_, Discipline::Basketball) => "🏀",
        (_, Discipline::Football) => "🏈",
        (_, Discipline::Baseball) => "⚾",
        (_, Discipline::Hockey) => "🏒",
        (_, Discipline::Soccer) => "⚽",
        (_, Discipline::Tennis) => "🎾",
        (_, Discipline::Mma) => "🥊",
        (_, Discipline::Racing) => "🏁",
        (_, Discipline::Golf) => "⛳",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::fit::LengthUnit;
    use crate::wire::samples::plain;

    const TEXT: &str = "The Celtics edged the Hawks 117-116.";

    fn facts() -> Facts {
        plain(Discipline::Basketball, MomentKind::Final)
    }

    fn voice(tags: &[&str], emoji: bool) -> Voice {
        let tags = tags.iter().map(|tag| Hashtag::new(tag).expect("a hashtag")).collect();
        let hashtags = [(SportKey::new("nba"), tags)].into();
        Voice { hashtags, emoji, ..Voice::default() }
    }

    fn dressed(voice: &Voice, max: usize) -> String {
        voice.dressed(TEXT, &facts(), Limits { max, unit: LengthUnit::Weighted })
    }

    #[test]
    fn a_voice_puts_its_emoji_in_front_and_the_leagues_hashtags_at_the_end() {
        let all = dressed(&voice(&["#NBA", "Celtics_Hawks"], true), 280);
        assert_eq!(all, format!("🏀 {TEXT} #NBA #Celtics_Hawks"));
        assert_eq!(dressed(&Voice::default(), 280), TEXT);
        let elsewhere = Facts { sport: SportKey::new("wnba"), ..facts() };
        let limits = Limits { max: 280, unit: LengthUnit::Weighted };
        assert_eq!(voice(&["#NBA"], false).dressed(TEXT, &elsewhere, limits), TEXT);
    }

    #[test]
    fn what_does_not_fit_is_left_off_whole_and_an_emoji_weighs_two_on_x() {
        let both = voice(&["#NBA", "#Basketball"], true);
        let length = TEXT.len();
        assert_eq!(dressed(&both, length + 3 + 5), format!("🏀 {TEXT} #NBA"));
        assert_eq!(dressed(&both, length + 3 + 4), format!("🏀 {TEXT}"));
        assert_eq!(dressed(&both, length + 2), TEXT);
        assert_eq!(dressed(&both, length + 5), format!("🏀 {TEXT}"));
    }

    #[test]
    fn what_was_put_on_comes_off_again() {
        for voice in [voice(&["#NBA", "#Basketball"], true), voice(&["#NBA"], false), Voice::default()] {
            for max in [TEXT.len(), TEXT.len() + 8, 280] {
                assert_eq!(voice.undressed(&dressed(&voice, max), &facts()), TEXT);
            }
        }
    }

    #[test]
    fn a_hashtag_is_one_word_that_platforms_link() {
        for good in ["#NBA", "NBA", "#Bundesliga2", "#Fußball", "#my_team"] {
            assert!(Hashtag::new(good).is_some(), "{good}");
        }
        for bad in ["", "#", "#1", "#two words", "#a-b", "##NBA", "#evil.com", "#@someone", "#a\u{202e}b"] {
            assert!(Hashtag::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn every_english_is_english() {
        assert!(["en", "en-GB", "EN"].into_iter().all(|tag| Language::new(tag).is_english()));
        assert!(!["de", "eng", ""].into_iter().any(|tag| Language::new(tag).is_english()));
    }
}
