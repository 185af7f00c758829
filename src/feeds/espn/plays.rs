//! The plays a board shows: the last one of most sports, every goal and sending-off of soccer.
//!
//! Only plays that scored, sendings-off and penalties missed in play are kept; a play's wording is never passed on.

use serde_json::value::RawValue;
use wirereport_actors::wire::game::{Clock, Play, PlayKind, Which};
use wirereport_actors::wire::sport::Discipline;

use super::shape::{Athlete, Detail, LastPlay, Reference};
use super::status;
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, cleaned, person};

/// The feed's team ids of both sides.
pub(super) struct Sides<'a> {
    pub(super) home: &'a str,
    pub(super) away: &'a str,
}

impl Sides<'_> {
    pub(super) fn of(&self, team: Option<&Reference<'_>>) -> Option<Which> {
        match team?.id.id()?.as_str() {
            id if id == self.home => Some(Which::Home),
            id if id == self.away => Some(Which::Away),
            _ => None,
        }
    }
}

/// The last play, where it scored.
pub(super) fn last(play: &LastPlay<'_>, sides: &Sides<'_>, discipline: Discipline) -> Option<Play> {
    let points = points(&play.score_value).filter(|_| scored(play))?;
    let kind = match discipline {
        Discipline::Hockey | Discipline::Soccer => PlayKind::Goal,
        _ => PlayKind::Score,
    };
    Some(Play {
        id: play.id.id().and_then(|id| cleaned(&id, NAME)),
        side: sides.of(play.team.as_ref()),
        points,
        kind,
        player: the_one(&play.athletes_involved),
        clock: None,
    })
}

/// College basketball gives a missed shot the value it would have had, so the value alone proves nothing.
fn scored(play: &LastPlay<'_>) -> bool {
    const FAILED: [&str; 5] = ["miss", "no good", "blocked", "nullified", "overturned"];
    let text = play.text.text().unwrap_or_default().to_lowercase();
    play.scoring_play.flag().unwrap_or_else(|| !FAILED.iter().any(|word| text.contains(word)))
}

fn points(value: &Loose<'_>) -> Option<u32> {
    value.count().ok().flatten().filter(|points| *points > 0)
}

fn the_one(athletes: &[Athlete<'_>]) -> Option<String> {
    let [athlete] = athletes else { return None };
    person(athlete.display_name.text()?)
}

/// Soccer's goals, shoot-out goals, sendings-off and missed penalties, oldest first.
pub(super) fn of_match(raw: Option<&RawValue>, sides: &Sides<'_>) -> Vec<Play> {
    let details: Vec<&RawValue> = decoration(raw).unwrap_or_default();
    let mut plays: Vec<Play> = details
        .into_iter()
        .filter_map(|raw| decoration::<Detail<'_>>(Some(raw)))
        .filter_map(|detail| of_detail(&detail, sides))
        .collect();
    plays.sort_by_key(|play| (play.kind == PlayKind::ShootoutGoal, order(play.clock)));
    plays
}

fn order(clock: Option<Clock>) -> (u16, u16) {
    match clock {
        Some(Clock::Minute { minute, added }) => (minute, added),
        _ => (u16::MAX, u16::MAX),
    }
}

fn of_detail(detail: &Detail<'_>, sides: &Sides<'_>) -> Option<Play> {
    let is = |flag: &Loose<'_>| flag.flag() == Some(true);
    let scored = is(&detail.scoring_play);
    let kind = match () {
        () if is(&detail.red_card) => PlayKind::RedCard,
        () if !scored => missed_penalty(detail)?,
        () if is(&detail.shootout) => PlayKind::ShootoutGoal,
        () if is(&detail.own_goal) => PlayKind::OwnGoal,
        () if is(&detail.penalty_kick) => PlayKind::PenaltyGoal,
        () => PlayKind::Goal,
    };
    let points = match kind {
        PlayKind::RedCard | PlayKind::ShootoutGoal | PlayKind::MissedPenalty | PlayKind::SavedPenalty => 0,
        _ => points(&detail.score_value).unwrap_or(1),
    };
    Some(Play {
        id: None,
        side: if kind == PlayKind::OwnGoal {
            profiting(detail, sides)
        } else {
            sides.of(detail.team.as_ref())
        },
        points,
        kind,
        player: the_one(&detail.athletes_involved),
        clock: detail.clock.text().and_then(status::minute),
    })
}

/// A penalty in play that brought no goal, by the feed's name for it: `Penalty - Saved`, `Penalty - Missed`.
fn missed_penalty(detail: &Detail<'_>) -> Option<PlayKind> {
    let name = detail.kind.text.text()?.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).collect();
    let in_play = detail.shootout.flag() != Some(true) && words.contains(&"penalty");
    match () {
        () if in_play && words.contains(&"saved") => Some(PlayKind::SavedPenalty),
        () if in_play && words.contains(&"missed") => Some(PlayKind::MissedPenalty),
        () => None,
    }
}

/// Who gains by an own goal: the opponents of the player who scored it. Without a player, the team that the feed names,
/// which in its recordings is the one that gains.
fn profiting(detail: &Detail<'_>, sides: &Sides<'_>) -> Option<Which> {
    let scorer = match detail.athletes_involved.as_slice() {
        [athlete] => sides.of(athlete.team.as_ref()),
        _ => None,
    };
    scorer.map(Which::other).or_else(|| sides.of(detail.team.as_ref()))
}
