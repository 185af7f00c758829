//! Which texts an editor sees before they leave.
//!
//! A rule names the texts it wants to see; one rule that does is enough. What no rule wants leaves by itself. A text that
//! awaits approval holds up nothing: the later stories of its game go on and overtake it, and it expires like any other,
//! at the story's own limit or at the rule's.
//!
//! A correction takes back something false that readers have seen, so a rule means corrections only where it names them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use super::facts::Facts;
use super::fit::Limits;
use super::gate::{self, Checked, Rejection};
use super::moment::MomentKind;
use super::post::ChannelName;
use super::sport::SportKey;
use super::story::Story;
use super::voice::Voice;

/// One rule: everything in it must fit.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalRule {
    /// What the operator calls it.
    pub name: String,
    /// Only on these channels; `None` for every one.
    pub channels: Option<BTreeSet<ChannelName>>,
    /// Only these sports; `None` for every one.
    pub sports: Option<BTreeSet<SportKey>>,
    /// The kinds; `None` for every one but corrections.
    pub kinds: Option<BTreeSet<MomentKind>>,
    /// The least significance, 0 to 1.
    pub min_significance: f64,
    /// The most significance, 0 to 1.
    pub max_significance: f64,
    /// Only texts of these writers, by the name before the colon: `openai`; `None` for every one.
    pub writers: Option<BTreeSet<String>>,
    /// How long after it was written a text may wait; `None` for as long as its kind stays fresh.
    pub expires_after: Option<Duration>,
}

impl ApprovalRule {
    /// A rule that wants to see everything but corrections, for as long as each stays fresh.
    pub fn all(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            channels: None,
            sports: None,
            kinds: None,
            min_significance: 0.0,
            max_significance: 1.0,
            writers: None,
            expires_after: None,
        }
    }

    /// Whether it wants to see that text of a story on that channel; `author` as the post names it: `openai:gpt-5-mini`.
    pub fn wants(&self, channel: &ChannelName, story: &Story, author: &str) -> bool {
        let writer = author.split_once(':').map_or(author, |(writer, _)| writer);
        let kind = match &self.kinds {
            Some(kinds) => kinds.contains(&story.kind),
            None => story.kind != MomentKind::Correction,
        };
        kind && self.channels.as_ref().is_none_or(|channels| channels.contains(channel))
            && self.sports.as_ref().is_none_or(|sports| sports.contains(&story.sport))
            && (self.min_significance..=self.max_significance).contains(&story.significance.total)
            && self.writers.as_ref().is_none_or(|writers| writers.contains(writer))
    }

    /// Until when a text written `now` may wait that would otherwise leave before `send_before`.
    pub fn expires_at(&self, send_before: Timestamp, now: Timestamp) -> Timestamp {
        self.expires_after.map_or(send_before, |span| now.checked_add(span).unwrap_or(Timestamp::MAX))
    }
}

/// The first rule that wants to see that text.
pub fn wanted_by<'a>(
    rules: &'a [ApprovalRule],
    channel: &ChannelName,
    story: &Story,
    author: &str,
) -> Option<&'a ApprovalRule> {
    rules.iter().find(|rule| rule.wants(channel, story, author))
}

/// A text that an editor puts in the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text, checked.
    pub text: Checked,
    /// Who answers for it: `editor`, or `editor:own` where the facts were not asked.
    pub author: &'static str,
}

