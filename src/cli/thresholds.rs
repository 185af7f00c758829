//! `wirereport thresholds`: what today's settings would tell of an invented season.

use serde::Serialize;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::threshold::{self, Season};

use super::Place;
use super::exit::Failure;
use super::settings::load;
use super::text::{Table, print, print_json, print_table, significance};
use crate::run::wiring;
use crate::settings::nearest;

/// Say what today's settings would tell of an invented season.
///
/// For each league: how many moments a game has and what they are worth, where the threshold sits among them, and how many
/// posts come of it. The season is drawn from the seed, so the same seed gives the same answer; it takes some seconds a
/// league.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// These leagues: nba, nfl, eng.1 … [default: those the settings follow]
    #[arg(value_name = "LEAGUE")]
    leagues: Vec<String>,
    /// How many games to invent, by evenings of 16.
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u32).range(16..=20_000))]
    games: u32,
    /// The seed they are drawn from.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Print the table of posts a game at each threshold, from which thresholds follow, for the source tree.
    #[arg(long, conflicts_with_all = ["json", "leagues"])]
    table: bool,
    /// Print JSON.
    ///
    /// A list of leagues, each with `sport`, `games`, `threshold`, `share_below` (of the moments, that are worth less than
    /// the threshold), `moments_per_game`, `significance` (at the 10th, 50th, 75th, 90th, 95th and 99th percentile) and `posts_per_game`
    /// (`mean`, `p10`, `p50`, `p90`).
    #[arg(long)]
    json: bool,
}

/// The percentiles of significance that are shown.
const PERCENTILES: [(&str, f64); 6] =
    [("p10", 0.1), ("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

pub(super) fn execute(place: &Place, args: &Args) -> Result<(), Failure> {
    let games = args.games as usize;
    if args.table {
        return print(&table(games, args.seed)?);
    }
    let settings = load(place)?.settings;
    let policy = wiring::policy(&settings);
    let keys: Vec<SportKey> = match args.leagues.as_slice() {
        [] => settings.sports.keys().filter(|key| is_measured(key)).cloned().collect(),
        named => named.iter().map(|name| SportKey::new(name.as_str())).collect(),
    };
    let mut leagues = Vec::new();
    for key in keys {
        let sport = league(key.as_str())?;
        let rules = policy.rules(&sport.key);
        let season = threshold::measure(&sport, std::slice::from_ref(&rules), games, args.seed).pop();
        leagues.push((sport, rules.threshold, season.unwrap_or_default()));
    }
    if args.json {
        let leagues: Vec<LeagueJson> = leagues.iter().map(LeagueJson::of).collect();
        return print_json(&leagues);
    }
    let mut rows =
        Table::new(["LEAGUE", "MOMENTS", "P50", "P90", "P99", "THRESHOLD", "BELOW", "POSTS", "P10–P90"]);
    for (sport, threshold, season) in &leagues {
        rows.row([
            sport.key.to_string(),
            format!("{:.1}", moments_per_game(season)),
            significance(season.significance_at(0.5)),
            significance(season.significance_at(0.9)),
            significance(season.significance_at(0.99)),
            format!("{threshold:.2}"),
            format!("{:.0}%", 100.0 * season.share_below(*threshold)),
            format!("{:.1}", season.posts_per_game()),
            format!("{}–{}", season.told_at(0.1), season.told_at(0.9)),
        ]);
    }
    print_table(&rows)
}

fn league(name: &str) -> Result<Sport, Failure> {
    let known = Sport::of(name);
    if known.as_ref().is_some_and(|sport| !threshold::is_measured(sport)) {
        return Err(Failure::usage(format_args!(
            "no season of {name} can be invented: its contests have no course"
        )));
    }
    known.ok_or_else(|| {
        let meant = nearest(name, Sport::known_keys());
        let advice = meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        Failure::usage(format_args!("no league is called {name}{advice}"))
    })
}

fn is_measured(key: &SportKey) -> bool {
    Sport::of(key.as_str()).is_some_and(|sport| threshold::is_measured(&sport))
}

fn moments_per_game(season: &Season) -> f64 {
    season.significance.len() as f64 / season.told.len().max(1) as f64
}

/// The file that thresholds are looked up in.
fn table(games: usize, seed: u64) -> Result<String, Failure> {
    let rules: Vec<Rules> =
        threshold::steps().map(|threshold| Rules { threshold, ..Rules::default() }).collect();
    let mut text = format!(
        "// Hundredths of posts a game at each threshold from 0.10 to 0.50, 0.02 apart; {games} games a row, seed {seed}. Made by\n\
         // `wirereport thresholds --table`; not edited by hand.\n[\n"
    );
    for (row, league_key) in threshold::ROWS {
        let seasons = threshold::measure(&league(league_key)?, &rules, games, seed);
        let posts: Vec<String> =
            seasons.iter().map(|season| format!("{:.0}", season.posts_per_game() * 100.0)).collect();
        text.push_str(&format!("(\"{row}\", [{}]),\n", posts.join(", ")));
    }
    Ok(text + "]\n")
}

#[derive(Serialize)]
struct LeagueJson {
    sport: String,
    games: usize,
    threshold: f64,
    share_below: f64,
    moments_per_game: f64,
    significance: serde_json::Map<String, serde_json::Value>,
    posts_per_game: PostsJson,
}

#[derive(Serialize)]
struct PostsJson {
    mean: f64,
    p10: u32,
    p50: u32,
    p90: u32,
}

impl LeagueJson {
    fn of((sport, threshold, season): &(Sport, f64, Season)) -> Self {
        let percentile = |(name, share): (&str, f64)| (name.to_owned(), season.significance_at(share).into());
        Self {
            sport: sport.key.to_string(),
            games: season.told.len(),
            threshold: *threshold,
            share_below: season.share_below(*threshold),
            moments_per_game: moments_per_game(season),
            significance: PERCENTILES.into_iter().map(percentile).collect(),
            posts_per_game: PostsJson {
                mean: season.posts_per_game(),
                p10: season.told_at(0.1),
                p50: season.told_at(0.5),
                p90: season.told_at(0.9),
            },
        }
    }
}
