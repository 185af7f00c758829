//! One name for a team: what makes a game of one feed the same game on another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use wirereport::feeds::api_sports;
use wirereport::feeds::espn::league::League;
use wirereport::feeds::espn::parse;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::{Game, Snapshot};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;
use wirereport_actors::wire::story::{Story, Verdict};

use super::corpus::corpus;

/// Every team of these games: code by full name.
fn teams(games: &[Game]) -> BTreeMap<String, String> {
    let sides = games.iter().flat_map(|game| [&game.home.team, &game.away.team]);
    sides.map(|team| (team.name.clone(), team.code.clone())).collect()
}

/// The teams on ESPN's recorded boards of a league.
fn on_espn(corpus: &Path, key: &str, boards: &[&str]) -> BTreeMap<String, String> {
    let league = League::of(&Sport::of(key).unwrap()).unwrap();
    let board = |file: &&str| {
        let body = std::fs::read(corpus.join("espn").join(file)).unwrap();
        teams(&parse::board(&body, &league).unwrap().games)
    };
    boards.iter().flat_map(board).collect()
}

fn on_api_sports(corpus: &Path, key: &str, file: &str, day: Date) -> BTreeMap<String, String> {
    let body = std::fs::read(corpus.join("api-sports").join(file)).unwrap();
    let mut page: Value = serde_json::from_slice(&body).unwrap();
    if let Some(first) = page.get_mut(0) {
        page = first.take();
    }
    let board = api_sports::board(page.to_string().as_bytes(), &Sport::of(key).unwrap(), day);
    teams(&board.unwrap().games)
}

#[test]
fn american_teams_have_the_same_codes_on_espn_and_api_sports() {
    let Some(corpus) = corpus() else { return };
    let nba = [
        "weldy/nba_scoreboard_20241215_final.json",
        "sdvjs/nba_scoreboard.json",
        "recorded/nba_scoreboard_20251207T190038Z.json",
    ];
    let nfl = [
        "weldy/nfl_scoreboard_20241215_final.json",
        "teamtracker/nfl_scoreboard_20220911_in.json",
        "recorded/nfl_scoreboard_20251201T035637Z.json",
        "recorded/nfl_scoreboard_20251207T185945Z.json",
    ];
    for (key, boards, file, day, least) in [
        ("nba", nba.as_slice(), "api_nba_v2_games_20240414.json", date(2024, 4, 14), 20),
        ("nfl", nfl.as_slice(), "nflFixtures-2022-09-01.json", date(2022, 9, 11), 32),
    ] {
        let (espn, other) = (on_espn(&corpus, key, boards), on_api_sports(&corpus, key, file, day));
        let shared: Vec<&String> = espn.keys().filter(|name| other.contains_key(*name)).collect();
        assert!(shared.len() >= least, "{key}: only {} teams are on both", shared.len());
        for name in shared {
            assert_eq!(espn[name], other[name], "{name}");
        }
    }
}

#[test]
fn english_clubs_have_the_same_codes_on_espn_and_api_sports() {
    let Some(corpus) = corpus() else { return };
    let espn = on_espn(&corpus, "eng.1", &["weldy/epl_scoreboard_20250525_ft.json"]);
    let espn: BTreeSet<String> = espn.into_values().collect();
    let other = on_api_sports(&corpus, "eng.1", "footballFixtures-2022-08-29.json", date(2022, 8, 29));
    // Between the two seasons Leeds went down.
    let missing: Vec<&str> =
        other.values().filter(|code| !espn.contains(*code)).map(String::as_str).collect();
    assert_eq!((other.len(), missing), (20, vec!["LEE"]));
}

const START: &str = "2026-01-10T15:00:00Z";

/// Wolves at Brighton, as ESPN shows it.
fn by_espn(home: u32, away: u32) -> Vec<Game> {
    let side = |home_away: &str, id: &str, name: &str, code: &str, score: u32| {
        json!({ "id": id, "homeAway": home_away, "score": score.to_string(),
                "team": { "id": id, "displayName": name, "abbreviation": code } })
    };
    let page = json!({ "leagues": [{ "slug": "eng.1" }], "events": [{
        "id": "704500", "uid": "s:600~l:700~e:704500", "competitions": [{
            "date": "2026-01-10T15:00Z",
            "competitors": [side("home", "331", "Brighton & Hove Albion", "BHA", home),
                            side("away", "380", "Wolverhampton Wanderers", "WOL", away)],
            "status": { "displayClock": "60'", "period": 2,
                        "type": { "name": "STATUS_SECOND_HALF", "state": "in", "completed": false } },
        }],
    }] });
    let league = League::of(&Sport::of("eng.1").unwrap()).unwrap();
    parse::board(page.to_string().as_bytes(), &league).unwrap().games
}

/// The same match, as API-Sports shows it, with that name of the home side.
fn by_api_sports(name: &str, home: u32, away: u32) -> Vec<Game> {
    let none = || json!({ "home": null, "away": null });
    let page = json!({ "parameters": { "date": "2026-01-10" }, "errors": [], "response": [{
        "fixture": { "id": 867_986, "date": START, "status": { "short": "2H", "elapsed": 60 } },
        "league": { "id": 39, "name": "Premier League", "country": "England" },
        "teams": { "home": { "id": 51, "name": name }, "away": { "id": 39, "name": "Wolves" } },
        "goals": { "home": home, "away": away },
        "score": { "halftime": { "home": 0, "away": 0 }, "fulltime": none(), "extratime": none(), "penalty": none() },
    }] });
    let sport = Sport::of("eng.1").unwrap();
    api_sports::board(page.to_string().as_bytes(), &sport, date(2026, 1, 10)).unwrap().games
}

/// What is told of these boards, each seen for a while, and the games there are in the end.
fn told(boards: Vec<(&str, Vec<Game>)>) -> (Vec<Story>, usize) {
    let (sport, rules) = (Sport::of("eng.1").unwrap(), Rules { threshold: 0.0, ..Rules::default() });
    let (mut state, mut stories) = (SportState::default(), Vec::new());
    let mut seen_at: Timestamp = START.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(75);
    for (feed, games) in boards {
        for _ in 0..8 {
            let snapshot =
                Snapshot { sport: sport.key.clone(), feed: feed.to_owned(), seen_at, games: games.clone() };
            stories.extend(step(&mut state, &snapshot, &sport, &rules).stories);
            seen_at += SignedDuration::from_secs(10);
        }
    }
    stories.retain(|story| story.verdict == Verdict::Told);
    (stories, state.games.len())
}

#[test]
fn over_a_switch_between_espn_and_api_sports_and_back_nothing_is_told_twice_or_taken_back() {
    // Under its own name, and under one that is on no list: the other side's code is enough.
    for name in ["Brighton", "Brighton and Hove"] {
        let (stories, games) = told(vec![
            ("espn", by_espn(0, 0)),
            ("espn", by_espn(1, 0)),
            ("api_sports", by_api_sports(name, 0, 0)),
            ("api_sports", by_api_sports(name, 1, 0)),
            ("api_sports", by_api_sports(name, 1, 1)),
            ("espn", by_espn(1, 0)),
            ("espn", by_espn(1, 1)),
            ("espn", by_espn(1, 2)),
        ]);
        let scores: Vec<(u32, u32)> =
            stories.iter().map(|story| (story.facts.score.home, story.facts.score.away)).collect();
        assert_eq!((games, scores), (1, vec![(1, 0), (1, 1), (1, 2)]), "{name}");
        assert!(stories.iter().all(|story| story.kind != MomentKind::Correction));
    }
}
