//! How much news a league's games can be expected to bring.
//!
//! The rates are moments told an hour of a game, counted on synthetic nights ([`synthetic`](crate::wire::synthetic)) under the
//! default rules and rounded: what a poll is worth goes with their square root, so they need not be exact. They are
//! highest late in a close game, then where a period is about to end; lowest in a break and while nothing is played.

use jiff::{SignedDuration, Timestamp};

use super::{is_believed, is_close, is_in_doubt, is_late, is_overdue};
use crate::wire::detect::SportState;
use crate::wire::game::{Clock, Game, Phase};
use crate::wire::sport::{Discipline, Sport};
use crate::wire::win_probability::{Situation, share_played};

/// A league of which nothing is near: a new game on the board, a postponement.
const IDLE: f64 = 0.01;
/// A start that is near or overdue.
const NEAR_START: f64 = 0.3;
/// A game that is held up.
const HELD_UP: f64 = 1.0;
/// A break, as a share of play.
const IN_A_BREAK: f64 = 0.3;
/// How likely a game is still close when it gets late, seen from far ahead.
const STAYS_CLOSE: f64 = 0.4;
/// The last share of a game's time that is late, seen from far ahead.
const LATE_SHARE: f64 = 0.1;

const LEAD_IN: SignedDuration = SignedDuration::from_mins(15);
/// A game that is not over is taken to go on for so long at least.
const SOME_MORE: SignedDuration = SignedDuration::from_mins(5);
/// How finely the time ahead is looked at.
const STEP: SignedDuration = SignedDuration::from_mins(5);

/// A game's usual course.
struct Usual {
    early: f64,
    late: f64,
    late_and_close: f64,
    /// What the last minute of a period, and of the last one, adds.
    period_ends: f64,
    game_ends: f64,
    /// From its start to its end by the clock on the wall.
    minutes: i64,
    /// How likely a score is told; late in a close game it always may be.
    score_told: f64,
}

fn usual(discipline: Discipline) -> Usual {
    let of = |early, late, late_and_close, minutes, score_told| Usual {
        early,
        late,
        late_and_close,
        period_ends: 6.0,
        game_ends: 20.0,
        minutes,
        score_told,
    };
    match discipline {
        Discipline::Basketball => of(1.0, 0.5, 20.0, 138, 0.02),
        Discipline::Football => of(2.0, 1.5, 7.0, 195, 0.4),
        Discipline::Baseball => of(1.7, 3.0, 9.0, 160, 0.6),
        Discipline::Hockey => of(3.0, 4.5, 11.0, 165, 1.0),
        Discipline::Soccer => of(1.7, 1.5, 4.5, 115, 1.0),
        // Contests of athletes have one moment, their end.
        Discipline::Tennis => of(1.0, 1.0, 1.0, 120, 0.0),
        Discipline::Mma => of(1.0, 1.0, 1.0, 20, 0.0),
        Discipline::Racing => of(1.0, 1.0, 1.0, 100, 0.0),
        Discipline::Golf => of(1.0, 1.0, 1.0, 84 * 60, 0.0),
    }
}

/// Moments to be told, an hour, of all the league's games as they stand.
pub(super) fn rate(state: &SportState, sport: &Sport, now: Timestamp) -> f64 {
    IDLE + super::last_sights(state).map(|game| rate_of(game, sport, now)).sum::<f64>()
}

/// What is to be expected of a time ahead.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Ahead {
    /// The square root of the rate, summed over the time in hours.
    pub(super) roots: f64,
    /// Moments to be told.
    pub(super) news: f64,
}

impl Ahead {
    /// With that share of another one beside it.
    pub(super) fn plus(self, other: Self, share: f64) -> Self {
        Self { roots: self.roots + share * other.roots, news: self.news + share * other.news }
    }
}

/// What is to be expected of a league until so long from now.
pub(super) fn ahead(state: &SportState, sport: &Sport, now: Timestamp, span: SignedDuration) -> Ahead {
    let hours = STEP.as_secs_f64() / 3600.0;
    let mut sum = Ahead::default();
    let mut after = SignedDuration::ZERO;
    while after < span {
        let at = now + after;
        let rate = match after {
            SignedDuration::ZERO => rate(state, sport, now),
            _ => IDLE + super::last_sights(state).map(|game| expected_of(game, sport, now, at)).sum::<f64>(),
        };
        sum = sum.plus(Ahead { roots: rate.sqrt(), news: rate }, hours);
        after += STEP;
    }
    sum
}

