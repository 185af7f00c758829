//! Detection: what changed since the last confirmed sight.
//!
//! A feed is many edge servers that disagree, so one sight of a board proves little. What is *confirmed* of a game changes
//! only by these rules; everything else a board says is a *candidate*, kept in the state that is committed with each poll.
//!
//! **A baseline.** The first sight of a game is recorded and yields nothing, whatever it shows. So does the first score of a
//! game that was met in play without one.
//!
//! **Rises.** A confirmed score is a high-water mark per side. A board above it opens a candidate; it is confirmed when
//! [`confirmations`](super::rules::Rules::confirmations) further boards show at least as much on both sides, or at once when
//! scoring plays that were never seen before add up to exactly the change, side by side. A board that shows less drops the
//! candidate. So each score is confirmed at most once, and was on every board from its first sight to its confirmation.
//!
//! **Falls.** A board below the mark is a candidate for a [`Correction`](super::moment::MomentKind::Correction) and counts only if it lasts:
//! for at least two further boards (or `confirmations`, if more) and [`FALL_LASTS`] of seen time, while the game is in play
//! or over. A fall to 0-0 that takes back more than one score could have brought counts in play only and must last
//! [`RESET_LASTS`], for that is what a feed that lost the game looks like; on a final board any fall to 0-0 must. A missing score is no score: it neither confirms
//! nor denies, and a board below the mark is not asked about period, clock or result either. Once confirmed, the fallen score is the mark, the course of the game (lead changes, deficits) goes back to
//! what it was before the score that was taken back, and a rise from there is a new score.
//!
//! A fall that only one board showed as it was is told as the board stands when it is confirmed.
//!
//! **Phases** are confirmed by as many further boards, a break and a final by such as show the same score, and a break of an
//! earlier period is an edge that lags behind. That a game goes on which was held up takes two further boards at the least,
//! for an edge that lags behind shows it as still being played. `Unknown` says nothing. A started game never goes back to
//! `Scheduled`. A final must show one and the same score throughout, and that score must be confirmed; where the board
//! contradicts itself (level in a sport without ties, a named winner who is behind) it must last for [`RESET_LASTS`], and
//! a level final in basketball is never told. Leaving
//! `Final` must last like a fall too, and is then silent: nothing is told of the game until it is final again, and that is
//! a correction of the final if the score is another, else nothing. A score that changes on a final board and lasts
//! corrects the final.
//!
//! **Facts** are those of the board where the moment was first seen, and only confirmed scores enter them. A period's final
//! score is told where the board stood still over the turn of the period, was seen in the break, or the feed's line score
//! adds up; else the period ends untold.
//!
//! **Incidents** (a player sent off, a penalty missed) are confirmed by as many further boards as a score, each once a game:
//! one that leaves the board after it was told and comes back is the one that was told. So are **milestones**, the round
//! figures of players.
//!
//! **A second feed's word** is asked for on a final where there is one, and can only confirm it or hold it.
//!
//! **Contests** of athletes are told by their results alone. See [`crate::wire::contest`].
//!
//! **Games.** An absent game is not a game that ended. A feed's game whose teams change is quarantined: nothing more is
//! told of it. A game that another feed takes over keeps its state, and until that feed has caught up with the confirmed
//! score it can take nothing back.
//!
//! **The course** of a game is sure ([`seen_from_start`](super::facts::Facts::seen_from_start)) if its baseline was before the
//! start, no two sights in play were more than [`LARGEST_GAP`] apart, and no two confirmed scores could have another lead
//! change between them that nobody saw.

use jiff::{SignedDuration, Timestamp};

use super::game::{Game, GameId, Phase, Snapshot};
use super::moment::Moment;
use super::rules::Rules;
use super::sport::Sport;

mod contests;
mod course;
mod identity;
mod incidents;
mod milestones;
mod moments;
mod period;
mod phase;
mod plays;
mod run;
mod score;
mod second;
mod shown;
mod state;
mod states;

pub use identity::{FeedGame, eastern_date, start_together, team_code};
pub use second::Held;
pub use shown::Curve;
pub use state::{GameState, SportState};
pub(super) use states::{close_and_late, is_close_and_late};

/// How long a board below the confirmed score must be seen before it takes anything back.
pub const FALL_LASTS: SignedDuration = SignedDuration::from_secs(60);

/// How long a board must be seen that can hardly be right: at 0-0 after more than one score could have brought, or final
/// with a score that contradicts it.
pub const RESET_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The longest time between two sights in play after which the course of a game is still sure.
pub const LARGEST_GAP: SignedDuration = SignedDuration::from_mins(3);

