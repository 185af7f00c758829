//! What today's settings would have told of recorded games: the table, the JSON, the picture, and what cannot be read.

use serde_json::Value;

use crate::desk::{Desk, recording};

const NBA: &str = "nba-atl-bos-117-116.jsonl";
const SOCCER: &str = "soccer-mex-rsa-2-0.jsonl";

fn path(name: &str) -> String {
    recording(name).to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_recorded_game_is_shown_moment_by_moment_with_its_worth_and_the_reason() {
    let desk = Desk::with("");
    let printed = desk.run(&["replay", &path(NBA)]).await.ok();
    assert!(
        printed.starts_with("Atlanta Hawks at Boston Celtics · NBA · 2024-11-13 · nba-20241112-atl-bos\n")
    );
    let header: Vec<&str> = printed.lines().nth(2).unwrap().split_whitespace().collect();
    assert_eq!(header, ["TIME", "STANDS", "ATL-BOS", "WORTH", "MOMENT", "TOLD"]);
    let winner = printed.lines().find(|line| line.contains("Q4 6.1")).unwrap();
    assert!(winner.contains("117-116") && winner.contains("lead_change"), "{winner}");
    assert!(winner.contains("Hawks 117, Celtics 116 with 6.1 seconds left"), "{winner}");
    assert!(printed.contains("  no: its significance is below the threshold"), "{printed}");
    let last = printed.lines().last().unwrap();
    assert!(last.contains(" moments noticed, ") && last.contains("; not told: "), "{last}");
    assert!(!desk.path("state").exists(), "nothing is kept");

    let told = desk.run(&["replay", "--told", &path(NBA)]).await.ok();
    assert!(!told.contains("  no: ") && told.contains("with 6.1 seconds left"), "{told}");
    assert!(told.lines().count() < printed.lines().count());
    assert_eq!(told.lines().last(), Some(last), "the count is of all");
}

#[tokio::test]
async fn todays_settings_decide_what_would_have_been_told() {
    let desk = Desk::with("[sports.nba]\nthreshold = 0.9\nkinds = [\"lead_change\", \"final\"]\n");
    let games = desk.json(&["replay", "--told", &path(NBA)]).await;
    let moments = games[0]["moments"].as_array().unwrap();
    assert!(moments.iter().all(|moment| moment["significance"]["total"].as_f64().unwrap() >= 0.9));
    assert!(games[0]["untold"]["kind_not_told"].as_u64().unwrap() > 0, "{games}");
}

#[tokio::test]
async fn the_json_of_a_replay_has_what_a_program_needs() {
    let desk = Desk::with("");
    let games = desk.json(&["replay", &path(NBA), &path(SOCCER)]).await;
    let game = &games[0];
    assert_eq!(game["title"], "Atlanta Hawks at Boston Celtics");
    assert_eq!(
        (&game["sport"], &game["home"]["code"], &game["score"]["away"]),
        (&"nba".into(), &"BOS".into(), &117.into())
    );
    let moments = game["moments"].as_array().unwrap();
    assert_eq!(game["noticed"], moments.len());
    let count = |told: bool| moments.iter().filter(|moment| moment["told"] == told).count();
    assert_eq!(game["told"], count(true));
    let untold: u64 = game["untold"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(untold, count(false) as u64);
    for moment in moments {
        let told = moment["told"] == true;
        assert_eq!((moment["text"].is_string(), moment["why_not"].is_null()), (told, told), "{moment}");
        let parts = moment["significance"]["parts"].as_array().unwrap();
        let sum: f64 = parts.iter().filter_map(|part| part["contribution"].as_f64()).sum();
        assert!(
            (sum - moment["significance"]["total"].as_f64().unwrap()).abs() < 1e-9,
            "it adds up: {moment}"
        );
        assert!((0.0..=1.0).contains(&moment["home_win_probability"].as_f64().unwrap()), "{moment}");
    }
    assert_eq!(games[1]["sport"], "fifa.world");
    let only = desk.json(&["replay", &path(NBA), &path(SOCCER), "--sport", "fifa.world"]).await;
    assert_eq!(only.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_game_is_drawn_as_one_file_that_needs_nothing_else() {
    let desk = Desk::with("");
    desk.run(&["replay", "--told", &path(NBA), "--plot", "game.svg"]).await.ok();
    let picture = std::fs::read_to_string(desk.path("game.svg")).unwrap();
    assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{picture}");
    assert!(
        picture.contains("prefers-color-scheme: dark")
            && picture.contains("Atlanta Hawks 117, Boston Celtics 116")
    );
    for part in ["<script", "href", "url(http", "@import", "NaN", "inf"] {
        assert!(!picture.contains(part), "{part}");
    }
    desk.run(&["replay", &path(NBA), &path(SOCCER), "--plot", "pictures"]).await.ok();
    for game in ["nba-20241112-atl-bos", "fifa.world-20260611-rsa-mex"] {
        assert!(desk.path(&format!("pictures/{game}.svg")).exists(), "{game}");
    }
    let two = desk.run(&["replay", &path(NBA), &path(SOCCER), "--plot", "two.svg"]).await.sentence(64);
    assert_eq!(two, "two.svg holds one game and there are 2; name a folder");
}

#[tokio::test]
async fn what_is_no_recording_is_told_with_its_file_and_line() {
    let desk = Desk::with("");
    let none = desk.run(&["replay", "none.jsonl"]).await.sentence(1);
    assert!(none.starts_with("read none.jsonl: No such file"), "{none}");
    desk.write("page.jsonl", "<html>\n");
    let page = desk.run(&["replay", "page.jsonl"]).await.sentence(1);
    assert!(page.starts_with("page.jsonl line 1 is not the header of a wirereport recording"), "{page}");

    let whole = std::fs::read_to_string(recording(NBA)).unwrap();
    let mut lines: Vec<&str> = whole.lines().collect();
    lines[4] = &lines[4][..20];
    desk.write("broken.jsonl", lines.join("\n"));
    let broken = desk.run(&["replay", &path(NBA), "broken.jsonl"]).await.sentence(1);
    assert!(broken.starts_with("broken.jsonl line 5 is not a frame"), "{broken}");

    desk.write("torn.jsonl", &whole[..whole.len() - 5]);
    let torn = desk.run(&["replay", "--told", "torn.jsonl"]).await;
    assert_eq!(torn.code, Some(0), "{}", torn.err);
    let line = whole.lines().count();
    let said = format!("wirereport: torn.jsonl line {line} is cut short");
    assert!(torn.err.starts_with(&said) && torn.err.lines().count() == 1, "{}", torn.err);
    assert!(torn.out.contains("moments noticed"), "{}", torn.out);

    let league = desk.run(&["replay", &path(NBA), "--sport", "nhk"]).await.sentence(64);
    assert_eq!(league, "no league is called nhk; did you mean nhl?");
    assert_eq!(desk.run(&["replay"]).await.code, Some(64));
}
