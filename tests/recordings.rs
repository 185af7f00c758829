//! The committed recordings tell the games as they really went, and equal what is made of their play-by-plays.
//!
//! The play-by-plays are not in this repository: tests that need them read the folder named by `WIREREPORT_CORPUS`, and
//! say in one line that they were skipped where it is absent.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde_json::Value;
use wirereport::feeds::convert::{self, Options, Source};
use wirereport::feeds::recording::Recording;
use wirereport::feeds::recording::format::TimeBase;
use wirereport_actors::wire::game::{Clock, Game, Phase, PlayKind, Score, Which};
use wirereport_actors::wire::sport::{Sport, SportKey};

#[path = "support/play_by_plays.rs"]
mod play_by_plays;
#[path = "support/told.rs"]
mod told;

/// A game of the corpus and what is known of it.
struct Known {
    source: &'static str,
    kind: Source,
    /// The scheduled start, where the source does not say.
    starts_at: Option<&'static str>,
    sport: &'static str,
    home: &'static str,
    away: &'static str,
    /// Home first.
    result: (u32, u32),
    lead_changes: usize,
    periods: u8,
}

impl Known {
    const fn of(source: &'static str, kind: Source, sport: &'static str) -> Self {
        let (home, away) = ("", "");
        Self { source, kind, starts_at: None, sport, home, away, result: (0, 0), lead_changes: 0, periods: 0 }
    }

    const fn result(self, home: &'static str, away: &'static str, result: (u32, u32)) -> Self {
        Self { home, away, result, ..self }
    }

    const fn course(self, lead_changes: usize, periods: u8) -> Self {
        Self { lead_changes, periods, ..self }
    }
}

const ATL_BOS: Known = Known {
    starts_at: Some("2024-11-13T00:00:00Z"),
    ..Known::of("nba/stats_playbyplayv3_0022400001_ATL_BOS_117-116.json", Source::NbaStats, "nba")
        .result("BOS", "ATL", (116, 117))
        .course(14, 4)
};
const NYG_DAL: Known = Known::of("nflcom/2025_02_NYG_DAL.json", Source::NflShield, "nfl")
    .result("DAL", "NYG", (40, 37))
    .course(7, 5);
const CLE_PIT: Known =
    Known::of("espn/weldy/mlb_summary_401472463_CLE_PIT_20230719.json", Source::EspnMlb, "mlb")
        .result("PIT", "CLE", (7, 5))
        .course(1, 9);
const MTL_BUF: Known =
    Known::of("nhl/legacy_finishedGameData_2017020006_MTL_BUF_shootout.json", Source::NhlLegacy, "nhl")
        .result("BUF", "MTL", (2, 2))
        .course(0, 5);
const MEX_RSA: Known =
    Known::of("espn/soccer/wc_summary_760415_MEX_RSA_20260611.json", Source::EspnSoccer, "fifa.world")
        .result("MEX", "RSA", (2, 0))
        .course(0, 2);

const COMMITTED: [(&str, Known); 5] = [
    ("nba-atl-bos-117-116", ATL_BOS),
    ("nfl-nyg-dal-37-40", NYG_DAL),
    ("mlb-cle-pit-5-7", CLE_PIT),
    ("nhl-mtl-buf-shootout", MTL_BUF),
    ("soccer-mex-rsa-2-0", MEX_RSA),
];

/// Games that are converted but not committed.
const FURTHER: [Known; 9] = [
    Known::of("nflcom/2022_10_MIN_BUF.json", Source::NflShield, "nfl")
        .result("BUF", "MIN", (30, 33))
        .course(2, 5),
    Known::of("nflcom/2023_22_SF_KC.json", Source::NflShield, "nfl")
        .result("KC", "SF", (25, 22))
        .course(3, 5),
    Known::of("espn/weldy/nfl_summary_401547417_GB_ATL_20230917.json", Source::EspnClock, "nfl")
        .result("ATL", "GB", (25, 24))
        .course(2, 4),
    Known::of("espn/sdvjs/nba_summary_401585607_TOR_ORL_20240317.json", Source::EspnClock, "nba")
        .result("ORL", "TOR", (111, 96))
        .course(6, 4),
    Known::of("espn/weldy/nhl_summary_NYR_FLA_20240601.json", Source::EspnClock, "nhl")
        .result("FLA", "NYR", (2, 1))
        .course(0, 3),
    Known::of("mlb/feed_live_777687_CIN_CHC_20250601.json", Source::MlbStatsApi, "mlb")
        .result("CHC", "CIN", (7, 3))
        .course(0, 9),
    Known::of("nba/cdn_pbp_0022000001_GSW_BKN_20201222.json", Source::NbaCdn, "nba")
        .result("BKN", "GSW", (125, 99))
        .course(1, 4),
    Known::of("nhl/pbp_2023020204_MIN_BUF_20231110.json", Source::NhlWeb, "nhl")
        .result("BUF", "MIN", (3, 2))
        .course(0, 3),
    Known {
        starts_at: Some("2018-09-23T18:45:00Z"),
        ..Known::of("statsbomb/events_15986_Barcelona_Girona_2-2.json", Source::StatsBomb, "esp.1")
            .result("BAR", "GIR", (2, 2))
            .course(1, 2)
    },
];

fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name).with_extension("jsonl")
}

fn recording(name: &str) -> Recording {
    Recording::read(&committed(name)).expect("a committed recording")
}

/// The folder of play-by-plays, where it is at hand.
fn corpus() -> Option<PathBuf> {
    let told = std::env::var_os("WIREREPORT_CORPUS").map(PathBuf::from);
    let folder = told.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no play-by-plays at {} (WIREREPORT_CORPUS)", folder.display());
    None
}

fn source(corpus: &Path, known: &Known) -> Vec<u8> {
    std::fs::read(corpus.join(known.source)).expect("a play-by-play of the corpus")
}

fn converted(corpus: &Path, known: &Known, name: &str) -> Recording {
    let starts_at = known.starts_at.map(|start| start.parse().expect("a time"));
    let league = Some(SportKey::new(known.sport));
    convert::convert(&source(corpus, known), name, &Options { starts_at, league })
        .expect("a whole play-by-play")
}

fn games(recording: &Recording) -> Vec<Game> {
    recording.snapshots("replay").filter_map(|snapshot| snapshot.games.into_iter().next()).collect()
}

/// Every score that was seen, in order, each as often as it came up.
fn scores(recording: &Recording) -> Vec<Score> {
    let mut scores: Vec<Score> = games(recording).iter().filter_map(Game::score).collect();
    scores.dedup();
    scores
}

