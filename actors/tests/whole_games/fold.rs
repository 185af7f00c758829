//! From recorded plays to boards.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use wirereport_actors::wire::game::{
    Clock, FeedGameId, Game, Half, Phase, Score, Side, Snapshot, Team, Which,
};
use wirereport_actors::wire::sport::Sport;

/// The board from that second on.
#[derive(Debug, Clone)]
pub(crate) struct Tick {
    pub(crate) at: i64,
    pub(crate) score: Score,
    pub(crate) period: u8,
    pub(crate) clock: Option<Clock>,
    pub(crate) phase: Phase,
}

/// Polls a game from two minutes before its start to three after its end.
pub(crate) fn polls(sport: &Sport, ticks: &[Tick], every: u32) -> Vec<Snapshot> {
    let (start, end) = (ticks[0].at, ticks[ticks.len() - 1].at);
    let mut snapshots = Vec::new();
    let mut at = start - 120;
    while at <= end + 180 {
        let tick = ticks.iter().rev().find(|tick| tick.at <= at);
        let mut game = board(tick);
        if at > end {
            game.phase = Phase::Final;
        }
        snapshots.push(Snapshot {
            sport: sport.key.clone(),
            feed: "recorded".to_owned(),
            seen_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(at),
            games: vec![game],
        });
        at += i64::from(every);
    }
    snapshots
}

fn board(tick: Option<&Tick>) -> Game {
    let side = |which| Side {
        team: Team {
            id: format!("{which:?}"),
            name: format!("{which:?} Team"),
            short_name: format!("{which:?}"),
            place: format!("{which:?}"),
            code: format!("{which:?}"),
        },
        score: tick.map(|tick| tick.score.of(which)),
        shootout: None,
        periods: Vec::new(),
        rank: None,
        winner: None,
    };
    Game {
        feed_id: FeedGameId("1".to_owned()),
        starts_at: None,
        home: side(Which::Home),
        away: side(Which::Away),
        phase: tick.map_or(Phase::Scheduled, |tick| tick.phase),
        period: tick.map_or(0, |tick| tick.period),
        clock: tick.and_then(|tick| tick.clock),
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

fn read(path: &str) -> Option<Value> {
    let corpus = std::env::var("WIREREPORT_CORPUS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/feeds").to_owned());
    match std::fs::read_to_string(format!("{corpus}/{path}")) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            println!("skipped: no {path} in {corpus}");
            None
        }
    }
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().map(|n| n as u32).or_else(|| value.as_str()?.parse().ok())
}

/// `7:05`, `54.2` or `PT01M09.00S` as milliseconds left.
fn left(text: &str) -> Option<Clock> {
    let text = text.trim_start_matches("PT").trim_end_matches('S').replace('M', ":");
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", &text));
    let millis = minutes.parse::<f64>().ok()? * 60_000.0 + seconds.parse::<f64>().ok()? * 1000.0;
    Some(Clock::Left { millis: millis as u32 })
}

/// After the last play of a period the board shows the break.
fn with_breaks(ticks: Vec<Tick>) -> Vec<Tick> {
    let mut out: Vec<Tick> = Vec::new();
    for tick in ticks {
        if let Some(last) = out.last().filter(|last| last.period < tick.period && tick.at - last.at > 60) {
            let at = last.at + 10;
            out.push(Tick { phase: Phase::Break, at, ..last.clone() });
        }
        out.push(tick);
    }
    out
}

/// The NBA's own play-by-play knows the game clock only: 48 minutes are stretched to two hours and a quarter.
pub(crate) fn nba(path: &str) -> Option<Vec<Tick>> {
    let file = read(path)?;
    let mut score = Score::default();
    let mut ticks = Vec::new();
    for action in file["game"]["actions"].as_array()? {
        if let (Some(home), Some(away)) = (number(&action["scoreHome"]), number(&action["scoreAway"])) {
            score = Score { home, away };
        }
        let period = number(&action["period"])? as u8;
        let clock = left(action["clock"].as_str()?)?;
        let Clock::Left { millis } = clock else { return None };
        let played = i64::from(period - 1) * 720 + 720 - i64::from(millis / 1000);
        let at = played * 28 / 10 + i64::from(period) * 200;
        ticks.push(Tick { at, score, period, clock: Some(clock), phase: Phase::Live });
    }
    Some(with_breaks(ticks))
}

