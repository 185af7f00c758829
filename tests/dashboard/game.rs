//! A recorded game as a scoreboard shows it, from somewhere in its last quarter to its end.

use serde_json::{Value, json};

use crate::boards::board;
use crate::desk::recording;
use crate::scoreboard::Answer;

/// Every board of the recording's last minutes on which the score, or the state of the game, is another one.
pub(crate) fn last_minutes(boards: usize) -> Vec<Answer> {
    let text = std::fs::read_to_string(recording("nba-atl-bos-117-116.jsonl")).unwrap();
    let frames = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut game = json!({"p": "live", "n": 1, "c": 720_000, "s": [0, 0]});
    let mut shown = Vec::new();
    for change in frames.filter_map(|frame| frame["d"][0].as_object().cloned()) {
        let before = game.clone();
        for name in ["p", "n", "c", "s"] {
            if let Some(value) = change.get(name) {
                game[name] = value.clone();
            }
        }
        if game["s"] != before["s"] || game["p"] != before["p"] {
            shown.push(answer(&game));
        }
    }
    shown.split_off(shown.len() - boards)
}

fn answer(game: &Value) -> Answer {
    let score = |at: usize| u32::try_from(game["s"][at].as_u64().unwrap()).unwrap();
    let mut board = board(score(0), score(1));
    let seconds = game["c"].as_f64().unwrap() / 1000.0;
    let over = game["p"] == "final";
    board["events"][0]["competitions"][0]["status"] = json!({
        "clock": seconds,
        "displayClock": format!("{}:{:02}", (seconds / 60.0) as u32, (seconds % 60.0) as u32),
        "period": game["n"],
        "type": match over {
            true => json!({"name": "STATUS_FINAL", "state": "post", "completed": true}),
            false => json!({"name": "STATUS_IN_PROGRESS", "state": "in", "completed": false}),
        },
    });
    Answer::board(&board)
}
