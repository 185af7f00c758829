//! Every recorded payload gives the games that were on it, or a named error.
//!
//! The recordings are not part of the project. They are read from the folder named by `WIREREPORT_CORPUS`; without it
//! these tests say so and pass.

use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use wirereport::feeds::daily::Board;
use wirereport::feeds::{nhl, statsapi};
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, Game, Phase, Score, Which};

pub(super) fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("WIREREPORT_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/feeds"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no recordings at {}; name their folder in WIREREPORT_CORPUS", folder.display());
    None
}

/// What a final says: its teams' codes and score, away first, and the last period.
fn line(game: &Game) -> String {
    let score = game.score().unwrap();
    let (away, home) = (&game.away.team.code, &game.home.team.code);
    format!("{away} {} {home} {} in {}", score.away, score.home, game.period)
}

fn lines(board: &Board) -> Vec<String> {
    board.games.iter().map(line).collect()
}

fn winner(game: &Game) -> Option<Which> {
    [Which::Home, Which::Away].into_iter().find(|which| game.side(*which).winner == Some(true))
}

#[test]
fn a_day_of_baseball_is_read_game_by_game() {
    let Some(corpus) = corpus() else { return };
    let body = std::fs::read(corpus.join("mlb/schedule_by_date.json")).unwrap();
    let board = statsapi::parse::board(&body, date(2026, 4, 20)).unwrap();
    assert_eq!(board.skipped, []);
    assert_eq!(
        lines(&board),
        [
            "DET 6 BOS 8 in 9",
            "HOU 9 CLE 2 in 9",
            "CIN 6 TB 1 in 9",
            "STL 3 MIA 5 in 9",
            "ATL 9 WSH 4 in 9",
            "BAL 7 KC 5 in 12",
            "PHI 1 CHC 5 in 9",
            "LAD 12 COL 3 in 9",
            "TOR 5 LAA 2 in 9",
            "ATH 6 SEA 4 in 9",
        ]
    );
    for game in &board.games {
        assert_eq!((game.phase, game.clock), (Phase::Final, None));
        assert_eq!(winner(game), game.score().unwrap().leader());
        for side in [&game.home, &game.away] {
            assert_eq!(side.periods.iter().sum::<u32>(), side.score.unwrap(), "{}", side.team.name);
        }
    }
    let first = &board.games[0];
    assert_eq!(first.starts_at, Some("2026-04-20T15:10:00Z".parse().unwrap()));
    assert_eq!((first.home.team.place.as_str(), first.home.team.short_name.as_str()), ("Boston", "Red Sox"));
    assert_eq!(first.away.periods, [0, 0, 1, 1, 0, 1, 0, 0, 3]);
    assert_eq!(first.home.periods, [0, 2, 0, 0, 0, 1, 3, 2]);
}

#[test]
fn a_schedule_without_line_scores_gives_the_finals() {
    let Some(corpus) = corpus() else { return };
    let body = std::fs::read(corpus.join("mlb/schedule.json")).unwrap();
    let board = statsapi::parse::board(&body, date(2024, 7, 1)).unwrap();
    assert_eq!(lines(&board), ["HOU 3 TOR 1 in 0", "NYM 9 WSH 7 in 0", "MIL 7 COL 8 in 0"]);
    assert_eq!(winner(&board.games[2]), Some(Which::Home));
}

/// The line score of one of those games, put into its schedule as the feed does when asked for both.
#[test]
fn a_line_score_of_the_ninth_inning_is_read_as_one() {
    let Some(corpus) = corpus() else { return };
    let json =
        |file: &str| -> Value { serde_json::from_slice(&std::fs::read(corpus.join(file)).unwrap()).unwrap() };
    let mut page = json("mlb/schedule.json");
    let game = &mut page["dates"][0]["games"][0];
    game["linescore"] = json("mlb/linescore.json");
    game["status"] =
        json!({ "abstractGameState": "Live", "codedGameState": "I", "detailedState": "In Progress" });
    let board = statsapi::parse::board(page.to_string().as_bytes(), date(2024, 7, 1)).unwrap();
    let game = &board.games[0];
    assert_eq!((game.phase, game.period, game.score()), (Phase::Live, 9, Some(Score { home: 1, away: 3 })));
    assert_eq!(game.home.periods, [0, 0, 0, 0, 0, 0, 0, 0, 1]);
    // The others have no line score and are over.
    assert_eq!(board.games.iter().filter(|game| game.phase == Phase::Final).count(), 2);
}

