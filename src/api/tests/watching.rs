//! What is watched: leagues, games, channels, settings, figures; and lists that come in pages.

use wirereport_actors::ports::ledger::PollRecord;
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::{Game, Phase, Snapshot};
use wirereport_actors::wire::rules::Rules;
use wirereport_actors::wire::step::step;

use super::*;

/// Boards of one game, each 20 s after the one before, as the wire has taken them in.
fn played(boards: &[(u32, u32, u32)]) -> SportState {
    let mut state = SportState::default();
    let nba = Sport::of("nba").unwrap();
    for (number, (away, home, millis)) in boards.iter().enumerate() {
        let mut game = Game { phase: Phase::Live, period: 4, ..sight() };
        game.clock = Some(wirereport_actors::wire::game::Clock::Left { millis: *millis });
        (game.away.score, game.home.score) = (Some(*away), Some(*home));
        (game.away.periods, game.home.periods) = (Vec::new(), Vec::new());
        let seen_at = at(20 * number as i64);
        let snapshot = Snapshot { sport: sport(), feed: "espn".to_owned(), seen_at, games: vec![game] };
        step(&mut state, &snapshot, &nba, &Rules::default());
    }
    state
}

async fn record(desk: &Desk, state: SportState) {
    let epoch = desk.ledger.mint_epoch("desk-1", at(0)).await.unwrap();
    let poll = PollRecord {
        sport: sport(),
        feed: "espn".to_owned(),
        seen_at: at(39),
        epoch,
        state,
        observed: Vec::new(),
        stories: Vec::new(),
    };
    desk.ledger.record_poll(&poll).await.unwrap();
}

#[tokio::test]
async fn a_game_is_shown_with_the_course_of_its_chances_and_what_waits_to_be_confirmed() {
    let desk = Desk::running().await;
    assert_eq!(desk.get("/v1/games").await, (StatusCode::OK, json!({ "items": [] })));
    let boards = [(98, 96, 90_000), (98, 96, 70_000), (98, 99, 50_000), (98, 99, 30_000), (101, 99, 9_000)];
    record(&desk, played(&boards)).await;
    let (status, games) = desk.get("/v1/games?sport=nba&live=true").await;
    assert_eq!(status, StatusCode::OK);
    let game = &games["items"][0];
    assert_eq!((&game["status"], &game["period"]), (&json!("live"), &json!(4)));
    assert_eq!((&game["away"]["score"], &game["home"]["score"]), (&json!(98), &json!(99)), "as confirmed");
    let (away, home) = (game["away"]["code"].as_str().unwrap(), game["home"]["code"].as_str().unwrap());
    let waiting = game["waiting"].as_str().unwrap();
    assert!(waiting.starts_with(&format!("{away} 101, {home} 99")), "{waiting}");
    let chance = game["win_probability"].as_f64().unwrap();
    let history = game["history"].as_array().unwrap();
    assert!(chance > 0.5 && history.len() >= 2, "{game}");
    assert!((history.last().unwrap()[1].as_f64().unwrap() - chance).abs() < 0.01, "{game}");
    assert_eq!(desk.get("/v1/games?live=false").await.1, json!({ "items": [] }));
    let sentence = desk.refused("GET", "/v1/games?sport=nbaa", None, StatusCode::BAD_REQUEST).await;
    assert_eq!(sentence, "no league is called nbaa; did you mean nba?");
}