/// What a poll brought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    /// The confirmed changes, game by game, each game's in the order they are told.
    pub moments: Vec<Moment>,
    /// The games whose sight differs from their last one.
    pub observed: Vec<(GameId, Game)>,
}

/// What one poll is judged by.
#[derive(Clone, Copy)]
struct Poll<'a> {
    sport: &'a Sport,
    rules: &'a Rules,
    feed: &'a str,
    now: Timestamp,
    /// The home margin that the ratings expect of the game that is judged.
    rated: Option<f64>,
}

impl Poll<'_> {
    fn confirmations(&self) -> u32 {
        u32::from(self.rules.confirmations)
    }

    /// Whether what was first seen at `since`, and by so many boards after that, has lasted.
    fn has_lasted(&self, since: Timestamp, agreed: u32, span: SignedDuration) -> bool {
        agreed >= self.confirmations().max(2) && self.now.duration_since(since) >= span
    }
}

/// Takes a snapshot in. The state it leaves is to be committed together with what it returns; a snapshot of another league
/// changes nothing, and the same snapshot again yields nothing new.
pub fn observe(state: &mut SportState, snapshot: &Snapshot, sport: &Sport, rules: &Rules) -> Observation {
    let mut observation = Observation::default();
    if snapshot.sport != sport.key {
        return observation;
    }
    let poll = Poll { sport, rules, feed: &snapshot.feed, now: snapshot.seen_at, rated: None };
    let mut taken = std::collections::BTreeSet::new();
    for game in snapshot.games.iter().filter(|game| taken.insert(&game.feed_id)) {
        let id = identity::resolve(state, game, &poll);
        let poll = Poll { rated: state.ratings.home_margin(game, sport.discipline), ..poll };
        match state.games.get_mut(&id) {
            None => {
                let mut first = GameState::baseline(game.clone(), &snapshot.feed, snapshot.seen_at);
                first.adopt_milestones(game, &poll);
                observation.observed.push((id.clone(), game.clone()));
                state.games.insert(id, first);
            }
            Some(known) if known.forgotten => {
                *known = known.anew(game.clone(), &snapshot.feed, snapshot.seen_at);
                known.adopt_milestones(game, &poll);
                observation.observed.push((id, game.clone()));
            }
            Some(known) if known.is_repeated(game, &poll) => {}
            Some(known) => {
                let before = known.last.clone();
                observation.moments.extend(known.take_in(&id, game, &poll));
                if known.last != before {
                    observation.observed.push((id.clone(), known.last.clone()));
                }
                if let Some(score) = known.settled_at() {
                    state.ratings.settle(&id, game, score, snapshot.seen_at, sport.discipline);
                }
            }
        }
    }
    identity::forget_old(state, snapshot.seen_at);
    observation
}

impl GameState {
    fn is_repeated(&self, game: &Game, poll: &Poll) -> bool {
        self.seen_at == poll.now && self.feed == poll.feed && self.last == self.normalised(game)
    }

    /// A board that says nothing of the phase keeps the last one.
    fn normalised(&self, game: &Game) -> Game {
        let phase = if game.phase == Phase::Unknown { self.last.phase } else { game.phase };
        Game { phase, ..game.clone() }
    }

    /// Takes one sight of a known game in.
    fn take_in(&mut self, id: &GameId, game: &Game, poll: &Poll) -> Vec<Moment> {
        let moments = if self.quarantine.is_none() { self.judge(id, game, poll) } else { Vec::new() };
        self.last = self.normalised(game);
        self.seen_at = poll.now;
        poll.feed.clone_into(&mut self.feed);
        moments
    }

    fn judge(&mut self, id: &GameId, game: &Game, poll: &Poll) -> Vec<Moment> {
        if poll.sport.discipline.is_contest() {
            return self.judge_contest(id, game, poll);
        }
        self.prepare(game, poll);
        self.note_figure(game, poll);
        let fresh = self.fresh_plays(&game.plays);
        let mut changes = self.advance_score(&self.sight(game, poll.now), &fresh, poll);
        let sight = self.sight(game, poll.now);
        let scored = !changes.is_empty();
        changes.extend(self.advance_incidents(game, &sight, poll));
        changes.extend(self.advance_milestones(game, &sight, poll));
        changes.extend(self.advance_phase(game, &sight, scored, poll));
        changes.extend(self.advance_period(game, &sight, poll));
        changes.extend(self.advance_states(game, &sight, poll));
        let moments = self.moments(id, game, changes, poll);
        self.remember(&sight, poll);
        moments
    }
}

#[cfg(test)]
mod tests;
