//! The service is driven into each state that is told of, and out of it again.

use serde_json::Value;

use super::told;
use crate::boards::{NBA, SECRET, board, night, telling};
use crate::desk::{Desk, eventually, nba};
use crate::receiver::{Behaviour, Receiver};
use crate::scoreboard::{Answer, Scoreboard};
use crate::stand_in::{Platform, Platforms, Trouble, slack};

/// Alerts to a pager, looked for often, and with nothing waited for that may not hold.
const AT_ONCE: &str = "told_after = \"0 s\"\nover_after = \"0 s\"\n";

fn alerting(more: &str) -> String {
    format!(
        "[alerts]\nevery = \"1 s\"\nwebhook_url_env = \"PAGER_URL\"\nwebhook_secret_env = \"PAGER_SECRET\"\n{more}"
    )
}

/// A desk with these settings whose alerts go to a pager.
async fn watched(settings: &str) -> (Desk, Receiver) {
    let pager = Receiver::start(SECRET).await;
    let mut desk = Desk::with(settings);
    desk.set("PAGER_URL", &pager.url());
    desk.set("PAGER_SECRET", SECRET);
    (desk, pager)
}

/// Both notices of an alert, and nothing else.
fn both(alert: &str) -> [String; 2] {
    ["raised", "resolved"].map(|notice| format!("alert.{notice}: {alert}"))
}

/// A post on Slack, of which nobody can tell whether it arrived; its number.
async fn unknown(desk: &Desk, scoreboard: &Scoreboard) -> String {
    scoreboard.advance(NBA);
    desk.look("nba").await;
    let unknown = async || {
        let posts = desk.json(&["posts", "list", "--channel", "slack", "--state", "unknown"]).await;
        posts[0]["id"].as_i64().map(|id| id.to_string())
    };
    eventually("nobody can tell", unknown).await
}

fn on_slack(desk: &mut Desk, stand_in: &Platforms) {
    desk.set("SLACK_WEBHOOK_URL", &format!("{}/{}", stand_in.url(Platform::Slack), slack::WEBHOOK));
    stand_in.script([Trouble::AcceptThenReset]);
}

#[tokio::test]
async fn a_post_of_which_nobody_can_tell_is_told_once_and_once_when_it_is_resolved() {
    let (scoreboard, stand_in) = (night().await, Platforms::start().await);
    let settings = telling(&scoreboard) + "[channels.slack]\nkind = \"slack\"\n" + &alerting("");
    let (mut desk, pager) = watched(&settings).await;
    on_slack(&mut desk, &stand_in);
    let service = desk.start_ready().await;
    let post = unknown(&desk, &scoreboard).await;
    let [raised, resolved] = both(&format!("unknown_post of {post}"));
    eventually("it is told", async || (told(&pager) == [raised.clone()]).then_some(())).await;
    desk.run(&["posts", "resolve", &post, "--sent"]).await.ok();
    eventually("it is over", async || (told(&pager).len() > 1).then_some(())).await;
    service.stop().await;
    assert_eq!(told(&pager), [raised, resolved]);
}

#[tokio::test]
async fn a_feed_that_is_left_alone_is_told_once_and_once_when_it_answers() {
    let scoreboard = Scoreboard::start().await;
    let busy = Answer::Status(429, vec![("retry-after", "10".to_owned())], axum::body::Bytes::new());
    scoreboard.play(NBA, [Answer::board(&board(98, 96)), busy, Answer::board(&board(98, 99))]);
    let (desk, pager) = watched(&(telling(&scoreboard) + &alerting(AT_ONCE))).await;
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    let looked = async |notices: usize| {
        desk.look("nba").await;
        (told(&pager).len() == notices).then_some(())
    };
    // Each look begins a poll, and those after the first find the host left alone for as long as it asked.
    eventually("it is told", async || looked(1).await).await;
    scoreboard.advance(NBA);
    eventually("it is over", async || looked(2).await).await;
    service.logged("post sent").await;
    service.stop().await;
    assert_eq!(told(&pager), both("feed_breaker_open of espn"));
}