#[tokio::test]
async fn a_league_says_who_is_asked_and_when_and_whether_it_is_well() {
    let desk = Desk::running().await;
    record(&desk, played(&[(98, 96, 90_000), (98, 96, 70_000)])).await;
    let sport = &desk.get("/v1/sports").await.1["items"][0];
    assert_eq!(
        (&sport["key"], &sport["name"], &sport["feed"]),
        (&json!("nba"), &json!("NBA"), &json!("espn"))
    );
    assert_eq!((&sport["feeds"], &sport["live"], &sport["games"]), (&json!(["espn"]), &json!(1), &json!(1)));
    assert_eq!((&sport["state"], &sport["last_poll"]), (&json!("standing_by"), &json!(at(39))));
    desk.post("/v1/actors/pause/nba").await;
    assert_eq!(desk.get("/v1/sports").await.1["items"][0]["state"], "paused");

    let offline = Desk::offline();
    record(&offline, played(&[(98, 96, 90_000)])).await;
    assert_eq!(offline.get("/v1/sports").await.1["items"][0]["state"], "down");
    assert_eq!(offline.get("/v1/games").await.1["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_channel_says_what_it_may_send_and_what_holds_it() {
    let desk = Desk::running().await;
    let (steps, first) = Steps::begin_with_a_post(&*desk.ledger).await;
    steps.attempted(first, sent()).await;
    steps.told(2, 1).await;
    let shown = desk.get("/v1/channels").await.1["items"][0].clone();
    assert_eq!(
        (&shown["name"], &shown["kind"], &shown["state"]),
        (&json!("wire"), &json!("telegram"), &json!("open"))
    );
    assert_eq!(shown["caps"][0], json!({ "window": "hour", "used": 1, "limit": 30, "resets_at": null }));
    assert_eq!((&shown["pending"], &shown["in_flight"]), (&json!(1), &json!(0)));
    assert_eq!((&shown["let_in"], &shown["open"]["unknown"]), (&json!("TELEGRAM_BOT_TOKEN"), &json!(0)));
    assert!(shown["last_post"].is_string(), "{shown}");
    let now = desk.get("/v1/status").await.1["now"].clone();
    assert_eq!((&now["posts_1h"], &now["posts_24h"], &now["unknown"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(now["last_posts"]["wire"], shown["last_post"]);

    desk.post("/v1/actors/pause/wire").await;
    assert_eq!(desk.get("/v1/channels").await.1["items"][0]["state"], "paused");
    desk.post("/v1/publishing/stop").await;
    assert_eq!(desk.get("/v1/channels").await.1["items"][0]["state"], "stopped");
}

#[tokio::test]
async fn settings_are_shown_with_their_places_and_secrets_by_their_names() {
    let desk = Desk::running().await;
    let (_, settings) = desk.get("/v1/settings").await;
    let items = settings["items"].as_array().unwrap();
    let of = |key: &str| items.iter().find(|item| item["key"] == key).unwrap();
    assert_eq!(of("channels.wire.per_hour")["value"], 30);
    assert_eq!(of("channels.wire.per_hour")["origin"], "w.toml:4:12");
    assert_eq!(of("api.listen")["origin"], "built-in default");
    let secret = of("TELEGRAM_BOT_TOKEN");
    assert_eq!(
        (&secret["value"], &secret["origin"]),
        (&json!("(secret)"), &json!("named by channels.wire.token_env"))
    );
}

#[tokio::test]
async fn a_list_comes_in_pages_to_its_end() {
    let desk = Desk::offline();
    let steps = Steps::begin(&*desk.ledger).await;
    for number in 1..=7 {
        steps.told(number, 1).await;
    }
    for (list, place) in [("/v1/stories", "sequence"), ("/v1/posts", "id")] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let (_, page) = desk.get(&format!("{list}?limit=3{cursor}")).await;
            found.extend(page["items"].as_array().unwrap().iter().map(|item| item[place].as_i64().unwrap()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, [7, 6, 5, 4, 3, 2, 1], "{list}");
        assert_eq!(desk.get(&format!("{list}?limit=7")).await.1["next"], Value::Null, "{list}");
    }
    let next = desk.get("/v1/stories?limit=1").await.1["next"].as_str().unwrap().to_owned();
    for wrong in ["7", "%F0%9F%8F%80", next.as_str()] {
        let path = format!("/v1/posts?cursor={wrong}");
        let sentence = desk.refused("GET", &path, None, StatusCode::BAD_REQUEST).await;
        assert!(sentence.starts_with("the cursor is none of this list's"), "{sentence}");
    }
}
