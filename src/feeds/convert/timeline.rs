//! From a play-by-play to the polls of a feed that watched the game.
//!
//! Every source is first folded into a [`Script`]: the game and its [`Sight`]s, each saying how the game stood from
//! some time on. A script is then polled as the wire polls a live board: every [`POLL`] while the game is on, more
//! slowly in breaks, a little before the start and three times at the end, so that a change can be confirmed by the next
//! poll. A change that two polls would hide between them gets a poll of its own: no score of the source is lost.

use jiff::{SignedDuration, Timestamp};
use wirereport_actors::wire::game::{
    Clock, FeedGameId, Game, Phase, Play, PlayKind, Score, Side, Snapshot, Team, Which,
};
use wirereport_actors::wire::sport::SportKey;

use crate::feeds::recording::format::TimeBase;
use crate::feeds::recording::{About, Recording};

/// Between two polls while the game is on.
const POLL: SignedDuration = SignedDuration::from_secs(15);
/// Between two polls in a break.
const BREAK_POLL: SignedDuration = SignedDuration::from_secs(60);
/// Before the first sight, the game is seen as scheduled so early.
const BEFORE: [SignedDuration; 3] =
    [SignedDuration::from_secs(180), SignedDuration::from_secs(120), SignedDuration::from_secs(60)];
/// Polls that see the final.
const FINAL_POLLS: usize = 3;
/// A wall clock so long before the scheduled start is of the entry's making, not of the game.
const EARLIEST: SignedDuration = SignedDuration::from_mins(10);

/// How a game stood from some time on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sight {
    pub(super) at: Timestamp,
    pub(super) phase: Phase,
    pub(super) period: u8,
    pub(super) clock: Option<Clock>,
    pub(super) score: Score,
    pub(super) shootout: Option<Score>,
    /// The plays a board shows.
    pub(super) plays: Vec<Play>,
}

impl Sight {
    /// Whether a reader of the board would notice anything but the clock.
    fn differs(&self, other: &Self) -> bool {
        (self.phase, self.period, self.score, self.shootout)
            != (other.phase, other.period, other.score, other.shootout)
            || self.plays != other.plays
    }
}

/// A game as a source tells it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Script {
    pub(super) sport: SportKey,
    pub(super) made_from: String,
    pub(super) clock: TimeBase,
    pub(super) feed_id: String,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) home: Team,
    pub(super) away: Team,
    pub(super) neutral: bool,
    pub(super) sights: Vec<Sight>,
}

impl Script {
    /// The recording a wire would have made of it; `None` where nothing was seen.
    pub(super) fn record(mut self, name: &str) -> Option<Recording> {
        self.settle();
        let about = About {
            sport: self.sport.clone(),
            title: format!("{} at {}", self.away.name, self.home.name),
            made_from: self.made_from.clone(),
            clock: self.clock,
        };
        let about = if self.is_soccer() {
            About { title: format!("{} v {}", self.home.name, self.away.name), ..about }
        } else {
            about
        };
        Recording::of(name, &about, &self.polls())
    }

    fn is_soccer(&self) -> bool {
        self.sport.as_str().contains('.')
    }

    /// Whole seconds, never going back, and at least one between two changes: entries are typed by hand and some are
    /// late, but the order they stand in is the order things happened in.
    fn settle(&mut self) {
        let mut floor = Timestamp::MIN;
        for index in 0..self.sights.len() {
            let (before, rest) = self.sights.split_at_mut(index);
            let Some(sight) = rest.first_mut() else { break };
            if let Some(start) = self.starts_at.filter(|start| sight.at + EARLIEST < *start) {
                sight.at = start;
            }
            let at = Timestamp::from_second(sight.at.as_second()).unwrap_or(sight.at);
            let changes = before.last().is_some_and(|last| last.differs(sight));
            let step = SignedDuration::from_secs(i64::from(changes));
            sight.at = at.max(floor.saturating_add(step).unwrap_or(floor));
            floor = sight.at;
        }
    }

    fn polls(&self) -> Vec<Snapshot> {
        let Some(first) = self.sights.first() else { return Vec::new() };
        let mut polls: Vec<Snapshot> =
            BEFORE.iter().map(|before| self.snapshot(first.at - *before, None)).collect();
        let mut at = first.at;
        let mut seen = 0;
        loop {
            let now = self.sights.partition_point(|sight| sight.at <= at).saturating_sub(1);
            polls.extend(self.hidden(seen, now).map(|sight| self.snapshot(sight.at, Some(sight))));
            seen = now;
            polls.push(self.snapshot(at, self.sights.get(now)));
            let Some(following) = self.sights.get(now + 1) else { break };
            let wait = if self.sights[now].phase == Phase::Break { BREAK_POLL } else { POLL };
            at += wait.min(following.at.duration_since(at).max(POLL));
        }
        for _ in 1..FINAL_POLLS {
            at += POLL;
            polls.push(self.snapshot(at, self.sights.last()));
        }
        polls
    }

