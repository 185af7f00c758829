//! Stops, standbys and rehearsals: what an operator does to a wire.

use serde_json::Value;

use crate::live::{self, Evening, Game};
use crate::receiver::{Behaviour, Receiver};
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, Wire, child, eventually, leads, within};

const BOARD: &str = "basketball/nba";

/// A wire that has just sent the one story there is to a receiver that accepted it and does not answer.
struct Armed {
    place: Place,
    receiver: Receiver,
    scoreboard: Scoreboard,
    evening: Evening,
    wire: Wire,
}

fn game(away: u32) -> Game {
    Game::new("1", "NYK", "BOS").with(away, 10)
}

impl Armed {
    async fn new() -> Self {
        let (receiver, scoreboard) = (Receiver::start(SECRET).await, Scoreboard::start().await);
        let evening = Evening::new();
        scoreboard.play(BOARD, [0, 12, 14].map(|away| Answer::board(&evening.board(&[game(away)]))));
        // However slow the machine: nobody loses patience with the receiver before the test does.
        let patient = "timeout = \"5 min\"\n[supervision]\nstop_within = \"5 min\"\n";
        let settings = live::settings(&["nba"], scoreboard.url(), &receiver.url());
        let place = Place::new(&format!("shutdown = \"5 min\"\n{settings}{patient}"));
        let wire = place.start(&[]);
        place.status_where("the wire leads", leads).await;
        place.look("nba").await;
        receiver.script([Behaviour::AcceptThenHang]);
        let armed = Self { place, receiver, scoreboard, evening, wire };
        armed.next_board().await;
        within("the story is sent", armed.receiver.requests(1)).await;
        armed
    }

    /// Turns to the next board, and looks at it twice.
    async fn next_board(&self) {
        self.scoreboard.advance(BOARD);
        self.place.look("nba").await;
        self.place.look("nba").await;
    }

    /// The states of the posts to the webhook, newest first.
    async fn states(&self) -> Vec<String> {
        let posts = self.place.posts().await;
        let of_hook = posts.iter().filter(|post| post["channel"] == "hook");
        of_hook.map(|post| post["state"].as_str().unwrap().to_owned()).collect()
    }

    /// Asks the wire to stop, and waits until it is about it.
    async fn ask_to_stop(&self) {
        self.wire.terminate().await;
        let stopping = |status: &Value| child(status, "publisher/hook")["phase"] == "stopping";
        self.place.status_where("the channel is being stopped", stopping).await;
    }
}

#[tokio::test]
async fn a_wire_that_is_told_to_stop_waits_for_the_answer_to_what_it_sent() {
    let mut armed = Armed::new().await;
    armed.ask_to_stop().await;
    assert!(armed.wire.is_running());
    assert_eq!(armed.states().await, ["armed"]);
    armed.receiver.release();
    let status = armed.wire.exit().await;
    assert_eq!(status.code(), Some(0));
    assert_eq!(armed.states().await, ["sent"]);
    assert_eq!((armed.receiver.seen(), armed.receiver.complaints()), (1, Vec::new()));

    // The next life has nothing to make good.
    let mut next = armed.place.start(&[]);
    armed.place.status_where("the next wire leads", leads).await;
    armed.place.look("nba").await;
    next.terminate().await;
    assert!(next.exit().await.success());
    assert_eq!(armed.receiver.seen(), 1);
}

#[tokio::test]
async fn a_wire_that_is_told_twice_to_stop_leaves_at_once_and_the_next_one_settles_its_post() {
    let mut armed = Armed::new().await;
    armed.ask_to_stop().await;
    armed.wire.terminate().await;
    let status = armed.wire.exit().await;
    assert_eq!(status.code(), Some(143));
    assert_eq!(armed.states().await, ["armed"]);

    let mut next = armed.place.start(&[]);
    eventually("the post is settled", async || (armed.states().await == ["sent"]).then_some(())).await;
    next.terminate().await;
    assert!(next.exit().await.success());
    assert_eq!(armed.receiver.accepted().len(), 1);
    assert_eq!((armed.receiver.repeats(), armed.receiver.complaints()), (1, Vec::new()));
}

