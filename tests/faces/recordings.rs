//! Recording a league, replaying what was recorded, and how a replay looks.

use crate::boards::{NBA, SECRET, newsroom, night, telling};
use crate::desk::{Desk, eventually, recording};
use crate::receiver::Receiver;

const ATL_BOS: &str = "nba-atl-bos-117-116.jsonl";

/// What is told of that game: the last line of all is the final.
const FINAL: &str = "117";

async fn replay(desk: &Desk, args: &[&str]) -> String {
    let file = recording(ATL_BOS);
    let args = [&["run", "--replay", file.to_str().unwrap(), "--speed", "max"], args].concat();
    desk.run(&args).await.ok()
}

#[tokio::test]
async fn what_is_recorded_replays() {
    let scoreboard = night().await;
    let desk = Desk::with(&telling(&scoreboard));
    let mut recorder = desk.command(&["record", "night.jsonl", "--sport", "nba"]);
    let mut recorder = recorder.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let frames = async || {
        let text = std::fs::read_to_string(desk.path("night.jsonl")).unwrap_or_default();
        text.lines().filter(|line| line.starts_with("{\"t\"")).count()
    };
    eventually("the first board is recorded", async || (frames().await >= 1).then_some(())).await;
    scoreboard.advance(NBA);
    eventually("the second board is recorded", async || (frames().await >= 2).then_some(())).await;
    let pid = recorder.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert!(recorder.wait().await.unwrap().success());
    let mut printed = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut recorder.stdout.take().unwrap(), &mut printed)
        .await
        .unwrap();
    assert!(printed.starts_with("recording NBA to night.jsonl until ctrl-c\n"), "{printed}");
    assert!(printed.contains("Z 1 game\n"), "{printed}");
    assert!(
        printed.ends_with("frames in night.jsonl; `wirereport run --replay night.jsonl` replays them\n"),
        "{printed}"
    );

    let there = desk.run(&["record", "night.jsonl", "--sport", "nba"]).await.sentence(1);
    assert_eq!(there, "night.jsonl is already there; name another file, or give --replace");
    let replayed = desk.run(&["run", "--replay", "night.jsonl", "--speed", "max"]).await.ok();
    assert!(replayed.contains("replaying NBA at speed max\n"), "{replayed}");
    assert!(replayed.contains("1 moments noticed, 1 told\n  feed: 1 sent\n"), "{replayed}");
}

#[tokio::test]
async fn a_feed_that_never_answers_leaves_no_recording() {
    let mut desk = Desk::with("feeds.espn.base_url = \"http://127.0.0.1:9\"\n");
    desk.set("NO_COLOR", "1");
    let mut recorder = desk.command(&["record", "night.jsonl", "--sport", "nba"]);
    let recorder = recorder.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut recorder = recorder.spawn().unwrap();
    let mut said = tokio::io::BufReader::new(recorder.stderr.take().unwrap());
    let mut line = String::new();
    tokio::io::AsyncBufReadExt::read_line(&mut said, &mut line).await.unwrap();
    assert!(line.starts_with("wirereport: 20"), "{line}");
    let pid = recorder.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    line.clear();
    tokio::io::AsyncBufReadExt::read_line(&mut said, &mut line).await.unwrap();
    assert_eq!(line, "wirereport: nothing was recorded: the feed gave no answer\n");
    assert_eq!(recorder.wait().await.unwrap().code(), Some(1));
    assert!(!desk.path("night.jsonl").exists());
}

#[tokio::test]
async fn a_replay_prints_what_it_tells_and_how_to_look_closer() {
    let desk = Desk::with("");
    let printed = replay(&desk, &[]).await;
    assert!(printed.starts_with("replaying Atlanta Hawks at Boston Celtics at speed max\n"), "{printed}");
    assert_eq!(
        printed,
        crate::desk::plain(&printed),
        "no colours and no progress where there is no terminal"
    );
    let told: Vec<&str> = printed.lines().filter(|line| line.contains("  nba  ")).collect();
    assert!(told.last().unwrap().contains(FINAL), "{printed}");
    let (_, why) = printed.split_once("why: ").expect("it says how to look closer");
    let args: Vec<&str> = why.split_whitespace().skip(1).collect();
    let explained = desk.run(&args).await.ok();
    assert!(explained.contains("ATL 117, BOS 116 · final"), "{explained}");
    assert!(explained.lines().any(|line| line.trim_start().starts_with("total ")), "{explained}");
    assert_eq!(replay(&desk, &[]).await, printed, "a finished replay starts anew and tells the same");
}

#[tokio::test]
async fn a_recording_that_was_cut_short_replays_as_far_as_it_goes() {
    let desk = Desk::with("");
    let whole = std::fs::read(recording(ATL_BOS)).unwrap();
    desk.write("torn.jsonl", &whole[..whole.len() / 2 + 7]);
    let outcome = desk.run(&["run", "--replay", "torn.jsonl", "--speed", "max"]).await;
    assert_eq!(outcome.code, Some(0), "{}", outcome.err);
    assert!(
        outcome.err.contains("the recording's last line is cut short") && outcome.err.lines().count() == 1
    );
    assert!(outcome.out.contains("moments noticed"), "{}", outcome.out);
}

#[tokio::test]
async fn on_a_terminal_a_replay_shows_its_progress_and_colours_unless_they_are_unwanted() {
    let mut desk = Desk::with("");
    let file = recording(ATL_BOS);
    let args = ["run", "--replay", file.to_str().unwrap(), "--speed", "max"];
    let shown = desk.on_terminal(100, &args).await;
    assert!(shown.contains("/483 frames"), "{shown}");
    assert!(shown.contains("\x1b[1mnba\x1b[0m"), "{shown}");
    desk.set("NO_COLOR", "1");
    let shown = desk.on_terminal(100, &args).await;
    assert!(!shown.contains("\x1b[1m") && shown.contains("  nba  "), "{shown}");
}

#[tokio::test]
async fn a_replay_reaches_no_real_channel_unless_it_is_named() {
    let receiver = Receiver::start(SECRET).await;
    let mut desk = Desk::with(&newsroom(&receiver.url()));
    desk.set("NEWSROOM_SECRET", SECRET);
    let printed = replay(&desk, &[]).await;
    assert!(!printed.contains("newsroom"), "{printed}");
    assert!(receiver.accepted().is_empty());
    let file = recording(ATL_BOS);
    std::fs::copy(file, desk.path("again.jsonl")).unwrap();
    let args = ["run", "--replay", "again.jsonl", "--speed", "max", "--channel", "newsroom"];
    let printed = desk.run(&args).await.ok();
    let sent = receiver.accepted().len();
    assert!(sent > 0 && printed.contains(&format!("  newsroom: {sent} sent\n")), "{printed}");
}

#[tokio::test]
async fn a_rehearsal_prints_what_it_would_send_and_sends_nothing() {
    let receiver = Receiver::start(SECRET).await;
    let mut desk = Desk::with(&newsroom(&receiver.url()));
    desk.set("NEWSROOM_SECRET", SECRET);
    let printed = replay(&desk, &["--dry-run", "--channel", "newsroom"]).await;
    assert!(printed.lines().any(|line| line.starts_with("dry run, would send to newsroom: ")), "{printed}");
    assert!(receiver.accepted().is_empty());
}