/// What has been seen and not settled, in moments that will be told if it settles.
pub(super) fn unsettled(state: &SportState, sport: &Sport, now: Timestamp) -> f64 {
    let in_doubt = state.games.values().filter(|game| is_in_doubt(game, now));
    in_doubt
        .map(|game| {
            let last = &game.last;
            if last.phase == Phase::Final {
                1.0
            } else if last.score() == game.score() {
                0.3
            } else if is_close(last, sport) && is_late(last, sport) {
                usual(sport.discipline).score_told.max(0.35)
            } else {
                usual(sport.discipline).score_told
            }
        })
        .sum()
}

fn rate_of(game: &Game, sport: &Sport, now: Timestamp) -> f64 {
    let usual = usual(sport.discipline);
    match game.phase {
        Phase::Live | Phase::Break | Phase::Shootout if !is_believed(game, now) => 0.0,
        Phase::Break => IN_A_BREAK * usual.early,
        Phase::Shootout => usual.game_ends,
        Phase::Live => {
            let close = is_close(game, sport);
            let course = match (is_late(game, sport), close) {
                (true, true) => usual.late_and_close,
                (true, false) => usual.late,
                (false, _) => usual.early,
            };
            course + if is_ending(game) { ending(game, sport, &usual) } else { 0.0 }
        }
        Phase::Delayed | Phase::Unknown if is_overdue(game, now) => HELD_UP,
        Phase::Scheduled | Phase::Delayed | Phase::Unknown => before_start(game, now),
        Phase::Final | Phase::Postponed | Phase::Suspended | Phase::Cancelled => 0.0,
    }
}

fn ending(game: &Game, sport: &Sport, usual: &Usual) -> f64 {
    if game.period >= sport.regulation.periods { usual.game_ends } else { usual.period_ends }
}

/// Whether the period is about to end: the last minute, added time, the last out.
fn is_ending(game: &Game) -> bool {
    match game.clock {
        Some(Clock::Left { millis }) => millis <= 60_000,
        Some(Clock::Minute { minute, added }) => added > 0 || matches!(minute, 45 | 90 | 105 | 120),
        Some(Clock::Inning { outs, .. }) => game.period >= 9 && outs == Some(2),
        None => false,
    }
}

fn before_start(game: &Game, now: Timestamp) -> f64 {
    let near = game.starts_at.is_some_and(|start| start.duration_since(now) <= LEAD_IN);
    if near && is_overdue(game, now.max(game.starts_at.unwrap_or(now))) { NEAR_START } else { 0.0 }
}

/// The rate of a game at a time ahead, as far as it can be known now.
fn expected_of(game: &Game, sport: &Sport, now: Timestamp, at: Timestamp) -> f64 {
    let usual = usual(sport.discipline);
    let whole = SignedDuration::from_mins(usual.minutes);
    let left = match game.phase {
        Phase::Live | Phase::Break | Phase::Shootout if is_believed(game, now) => {
            let left = 1.0 - share_played(sport, &situation(game));
            now + SOME_MORE.max(SignedDuration::from_secs_f64(whole.as_secs_f64() * left))
        }
        Phase::Scheduled => {
            let Some(start) = game.starts_at.filter(|_| is_expected(game, now)) else { return 0.0 };
            let start = start.max(now);
            if at < start {
                return if start.duration_since(at) <= LEAD_IN { NEAR_START } else { 0.0 };
            }
            start + whole
        }
        Phase::Delayed if is_overdue(game, now) => return HELD_UP,
        _ => return 0.0,
    };
    let left = left.duration_since(at).as_secs_f64() / whole.as_secs_f64();
    if left <= 0.0 {
        0.0
    } else if left <= LATE_SHARE {
        STAYS_CLOSE * usual.late_and_close + (1.0 - STAYS_CLOSE) * usual.late
    } else {
        usual.early
    }
}

fn is_expected(game: &Game, now: Timestamp) -> bool {
    game.starts_at.is_some_and(|start| start >= now) || is_overdue(game, now)
}

fn situation(game: &Game) -> Situation {
    Situation {
        score: game.score().unwrap_or_default(),
        shootout: None,
        phase: game.phase,
        period: game.period,
        clock: game.clock,
        bases: game.bases,
    }
}
