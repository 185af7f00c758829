//! A feed that answers nonsense: that league is degraded, the others go on, and nothing comes of it.

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::live::{self, Evening, Game};
use crate::receiver::Receiver;
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, child, eventually, is_degraded, leads};

const BOARD: &str = "basketball/nba";
const OTHER: &str = "basketball/wnba";

fn before() -> [Game; 2] {
    [Game::new("1", "NYK", "BOS").with(20, 30), Game::new("2", "LAL", "DEN").with(44, 44).late()]
}

fn after() -> [Game; 2] {
    [Game::new("1", "NYK", "BOS").with(22, 30), Game::new("2", "LAL", "DEN").with(44, 47).late()]
}

/// Nonsense, and whether the wire can know it for such.
fn nonsense(evening: &Evening) -> [(&'static str, Answer, bool); 9] {
    let board = evening.board(&before());
    let level = [Game::new("1", "NYK", "BOS"), Game::new("2", "LAL", "DEN").late()];
    let text = |text: &'static str| Answer::Body(Bytes::from_static(text.as_bytes()));
    let another = json!({ "leagues": [{ "slug": "pga" }], "events": board["events"] });
    [
        ("a board cut short", Answer::cut(&board, 700), true),
        ("an error in place of a board", text("{\"code\":404}"), true),
        ("no game at all", Answer::board(&evening.board(&[])), false),
        ("every score at nought", Answer::board(&evening.board(&level)), false),
        ("a web page", text("<html><title>Sorry</title></html>"), true),
        ("nothing", text(""), true),
        ("another league", Answer::board(&another), true),
        ("a server error", Answer::status(503), true),
        ("a connection that breaks off", Answer::Torn(Bytes::from(board.to_string()), 500), true),
    ]
}

#[tokio::test]
async fn a_feed_that_answers_nonsense_degrades_its_league_and_nothing_comes_of_it() {
    let receiver = Receiver::start(SECRET).await;
    let scoreboard = Scoreboard::start().await;
    let evening = Evening::new();
    let nonsense = nonsense(&evening);
    let answers = nonsense.iter().map(|(_, answer, _)| answer.clone());
    let board = |games: &[Game]| Answer::board(&evening.board(games));
    scoreboard.play(BOARD, [board(&before())].into_iter().chain(answers).chain([board(&after())]));
    scoreboard.play(OTHER, [Answer::board(&json!({ "leagues": [{ "slug": "wnba" }], "events": [] }))]);
    let place = Place::new(&live::settings(&["nba", "wnba"], scoreboard.url(), &receiver.url()));
    let mut wire = place.start(&[]);
    place.status_where("the wire leads", leads).await;
    place.look("nba").await;

    for (what, _, is_known) in &nonsense {
        scoreboard.advance(BOARD);
        for _ in 0..4 {
            place.look("nba").await;
        }
        place.look("wnba").await;
        let status = place.status().await.unwrap();
        assert_eq!(is_degraded(child(&status, "sports/nba")), *is_known, "{what}: {status:#}");
        let others = ["sports/wnba", "publisher/hook", "publisher/feed", "generator", "leader-election"];
        assert!(others.iter().all(|other| !is_degraded(child(&status, other))), "{what}: {status:#}");
    }
    assert_eq!(receiver.seen(), 0, "{:?}", receiver.accepted());

    scoreboard.advance(BOARD);
    for _ in 0..3 {
        place.look("nba").await;
    }
    assert!(!is_degraded(child(&place.status().await.unwrap(), "sports/nba")));
    eventually("both scores are posted", async || (receiver.accepted().len() >= 2).then_some(())).await;
    let texts = receiver.accepted().into_iter().map(|accepted| accepted.body).collect::<Vec<_>>();
    let all: Vec<Value> = texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let kind = |post: &Value| (post["data"]["kind"].clone(), post["type"].clone());
    let mut kinds: Vec<_> = all.iter().map(|post| kind(post).0.to_string()).collect();
    kinds.sort();
    assert_eq!(kinds, ["\"lead_change\"", "\"score\""], "{texts:#?}");
    assert!(all.iter().all(|post| kind(post).1 == "story.published"), "nothing was taken back");
    wire.terminate().await;
    assert!(wire.exit().await.success());
    assert_eq!(receiver.complaints(), [""; 0]);
}
