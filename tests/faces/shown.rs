//! What people see: on terminals narrow and wide, in pipes, without colours.

use crate::boards::{night, telling};
use crate::desk::{Desk, eventually, plain, recording};

const NBA: &str = "nba-atl-bos-117-116.jsonl";

/// A desk whose state directory is that of a finished replay.
async fn after_a_game() -> Desk {
    let desk = Desk::with("");
    let file = recording(NBA);
    desk.run(&["run", "--replay", file.to_str().unwrap(), "--speed", "max"]).await.ok();
    let replay = std::fs::read_dir(desk.path("state/replays")).unwrap().last().unwrap().unwrap().path();
    std::fs::copy(replay.join("ledger.db"), desk.path("state/ledger.db")).unwrap();
    desk
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| plain(line).chars().count()).max().unwrap_or_default()
}

#[tokio::test]
async fn lists_are_cut_to_a_terminal_and_whole_in_a_pipe() {
    let mut desk = after_a_game().await;
    let list = ["posts", "list", "--limit", "6"];
    let piped = desk.run(&list).await.ok();
    assert_eq!(plain(&piped), piped, "no colours in a pipe");
    assert!(widest(&piped) > 80 && !piped.contains('…'), "{piped}");
    let narrow = desk.on_terminal(80, &list).await;
    assert!(widest(&narrow) <= 80 && narrow.contains('…'), "{narrow}");
    assert!(narrow.contains("\x1b[32msent\x1b[0m"), "colours on a terminal: {narrow}");
    assert_eq!(plain(&desk.on_terminal(300, &list).await), piped);
    desk.set("NO_COLOR", "1");
    let without = desk.on_terminal(300, &list).await;
    assert_eq!(without, piped, "no colours where they are unwanted");
}

#[tokio::test]
async fn a_story_below_the_threshold_never_looks_as_if_it_reached_it() {
    let desk = after_a_game().await;
    let listed = desk.run(&["stories", "--limit", "500"]).await.ok();
    let below = listed.lines().filter_map(|line| Some((line, line.split_once("below the threshold ")?.1)));
    let mut count = 0;
    for (line, threshold) in below {
        let significance: f64 = line.split_whitespace().nth(3).unwrap().parse().unwrap();
        assert!(significance < threshold.trim().parse().unwrap(), "{line}");
        count += 1;
    }
    assert!(count > 50, "{listed}");
    let untold = desk.run(&["stories", "--untold", "--limit", "500"]).await.ok();
    assert_eq!(untold.lines().count() - 1, listed.lines().filter(|line| line.contains("not told: ")).count());
}

#[tokio::test]
async fn every_story_of_a_game_can_be_explained() {
    let desk = after_a_game().await;
    let stories = desk.json(&["stories", "--limit", "500"]).await;
    let stories = stories.as_array().unwrap();
    assert!(stories.len() > 100);
    for record in stories.iter().step_by(12) {
        let id = record["story"]["id"].as_str().unwrap();
        let explained = desk.run(&["explain", id]).await.ok();
        assert!(explained.starts_with(id), "{explained}");
        assert!(explained.contains("Atlanta Hawks at Boston Celtics, NBA\n"), "{explained}");
        assert!(explained.contains("first seen 2024-11-13 "), "{explained}");
        for internal in ["{", "Some(", "Left", "millis"] {
            assert!(!explained.contains(internal), "{internal} is nothing a person writes: {explained}");
        }
        let posts = if record["story"]["verdict"]["verdict"] == "told" { 2 } else { 0 };
        assert_eq!(explained.matches("\n  attempt 1, armed ").count(), posts, "{explained}");
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_failure() {
    let desk = after_a_game().await;
    let binary = env!("CARGO_BIN_EXE_wirereport");
    let line = format!("{binary} stories --limit 500 | head -n 1; exit ${{PIPESTATUS[0]}}");
    let mut command = tokio::process::Command::new("bash");
    command.args(["-c", &line]).current_dir(desk.path("")).env("WIREREPORT_CONFIG", "wire.toml");
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"SEQUENCE"));
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = desk.command(&["stories"]);
    let child = command.stdout(full).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}

#[tokio::test]
async fn the_status_is_a_tree_and_says_what_is_wrong() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let shown = desk.run(&["status"]).await.ok();
    let name = format!("wirereport {} · wirereport-{} · up ", env!("CARGO_PKG_VERSION"), service.pid());
    assert!(shown.starts_with(&name) && shown.contains(" · leading, epoch 1\n"), "{shown}");
    for branch in ["├─ leader-election ", "│  └─ feed ", "│  └─ nba ", "├─ self-healing ", "└─ alerts "]
    {
        assert!(shown.contains(branch), "{shown}");
    }
    assert!(!shown.contains("TROUBLE"), "{shown}");

    scoreboard.play(crate::boards::NBA, [crate::scoreboard::Answer::status(503)]);
    desk.look("nba").await;
    service.logged("feed failed").await;
    let shown = eventually("the trouble is shown", async || {
        Some(desk.run(&["status"]).await.ok()).filter(|shown| shown.contains("TROUBLE"))
    })
    .await;
    let trouble = shown.split("TROUBLE\n").nth(1).unwrap();
    assert!(trouble.starts_with("sports/nba  espn: ") && trouble.contains("503"), "{shown}");
    assert!(
        shown
            .lines()
            .any(|line| line.contains("─ nba") && line.contains("degraded") && line.contains(" in ")),
        "{shown}"
    );
    service.stop().await;
}

#[tokio::test]
async fn a_watched_status_is_drawn_again_on_a_terminal_and_told_as_lines_to_a_machine() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let service = desk.start_ready().await;
    let mut watch = desk.command(&["status", "--watch", "--json"]);
    let mut watch =
        watch.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines =
        tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(watch.stdout.take().unwrap()));
    for _ in 0..2 {
        let line = lines.next_line().await.unwrap().unwrap();
        let status: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(status["epoch"], 1);
    }
    service.stop().await;
    let mut said = tokio::io::AsyncBufReadExt::lines(tokio::io::BufReader::new(watch.stderr.take().unwrap()));
    let line = said.next_line().await.unwrap().unwrap();
    assert!(
        line.contains("no service is running"),
        "a service that is being restarted is waited for: {line}"
    );
    let service = desk.start_ready().await;
    let line = lines.next_line().await.unwrap().unwrap();
    assert!(line.starts_with('{'), "{line}");
    watch.kill().await.unwrap();
    service.stop().await;
}