#[test]
fn a_day_of_hockey_is_read_game_by_game() {
    let Some(corpus) = corpus() else { return };
    let body = std::fs::read(corpus.join("nhl/score_20250314_ot.json")).unwrap();
    let board = nhl::parse::board(&body, date(2025, 3, 14)).unwrap();
    assert_eq!(board.skipped, []);
    assert_eq!(
        lines(&board),
        [
            "DET 2 CAR 4 in 3",
            "EDM 2 NYI 1 in 4",
            "DAL 1 WPG 4 in 3",
            "COL 4 CGY 2 in 3",
            "NSH 1 ANA 2 in 3",
            "UTAH 2 SEA 4 in 3",
        ]
    );
    for game in &board.games {
        assert_eq!((game.phase, game.clock, game.home.shootout), (Phase::Final, None, None));
        assert_eq!(winner(game), game.score().unwrap().leader());
        assert_eq!(game.plays.len(), (game.home.score.unwrap() + game.away.score.unwrap()) as usize);
        for side in [&game.home, &game.away] {
            assert_eq!(side.periods.iter().sum::<u32>(), side.score.unwrap(), "{}", side.team.name);
        }
    }
    let overtime = &board.games[1];
    assert_eq!(overtime.away.team.name, "Edmonton Oilers");
    assert_eq!((&overtime.away.periods, &overtime.home.periods), (&vec![0, 1, 0, 1], &vec![0, 0, 1, 0]));
    let last = overtime.plays.last().unwrap();
    assert_eq!((last.side, last.player.as_deref()), (Some(Which::Away), Some("Leon Draisaitl")));
    assert_eq!(last.clock, Some(Clock::Left { millis: 67_000 }));
}

/// The days of a recorded week as the scores of each day, which hold the same games.
fn week(corpus: &Path, file: &str) -> Vec<(Date, Board)> {
    let week: Value = serde_json::from_slice(&std::fs::read(corpus.join(file)).unwrap()).unwrap();
    let days = week["gameWeek"].as_array().unwrap().iter();
    days.map(|day| {
        let page = json!({ "currentDate": day["date"], "games": day["games"] });
        let date: Date = day["date"].as_str().unwrap().parse().unwrap();
        (date, nhl::parse::board(page.to_string().as_bytes(), date).unwrap())
    })
    .collect()
}

#[test]
fn shoot_outs_stand_level_with_their_winner_beside() {
    let Some(corpus) = corpus() else { return };
    let weeks = ["nhl/schedule_week_20241004_cncl.json", "nhl/schedule_week_20250110.json"];
    let games: Vec<Game> =
        weeks.iter().flat_map(|file| week(&corpus, file)).flat_map(|(_, board)| board.games).collect();
    let decided: Vec<(String, Option<Which>)> = (games.iter())
        .filter(|game| game.home.shootout.is_some())
        .map(|game| (line(game), winner(game)))
        .collect();
    let decided: Vec<(&str, Option<Which>)> =
        decided.iter().map(|(line, who)| (line.as_str(), *who)).collect();
    assert_eq!(
        decided,
        [
            ("ANA 2 SJ 2 in 5", Some(Which::Away)),
            ("DAL 1 MTL 1 in 5", Some(Which::Away)),
            ("PHI 2 CBJ 2 in 5", Some(Which::Home)),
            ("FLA 1 NJ 1 in 5", Some(Which::Away)),
            ("ANA 3 TB 3 in 5", Some(Which::Home)),
            ("CHI 2 NSH 2 in 5", Some(Which::Home)),
        ]
    );
    assert!(games.iter().all(|game| game.phase != Phase::Unknown));
    let finals = games.iter().filter(|game| game.phase == Phase::Final);
    assert!(finals.clone().count() > 50);
    assert!(finals.clone().all(|game| winner(game).is_some()));
}

#[test]
fn a_game_that_was_called_off_is_cancelled_and_has_no_score() {
    let Some(corpus) = corpus() else { return };
    let week = week(&corpus, "nhl/schedule_week_20241004_cncl.json");
    let (_, day) = week.iter().find(|(day, _)| *day == date(2024, 10, 7)).unwrap();
    let cancelled: Vec<&Game> = day.games.iter().filter(|game| game.phase == Phase::Cancelled).collect();
    let [game] = cancelled.as_slice() else { panic!("{} games are cancelled", cancelled.len()) };
    assert_eq!((game.away.team.code.as_str(), game.home.team.code.as_str()), ("NSH", "TB"));
    assert_eq!((game.score(), game.period), (None, 0));
    let (_, first) = &week[0];
    assert!(
        first.games.iter().any(|game| game.neutral && game.note.as_deref() == Some("2024 NHL Global Series"))
    );
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

type Parse = fn(&[u8], Date) -> Result<Board, FeedError>;

/// Read for the day each board is of, and for one that none is of.
#[test]
fn no_other_payload_is_taken_for_a_board() {
    let Some(corpus) = corpus() else { return };
    let mut all = Vec::new();
    files(&corpus, &mut all);
    assert!(all.len() > 80, "only {} recordings", all.len());
    let boards: [(&str, Date, Parse); 3] = [
        ("mlb/schedule_by_date.json", date(2026, 4, 20), statsapi::parse::board),
        ("mlb/schedule.json", date(2024, 7, 1), statsapi::parse::board),
        ("nhl/score_20250314_ot.json", date(2025, 3, 14), nhl::parse::board),
    ];
    for file in &all {
        let body = std::fs::read(file).unwrap();
        for (board, day, read) in boards {
            let read = read(&body, day);
            if *file == corpus.join(board) {
                assert!(read.is_ok(), "{board}");
                continue;
            }
            let error = read.expect_err(&file.display().to_string());
            let named = matches!(
                error,
                FeedError::NotABoard { .. }
                    | FeedError::ErrorBody { .. }
                    | FeedError::Truncated { .. }
                    | FeedError::Malformed { .. }
            );
            assert!(named, "{}: {error}", file.display());
        }
    }
}