/// Checks a text that an editor wrote: against the facts like any other, without what the channel's voice puts around it; or
/// where it is the editor's `own`, by its form alone.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn edited(
    text: &str,
    facts: &Facts,
    limits: Limits,
    voice: &Voice,
    own: bool,
) -> Result<Edited, Rejection> {
    if !own {
        gate::check_with(voice.undressed(text, facts), facts, limits, voice.manner.vocabulary())?;
    }
    let author = if own { "editor:own" } else { "editor" };
    Ok(Edited { text: gate::check_form(text, limits)?, author })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::fit::LengthUnit;
    use crate::wire::game::GameId;
    use crate::wire::samples;
    use crate::wire::significance::Significance;
    use crate::wire::sport::Discipline;
    use crate::wire::story::{StoryId, Verdict};
    use crate::wire::voice::Hashtag;

    fn story(kind: MomentKind, significance: f64) -> Story {
        let game = GameId("nba-1".to_owned());
        let at = Timestamp::UNIX_EPOCH;
        Story {
            id: StoryId::of(&game, kind, 4, 1),
            revision: 1,
            sport: SportKey::new("nba"),
            game,
            kind,
            after: at,
            seen_at: at,
            confirmed_at: at,
            stale_at: at,
            facts: samples::plain(Discipline::Basketball, MomentKind::Final),
            significance: Significance { total: significance, ..Significance::default() },
            verdict: Verdict::Told,
            turn: 0,
        }
    }

    fn wants(rule: &ApprovalRule, story: &Story, author: &str) -> bool {
        rule.wants(&ChannelName("x".to_owned()), story, author)
    }

    #[test]
    fn a_rule_wants_what_fits_everything_in_it() {
        let end = story(MomentKind::Final, 0.6);
        let rule = ApprovalRule::all("r");
        assert!(wants(&rule, &end, "template"));
        let channels = |name: &str| Some([ChannelName(name.to_owned())].into());
        let sports = |key: &str| Some([SportKey::new(key)].into());
        let writers = |name: &str| Some([name.to_owned()].into());
        for (fits, unfit) in [
            (
                ApprovalRule { channels: channels("x"), ..rule.clone() },
                ApprovalRule { channels: channels("y"), ..rule.clone() },
            ),
            (
                ApprovalRule { sports: sports("nba"), ..rule.clone() },
                ApprovalRule { sports: sports("nfl"), ..rule.clone() },
            ),
            (
                ApprovalRule { kinds: Some([MomentKind::Final].into()), ..rule.clone() },
                ApprovalRule { kinds: Some([MomentKind::Start].into()), ..rule.clone() },
            ),
            (
                ApprovalRule { min_significance: 0.6, ..rule.clone() },
                ApprovalRule { min_significance: 0.61, ..rule.clone() },
            ),
            (
                ApprovalRule { max_significance: 0.6, ..rule.clone() },
                ApprovalRule { max_significance: 0.59, ..rule.clone() },
            ),
            (
                ApprovalRule { writers: writers("openai"), ..rule.clone() },
                ApprovalRule { writers: writers("template"), ..rule.clone() },
            ),
        ] {
            assert!(wants(&fits, &end, "openai:gpt-5-mini"), "{fits:?}");
            assert!(!wants(&unfit, &end, "openai:gpt-5-mini"), "{unfit:?}");
        }
    }

    #[test]
    fn a_correction_is_wanted_only_by_a_rule_that_names_it() {
        let correction = story(MomentKind::Correction, 0.6);
        assert!(!wants(&ApprovalRule::all("r"), &correction, "template"));
        let kinds = Some([MomentKind::Correction].into());
        assert!(wants(&ApprovalRule { kinds, ..ApprovalRule::all("r") }, &correction, "template"));
    }

    #[test]
    fn a_text_expires_at_the_rules_limit_and_without_one_at_its_own() {
        let at = |second| Timestamp::new(second, 0).unwrap();
        let rule = ApprovalRule::all("r");
        assert_eq!(rule.expires_at(at(60), at(5)), at(60));
        let rule = ApprovalRule { expires_after: Some(Duration::from_secs(600)), ..rule };
        assert_eq!(rule.expires_at(at(60), at(5)), at(605));
    }

    #[test]
    fn an_edited_text_passes_the_gate_or_is_the_editors_own() {
        let facts = samples::plain(Discipline::Basketball, MomentKind::Final);
        let limits = Limits { max: 60, unit: LengthUnit::Graphemes };
        let try_it = |text: &str, own| {
            let tags = [(facts.sport.clone(), vec![Hashtag::new("NBA").unwrap()])].into();
            let voice = Voice { hashtags: tags, emoji: true, ..Voice::default() };
            edited(text, &facts, limits, &voice, own).map_err(|rejection| rejection.code())
        };
        let true_text = try_it("The Celtics beat the Hawks 117-116.", false).unwrap();
        assert_eq!(
            (true_text.text.text(), true_text.author),
            ("The Celtics beat the Hawks 117-116.", "editor")
        );
        let wrong = "The Hawks beat the Celtics 117-116.";
        let dressed = try_it("🏀 The Celtics beat the Hawks 117-116. #NBA", false).unwrap();
        assert_eq!(dressed.text.text(), "🏀 The Celtics beat the Hawks 117-116. #NBA");
        assert_eq!(try_it("The Celtics beat the Hawks 117-116. #Finals", false), Err("character"));
        assert_eq!(try_it(wrong, false), Err("score"));
        assert_eq!(try_it(wrong, true).map(|own| own.author), Ok("editor:own"));
        assert_eq!(try_it(&"long".repeat(20), true), Err("too_long"));
        assert_eq!(try_it("\u{202e}reversed", true), Err("character"));
        assert_eq!(try_it("", true), Err("empty"));
    }
}
