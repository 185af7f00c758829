//! A live wire that is killed at random moments, while boards change and the receiver answers late or never.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use crate::live::{self, Evening, Game};
use crate::receiver::{Behaviour, Receiver};
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, SECRET, Wire, child, is_degraded, leads, within};

const BOARD: &str = "basketball/nba";
/// How often the boards turn.
const STEPS: u32 = 7;
const KILLS: usize = 25;

/// Two games: one swings to and fro, the other runs away. Every step is news of both; the last is both finals.
fn games(step: u32) -> [Game; 2] {
    let swings = Game::new("1", "NYK", "BOS").with(3 * (step / 2), 3 * step.div_ceil(2));
    let runs_away = Game::new("2", "LAL", "DEN").with(2 * step, 0);
    match step {
        STEPS => {
            [swings.with(3 * (step / 2), 3 * (step / 2)), runs_away].map(|game| game.with(90, 80).over())
        }
        _ => [swings, runs_away],
    }
}

struct Harness {
    place: Place,
    receiver: Receiver,
    scoreboard: Scoreboard,
    rng: fastrand::Rng,
    kills: usize,
}

impl Harness {
    async fn new(seed: u64) -> Self {
        let receiver = Receiver::start(SECRET).await;
        let scoreboard = Scoreboard::start().await;
        let evening = Evening::new();
        scoreboard.play(BOARD, (0..=STEPS).map(|step| Answer::board(&evening.board(&games(step)))));
        let place = Place::new(&live::settings(&["nba"], scoreboard.url(), &receiver.url()));
        Self { place, receiver, scoreboard, rng: fastrand::Rng::with_seed(seed), kills: 0 }
    }

    /// One life, ended at a moment that is left to chance. `patience` grows while lives bring nothing.
    async fn live_and_die(&mut self, patience: Duration) {
        let (asked, posted) = (self.scoreboard.hits(BOARD), self.receiver.seen());
        self.receiver.behave();
        let hangs = [Behaviour::AcceptThenHang, Behaviour::HangThenRefuse];
        self.receiver.script(self.rng.choice(hangs).filter(|_| self.rng.u8(0..5) < 2));
        let wire = self.place.start(&[]);
        let moment = patience.mul_f64(self.rng.f64());
        match self.rng.u8(0..4) {
            0 => self.when_asked(asked + 1, patience).await,
            1 => drop(tokio::time::timeout(patience, self.receiver.requests(posted + 1)).await),
            2 => drop(tokio::time::timeout(patience, self.receiver.requests(posted + 2)).await),
            _ => drop(tokio::time::timeout(moment, std::future::pending::<()>()).await),
        }
        self.end(wire).await;
    }

    async fn when_asked(&self, hits: usize, patience: Duration) {
        let asked = async {
            while self.scoreboard.hits(BOARD) < hits {
                tokio::task::yield_now().await;
            }
        };
        // A life that asks nothing in time is ended all the same.
        let _ = tokio::time::timeout(patience, asked).await;
    }

    async fn end(&mut self, wire: Wire) {
        let status = wire.kill().await;
        assert_eq!(status.code(), None, "it was killed and did not leave by itself: {status}");
        self.kills += 1;
    }

    /// Lets wires live and die until both games' news of this step was accepted.
    async fn until_told(&mut self, step: u32) {
        let mut patience = Duration::from_millis(100);
        while self.receiver.distinct_keys().len() < 2 * step as usize {
            let before = self.receiver.seen();
            self.live_and_die(patience).await;
            if self.receiver.seen() == before {
                patience += Duration::from_millis(100);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_wire_that_is_killed_again_and_again_tells_each_story_once_and_loses_none() {
    let mut harness = Harness::new(7).await;
    // The baseline has to be seen before anything is news.
    let first = harness.place.start(&[]);
    harness.place.status_where("the wire leads", leads).await;
    harness.place.look("nba").await;
    harness.end(first).await;
    for step in 1..=STEPS {
        harness.scoreboard.advance(BOARD);
        within("both games' news is told", harness.until_told(step)).await;
    }
    while harness.kills < KILLS {
        harness.live_and_die(Duration::from_millis(200)).await;
    }
    harness.receiver.release();

    let mut last = harness.place.start(&[]);
    harness.place.status_where("nothing is left to be sent", is_settled).await;
    last.terminate().await;
    assert!(last.exit().await.success());
    check(&harness).await;
}

fn is_settled(status: &Value) -> bool {
    let backlog = &status["backlog"];
    let open =
        ["unwritten", "pending", "armed"].iter().map(|key| backlog[key].as_u64().unwrap()).sum::<u64>();
    leads(status) && open == 0 && !is_degraded(child(status, "publisher/hook"))
}

async fn check(harness: &Harness) {
    let Harness { place, receiver, kills, .. } = harness;
    assert!(*kills >= KILLS, "{kills}");
    assert_eq!(receiver.complaints(), [""; 0], "a repeat has the same key and the same bytes");
    let accepted = receiver.accepted();
    assert_eq!(accepted.len(), 2 * STEPS as usize, "every step is told of both games, and nothing else");

    let told = place.told().await;
    let told: BTreeSet<String> = told.iter().map(|record| text(&record["story"]["id"])).collect();
    let bodies = accepted.iter().map(|accepted| serde_json::from_str::<Value>(&accepted.body).unwrap());
    let posted: Vec<String> = bodies.map(|body| text(&body["data"]["story"])).collect();
    assert_eq!(posted.iter().cloned().collect::<BTreeSet<_>>(), told);
    assert_eq!(posted.len(), told.len(), "no story has two keys");

    let posts = place.posts().await;
    assert!(posts.iter().all(|post| post["state"] == "sent"), "{posts:#?}");
    let items = place.feed_items();
    let items: Vec<String> = items.iter().map(|item| text(&item["_wirereport"]["story"])).collect();
    assert_eq!(items.len(), told.len(), "the feed holds each story once");
    assert_eq!(items.into_iter().collect::<BTreeSet<_>>(), told);
    eprintln!("{kills} kills, {} stories, {} repeats under the same key", told.len(), receiver.repeats());
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_restart_after_a_kill_leads_at_its_first_try() {
    let receiver = Receiver::start(SECRET).await;
    let scoreboard = Scoreboard::start().await;
    scoreboard.play(BOARD, [Answer::board(&Evening::new().board(&games(0)))]);
    let place = Place::new(&live::settings(&["nba"], scoreboard.url(), &receiver.url()));
    for epoch in 1..=3 {
        let wire = place.start(&["--log-format", "json"]);
        let mut seen = Vec::new();
        let status = place.status_where("somebody answers", |_| true).await;
        seen.push(status);
        while !leads(&seen[seen.len() - 1]) {
            seen.push(place.status().await.unwrap());
        }
        // Before it leads it has not been refused: it neither follows anybody nor doubts.
        for status in &seen {
            let election = child(status, "leader-election");
            let doing = election["doing"].as_str().unwrap_or_default();
            assert!(!doing.starts_with("following") && !is_degraded(election), "{election}");
        }
        assert_eq!(seen[seen.len() - 1]["epoch"], epoch);
        wire.kill().await;
    }
    let log = place.logged();
    let elections = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let elections: Vec<Value> = elections.filter(|line| line["actor"] == "leader-election").collect();
    let led = |line: &Value| line["message"] == "leading" && line["earlier_holders_dead"] == true;
    assert!(elections.len() == 3 && elections.iter().all(led), "{elections:#?}");
}
