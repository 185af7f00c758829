//! An operator's own event: shown as it would be told, told once when it is asked for, and what is wrong with it.

use crate::boards::{NBA, night, telling};
use crate::desk::{Desk, eventually};

const EVENT: &str = r#"{"type":"score_update","game_id":"test_123","home_score":100,"away_score":98,"time_remaining":"0:05"}"#;

#[tokio::test]
async fn an_event_is_shown_with_its_text_its_worth_and_what_was_assumed() {
    let desk = Desk::with("");
    desk.write("event.json", EVENT);
    let shown = desk.run(&["submit", "event.json"]).await.ok();
    let text = shown.lines().next().unwrap();
    assert!(text.to_lowercase().contains("close game") && text.contains("five seconds left"), "{shown}");
    for assumed in ["sport: nba", "period: 4", "home_team: Hosts", "away_team: Visitors"] {
        assert!(shown.contains(&format!("  assumed {assumed}\n")), "{shown}");
    }
    assert!(shown.ends_with("not published; --publish has the running service tell it\n"), "{shown}");

    let json = desk.json(&["submit", "event.json"]).await;
    assert!(json["text"].as_str().unwrap().to_lowercase().contains("close game"), "{json}");
    let significance = &json["story"]["significance"];
    let total = significance["total"].as_f64().unwrap();
    let parts = significance["parts"].as_array().unwrap().iter();
    let sum: f64 = parts.filter_map(|part| part["contribution"].as_f64()).sum();
    assert!(total > 0.8 && (sum - total).abs() < 1e-9, "{significance}");
    assert_eq!(json["assumed"].as_array().unwrap().len(), 4);
    assert!(!desk.path("state").exists(), "nothing is kept");
}

#[tokio::test]
async fn an_event_in_full_is_told_in_its_own_names_and_assumes_nothing() {
    let desk = Desk::with("");
    desk.write(
        "event.json",
        r#"{"type": "final", "game_id": "7", "sport": "mlb", "period": 11, "half": "end",
            "home_team": "Boston Red Sox", "away_team": "Toronto Blue Jays", "home_score": 4, "away_score": 3}"#,
    );
    let json = desk.json(&["submit", "event.json"]).await;
    let text = json["text"].as_str().unwrap();
    assert!(text.contains("Red Sox") && text.contains("Blue Jays") && text.contains("11 innings"), "{text}");
    assert_eq!(json["assumed"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_published_event_reaches_the_channels_once() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    desk.write("event.json", EVENT);
    let alone = desk.run(&["submit", "event.json", "--publish"]).await.sentence(69);
    assert!(alone.starts_with("no service is running at "), "{alone}");

    let service = desk.start_ready().await;
    let said = desk.run(&["submit", "event.json", "--publish"]).await.ok();
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("recorded; `wirereport explain submitted-nba-test_123/close_late/4/"), "{said}");
    let sent = || async {
        let posts = desk.json(&["posts", "list", "--state", "sent"]).await;
        posts.as_array().unwrap().clone()
    };
    let posts = eventually("it is sent", async || Some(sent().await).filter(|posts| !posts.is_empty())).await;
    assert!(posts[0]["text"].as_str().unwrap().to_lowercase().contains("close game"), "{posts:?}");

    let again = desk.run(&["submit", "event.json", "--publish"]).await.ok();
    assert!(
        again.lines().last().unwrap().starts_with("was submitted before and is not told again"),
        "{again}"
    );
    // Whatever is told later is sent later: then the first would have been sent again by now.
    scoreboard.advance(NBA);
    desk.look("nba").await;
    eventually("the next score is sent", async || (sent().await.len() > 1).then_some(())).await;
    let of_event =
        sent().await.iter().filter(|post| post["text"].as_str().unwrap().contains("Hosts")).count();
    assert_eq!(of_event, 1);
    service.stop().await;
}

#[tokio::test]
async fn whatever_is_wrong_with_an_event_is_told_with_its_place() {
    let desk = Desk::with("");
    let refused = async |text: &str| {
        desk.write("event.json", text);
        desk.run(&["submit", "event.json"]).await.sentence(1)
    };
    assert!(refused("{\"type\":").await.starts_with("event.json:1:8: this is not JSON"));
    let unknown = refused(&EVENT.replace("home_score", "home_scor")).await;
    assert_eq!(unknown, "event.json:1:45: the field `home_scor` is not known; did you mean `home_score`?");
    let negative = refused(&EVENT.replace("98", "-98")).await;
    assert_eq!(negative, "event.json:1:62: `away_score` must be a whole number from 0, and -98 is not");
    let clock = refused(&EVENT.replace("0:05", "0:75")).await;
    assert!(clock.starts_with("event.json:1:78: `time_remaining` must be a clock such as 7:21"), "{clock}");
    let none = desk.run(&["submit", "none.json"]).await.sentence(1);
    assert!(none.starts_with("cannot read none.json: No such file"), "{none}");
    let empty = desk.run(&["submit", "-"]).await.sentence(1);
    assert!(empty.starts_with("standard input:1:0: this is not JSON"), "{empty}");
}