#[tokio::test]
async fn a_storm_of_restarts_is_told_once_and_once_when_it_is_over_and_no_story_is_lost() {
    let scoreboard = night().await;
    let restless = "[supervision.sports]\nrestarts = 1000\nwithin = \"5 s\"\n\
                    [supervision.backoff]\ninitial = \"150 ms\"\nmax = \"200 ms\"\n";
    let (mut desk, pager) = watched(&(telling(&scoreboard) + restless + &alerting(AT_ONCE))).await;
    desk.set("WIREREPORT_PANIC_AT", "recording:40");
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    service.logged("post sent").await;
    let panicked = nba(&desk.json(&["status"]).await)["restarts"].as_u64();
    assert_eq!(panicked, Some(40));
    eventually("it is over", async || (told(&pager).len() == 2).then_some(())).await;
    let posts = desk.json(&["posts", "list"]).await;
    assert_eq!(posts.as_array().unwrap().len(), 1, "{posts}");
    service.stop().await;
    assert_eq!(told(&pager), both("restart_storm of sports/nba"));
}

#[tokio::test]
async fn a_game_of_which_nothing_is_seen_is_told_once_and_once_when_it_is_seen_again() {
    let scoreboard = Scoreboard::start().await;
    let boards = [board(98, 96), board(98, 99)].map(|board| Answer::board(&board));
    let [before, after] = boards;
    scoreboard.play(NBA, [before, Answer::status(503), after]);
    let (desk, pager) = watched(&(telling(&scoreboard) + &alerting("over_after = \"0 s\"\n"))).await;
    let service = desk.start_ready().await;
    scoreboard.advance(NBA);
    let ails = |status: &Value| nba(status)["health"]["state"] == "degraded";
    desk.status_where("the feed fails", ails).await;
    // No sooner: while the feed is well, how long a poll takes is the machine's affair.
    let impatient = alerting("over_after = \"0 s\"\nsilent_after = \"5 s\"\n");
    desk.settings(&(telling(&scoreboard) + &impatient));
    assert_eq!(desk.run(&["reload"]).await.ok(), "changed: alerts.silent_after\n");
    let of_silence =
        || told(&pager).into_iter().filter(|told| told.contains("feed_silent")).collect::<Vec<_>>();
    eventually("it is told", async || (of_silence().len() == 1).then_some(())).await;
    scoreboard.advance(NBA);
    desk.look("nba").await;
    eventually("it is over", async || (of_silence().len() == 2).then_some(())).await;
    service.stop().await;
    assert_eq!(of_silence(), both("feed_silent of nba"));
}

#[tokio::test]
async fn a_notice_that_could_not_be_delivered_is_said_with_the_reason() {
    let (scoreboard, stand_in) = (night().await, Platforms::start().await);
    let settings = telling(&scoreboard)
        + "[channels.slack]\nkind = \"slack\"\n"
        + &alerting("give_up_after = \"1 s\"\n");
    let (mut desk, pager) = watched(&settings).await;
    on_slack(&mut desk, &stand_in);
    pager.script(std::iter::repeat_n(Behaviour::Answer(503), 1000));
    let service = desk.start_ready().await;
    let post = unknown(&desk, &scoreboard).await;
    let lost = |status: &Value| status["alerts"]["lost"][0].is_object();
    let status = desk.status_where("it is given up", lost).await;
    let lost = &status["alerts"]["lost"][0];
    assert_eq!((lost["subject"].as_str(), lost["route"].as_str()), (Some(post.as_str()), Some("webhook")));
    assert!(lost["why"].as_str().unwrap().contains("answered HTTP 503"), "{lost}");
    let shown = desk.run(&["status"]).await.ok();
    let line = shown.lines().find(|line| line.contains("given up ")).unwrap();
    assert!(line.starts_with(&format!("unknown_post of {post} raised")), "{line}");
    assert!(shown.contains("the operator is not reached"), "{shown}");
    let line = service.logged("notice given up, not delivered").await;
    assert!(line.contains("ERROR") && line.contains("HTTP 503"), "{line}");
    service.stop().await;
    assert_eq!(told(&pager), [""; 0]);
}