/// ESPN's plays, of basketball and hockey in `plays`, of football in `drives`. Hockey's clock runs up in them.
pub(crate) fn espn(path: &str) -> Option<Vec<Tick>> {
    let file = read(path)?;
    let runs_up = path.contains("nhl");
    let drives = file["drives"]["previous"].as_array();
    let plays: Vec<&Value> = match drives {
        Some(drives) => drives.iter().filter_map(|drive| drive["plays"].as_array()).flatten().collect(),
        None => file["plays"].as_array()?.iter().collect(),
    };
    let mut ticks: Vec<Tick> = Vec::new();
    for play in plays {
        let Some(at) = play["wallclock"].as_str().and_then(|text| text.parse::<Timestamp>().ok()) else {
            continue;
        };
        let clock = play["clock"]["displayValue"].as_str().and_then(left);
        let clock = match clock {
            Some(Clock::Left { millis }) if runs_up => Some(Clock::Left { millis: 1_200_000 - millis }),
            other => other,
        };
        ticks.push(Tick {
            at: at.as_second(),
            score: Score { home: number(&play["homeScore"])?, away: number(&play["awayScore"])? },
            period: number(&play["period"]["number"])? as u8,
            clock,
            phase: Phase::Live,
        });
    }
    ticks.sort_by_key(|tick| tick.at);
    Some(with_breaks(ticks))
}

pub(crate) fn mlb(path: &str) -> Option<Vec<Tick>> {
    let file = read(path)?;
    let mut ticks = Vec::new();
    for play in file["liveData"]["plays"]["allPlays"].as_array()? {
        let about = &play["about"];
        let (top, outs) = (about["isTopInning"].as_bool()?, number(&play["count"]["outs"])? as u8);
        let half = match (top, outs) {
            (true, 3) => Half::Middle,
            (true, _) => Half::Top,
            (false, 3) => Half::End,
            (false, _) => Half::Bottom,
        };
        ticks.push(Tick {
            at: about["endTime"].as_str()?.parse::<Timestamp>().ok()?.as_second(),
            score: Score {
                home: number(&play["result"]["homeScore"])?,
                away: number(&play["result"]["awayScore"])?,
            },
            period: number(&about["inning"])? as u8,
            clock: Some(Clock::Inning { half, outs: Some(outs) }),
            phase: Phase::Live,
        });
    }
    Some(ticks)
}

/// StatsBomb's events know the match clock; half-time is put at a quarter of an hour.
pub(crate) fn statsbomb(path: &str) -> Option<Vec<Tick>> {
    let file = read(path)?;
    let mut score = Score::default();
    let mut ticks: Vec<Tick> = Vec::new();
    let mut events: Vec<&Value> = file.as_array()?.iter().collect();
    events.sort_by_key(|event| ["period", "minute", "second"].map(|part| event[part].as_u64()));
    for event in events {
        if event["shot"]["outcome"]["name"] == "Goal" {
            match event["team"]["name"].as_str()? {
                "Barcelona" => score.home += 1,
                _ => score.away += 1,
            }
        }
        let (period, minute) = (number(&event["period"])?, number(&event["minute"])?);
        let second = number(&event["second"])?;
        let base = if period == 2 { 18 * 60 } else { 0 };
        let end = if period == 2 { 90 } else { 45 };
        let shown = (minute + 1).min(end);
        ticks.push(Tick {
            at: i64::from(minute * 60 + second + base),
            score,
            period: period as u8,
            clock: Some(Clock::Minute { minute: shown as u16, added: (minute + 1 - shown) as u16 }),
            phase: Phase::Live,
        });
    }
    Some(with_breaks(ticks))
}