fn lead_changes(scores: &[Score]) -> usize {
    let leaders: Vec<Which> = scores.iter().filter_map(|score| score.leader()).collect();
    leaders.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

fn check(known: &Known, recording: &Recording) {
    let name = known.source;
    let header = recording.header();
    assert_eq!(header.sport.as_str(), known.sport, "{name}");
    assert!(Sport::of(known.sport).is_some(), "{name}");
    let games = games(recording);
    let (first, last) = (games.first().expect("polls"), games.last().expect("polls"));
    assert_eq!(
        (last.home.team.code.as_str(), last.away.team.code.as_str()),
        (known.home, known.away),
        "{name}"
    );
    assert_eq!(last.score(), Some(Score { home: known.result.0, away: known.result.1 }), "{name}");
    assert_eq!(lead_changes(&scores(recording)), known.lead_changes, "{name}");
    assert_eq!((last.phase, last.period), (Phase::Final, known.periods), "{name}");
    assert_eq!((first.phase, first.period, first.score()), (Phase::Scheduled, 0, None), "{name}");

    let count = |phase| games.iter().filter(|game| game.phase == phase).count();
    assert_eq!(count(Phase::Final), 3, "{name}: the final is seen often enough to be confirmed");
    assert!(count(Phase::Scheduled) >= 2, "{name}: the game is seen before it starts");
    let stopped = |game: &&Game| game.phase == Phase::Break && matches!(game.clock, Some(Clock::Left { .. }));
    let at_zero = |game: &Game| game.clock == Some(Clock::Left { millis: 0 });
    assert!(games.iter().filter(stopped).all(at_zero), "{name}: a break belongs to the period that ended");
    let times: Vec<_> = recording.frames().iter().map(|frame| frame.t).collect();
    assert!(times.is_sorted_by(|one, other| one < other), "{name}: each frame is later than the one before");
    let live = games.windows(2).zip(times.windows(2)).filter(|(pair, _)| pair[0].phase == Phase::Live);
    for (pair, times) in live {
        let gap = times[1].duration_since(times[0]);
        assert!(gap <= SignedDuration::from_secs(15), "{name}: {gap:?} without a poll at {}", times[0]);
        let on = pair[0].period <= pair[1].period;
        assert!(on, "{name}: period {} after {} at {}", pair[1].period, pair[0].period, times[1]);
    }
    let text = recording.to_jsonl();
    assert!(text.len() < 60_000, "{name}: {} bytes", text.len());
    assert!(
        games.iter().all(|game| game.plays.iter().all(|play| play.player.is_none())),
        "{name}: facts only"
    );
    assert!(games.iter().all(|game| game.note.is_none()), "{name}: facts only");
}

#[test]
fn every_committed_recording_tells_its_game_as_it_went() {
    for (name, known) in &COMMITTED {
        check(known, &recording(name));
    }
}

#[test]
fn nothing_else_is_committed() {
    let folder = committed("x").parent().expect("a folder").to_owned();
    let files =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").file_name());
    let mut found: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    found.sort();
    let mut expected: Vec<String> = COMMITTED.iter().map(|(name, _)| format!("{name}.jsonl")).collect();
    expected.push("README.md".to_owned());
    expected.sort();
    assert_eq!(found, expected, "a new recording needs its facts in COMMITTED");
}

#[test]
fn the_winner_of_the_nba_game_comes_with_six_seconds_left() {
    let recording = recording("nba-atl-bos-117-116");
    assert_eq!(recording.header().clock, TimeBase::Stretched);
    let games = games(&recording);
    let won = games.iter().find(|game| game.score() == Some(Score { home: 116, away: 117 }));
    let play = won.and_then(|game| game.plays.first()).expect("the winner");
    assert_eq!((play.side, play.points), (Some(Which::Away), 2));
    assert_eq!(
        serde_json::to_value(play.clock).expect("a clock"),
        serde_json::json!({"left": {"millis": 6100}})
    );
    let last = games.last().expect("polls");
    assert_eq!((last.home.winner, last.away.winner), (Some(false), Some(true)));
    let breaks =
        games.windows(2).filter(|pair| pair[0].phase == Phase::Live && pair[1].phase == Phase::Break);
    assert_eq!(breaks.count(), 3);
}

#[test]
fn the_nfl_game_is_told_touchdown_by_touchdown_try_by_try_into_overtime() {
    let recording = recording("nfl-nyg-dal-37-40");
    let told: Vec<(u32, u32)> = scores(&recording).iter().map(|score| (score.away, score.home)).collect();
    let really = [
        (0, 0),
        (3, 0),
        (6, 0),
        (6, 3),
        (12, 3),
        (13, 3),
        (13, 9),
        (13, 10),
        (13, 16),
        (13, 17),
        (16, 17),
        (16, 20),
        (22, 20),
        (23, 20),
        (23, 26),
        (23, 27),
        (29, 27),
        (30, 27),
        (30, 33),
        (30, 34),
        (36, 34),
        (37, 34),
        (37, 37),
        (37, 40),
    ];
    assert_eq!(told, really);
    let games = games(&recording);
    let level = |game: &&Game| game.score() == Some(Score { home: 37, away: 37 });
    assert!(games.iter().filter(level).any(|game| game.phase == Phase::Break && game.period == 4));
    assert!(games.iter().filter(level).any(|game| game.phase == Phase::Live && game.period == 5));
}

#[test]
fn the_nhl_game_stays_level_and_the_shootout_is_counted_beside_it() {
    let recording = recording("nhl-mtl-buf-shootout");
    let games = games(&recording);
    let last = games.last().expect("polls");
    assert_eq!((last.home.shootout, last.away.shootout), (Some(0), Some(1)));
    assert_eq!((last.home.winner, last.away.winner), (Some(false), Some(true)));
    assert!(games.iter().any(|game| game.phase == Phase::Live && game.period == 4), "overtime");
    let decided = games.iter().find(|game| game.away.shootout == Some(1)).expect("a goal of the shoot-out");
    assert_eq!((decided.phase, decided.score()), (Phase::Shootout, Some(Score { home: 2, away: 2 })));
    assert_eq!((decided.plays[0].kind, decided.plays[0].side), (PlayKind::ShootoutGoal, Some(Which::Away)));
    let before = games.iter().filter(|game| game.phase != Phase::Shootout && game.phase != Phase::Final);
    assert!(before.clone().all(|game| game.home.shootout.is_none()));
    let told: Vec<(u32, u32)> = scores(&recording).iter().map(|score| (score.home, score.away)).collect();
    assert_eq!(told, [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2)]);
}

#[test]
fn the_baseball_game_is_turned_from_four_down() {
    let told: Vec<(u32, u32)> =
        scores(&recording("mlb-cle-pit-5-7")).iter().map(|score| (score.away, score.home)).collect();
    let really = [(0, 0), (1, 0), (3, 0), (4, 0), (4, 1), (4, 2), (4, 3), (4, 5), (4, 7), (5, 7)];
    assert_eq!(told, really);
}

#[test]
fn the_soccer_match_shows_two_goals_and_three_sent_off() {
    let games = games(&recording("soccer-mex-rsa-2-0"));
    let last = games.last().expect("polls");
    let shown: Vec<_> = last.plays.iter().map(|play| (play.kind, play.side, play.points)).collect();
    use PlayKind::{Goal, RedCard};
    let (home, away) = (Some(Which::Home), Some(Which::Away));
    let really =
        [(Goal, home, 1), (RedCard, away, 0), (Goal, home, 1), (RedCard, away, 0), (RedCard, home, 0)];
    assert_eq!(shown, really);
    let minutes: Vec<Value> =
        last.plays.iter().map(|play| serde_json::to_value(play.clock).expect("a clock")).collect();
    let minute = |minute, added| serde_json::json!({"minute": {"minute": minute, "added": added}});
    assert_eq!(minutes, [minute(9, 0), minute(49, 0), minute(67, 0), minute(84, 0), minute(90, 2)]);
}
