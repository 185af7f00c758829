//! Leagues of invented clubs, their nights and seasons.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::draw::normal;
use super::game::{Fixture, SyntheticGame};
use crate::wire::game::{FeedGameId, Snapshot, Team};
use crate::wire::sport::{Discipline, Sport, SportKey};

/// The clubs of one league, as strong as they are in one season.
#[derive(Debug, Clone, PartialEq)]
pub struct League {
    sport: Sport,
    /// Each club with the margin by which it beats an average one.
    clubs: Vec<(Team, f64)>,
    home_edge: f64,
}

/// Some games of one or several leagues, one evening.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Night {
    games: Vec<SyntheticGame>,
}

/// The minutes after the evening's first start at which games start.
const STARTS: [u64; 8] = [0, 0, 30, 30, 60, 60, 150, 180];

/// The most games a league plays in one night: every club has one.
const MOST_GAMES: usize = CLUBS.len() / 2;

impl League {
    /// A league whose clubs are of a strength drawn for one season.
    pub fn new(sport: Sport, rng: &mut Rng) -> Self {
        let (home_edge, deviation) = expectations(&sport);
        let mut names = CLUBS;
        rng.shuffle(&mut names);
        let club = |(place, nickname): (&str, &str)| {
            let strength = deviation / std::f64::consts::SQRT_2 * normal(rng);
            (team(place, nickname), strength)
        };
        Self { clubs: names.into_iter().map(club).collect(), sport, home_edge }
    }

    /// The league.
    pub fn sport(&self) -> &Sport {
        &self.sport
    }

    /// Lets so many games be played, the first of which starts at that time. Every club plays once at most, so there are no
    /// more than [`League::new`] has pairs of clubs for.
    pub fn night(&self, evening: Timestamp, games: usize, rng: &mut Rng) -> Night {
        let mut order: Vec<&(Team, f64)> = self.clubs.iter().collect();
        rng.shuffle(&mut order);
        let mut starts: Vec<u64> = STARTS.into_iter().cycle().take(games.min(MOST_GAMES)).collect();
        starts.sort_unstable();
        let games = order.chunks_exact(2).zip(starts).map(|(pair, minutes)| {
            let starts_at = evening + SignedDuration::from_mins(minutes as i64);
            SyntheticGame::play(self.fixture(pair[0], pair[1], starts_at), rng)
        });
        Night { games: games.collect() }
    }

    fn fixture(&self, home: &(Team, f64), away: &(Team, f64), starts_at: Timestamp) -> Fixture {
        let margin = home.1 - away.1 + self.home_edge;
        Fixture {
            feed_id: FeedGameId(format!(
                "{}-{}-{}-{}",
                self.sport.key,
                starts_at.as_second(),
                away.0.id,
                home.0.id
            )),
            home: home.0.clone(),
            away: away.0.clone(),
            starts_at,
            expected_home_margin: as_quoted(margin, self.sport.discipline),
            knockout: is_cup(self.sport.key.as_str()),
            sport: self.sport.clone(),
        }
    }
}

impl Night {
    /// The games.
    pub fn games(&self) -> &[SyntheticGame] {
        &self.games
    }

    /// The games of both nights, as one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.games.extend(other.games);
        self
    }

    /// The board of one league that tells the truth at that time.
    pub fn board(&self, sport: &SportKey, at: Timestamp) -> Snapshot {
        let ours = self.games.iter().filter(|game| game.fixture().sport.key == *sport);
        Snapshot {
            sport: sport.clone(),
            feed: "synthetic".to_owned(),
            seen_at: at,
            games: ours.map(|game| game.at(at)).collect(),
        }
    }

    /// The first scheduled start; `None` where nothing is played.
    pub fn starts_at(&self) -> Option<Timestamp> {
        self.games.iter().map(|game| game.fixture().starts_at).min()
    }

    /// When the last game is over; `None` where nothing is played.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.games.iter().map(SyntheticGame::ends_at).max()
    }
}

/// A season: a night a day from the first evening on, with so many games each, the same for the same seed.
pub fn season(sport: Sport, first: Timestamp, games: usize, seed: u64) -> impl Iterator<Item = Night> {
    let mut rng = Rng::with_seed(seed);
    let league = League::new(sport, &mut rng);
    (0..).map(move |day: i64| league.night(first + SignedDuration::from_hours(24 * day), games, &mut rng))
}

/// The usual home margin, and how far expected margins spread around it, as closing odds have them.
fn expectations(sport: &Sport) -> (f64, f64) {
    match (sport.discipline, sport.key.as_str()) {
        (Discipline::Basketball, "ncaam") => (3.0, 9.0),
        (Discipline::Basketball, "ncaaw") => (3.0, 12.0),
        (Discipline::Basketball, _) => (2.5, 6.0),
        (Discipline::Football, "ncaaf") => (2.5, 13.0),
        (Discipline::Football, _) => (2.0, 5.7),
        (Discipline::Baseball, _) => (0.15, 0.8),
        (Discipline::Hockey, _) => (0.26, 0.5),
        (Discipline::Soccer, _) => (0.3, 0.7),
        (Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf, _) => (0.0, 0.0),
    }
}

/// Basketball and football are quoted in half points.
fn as_quoted(margin: f64, discipline: Discipline) -> f64 {
    match discipline {
        Discipline::Basketball | Discipline::Football => (2.0 * margin).round() / 2.0,
        _ => (100.0 * margin).round() / 100.0,
    }
}

fn is_cup(key: &str) -> bool {
    matches!(key, "eng.fa" | "uefa.euro" | "fifa.world" | "fifa.wwc")
}

fn team(place: &str, nickname: &str) -> Team {
    let code = place[..3].to_uppercase();
    Team {
        id: code.to_lowercase(),
        name: format!("{place} {nickname}"),
        short_name: nickname.to_owned(),
        place: place.to_owned(),
        code,
    }
}

const CLUBS: [(&str, &str); 32] = [
    ("Aldermoor", "Herons"),
    ("Brindle", "Foxes"),
    ("Calder", "Otters"),
    ("Dunmere", "Rams"),
    ("Eastwick", "Comets"),
    ("Farrow", "Kites"),
    ("Garnet Hill", "Miners"),
    ("Harwick", "Badgers"),
    ("Ironbridge", "Smiths"),
    ("Jasper", "Pines"),
    ("Kestrel Bay", "Gulls"),
    ("Lowell", "Mills"),
    ("Melford", "Stags"),
    ("Norwood", "Owls"),
    ("Ostrava", "Lamps"),
    ("Pembury", "Larks"),
    ("Quill", "Scribes"),
    ("Ravenna", "Tides"),
    ("Stanton", "Pilots"),
    ("Trento", "Peaks"),
    ("Ulverton", "Wrens"),
    ("Verbier", "Skiers"),
    ("Wexley", "Drovers"),
    ("Xanten", "Legion"),
    ("Yarrow", "Reeds"),
    ("Zennor", "Swells"),
    ("Ashgrove", "Elms"),
    ("Bexhill", "Sails"),
    ("Corvane", "Rooks"),
    ("Dalston", "Trams"),
    ("Emberly", "Flints"),
    ("Fenwick", "Hares"),
];
