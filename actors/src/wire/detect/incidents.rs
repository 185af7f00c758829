//! Incidents: players sent off, penalties missed. Each is told once.
//!
//! A feed lists them without ids of their own and puts its list right as it goes: a name arrives a poll after the card, a
//! minute moves by one, an edge that is behind shows a shorter list. So what is listed is matched with what is known,
//! first by name, then by side and minute; only what is left over is new. A candidate that is missing from one board is
//! dropped, as a score would be; one that was told is kept for the whole game, so that a card which is taken back and
//! shown again is no second card.
//!
//! What a first board shows is not news, nor what another feed shows that takes over, nor what is added to the list of a
//! game that has ended. Penalties of a shoot-out are none of these.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Poll;
use super::moments::Change;
use super::state::{GameState, Sight};
use crate::wire::game::{Clock, Game, Phase, Play, PlayKind};
use crate::wire::moment::MomentKind;

/// How far the minute of one incident may move, in minutes.
const MINUTE_MOVES: u16 = 2;

/// The longest list of a game that is kept.
const MOST_INCIDENTS: usize = 32;

/// One incident of a game, told or on its way to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Incident {
    play: Play,
    sight: Sight,
    after: Timestamp,
    agreed: u32,
    /// It was told, or is never to be.
    settled: bool,
}

impl Incident {
    /// What a first board shows.
    pub(super) fn listed(game: &Game, sight: &Sight) -> Vec<Self> {
        of_note(game).map(|play| Self::new(play, sight, sight.at, true)).collect()
    }

    fn new(play: &Play, sight: &Sight, after: Timestamp, settled: bool) -> Self {
        Self { play: play.clone(), sight: sight.clone(), after, agreed: 0, settled }
    }

    /// Whether another sight would confirm or deny it.
    pub(super) fn is_open(&self) -> bool {
        !self.settled
    }

    fn is(&self, play: &Play, by_name: bool) -> bool {
        let same = kind(&self.play) == kind(play) && self.play.side == play.side;
        let near = distance(self.play.clock, play.clock).is_none_or(|apart| apart <= MINUTE_MOVES);
        let named = self.play.player.is_some() && self.play.player == play.player;
        // A player is sent off once; he may miss two penalties.
        let once = kind(play) == Some(MomentKind::RedCard);
        same && if by_name { named && (once || near) } else { near }
    }
}

fn of_note(game: &Game) -> impl Iterator<Item = &Play> {
    game.plays.iter().filter(|play| kind(play).is_some() && play.side.is_some())
}

fn kind(play: &Play) -> Option<MomentKind> {
    match play.kind {
        PlayKind::RedCard => Some(MomentKind::RedCard),
        PlayKind::MissedPenalty | PlayKind::SavedPenalty => Some(MomentKind::MissedPenalty),
        _ => None,
    }
}

/// The minutes between two clocks; `None` where one of them is not known.
fn distance(one: Option<Clock>, other: Option<Clock>) -> Option<u16> {
    let minute = |clock| match clock {
        Some(Clock::Minute { minute, added }) => Some(minute.saturating_add(added)),
        _ => None,
    };
    Some(minute(one)?.abs_diff(minute(other)?))
}

/// For each play the incident it is, where one is known.
fn matched(known: &[Incident], plays: &[&Play]) -> Vec<Option<usize>> {
    let mut found = vec![None; plays.len()];
    for by_name in [true, false] {
        for (at, play) in plays.iter().enumerate() {
            if found[at].is_none() {
                let free = |i: &usize| !found.contains(&Some(*i)) && known[*i].is(play, by_name);
                found[at] = (0..known.len()).find(free);
            }
        }
    }
    found
}

impl GameState {
    /// Takes the incidents of a board in; yields those it confirms, in the feed's order.
    pub(super) fn advance_incidents(&mut self, game: &Game, sight: &Sight, poll: &Poll) -> Vec<Change> {
        let readable = sight.phase.in_play() || sight.phase == Phase::Final;
        if !readable || !sight.phase_known || !sight.sound {
            return Vec::new();
        }
        let silent = self.incidents.is_none() || self.feed != poll.feed || self.ended.is_some();
        let mut known = self.incidents.take().unwrap_or_default();
        let listed: Vec<&Play> = of_note(game).collect();
        let found = matched(&known, &listed);
        let mut shown: Vec<bool> = (0..known.len()).map(|i| found.contains(&Some(i))).collect();
        for (play, at) in listed.into_iter().zip(found) {
            match at {
                Some(at) => {
                    known[at].agreed += 1;
                    known[at].play = play.clone();
                    known[at].settled |= silent;
                }
                None => {
                    let in_shootout = sight.phase == Phase::Shootout && play.kind != PlayKind::RedCard;
                    known.push(Incident::new(play, sight, self.seen_at, silent || in_shootout));
                    shown.push(true);
                }
            }
        }
        let mut shown = shown.into_iter();
        known.retain(|incident| shown.next() == Some(true) || incident.settled);
        known.truncate(MOST_INCIDENTS);
        let changes = known.iter_mut().filter_map(|incident| self.confirm_incident(incident, poll)).collect();
        self.incidents = Some(known);
        changes
    }

    fn confirm_incident(&self, incident: &mut Incident, poll: &Poll) -> Option<Change> {
        let agreed = incident.agreed >= poll.confirmations() && self.has_settled(&incident.sight);
        if incident.settled || !agreed {
            return None;
        }
        incident.settled = true;
        let mut change = self.plain_change(kind(&incident.play)?, incident.sight.clone(), incident.after);
        change.play = Some(incident.play.clone());
        Some(change)
    }
}
