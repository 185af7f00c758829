//! A game as it really went, and the board at any time of it.

use jiff::{SignedDuration, Timestamp};

use super::script::{Script, Stand, Turn};
use super::{baseball, basketball, football, hockey, soccer};
use crate::wire::game::{Clock, FeedGameId, Game, Phase, Play, Score, Side, Team, Which};
use crate::wire::sport::{Discipline, Sport};

/// Who plays whom, when, and what is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixture {
    /// The league.
    pub sport: Sport,
    /// The feed's id of the game.
    pub feed_id: FeedGameId,
    /// The home side.
    pub home: Team,
    /// The away side.
    pub away: Team,
    /// The scheduled start.
    pub starts_at: Timestamp,
    /// Home's expected margin, as the odds have it.
    pub expected_home_margin: f64,
    /// Whether a match that is level goes on: extra time and penalties in soccer. Other disciplines always go on.
    pub knockout: bool,
}

/// A game that really happens.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticGame {
    fixture: Fixture,
    turns: Vec<Turn>,
}

/// One baseball game in fifty is called off before its start.
const RAINED_OUT: f64 = 0.02;

impl SyntheticGame {
    /// Plays a game from its scheduled start to its end.
    pub fn play(fixture: Fixture, rng: &mut fastrand::Rng) -> Self {
        let mut script = Script::new(&fixture);
        match fixture.sport.discipline {
            Discipline::Baseball if rng.f64() < RAINED_OUT => script.call_off(),
            Discipline::Basketball => basketball::play(&fixture, &mut script, rng),
            Discipline::Football => football::play(&fixture, &mut script, rng),
            Discipline::Baseball => baseball::play(&fixture, &mut script, rng),
            Discipline::Hockey => hockey::play(&fixture, &mut script, rng),
            Discipline::Soccer => soccer::play(&fixture, &mut script, rng),
            // Contests of athletes are not invented.
            Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => script.call_off(),
        }
        Self { fixture, turns: script.turns() }
    }

    /// Who plays whom.
    pub fn fixture(&self) -> &Fixture {
        &self.fixture
    }

    /// When it is over, or called off.
    pub fn ends_at(&self) -> Timestamp {
        self.turns.last().map_or(self.fixture.starts_at, |turn| turn.at)
    }

    /// The score at its end; `None` if it was called off.
    pub fn final_score(&self) -> Option<Score> {
        self.turns.last().filter(|turn| turn.phase == Phase::Final).map(|turn| turn.score)
    }

    /// Every turn the game takes with the board from then on: scores, periods, outs, the end. Between two turns only a
    /// running clock moves.
    pub fn truths(&self) -> impl Iterator<Item = (Timestamp, Game)> {
        self.turns.iter().map(|turn| (turn.at, self.at(turn.at)))
    }

    /// The board that tells the truth at that time.
    pub fn at(&self, at: Timestamp) -> Game {
        let shown = self.turns.partition_point(|turn| turn.at <= at);
        let (past, turn) = (&self.turns[..shown], shown.checked_sub(1).map(|last| &self.turns[last]));
        let started = turn.filter(|turn| turn.period > 0);
        let line = line_score(past);
        let side = |team: &Team, which: Which| Side {
            team: team.clone(),
            score: started.map(|turn| turn.score.of(which)),
            shootout: started.and_then(|turn| turn.shootout).map(|shootout| shootout.of(which)),
            periods: line.iter().map(|score| score.of(which)).collect(),
            rank: None,
            winner: turn.filter(|turn| turn.phase == Phase::Final).map(|turn| turn.winner() == Some(which)),
        };
        Game {
            feed_id: self.fixture.feed_id.clone(),
            starts_at: Some(self.fixture.starts_at),
            home: side(&self.fixture.home, Which::Home),
            away: side(&self.fixture.away, Which::Away),
            phase: turn.map_or(Phase::Scheduled, |turn| turn.phase),
            period: turn.map_or(0, |turn| turn.period),
            clock: started.and_then(|turn| self.clock(turn, self.turns.get(shown), at)),
            bases: started.and_then(|turn| turn.bases),
            neutral: false,
            home_win_probability: None,
            expected_home_margin: Some(self.fixture.expected_home_margin),
            contest: None,
            leaders: Vec::new(),
            plays: goals(past),
            note: None,
        }
    }

    fn clock(&self, turn: &Turn, next: Option<&Turn>, at: Timestamp) -> Option<Clock> {
        let played = match turn.stand {
            Stand::Played(seconds) => seconds + since(turn, seconds, next, at),
            Stand::Inning(half, outs) => return Some(Clock::Inning { half, outs }),
            Stand::Untimed => return None,
        };
        let regulation = self.fixture.sport.regulation;
        let in_overtime = turn.period > regulation.periods;
        let length = if in_overtime { regulation.overtime_seconds } else { regulation.period_seconds };
        Some(match self.fixture.sport.discipline {
            Discipline::Soccer => {
                let minute = (played / 60.0) as u16 + 1;
                let (before, most) = soccer::minutes(turn.period);
                Clock::Minute { minute: before + minute.min(most), added: minute.saturating_sub(most) }
            }
            _ => Clock::Left { millis: ((f64::from(length) - played).max(0.0) * 1000.0) as u32 },
        })
    }
}

/// How far the clock has run since a turn: evenly to the next turn of its period.
fn since(turn: &Turn, seconds: f64, next: Option<&Turn>, at: Timestamp) -> f64 {
    let Some(next) = next.filter(|next| turn.phase == Phase::Live && next.period == turn.period) else {
        return 0.0;
    };
    let Stand::Played(then) = next.stand else { return 0.0 };
    let (passed, whole) = (at.duration_since(turn.at), next.at.duration_since(turn.at));
    if whole <= SignedDuration::ZERO { 0.0 } else { (then - seconds) * passed.div_duration_f64(whole) }
}

/// What was scored in each period so far.
fn line_score(past: &[Turn]) -> Vec<Score> {
    let mut line: Vec<Score> = Vec::new();
    let mut before = Score::default();
    for turn in past.iter().filter(|turn| turn.period > 0 && turn.phase != Phase::Shootout) {
        while line.len() < usize::from(turn.period) {
            before.home += line.last().map_or(0, |score| score.home);
            before.away += line.last().map_or(0, |score| score.away);
            line.push(Score::default());
        }
        if let Some(score) = line.last_mut() {
            score.home = turn.score.home.saturating_sub(before.home);
            score.away = turn.score.away.saturating_sub(before.away);
        }
    }
    line
}

/// The goals a soccer board lists; one that was taken back is taken off the list.
fn goals(past: &[Turn]) -> Vec<Play> {
    let mut goals: Vec<Play> = Vec::new();
    for turn in past {
        if turn.took_back {
            goals.pop();
        }
        goals.extend(turn.play.clone());
    }
    goals
}
