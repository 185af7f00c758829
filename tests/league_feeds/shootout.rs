//! From the feed's answers to the texts: a shoot-out, and one game seen by two feeds.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use wirereport::feeds::nhl;
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::ports::writer::Form;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::{Score, Snapshot};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::sport::Sport;
use wirereport_actors::wire::step::step;
use wirereport_actors::wire::voice::Manner;

/// Lightning at Sharks.
fn page(state: &str, period: (u8, &str), seconds: u32, away: u32, home: u32) -> Value {
    let side = |id: u32, code: &str, name: &str, score: u32| json!({ "id": id, "abbrev": code, "name": { "default": name }, "score": score });
    json!({ "currentDate": "2026-01-10", "games": [{
        "id": 2025020001, "gameType": 2, "startTimeUTC": "2026-01-11T00:00:00Z",
        "gameState": state, "gameScheduleState": "OK",
        "homeTeam": side(28, "SJS", "Sharks", home), "awayTeam": side(14, "TBL", "Lightning", away),
        "clock": { "secondsRemaining": seconds, "inIntermission": false },
        "periodDescriptor": { "number": period.0, "periodType": period.1 }, "goals": [],
    }] })
}

fn snapshot(page: &Value, seen_at: Timestamp) -> Snapshot {
    let board = nhl::parse::board(page.to_string().as_bytes(), date(2026, 1, 10)).unwrap();
    let sport = Sport::of("nhl").unwrap().key;
    Snapshot { sport, feed: "nhl".to_owned(), seen_at, games: board.games }
}

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-01-11T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minute)
}

#[test]
fn a_shoot_out_is_told_once_with_its_winner_and_no_score_of_its_own() {
    let pages = [
        (0, page("LIVE", (1, "REG"), 1200, 0, 0)),
        (130, page("CRIT", (3, "REG"), 0, 2, 2)),
        (140, page("CRIT", (4, "OT"), 200, 2, 2)),
        (150, page("CRIT", (5, "SO"), 0, 2, 2)),
        (155, page("OVER", (5, "SO"), 0, 3, 2)),
        (160, page("OFF", (5, "SO"), 0, 3, 2)),
    ];
    let (sport, rules) = (Sport::of("nhl").unwrap(), Rules { threshold: 0.0, ..Rules::default() });
    let (mut state, mut stories) = (SportState::default(), Vec::new());
    for (minute, page) in &pages {
        for again in 0..3 {
            let seen_at = at(*minute) + SignedDuration::from_secs(10 * again);
            stories.extend(step(&mut state, &snapshot(page, seen_at), &sport, &rules).stories);
        }
    }
    let told: Vec<(MomentKind, Score)> =
        stories.iter().map(|story| (story.facts.kind, story.facts.score)).collect();
    let level = Score { home: 2, away: 2 };
    assert_eq!(told.last(), Some(&(MomentKind::Final, level)), "{told:?}");
    assert_eq!(told.iter().filter(|(kind, _)| *kind == MomentKind::Final).count(), 1);
    let writer = TemplateWriter::builtin().unwrap();
    for story in &stories {
        for form in [Form::Long, Form::Short] {
            let text = writer.draft(story, form, &Manner::default()).unwrap().text;
            assert!(!text.contains("1-0") && !text.contains("3-2"), "{text}");
            if story.facts.kind == MomentKind::Final {
                assert!(text.contains("Lightning") && text.contains("in a shootout"), "{text}");
            }
        }
    }
}

#[test]
fn a_game_that_espn_showed_under_its_own_codes_is_known_again() {
    let (sport, rules) = (Sport::of("nhl").unwrap(), Rules::default());
    let live = page("LIVE", (1, "REG"), 600, 0, 0);
    let mut by_espn = snapshot(&live, at(10));
    by_espn.feed = "espn".to_owned();
    let game = &mut by_espn.games[0];
    game.feed_id.0 = "401772292".to_owned();
    (game.home.team.id, game.away.team.id) = ("18".to_owned(), "20".to_owned());
    (game.home.team.code, game.away.team.code) = ("SJ".to_owned(), "TB".to_owned());
    let mut state = SportState::default();
    step(&mut state, &by_espn, &sport, &rules);
    step(&mut state, &snapshot(&live, at(11)), &sport, &rules);
    let ids: Vec<String> = state.games.keys().map(ToString::to_string).collect();
    assert_eq!(ids, ["nhl-20260110-tb-sj"]);
}
