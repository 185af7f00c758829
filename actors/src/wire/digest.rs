//! After an outage: one short text about the finals a channel missed, instead of stale posts one after the other.
//!
//! A final is missed where it was too old when it was confirmed, or where its post expired. The digest says nothing but
//! results, each of which the fact gate has checked against its own game's facts, as they stand when it is written. It is
//! kept as a story of its own, of a game of its own, so that it stands in nobody's line; its facts are those of the
//! weightiest final in it.

use std::time::Duration;

use jiff::Timestamp;

use super::facts::Facts;
use super::fit::{Limits, fits};
use super::game::{GameId, Score};
use super::gate;
use super::life::NewPost;
use super::moment::MomentKind;
use super::post::{ChannelName, Operation, PostState};
use super::sport::Discipline;
use super::story::{Story, StoryId, Verdict};

/// For how long a missed final is worth telling.
pub const WORTH_TELLING: Duration = Duration::from_secs(12 * 3600);

/// How long the last of several finals is behind before they are told together.
const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// How long the first of them waits at most.
const WAITS_AT_MOST: Duration = Duration::from_secs(5 * 60);

/// How long a digest may take to leave.
const SEND_WITHIN: Duration = Duration::from_secs(3600);

/// A final that a channel did not tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// Its newest revision.
    pub story: Story,
    /// When it was clear that it would not be told.
    pub at: Timestamp,
}

/// A digest, to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// The story it is kept as.
    pub story: Story,
    /// Its one post.
    pub post: NewPost,
    /// The finals it tells.
    pub tells: Vec<StoryId>,
}

/// The game under which a channel's digests are kept.
pub fn game(channel: &ChannelName) -> GameId {
    GameId(format!("digest/{channel}"))
}

/// Whether a story is a digest.
pub fn is_digest(story: &StoryId) -> bool {
    story.0.starts_with("digest/")
}

/// Whether it is time to tell what was missed.
pub fn is_due(missed: &[Missed], now: Timestamp) -> bool {
    let passed = |at: Timestamp, span: Duration| at.checked_add(span).is_ok_and(|due| due <= now);
    let (first, last) =
        (missed.iter().map(|missed| missed.at).min(), missed.iter().map(|missed| missed.at).max());
    first.zip(last).is_some_and(|(first, last)| passed(last, SETTLED_AFTER) || passed(first, WAITS_AT_MOST))
}

/// Writes the digest: the weightiest finals, as many as fit. `None` where nothing can be said.
pub fn write(channel: &ChannelName, missed: &[Missed], limits: Limits, now: Timestamp) -> Option<Digest> {
    let mut stories: Vec<&Story> = missed.iter().map(|missed| &missed.story).collect();
    stories
        .sort_by(|a, b| b.significance.total.total_cmp(&a.significance.total).then_with(|| a.id.cmp(&b.id)));
    let (mut results, mut told): (Vec<String>, Vec<&Story>) = (Vec::new(), Vec::new());
    for story in stories {
        let Some(result) = result(&story.facts) else { continue };
        results.push(result);
        if !fits(&text(&results), limits) {
            results.pop();
            break;
        }
        told.push(story);
    }
    let weightiest = told.first()?;
    let story = Story {
        id: StoryId(format!("digest/{channel}/{}", now.as_second())),
        revision: 1,
        game: game(channel),
        kind: MomentKind::Final,
        after: now,
        seen_at: now,
        confirmed_at: now,
        stale_at: now.checked_add(SEND_WITHIN).unwrap_or(Timestamp::MAX),
        verdict: Verdict::Told,
        ..(*weightiest).clone()
    };
    let post = NewPost {
        channel: channel.clone(),
        operation: Operation::Create,
        state: PostState::Pending,
        text: text(&results),
        title: None,
        author: "digest".to_owned(),
        not_before: None,
        send_before: story.stale_at,
    };
    Some(Digest { story, post, tells: told.iter().map(|story| story.id.clone()).collect() })
}

fn text(results: &[String]) -> String {
    format!("Earlier finals: {}.", results.join("; "))
}

/// A result that the gate lets through: the side with more first, the home side first where there is none; and who won
/// where a shoot-out decided it.
fn result(facts: &Facts) -> Option<String> {
    let Score { home, away } = facts.score;
    let (home, away) =
        (format!("{} {home}", facts.home.short_name), format!("{} {away}", facts.away.short_name));
    let result = if facts.score.away > facts.score.home {
        format!("{away}, {home}")
    } else {
        format!("{home}, {away}")
    };
    let result = match facts.shootout {
        Some(shootout) => format!("{result} ({})", shootout_won(facts, shootout)?),
        None => result,
    };
    let anything = Limits { max: usize::MAX, unit: super::fit::LengthUnit::Chars };
    gate::check(&result, facts, anything).is_ok().then_some(result)
}

