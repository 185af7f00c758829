//! A desk that shows the wire one board after another, twenty seconds apart.

mod comebacks;
mod contests;
mod echo;
mod falls;
mod games;
mod incidents;
mod milestones;
mod oracle;
mod periods;
mod phases;
mod properties;
mod rises;
mod runs;
mod second;
mod selection;
mod states;

use jiff::{SignedDuration, Timestamp};
use proptest::test_runner::{Config, RngSeed};

use super::SportState;
use crate::wire::game::{Clock, FeedGameId, Game, Phase, Play, PlayKind, Side, Snapshot, Team, Which};
use crate::wire::rules::Rules;
use crate::wire::sport::Sport;
use crate::wire::story::{Story, Verdict};
use crate::wire::{Step, step};

/// Cases that are the same in every run, so that what stops one stops the next: `PROPTEST_RNG_SEED` and `PROPTEST_CASES` take
/// the search elsewhere and further.
pub(super) fn repeatable() -> Config {
    let usual = Config::default();
    match usual.rng_seed {
        RngSeed::Random => Config { rng_seed: RngSeed::Fixed(1), ..usual },
        RngSeed::Fixed(_) => usual,
    }
}

pub(super) fn team(code: &str) -> Team {
    Team {
        id: format!("id-{code}"),
        name: format!("Place {code}"),
        short_name: code.to_owned(),
        place: "Place".to_owned(),
        code: code.to_owned(),
    }
}

pub(super) fn game(id: &str, away: &str, home: &str) -> Game {
    let side = |code: &str| Side {
        team: team(code),
        score: None,
        shootout: None,
        periods: Vec::new(),
        rank: None,
        winner: None,
    };
    Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: "2024-10-22T23:30:00Z".parse().ok(),
        home: side(home),
        away: side(away),
        phase: Phase::Scheduled,
        period: 0,
        clock: None,
        neutral: false,
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        plays: Vec::new(),
        leaders: Vec::new(),
        note: None,
    }
}

pub(super) fn set_score(game: &mut Game, home: u32, away: u32) {
    game.home.score = Some(home);
    game.away.score = Some(away);
}

pub(super) fn left(seconds: u32) -> Option<Clock> {
    Some(Clock::Left { millis: seconds * 1000 })
}

pub(super) fn goal(id: &str, side: Which) -> Play {
    Play {
        id: Some(id.to_owned()),
        side: Some(side),
        points: 1,
        kind: PlayKind::Goal,
        player: Some("A. Player".to_owned()),
        clock: None,
    }
}

pub(super) struct Desk {
    pub(super) sport: Sport,
    pub(super) rules: Rules,
    pub(super) state: SportState,
    pub(super) feed: &'static str,
    pub(super) now: Timestamp,
    pub(super) game: Game,
}

impl Desk {
    /// A desk that tells everything, with one game that has not begun and was seen once.
    pub(super) fn new(sport: &str, confirmations: u8) -> Self {
        let mut desk = Self::unseen(sport, confirmations);
        assert!(desk.again().is_empty());
        desk
    }

    /// As `new`, but the game has not been seen.
    pub(super) fn unseen(sport: &str, confirmations: u8) -> Self {
        Self {
            sport: Sport::of(sport).unwrap(),
            rules: Rules { threshold: 0.0, confirmations, ..Rules::default() },
            state: SportState::default(),
            feed: "espn",
            now: "2024-10-22T23:29:00Z".parse().unwrap(),
            game: game("1", "ATL", "BOS"),
        }
    }

    /// A desk with a live game at 0-0 whose start was told.
    pub(super) fn live(sport: &str, confirmations: u8) -> Self {
        let mut desk = Self::new(sport, confirmations);
        desk.game.phase = Phase::Live;
        desk.game.period = 1;
        desk.score(0, 0);
        for _ in 0..3 {
            desk.again();
        }
        desk
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(super) fn boards(&mut self, games: Vec<Game>) -> Step {
        let snapshot =
            Snapshot { sport: self.sport.key.clone(), feed: self.feed.to_owned(), seen_at: self.now, games };
        let taken = step(&mut self.state, &snapshot, &self.sport, &self.rules);
        self.wait(20);
        taken
    }

    pub(super) fn again(&mut self) -> Vec<Story> {
        self.boards(vec![self.game.clone()]).stories
    }

    pub(super) fn board(&mut self, change: impl FnOnce(&mut Game)) -> Vec<Story> {
        change(&mut self.game);
        self.again()
    }

    pub(super) fn score(&mut self, home: u32, away: u32) -> Vec<Story> {
        self.board(|game| set_score(game, home, away))
    }

    pub(super) fn phase(&mut self, phase: Phase) -> Vec<Story> {
        self.board(|game| game.phase = phase)
    }

    /// The same board so many times; everything that came of it.
    pub(super) fn times(&mut self, times: usize) -> Vec<Story> {
        (0..times).flat_map(|_| self.again()).collect()
    }
}

/// Stories in short: `lead_change 1-0`, home first, with `*` for untold ones.
pub(super) fn short(stories: &[Story]) -> Vec<String> {
    let line = |story: &Story| {
        let star = if story.verdict == Verdict::Told { "" } else { "*" };
        format!("{}{star} {}-{}", story.kind, story.facts.score.home, story.facts.score.away)
    };
    stories.iter().map(line).collect()
}
