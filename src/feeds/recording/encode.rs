//! Snapshots in, lines out.

use std::collections::BTreeMap;

use wirereport_actors::wire::game::{Game, Snapshot, Team};
use wirereport_actors::wire::sport::SportKey;

use super::board::blank;
use super::format::{
    BasesText, ClockText, Delta, Frame, GameLine, Header, NAME, PlayLine, TimeBase, VERSION,
};

/// What a recording is and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The league.
    pub sport: SportKey,
    /// What it shows, for people.
    pub title: String,
    /// Where its facts are from.
    pub made_from: String,
    /// Whether its times are the real ones.
    pub clock: TimeBase,
}

/// Turns snapshots into frames, each against the one before.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    teams: BTreeMap<String, Team>,
    games: Vec<Game>,
    shown: Vec<usize>,
}

impl Encoder {
    /// The header, and the encoder of the frames under it. Games of `first` are declared in the header; later ones are
    /// declared in the frame that shows them first.
    pub fn start(about: &About, first: &Snapshot) -> (Header, Self) {
        let mut encoder = Self::default();
        let games = encoder.declare(first);
        let header = Header {
            format: NAME.to_owned(),
            version: VERSION,
            sport: about.sport.clone(),
            title: about.title.clone(),
            made_from: about.made_from.clone(),
            clock: about.clock,
            teams: encoder.teams.clone(),
            games,
        };
        (header, encoder)
    }

    /// The next frame. A game that a board names twice is taken once, as it stands first.
    pub fn frame(&mut self, snapshot: &Snapshot) -> Frame {
        let known: Vec<String> = self.teams.keys().cloned().collect();
        let games = self.declare(snapshot);
        let teams = self.teams.iter().filter(|(key, _)| !known.contains(key));
        let teams = teams.map(|(key, team)| (key.clone(), team.clone())).collect();
        let mut shown = Vec::new();
        let mut d = Vec::new();
        for game in &snapshot.games {
            let Some(number) = self.games.iter().position(|known| known.feed_id == game.feed_id) else {
                continue;
            };
            if shown.contains(&number) {
                continue;
            }
            shown.push(number);
            let delta = Delta { g: number, ..difference(&self.games[number], game) };
            if !delta.is_empty() {
                d.push(delta);
            }
            self.games[number] = rounded(game);
        }
        let board = (shown != self.shown).then(|| shown.clone());
        self.shown = shown;
        Frame { t: snapshot.seen_at, teams, games, board, d }
    }

    fn declare(&mut self, snapshot: &Snapshot) -> Vec<GameLine> {
        let mut lines = Vec::new();
        for (place, game) in snapshot.games.iter().enumerate() {
            if snapshot.games.iter().take(place).any(|earlier| earlier.feed_id == game.feed_id) {
                continue;
            }
            let known = self.games.iter().position(|known| known.feed_id == game.feed_id);
            if known.is_some_and(|number| same_declaration(&self.games[number], game)) {
                continue;
            }
            let line = GameLine {
                id: game.feed_id.0.clone(),
                home: self.key_of(&game.home.team),
                away: self.key_of(&game.away.team),
                starts_at: game.starts_at,
                neutral: game.neutral,
            };
            if known.is_none() {
                self.games.push(blank(&line, game.home.team.clone(), game.away.team.clone()));
            }
            lines.push(line);
        }
        lines
    }

    fn key_of(&mut self, team: &Team) -> String {
        if let Some((key, _)) = self.teams.iter().find(|(_, known)| *known == team) {
            return key.clone();
        }
        let mut key = team.code.clone();
        let mut number = 2;
        while self.teams.contains_key(&key) {
            key = format!("{}-{number}", team.code);
            number += 1;
        }
        self.teams.insert(key.clone(), team.clone());
        key
    }
}

fn same_declaration(before: &Game, now: &Game) -> bool {
    before.home.team == now.home.team
        && before.away.team == now.away.team
        && before.starts_at == now.starts_at
        && before.neutral == now.neutral
}

fn difference(before: &Game, now: &Game) -> Delta {
    let now = rounded(now);
    let sides = |game: &Game| (game.home.clone(), game.away.clone());
    let ((home, away), (was_home, was_away)) = (sides(&now), sides(before));
    Delta {
        g: 0,
        p: changed(&before.phase, &now.phase),
        n: changed(&before.period, &now.period),
        c: changed(&before.clock, &now.clock).map(|clock| clock.map(ClockText)),
        s: changed(&[was_home.score, was_away.score], &[home.score, away.score]),
        so: changed(&[was_home.shootout, was_away.shootout], &[home.shootout, away.shootout]),
        q: changed(&[was_home.periods, was_away.periods], &[home.periods, away.periods]),
        r: changed(&[was_home.rank, was_away.rank], &[home.rank, away.rank]),
        w: changed(&[was_home.winner, was_away.winner], &[home.winner, away.winner]),
        b: changed(&before.bases, &now.bases).map(|bases| bases.map(BasesText)),
        x: changed(&before.home_win_probability, &now.home_win_probability),
        m: changed(&before.expected_home_margin, &now.expected_home_margin),
        pl: changed(&before.plays, &now.plays).map(|plays| plays.iter().map(PlayLine::from).collect()),
        l: changed(&before.leaders, &now.leaders),
        k: changed(&before.contest, &now.contest).flatten(),
        o: changed(&before.note, &now.note),
    }
}

fn changed<T: Clone + PartialEq>(before: &T, now: &T) -> Option<T> {
    (before != now).then(|| now.clone())
}

/// Four decimals survive the way through JSON exactly; the last bits of a double do not.
fn rounded(game: &Game) -> Game {
    let round = |value: f64| {
        let rounded = (value * 1e4).round() / 1e4;
        rounded.is_finite().then_some(rounded)
    };
    Game {
        home_win_probability: game.home_win_probability.and_then(round),
        expected_home_margin: game.expected_home_margin.and_then(round),
        ..game.clone()
    }
}
