//! How channels speak: their tone and language, their hashtags and emoji. What stands in `[voice]` holds for every channel; a
//! channel's own table overrides it.

use std::collections::BTreeMap;

use serde::Serialize;
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::voice::{Hashtag, Language, Manner, Tone, Voice};

use super::reader::Section;
use super::tree::{Node, Value};
use super::values::{self, Read, refused};

/// How a channel speaks.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct VoiceSettings {
    /// How lively its texts are.
    pub tone: Tone,
    /// The language of its texts.
    pub language: Language,
    /// Whether an emoji stands in front.
    pub emoji: bool,
    /// The hashtags of each league.
    pub hashtags: Hashtags,
}

type Hashtags = BTreeMap<SportKey, Vec<Hashtag>>;

/// The most hashtags of a league: more read as spam.
const MOST: usize = 5;

const TONES: &[(&str, Tone)] = &[("plain", Tone::Plain), ("lively", Tone::Lively)];

pub(super) fn read(section: &mut Section<'_>, default: &VoiceSettings) -> VoiceSettings {
    VoiceSettings {
        tone: section.take("tone", values::one_of(TONES), default.tone),
        language: section.take("language", language, default.language.clone()),
        emoji: section.take("emoji", values::boolean, default.emoji),
        hashtags: section.section("hashtags", |section| by_league(section, &default.hashtags)),
    }
}

fn language(node: &Node) -> Read<Language> {
    values::language(node).map(Language::new)
}

fn by_league(section: &mut Section<'_>, default: &Hashtags) -> Hashtags {
    // A league without hashtags needs no line in what settings come to.
    section.inherit();
    let of = |key: &str| {
        let key = SportKey::new(key);
        let tags = section.take(key.as_str(), hashtags, default.get(&key).cloned().unwrap_or_default());
        (!tags.is_empty()).then_some((key, tags))
    };
    Sport::known_keys().filter_map(of).collect()
}

fn hashtags(node: &Node) -> Read<Vec<Hashtag>> {
    let expected = "a list of up to 5 hashtags such as [\"#NBA\"], each of letters, figures and \"_\"";
    let Value::List(nodes) = &node.value else { return refused(node, expected) };
    if nodes.len() > MOST {
        return refused(node, expected);
    }
    let one = |node: &Node| match &node.value {
        Value::Text(text) => Hashtag::new(text).map_or_else(|| refused(node, expected), Ok),
        _ => refused(node, expected),
    };
    nodes.iter().map(one).collect()
}

impl VoiceSettings {
    /// The voice that the generator uses.
    pub fn voice(&self) -> Voice {
        Voice {
            manner: Manner { tone: self.tone, language: self.language.clone() },
            hashtags: self.hashtags.clone(),
            emoji: self.emoji,
        }
    }
}
