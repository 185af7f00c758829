//! What really happens: every game of the night from before its start to its end.

use std::time::Duration;

use jiff::Timestamp;
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Score, Side, Team, Which};
use wirereport_actors::wire::sport::{Discipline, Sport};

pub(crate) const EVENING: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// Games are played faster than in life, so that a night is not too long.
const PERIOD: u64 = 240;
const BREAK: u64 = 60;

/// A game and its course.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) sport: Sport,
    pub(crate) feed_id: FeedGameId,
    home: &'static str,
    away: &'static str,
    starts_at: Timestamp,
    turns: Vec<Turn>,
}

/// How the game stands from that time on.
#[derive(Debug, Clone, Copy)]
struct Turn {
    at: Timestamp,
    phase: Phase,
    period: u8,
    score: Score,
}

const TEAMS: [(&str, &str); 8] = [
    ("Harwick", "Melford"),
    ("Ostrava", "Trento"),
    ("Calder", "Brindle"),
    ("Lowell", "Kestrel"),
    ("Norwood", "Pembury"),
    ("Quill", "Ravenna"),
    ("Stanton", "Ulverton"),
    ("Verbier", "Wexley"),
];

/// The night's games, two or three in each league.
pub(crate) fn fixtures(rng: &mut fastrand::Rng) -> Vec<Fixture> {
    let mut teams = TEAMS.iter().copied();
    let mut fixtures = Vec::new();
    for key in ["eng.1", "nba", "nhl"] {
        let sport = Sport::of(key).unwrap();
        for (home, away) in teams.by_ref().take(rng.usize(2..=3)) {
            fixtures.push(play(&sport, home, away, rng));
        }
    }
    fixtures
}

fn play(sport: &Sport, home: &'static str, away: &'static str, rng: &mut fastrand::Rng) -> Fixture {
    let starts_at = after(EVENING, rng.u64(60..400));
    let mut course = Course { at: starts_at, score: Score::default(), turns: Vec::new() };
    for period in 1..=sport.regulation.periods {
        course.turn(Phase::Live, period);
        course.period(sport.discipline, period, rng);
        if period < sport.regulation.periods {
            course.turn(Phase::Break, period);
            course.at = after(course.at, BREAK);
        }
    }
    if sport.discipline != Discipline::Soccer && course.score.leader().is_none() {
        course.add(Which::Home, 1, sport.regulation.periods);
        course.at = after(course.at, 60);
    }
    course.turn(Phase::Final, sport.regulation.periods);
    Fixture {
        sport: sport.clone(),
        feed_id: FeedGameId(format!("{home}-{away}")),
        home,
        away,
        starts_at,
        turns: course.turns,
    }
}

struct Course {
    at: Timestamp,
    score: Score,
    turns: Vec<Turn>,
}

impl Course {
    fn turn(&mut self, phase: Phase, period: u8) {
        self.turns.push(Turn { at: self.at, phase, period, score: self.score });
    }

    fn period(&mut self, discipline: Discipline, period: u8, rng: &mut fastrand::Rng) {
        let whistle = after(self.at, PERIOD);
        let (pace, taken_back) = match discipline {
            Discipline::Basketball => (10..50, 0.03),
            _ => (30..250, 0.2),
        };
        loop {
            self.at = after(self.at, rng.u64(pace.clone()));
            if self.at >= whistle {
                self.at = whistle;
                return;
            }
            let side = if rng.bool() { Which::Home } else { Which::Away };
            let points = if discipline == Discipline::Basketball { rng.u32(1..=3) } else { 1 };
            self.add(side, points, period);
            let back_at = after(self.at, rng.u64(15..150));
            if rng.f64() < taken_back && back_at < whistle {
                self.at = back_at;
                self.take_back(side, points, period);
            }
        }
    }

    fn add(&mut self, side: Which, points: u32, period: u8) {
        *self.of(side) += points;
        self.turn(Phase::Live, period);
    }

    fn take_back(&mut self, side: Which, points: u32, period: u8) {
        *self.of(side) -= points;
        self.turn(Phase::Live, period);
    }

    fn of(&mut self, side: Which) -> &mut u32 {
        match side {
            Which::Home => &mut self.score.home,
            Which::Away => &mut self.score.away,
        }
    }
}

impl Fixture {
    /// The game as a board that tells the truth shows it at that time.
    pub(crate) fn at(&self, at: Timestamp) -> Game {
        let turn = self.turns.iter().rfind(|turn| turn.at <= at);
        let side = |name: &str, which| Side {
            team: Team {
                id: name.to_lowercase(),
                name: format!("{name} United"),
                short_name: name.to_owned(),
                place: name.to_owned(),
                code: name[..3].to_uppercase(),
            },
            score: turn.map(|turn| turn.score.of(which)),
            shootout: None,
            periods: Vec::new(),
            rank: None,
            winner: None,
        };
        Game {
            feed_id: self.feed_id.clone(),
            starts_at: Some(self.starts_at),
            home: side(self.home, Which::Home),
            away: side(self.away, Which::Away),
            phase: turn.map_or(Phase::Scheduled, |turn| turn.phase),
            period: turn.map_or(0, |turn| turn.period),
            clock: turn.and_then(|turn| self.clock(turn.period, at)),
            neutral: false,
            bases: None,
            home_win_probability: None,
            expected_home_margin: None,
            contest: None,
            leaders: Vec::new(),
            plays: Vec::new(),
            note: None,
        }
    }

    fn clock(&self, period: u8, at: Timestamp) -> Option<Clock> {
        let began = self.turns.iter().find(|turn| turn.period == period)?.at;
        let seconds = u64::try_from(at.duration_since(began).as_secs()).unwrap_or(0).min(PERIOD);
        let length = u64::from(self.sport.regulation.period_seconds);
        let played = seconds * length / PERIOD;
        Some(match self.sport.discipline {
            Discipline::Soccer => {
                let minute = u64::from(period - 1) * length / 60 + (played / 60 + 1).min(length / 60);
                Clock::Minute { minute: u16::try_from(minute).unwrap(), added: 0 }
            }
            _ => Clock::Left { millis: u32::try_from((length - played) * 1000).unwrap() },
        })
    }

    /// Whether that was really the score at that time or before.
    pub(crate) fn has_stood_at(&self, score: Score, by: Timestamp) -> bool {
        score == Score::default()
            || self.turns.iter().take_while(|turn| turn.at <= by).any(|turn| turn.score == score)
    }

    pub(crate) fn final_score(&self) -> Score {
        self.turns[self.turns.len() - 1].score
    }

    pub(crate) fn ends_at(&self) -> Timestamp {
        self.turns[self.turns.len() - 1].at
    }
}

pub(crate) fn after(at: Timestamp, seconds: u64) -> Timestamp {
    at.checked_add(Duration::from_secs(seconds)).unwrap()
}

pub(crate) fn before(at: Timestamp, seconds: u64) -> Timestamp {
    at.checked_sub(Duration::from_secs(seconds)).unwrap()
}