    /// The sights after `seen` and before `now` whose change the next one overwrites.
    fn hidden(&self, seen: usize, now: usize) -> impl Iterator<Item = &Sight> {
        let window = &self.sights[seen.min(now)..=now];
        let last = window.len().saturating_sub(1);
        (1..last).filter_map(move |index| {
            let changes = window[index].differs(&window[index - 1]);
            let overwritten = (index + 1..=last).any(|later| window[later].differs(&window[index]));
            (changes && overwritten).then(|| &window[index])
        })
    }

    fn snapshot(&self, at: Timestamp, sight: Option<&Sight>) -> Snapshot {
        let winner = sight
            .filter(|sight| sight.phase == Phase::Final)
            .map(|sight| sight.score.leader().or_else(|| sight.shootout.and_then(Score::leader)));
        let side = |team: &Team, which| Side {
            team: team.clone(),
            score: sight.map(|sight| sight.score.of(which)),
            shootout: sight.and_then(|sight| sight.shootout).map(|shootout| shootout.of(which)),
            periods: Vec::new(),
            rank: None,
            winner: winner.map(|winner| winner == Some(which)),
        };
        let game = Game {
            feed_id: FeedGameId(self.feed_id.clone()),
            starts_at: self.starts_at,
            home: side(&self.home, Which::Home),
            away: side(&self.away, Which::Away),
            phase: sight.map_or(Phase::Scheduled, |sight| sight.phase),
            period: sight.map_or(0, |sight| sight.period),
            clock: sight.and_then(|sight| sight.clock),
            neutral: self.neutral,
            bases: None,
            home_win_probability: None,
            expected_home_margin: None,
            contest: None,
            leaders: Vec::new(),
            plays: sight.map(|sight| sight.plays.clone()).unwrap_or_default(),
            note: None,
        };
        Snapshot { sport: self.sport.clone(), feed: String::new(), seen_at: at, games: vec![game] }
    }
}

/// The play that takes `before` to `after`: none where nothing was scored, where points were taken back, or where both
/// sides changed at once.
pub(super) fn scoring_play(
    before: Score,
    after: Score,
    id: Option<String>,
    kind: PlayKind,
    clock: Option<Clock>,
) -> Option<Play> {
    let (side, points) = match (after.home.checked_sub(before.home)?, after.away.checked_sub(before.away)?) {
        (0, 0) => return None,
        (points, 0) => (Which::Home, points),
        (0, points) => (Which::Away, points),
        _ => return None,
    };
    Some(Play { id, side: Some(side), points, kind, player: None, clock })
}

/// Folds the sights of a source whose board shows its last scoring play.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pub(super) sights: Vec<Sight>,
    pub(super) score: Score,
    plays: Vec<Play>,
}

impl Fold {
    /// Adds a sight. A score that is taken back takes its play from the board, and an entry that is added after the
    /// end of a period does not start it again.
    pub(super) fn see(&mut self, seen: Seen, score: Score) {
        let ended = |last: &&Sight| last.phase == Phase::Break && last.period == seen.period;
        let ended = self.sights.last().filter(ended).filter(|_| seen.phase == Phase::Live);
        let (phase, clock) = ended.map_or((seen.phase, seen.clock), |last| (last.phase, last.clock));
        if score != self.score {
            let play = scoring_play(self.score, score, seen.id, seen.kind, seen.clock);
            self.plays = play.into_iter().collect();
            self.score = score;
        }
        self.sights.push(Sight {
            at: seen.at,
            phase,
            period: seen.period,
            clock,
            score,
            shootout: None,
            plays: self.plays.clone(),
        });
    }

    /// The time of the last sight.
    pub(super) fn last_at(&self) -> Option<Timestamp> {
        self.sights.last().map(|sight| sight.at)
    }
}

/// One entry of a play-by-play.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) at: Timestamp,
    pub(super) phase: Phase,
    pub(super) period: u8,
    pub(super) clock: Option<Clock>,
    pub(super) id: Option<String>,
    pub(super) kind: PlayKind,
}
