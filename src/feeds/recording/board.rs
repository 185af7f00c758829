//! A recording's board: frames in, snapshots out.

use std::collections::BTreeMap;

use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Side, Snapshot, Team};
use wirereport_actors::wire::sport::SportKey;

use super::format::{Delta, Frame, GameLine, Header};
use super::visible;

/// The games of a recording as they stand after a frame.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    teams: BTreeMap<String, Team>,
    games: Vec<Game>,
    shown: Vec<usize>,
}

impl Board {
    /// The board before the first frame.
    ///
    /// # Errors
    /// Says which team a game names without it being declared.
    pub fn new(header: &Header) -> Result<Self, String> {
        let mut board = Self::default();
        board.declare(&header.teams, &header.games)?;
        Ok(board)
    }

    /// Moves on by one frame.
    ///
    /// # Errors
    /// Says which team or game the frame names without it being declared.
    pub fn apply(&mut self, frame: &Frame) -> Result<(), String> {
        self.declare(&frame.teams, &frame.games)?;
        if let Some(shown) = &frame.board {
            if let Some(unknown) = shown.iter().find(|number| **number >= self.games.len()) {
                return Err(format!("the board shows game {unknown}, which no line declares"));
            }
            self.shown.clone_from(shown);
        }
        for delta in &frame.d {
            let Some(game) = self.games.get_mut(delta.g) else {
                return Err(format!("game {} changes, which no line declares", delta.g));
            };
            change(game, delta);
        }
        Ok(())
    }

    /// The board as a feed's answer.
    pub fn snapshot(&self, sport: &SportKey, feed: &str, frame: &Frame) -> Snapshot {
        Snapshot {
            sport: sport.clone(),
            feed: feed.to_owned(),
            seen_at: frame.t,
            games: self.shown.iter().filter_map(|number| self.games.get(*number)).cloned().collect(),
        }
    }

    fn declare(&mut self, teams: &BTreeMap<String, Team>, games: &[GameLine]) -> Result<(), String> {
        self.teams.extend(teams.iter().map(|(key, team)| (key.clone(), visible::team(team))));
        for line in games {
            let home = self.team(line, &line.home)?;
            let away = self.team(line, &line.away)?;
            match self.games.iter_mut().find(|game| game.feed_id.0 == line.id) {
                Some(game) => {
                    game.home.team = home;
                    game.away.team = away;
                    game.starts_at = line.starts_at;
                    game.neutral = line.neutral;
                }
                None => self.games.push(blank(line, home, away)),
            }
        }
        Ok(())
    }

    fn team(&self, game: &GameLine, key: &str) -> Result<Team, String> {
        let team = self.teams.get(key).cloned();
        team.ok_or_else(|| format!("game {} names team `{key}`, which no line declares", game.id))
    }
}

/// A game of which nothing but its declaration is known.
pub(super) fn blank(line: &GameLine, home: Team, away: Team) -> Game {
    let side =
        |team| Side { team, score: None, shootout: None, periods: Vec::new(), rank: None, winner: None };
    Game {
        feed_id: FeedGameId(line.id.clone()),
        starts_at: line.starts_at,
        home: side(home),
        away: side(away),
        phase: Phase::Scheduled,
        period: 0,
        clock: None,
        neutral: line.neutral,
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        contest: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        note: None,
    }
}

fn change(game: &mut Game, delta: &Delta) {
    set(&mut game.phase, delta.p);
    set(&mut game.period, delta.n);
    set(&mut game.clock, delta.c.map(|clock| clock.map(|text| text.0)));
    set(&mut game.bases, delta.b.map(|bases| bases.map(|text| text.0)));
    set(&mut game.home_win_probability, delta.x);
    set(&mut game.expected_home_margin, delta.m);
    set(&mut game.note, delta.o.as_ref().map(|note| note.as_deref().and_then(visible::note)));
    set(&mut game.leaders, delta.l.as_ref().map(|leaders| leaders.iter().map(visible::leader).collect()));
    set(&mut game.contest, delta.k.as_ref().map(|contest| Some(visible::contest(contest))));
    set(&mut game.plays, delta.pl.as_ref().map(|plays| plays.iter().map(visible::play).collect()));
    let [home, away] = [&mut game.home, &mut game.away];
    pair(&mut home.score, &mut away.score, delta.s);
    pair(&mut home.shootout, &mut away.shootout, delta.so);
    pair(&mut home.periods, &mut away.periods, delta.q.clone());
    pair(&mut home.rank, &mut away.rank, delta.r);
    pair(&mut home.winner, &mut away.winner, delta.w);
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn pair<T>(home: &mut T, away: &mut T, values: Option<[T; 2]>) {
    if let Some([home_value, away_value]) = values {
        *home = home_value;
        *away = away_value;
    }
}