fn shootout_won(facts: &Facts, Score { home, away }: Score) -> Option<String> {
    let winner = &facts.team(facts.winner()?).short_name;
    Some(match facts.discipline {
        Discipline::Soccer => format!("{winner} won {}-{} on penalties", home.max(away), home.min(away)),
        _ => format!("{winner} won in a shootout"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::fit::LengthUnit;
    use crate::wire::samples;

    const ROOM: Limits = Limits { max: 280, unit: LengthUnit::Graphemes };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn missed(number: u32, significance: f64, seen: i64) -> Missed {
        let game = GameId(format!("nba-{number}"));
        let facts = samples::plain(Discipline::Basketball, MomentKind::Final);
        let story = Story {
            id: StoryId::of(&game, MomentKind::Final, 4, 1),
            revision: 1,
            sport: facts.sport.clone(),
            game,
            kind: MomentKind::Final,
            after: at(0),
            seen_at: at(seen),
            confirmed_at: at(seen),
            stale_at: at(seen),
            facts,
            significance: crate::wire::significance::Significance {
                total: significance,
                ..Default::default()
            },
            verdict: Verdict::Told,
            turn: 0,
        };
        Missed { story, at: at(seen) }
    }

    fn channel() -> ChannelName {
        ChannelName("x".to_owned())
    }

    #[test]
    fn a_digest_tells_results_only_and_is_a_story_of_its_own() {
        let digest = write(&channel(), &[missed(1, 0.4, 10)], ROOM, at(100)).unwrap();
        assert_eq!(digest.post.text, "Earlier finals: Celtics 117, Hawks 116.");
        assert_eq!((digest.story.id.0.as_str(), digest.story.game.0.as_str()), ("digest/x/100", "digest/x"));
        assert!(is_digest(&digest.story.id));
        assert_eq!(digest.post.send_before, at(3_700));
    }

    #[test]
    fn the_weightiest_finals_come_first_and_what_does_not_fit_is_left_out() {
        let all = [missed(1, 0.4, 10), missed(2, 0.9, 10), missed(3, 0.6, 10)];
        let told = |max| {
            let limits = Limits { max, unit: LengthUnit::Graphemes };
            write(&channel(), &all, limits, at(100)).map(|digest| {
                digest.tells.iter().map(|id| id.0[4..5].to_owned()).collect::<Vec<_>>().concat()
            })
        };
        assert_eq!(told(280).as_deref(), Some("231"));
        assert_eq!(told(70).as_deref(), Some("23"));
        assert_eq!(told(20), None);
    }

    #[test]
    fn of_a_game_that_a_shootout_decided_the_winner_is_told_too() {
        let told = |discipline, case: &str| {
            let sample = samples::of(discipline, MomentKind::Final).into_iter();
            let facts = sample.filter(|sample| sample.name.ends_with(case)).map(|sample| sample.facts).next();
            result(&facts.unwrap())
        };
        let results = [
            told(Discipline::Soccer, "/shootout"),
            told(Discipline::Hockey, "/shootout"),
            told(Discipline::Hockey, "/shootout_beside_the_score"),
        ];
        let expected = [
            "Arsenal 2, Chelsea 2 (Arsenal won 4-2 on penalties)",
            "Bruins 4, Maple Leafs 3 (Bruins won in a shootout)",
            "Bruins 3, Maple Leafs 3 (Maple Leafs won in a shootout)",
        ];
        assert_eq!(results.each_ref().map(Option::as_deref), expected.map(Some));
    }

    #[test]
    fn what_cannot_be_said_is_not_said() {
        let mut undecided = missed(1, 0.4, 10);
        undecided.story.facts = samples::plain(Discipline::Soccer, MomentKind::Final);
        undecided.story.facts.score = Score { home: 1, away: 1 };
        undecided.story.facts.shootout = Some(Score { home: 3, away: 3 });
        assert_eq!(write(&channel(), &[undecided], ROOM, at(100)), None);
        assert_eq!(write(&channel(), &[], ROOM, at(100)), None);
    }

    #[test]
    fn finals_that_come_together_are_told_together() {
        assert!(!is_due(&[], at(1_000)));
        assert!(!is_due(&[missed(1, 0.4, 10)], at(69)));
        assert!(is_due(&[missed(1, 0.4, 10)], at(70)));
        assert!(!is_due(&[missed(1, 0.4, 10), missed(2, 0.4, 60)], at(70)));
        assert!(is_due(&[missed(1, 0.4, 10), missed(2, 0.4, 300)], at(310)), "not for ever");
    }
}
