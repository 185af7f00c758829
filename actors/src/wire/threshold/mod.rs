//! The threshold of a sport: the least significance that is told, from how many posts a game should have.
//!
//! Nobody can say whether 0.37 is right, but anybody can say whether eight posts of an NBA game are. So an operator names
//! posts, and the threshold follows: a percentile over invented seasons ([`synthetic`](super::synthetic)), in which
//! [`measure`] lets the wire tell game after game. What came of it at each threshold is in `posts_per_game.txt`, made by
//! `wirereport thresholds --table` and looked up here; what is between two thresholds is interpolated.
//!
//! A threshold that follows from a target is at most [`HIGHEST`]: finals, overtimes and games called off are worth half by
//! themselves and always told. A target below what that leaves is met as nearly as it can be.
//!
//! What is usual is set by what a follower of one side reads without tiring of it, and lists like it in print: in football
//! the scores that moved the game; in hockey about every goal; in soccer goals, half-time and full time; in baseball the runs that turned the game, as
//! a line-score story has them; in basketball the turns of the last quarter, where there are any. A decided game has
//! fewer, a wild one two or three times as many: the average is set so that even that can be followed.

use super::sport::{Discipline, Sport};

mod measure;

pub use measure::{Season, measure};

/// The highest threshold that follows from a target.
pub const HIGHEST: f64 = 0.5;

/// The lowest threshold in the table, and the distance from one to the next.
const LOWEST: f64 = 0.1;
const STEP: f64 = 0.02;
const STEPS: usize = 21;

/// By row, the hundredths of posts that a game had at each threshold.
static TABLE: [(&str, [u16; STEPS]); 10] = include!("posts_per_game.txt");

/// The thresholds of the table.
pub fn steps() -> impl Iterator<Item = f64> {
    (0..STEPS).map(|step| LOWEST + STEP * step as f64)
}

/// The rows of the table, each with the league that is measured for it.
pub const ROWS: [(&str, &str); 10] = [
    ("nba", "nba"),
    ("wnba", "wnba"),
    ("ncaam", "ncaam"),
    ("ncaaw", "ncaaw"),
    ("nfl", "nfl"),
    ("ncaaf", "ncaaf"),
    ("mlb", "mlb"),
    ("nhl", "nhl"),
    ("soccer", "eng.1"),
    ("cups", "fifa.world"),
];

/// The threshold of contests without a course, such as tennis and golf, of which no season is invented: their results are
/// worth what their round is.
pub const OF_CONTESTS: f64 = 0.3;

fn row(sport: &Sport) -> Option<&'static [u16; STEPS]> {
    let name = match (sport.discipline, sport.key.as_str()) {
        (Discipline::Soccer, "eng.fa" | "uefa.euro" | "fifa.world" | "fifa.wwc") => "cups",
        (Discipline::Soccer, _) => "soccer",
        (_, key) => key,
    };
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, posts)| posts)
}

/// Whether thresholds of the league follow from posts.
pub fn is_measured(sport: &Sport) -> bool {
    row(sport).is_some()
}

/// The posts a game has on average at that threshold; `None` where that is not measured.
pub fn posts_per_game(sport: &Sport, threshold: f64) -> Option<f64> {
    row(sport).map(|posts| at(posts, threshold))
}

fn at(posts: &[u16; STEPS], threshold: f64) -> f64 {
    let place = ((threshold - LOWEST) / STEP).clamp(0.0, (STEPS - 1) as f64);
    let (before, part) = (place.floor() as usize, place.fract());
    let after = (before + 1).min(STEPS - 1);
    let [before, after] = [before, after].map(|step| f64::from(posts[step]) / 100.0);
    before + (after - before) * part
}

/// The threshold at which a game has about so many posts: the lowest that has no more, to hundredths.
pub fn for_posts_per_game(sport: &Sport, posts: f64) -> f64 {
    let Some(row) = row(sport) else { return OF_CONTESTS };
    let hundredths = (LOWEST * 100.0) as u32..=(HIGHEST * 100.0) as u32;
    let mut thresholds = hundredths.map(|hundredths| f64::from(hundredths) / 100.0);
    thresholds.find(|threshold| at(row, *threshold) <= posts).unwrap_or(HIGHEST)
}

/// The posts a game usually has.
pub fn usual_posts_per_game(sport: &Sport) -> f64 {
    match (sport.discipline, sport.key.as_str()) {
        (Discipline::Basketball, _) => 5.0,
        (_, "nfl") => 6.0,
        (Discipline::Football | Discipline::Hockey, _) => 7.0,
        (Discipline::Baseball, _) => 6.0,
        (Discipline::Soccer, _) => 5.0,
        _ => 1.0,
    }
}

/// The games of a day on which the league plays, on average over its season.
pub fn games_per_day(sport: &Sport) -> f64 {
    match (sport.discipline, sport.key.as_str()) {
        (_, "wnba") => 3.0,
        (_, "ncaam" | "ncaaw") => 45.0,
        (_, "ncaaf") => 8.0,
        (Discipline::Football, _) => 2.5,
        (Discipline::Basketball | Discipline::Hockey, _) => 7.5,
        (Discipline::Baseball, _) => 13.0,
        (Discipline::Soccer, _) => 1.5,
        _ => 0.0,
    }
}

/// The posts a game of each of these leagues has, where all of them together are to have so many a day: everybody's usual
/// number, more or less by one and the same factor.
pub fn share_of_day(sports: &[Sport], posts: f64) -> f64 {
    let usual: f64 = sports.iter().map(|sport| games_per_day(sport) * usual_posts_per_game(sport)).sum();
    if usual > 0.0 { posts / usual } else { 1.0 }
}

#[cfg(test)]
mod tests;
