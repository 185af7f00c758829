//! The word of a second feed on a final, before it is told.
//!
//! Where a sport has several feeds, a final that one of them shows is checked with another. If that shows the same result it
//! counts at once. If it *contradicts* (another result, a game called off, or one still under way at another score) the final
//! is held until the two agree, or an operator turns the check off, or the final is too old to be told. If it says nothing
//! to the matter within the limit, because it fails or has the game under way at the same score, the first feed's own
//! confirmation is enough.
//!
//! What the second feed shows is asked for nothing but this: it is no sight of the game.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::state::{GameState, Sight, shootout};
use super::{Poll, identity};
use crate::wire::game::{Game, GameId, Phase, Score, Snapshot};
use crate::wire::moment::MomentKind;
use crate::wire::rules::Rules;
use crate::wire::sport::Sport;

use super::SportState;

/// How long the word that a game is over stays good.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What another feed last said of a game.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Second {
    feed: String,
    at: Timestamp,
    phase: Phase,
    score: Option<Score>,
    shootout: Option<Score>,
}

/// What it says to a final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Agrees,
    Contradicts,
    Nothing,
}

impl Second {
    fn of(game: &Game, feed: &str, at: Timestamp) -> Self {
        Self { feed: feed.to_owned(), at, phase: game.phase, score: game.score(), shootout: shootout(game) }
    }

    fn word(&self, sight: &Sight) -> Word {
        let winner = |shootout: Option<Score>| shootout.and_then(Score::leader);
        let same_score = self.score.is_some() && self.score == sight.score;
        let same_result = same_score && winner(self.shootout) == winner(sight.shootout);
        match self.phase {
            Phase::Final if same_result => Word::Agrees,
            // What was said before the final was seen is no answer to it.
            _ if self.at < sight.at => Word::Nothing,
            Phase::Final | Phase::Postponed | Phase::Suspended | Phase::Cancelled => Word::Contradicts,
            Phase::Live | Phase::Break | Phase::Shootout if self.score.is_some() && !same_score => {
                Word::Contradicts
            }
            _ => Word::Nothing,
        }
    }
}

/// A final that is held, since another feed contradicts it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The game.
    pub game: GameId,
    /// The feed that shows the final, and its score.
    pub shown: (String, Score),
    /// The feed that contradicts it.
    pub by: String,
    /// The score it shows, if any.
    pub score: Option<Score>,
    /// How it has the game.
    pub phase: Phase,
}

impl SportState {
    /// Takes in what another feed than the one in use shows, for the finals that wait for its word.
    pub fn hear(&mut self, snapshot: &Snapshot, sport: &Sport, rules: &Rules) {
        if snapshot.sport != sport.key {
            return;
        }
        let poll = Poll { sport, rules, feed: &snapshot.feed, now: snapshot.seen_at, rated: None };
        for game in &snapshot.games {
            let Some(id) = identity::known(self, game, &poll) else { continue };
            if let Some(known) = self.games.get_mut(&id).filter(|known| known.feed != snapshot.feed) {
                known.second = Some(Second::of(game, &snapshot.feed, snapshot.seen_at));
            }
        }
    }

    /// Whether a final waits for another feed's word.
    pub fn awaits_word(&self) -> bool {
        self.games.values().any(|game| game.quarantine.is_none() && game.final_candidate().is_some())
    }

    /// The finals that are held.
    pub fn held(&self) -> impl Iterator<Item = Held> {
        self.games.iter().filter_map(|(id, game)| {
            let sight = game.final_candidate()?;
            let second = game.second.as_ref().filter(|second| second.word(sight) == Word::Contradicts)?;
            Some(Held {
                game: id.clone(),
                shown: (game.feed.clone(), sight.score?),
                by: second.feed.clone(),
                score: second.score,
                phase: second.phase,
            })
        })
    }
}

impl GameState {
    /// What another feed says to that final.
    pub(super) fn word(&self, sight: &Sight, poll: &Poll) -> Word {
        let fresh =
            |second: &&Second| second.feed != poll.feed && poll.now.duration_since(second.at) <= GOOD_FOR;
        self.second.as_ref().filter(fresh).map_or(Word::Nothing, |second| second.word(sight))
    }

    /// Whether a final has waited for another feed's word as long as it has to.
    pub(super) fn has_waited(&self, sight: &Sight, word: Word, poll: &Poll) -> bool {
        let Some(limit) = poll.rules.cross_check else { return true };
        let limit = match word {
            Word::Agrees => return true,
            Word::Nothing => limit,
            Word::Contradicts => poll.rules.staleness_limit(MomentKind::Final),
        };
        let waited = poll.now.duration_since(sight.at);
        SignedDuration::try_from(limit).is_ok_and(|limit| waited >= limit)
    }
}
