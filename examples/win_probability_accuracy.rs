//! How far the wire's chances are from those of ESPN and MLB: `cargo run --example win_probability_accuracy -- DATE`.
//!
//! Takes every recorded game that carries a win probability of its feed's own, play by play, and prints the mean absolute
//! difference of the wire's models from it as a table, which is kept in `actors/src/wire/win_probability/ACCURACY.md`.
//! The games are read from `$WIREREPORT_CORPUS`, else `../shared/data/feeds`.

use anyhow::{Context, ensure};
use serde_json::Value;
use wirereport_actors::wire::game::{Bases, Clock, Half, Phase, Score};
use wirereport_actors::wire::sport::{Discipline, Sport};
use wirereport_actors::wire::win_probability::{
    Expectation, Situation, home_wins, normal, spread_of_margins,
};

/// A recorded game: its league, what it is called, its file.
const GAMES: [(&str, &str, &str); 4] = [
    ("nba", "TOR 96, ORL 111, 2024-03-17", "espn/sdvjs/nba_summary_401585607_TOR_ORL_20240317.json"),
    ("nfl", "GB 24, ATL 25, 2023-09-17", "espn/weldy/nfl_summary_401547417_GB_ATL_20230917.json"),
    ("mlb", "CLE 5, PIT 7, 2023-07-19", "espn/weldy/mlb_summary_401472463_CLE_PIT_20230719.json"),
    ("mlb", "MIL at PHI, first ten plays, by MLB", "mlb/win_probability.json"),
];

/// A situation and home's chance in it as the feed has it.
type Point = (Situation, f64);

fn main() -> anyhow::Result<()> {
    let day: jiff::civil::Date =
        std::env::args().nth(1).context("say today's DATE")?.parse().context("DATE is not a day")?;
    let corpus = std::env::var("WIREREPORT_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/feeds").to_owned());
    println!("# How far the wire's chances are from the feeds' own\n");
    println!(
        "Mean absolute difference of home's chance to win, by `cargo run --example win_probability_accuracy`,"
    );
    println!(
        "{day}. *Home edge*: nothing is known before the game. *Opening chance*: the pre-game margin is the one"
    );
    println!("that goes with the feed's first figure, as odds would give it.\n");
    println!("| league | game | plays | home edge | opening chance | bases unknown |");
    println!("|---|---|---:|---:|---:|---:|");
    for (league, name, path) in GAMES {
        let text = std::fs::read_to_string(format!("{corpus}/{path}")).with_context(|| {
            format!("read {corpus}/{path}; set WIREREPORT_CORPUS to the recorded payloads")
        })?;
        let sport = Sport::of(league).context("a league")?;
        let points = points(&serde_json::from_str(&text)?, sport.discipline);
        let (_, opening) = *points.first().with_context(|| format!("{path} has no win probability"))?;
        ensure!(points.len() >= 10, "{path} has {} points", points.len());
        let margin = spread_of_margins(sport.discipline) * normal::quantile(opening.clamp(0.01, 0.99));
        let opened = Expectation { home_margin: Some(margin), neutral: false };
        let plain = error(&sport, &points, Expectation::default());
        let informed = error(&sport, &points, opened);
        let blind: Vec<Point> = points.iter().map(|(s, p)| (Situation { bases: None, ..*s }, *p)).collect();
        let blind = match sport.discipline {
            Discipline::Baseball => format!("{:.3}", error(&sport, &blind, opened)),
            _ => String::new(),
        };
        println!("| {league} | {name} | {} | {plain:.3} | {informed:.3} | {blind} |", points.len());
    }
    Ok(())
}

fn error(sport: &Sport, points: &[Point], expected: Expectation) -> f64 {
    let misses = points.iter().map(|(situation, p)| (home_wins(sport, situation, expected) - p).abs());
    misses.sum::<f64>() / points.len() as f64
}

fn points(file: &Value, discipline: Discipline) -> Vec<Point> {
    if let Some(plays) = file.as_array() {
        return plays.iter().filter_map(of_mlb).collect();
    }
    let drives = file["drives"]["previous"].as_array();
    let plays: Vec<&Value> = match drives {
        Some(drives) => drives.iter().filter_map(|drive| drive["plays"].as_array()).flatten().collect(),
        None => file["plays"].as_array().map(|plays| plays.iter().collect()).unwrap_or_default(),
    };
    let chances = file["winprobability"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_espn = |chance: &Value| {
        let play = plays.iter().find(|play| play["id"] == chance["playId"])?;
        Some((situation(play, discipline)?, chance["homeWinPercentage"].as_f64()?))
    };
    chances.iter().filter_map(of_espn).collect()
}

fn situation(play: &Value, discipline: Discipline) -> Option<Situation> {
    let number = |key: &str| play[key].as_u64().and_then(|n| u32::try_from(n).ok());
    let clock = match discipline {
        Discipline::Baseball => {
            let top = play["period"]["type"] == "Top";
            Some(inning(top, number("outs")?))
        }
        _ => play["clock"]["displayValue"].as_str().and_then(left),
    };
    let on = |base: &str| !play[base].is_null();
    Some(Situation {
        score: Score { home: number("homeScore")?, away: number("awayScore")? },
        shootout: None,
        phase: Phase::Live,
        period: play["period"]["number"].as_u64()? as u8,
        clock,
        bases: Some(Bases { first: on("onFirst"), second: on("onSecond"), third: on("onThird") }),
    })
}

fn of_mlb(play: &Value) -> Option<Point> {
    let runs = |key: &str| play["result"][key].as_u64().map(|n| n as u32);
    let on = |base: &str| !play["matchup"][base].is_null();
    let situation = Situation {
        score: Score { home: runs("homeScore")?, away: runs("awayScore")? },
        shootout: None,
        phase: Phase::Live,
        period: play["about"]["inning"].as_u64()? as u8,
        clock: Some(inning(play["about"]["halfInning"] == "top", play["count"]["outs"].as_u64()? as u32)),
        bases: Some(Bases { first: on("postOnFirst"), second: on("postOnSecond"), third: on("postOnThird") }),
    };
    Some((situation, play["homeTeamWinProbability"].as_f64()? / 100.0))
}

/// Three outs end a half.
fn inning(top: bool, outs: u32) -> Clock {
    match (top, outs) {
        (true, 3..) => Clock::Inning { half: Half::Middle, outs: None },
        (false, 3..) => Clock::Inning { half: Half::End, outs: None },
        (true, outs) => Clock::Inning { half: Half::Top, outs: u8::try_from(outs).ok() },
        (false, outs) => Clock::Inning { half: Half::Bottom, outs: u8::try_from(outs).ok() },
    }
}

/// `7:05` or `54.2`.
fn left(text: &str) -> Option<Clock> {
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let millis = minutes.parse::<f64>().ok()? * 60_000.0 + seconds.parse::<f64>().ok()? * 1000.0;
    Some(Clock::Left { millis: millis as u32 })
}