#[tokio::test]
async fn a_standby_takes_over_when_the_first_is_killed_and_tells_nothing_twice() {
    let armed = Armed::new().await;
    let first = armed.wire.pid();
    let mut standby = armed.place.start(&["--standby"]);
    let refused = armed.place.output(&["run"]).await;
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("process {first} ")) && said.contains("--standby"), "{said}");
    assert!(standby.is_running());
    let instance = |status: &Value| status["instance"].as_str().unwrap().to_owned();
    let leading = armed.place.status().await.unwrap();
    assert!(instance(&leading).ends_with(&format!("-{first}")));

    let Armed { place, receiver, scoreboard, evening, wire } = armed;
    wire.kill().await;
    let status = place.status_where("the standby leads", leads).await;
    assert!(instance(&status).ends_with(&format!("-{}", standby.pid())));
    assert!(status["epoch"].as_u64() > leading["epoch"].as_u64());
    let armed = Armed { place, receiver, scoreboard, evening, wire: standby };
    eventually("the first's post is settled", async || (armed.states().await == ["sent"]).then_some(()))
        .await;
    armed.next_board().await;
    eventually("the next story is sent", async || (armed.states().await == ["sent"; 2]).then_some(())).await;
    assert_eq!(armed.receiver.accepted().len(), 2);
    assert_eq!((armed.receiver.repeats(), armed.receiver.complaints()), (1, Vec::new()));
    standby = armed.wire;
    standby.terminate().await;
    assert!(standby.exit().await.success());
}

#[tokio::test]
async fn a_live_rehearsal_does_everything_but_send() {
    let (receiver, scoreboard) = (Receiver::start(SECRET).await, Scoreboard::start().await);
    let evening = Evening::new();
    scoreboard.play(BOARD, [0, 12].map(|away| Answer::board(&evening.board(&[game(away)]))));
    let mut place = Place::new(&live::settings(&["nba"], scoreboard.url(), &receiver.url()));
    let mut wire = place.start(&["--dry-run"]);
    place.ask_about_rehearsals();
    place.status_where("the rehearsal leads", leads).await;
    place.look("nba").await;
    scoreboard.advance(BOARD);
    for _ in 0..2 {
        place.look("nba").await;
    }
    let sent = |post: &Value| post["state"] == "sent";
    let told = async || {
        let posts = place.posts().await;
        (posts.len() == 2 && posts.iter().all(sent)).then_some(())
    };
    eventually("both channels have their post", told).await;
    wire.terminate().await;
    assert!(wire.exit().await.success());
    assert_eq!(receiver.seen(), 0, "nothing was sent");
    assert!(place.feed_items().is_empty(), "nor written to the feed");
    assert!(!place.state().join("../ledger.db").exists(), "what was not sent is kept apart");
}

#[tokio::test]
async fn a_live_game_is_followed_without_being_asked_to() {
    let (receiver, scoreboard) = (Receiver::start(SECRET).await, Scoreboard::start().await);
    let evening = Evening::new();
    let late = [10, 12].map(|away| Game::new("1", "NYK", "BOS").with(away, 11).late());
    scoreboard.play(BOARD, late.map(|game| Answer::board(&evening.board(&[game]))));
    scoreboard.advance_after(BOARD, 1);
    let place = Place::new(&live::settings(&["nba"], scoreboard.url(), &receiver.url()));
    let mut wire = place.start(&[]);
    within("the score is posted", receiver.requests(1)).await;
    assert!(scoreboard.hits(BOARD) >= 3, "seen before, seen, confirmed");
    wire.terminate().await;
    assert!(wire.exit().await.success());
    let post: Value = serde_json::from_str(&receiver.accepted()[0].body).unwrap();
    assert_eq!(post["data"]["kind"], "lead_change", "{post}");
}
