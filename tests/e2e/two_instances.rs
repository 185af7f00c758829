//! Two processes on one ledger's file, of which the first loses its lease while it sends.
//!
//! Locks in the state directory keep a second process out, and the kernel frees them with their holder and not before. So a
//! lease is lost in the middle of a send only where the locks are no more: somebody cleared the directory of what looks
//! like rubbish, or it lies on a file system that keeps no locks between hosts. Here the first process stands still
//! (SIGSTOP) in the middle of its sends, its locks are removed, a second one takes over, and then the first goes on where
//! it stood. `holders.lock` stays, by which the second knows that the first may live.

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::task::{JoinSet, LocalSet};

use crate::books::Books;
use crate::readers::{self, Fate, Readers, Tempo, may_not_know};
use crate::scoreboard::{Answer, Scoreboard};
use crate::wire::{Place, Wire, eventually, leads, within};

/// What looks like rubbish.
const RUBBISH: [&str; 3] = ["instance.lock", "lease.lock", "wirereport.sock"];

/// A state directory that two processes work in.
struct Shared {
    place: Place,
    readers: Vec<Readers>,
    events: TempDir,
    _scoreboard: Scoreboard,
}

impl Shared {
    /// Channels of these kinds, on which an attempt may take so long.
    async fn new(kinds: Vec<&'static str>, timeout: &'static str) -> Self {
        Self::with("", kinds, timeout).await
    }

    /// The same, with more settings.
    async fn with(more: &str, kinds: Vec<&'static str>, timeout: &'static str) -> Self {
        let scoreboard = Scoreboard::start().await;
        let nothing = json!({ "leagues": [{ "slug": "nba" }], "events": [] });
        scoreboard.play("basketball/nba", [Answer::board(&nothing)]);
        let sports = format!(
            "{more}[sports]\nfollow = [\"nba\"]\nshortest_poll = \"10 min\"\n[feeds.espn]\nbase_url = \"{}\"\n",
            scoreboard.url()
        );
        let mut open = Vec::new();
        for kind in kinds {
            open.push(Readers::of(kind).await);
        }
        let place = readers::place(&sports, &open, Tempo { shown_after: "0 s", timeout });
        Self { place, readers: open, events: tempfile::tempdir().unwrap(), _scoreboard: scoreboard }
    }

    /// Has whoever answers tell a story on every channel.
    async fn tell(&self, team: &str) {
        let event = json!({
            "type": "score_update", "game_id": team.replace(' ', "-"), "home_score": 100, "away_score": 98, "time_remaining": "0:05",
            "home_team": "Boston Celtics", "away_team": team,
        });
        let file = self.events.path().join(team);
        std::fs::write(&file, event.to_string()).unwrap();
        self.place.ok(&["submit", file.to_str().unwrap(), "--publish"]).await;
    }

    /// Waits until so many stories are settled on every channel; the posts.
    async fn settled(&self, stories: usize) -> Vec<Value> {
        let is_settled = |post: &Value| post["state"] == "sent" || post["state"] == "unknown";
        eventually("everything is settled", async || {
            let posts = self.place.posts().await;
            let all = posts.len() == stories * self.readers.len() && posts.iter().all(is_settled);
            all.then_some(posts)
        })
        .await
    }

    /// Starts the first process, and has it tell a story, so that every channel knows an earlier one.
    async fn first(&self, stops_at: Option<&str>) -> Wire {
        let first = match stops_at {
            Some(point) => self.place.start_to_stop(&[], point),
            None => self.place.start(&[]),
        };
        self.place.status_where("the first process leads", leads).await;
        self.tell("Atlanta Hawks").await;
        self.settled(1).await;
        first
    }

    /// Starts a second process where the first one stands still, and has it tell a story of its own.
    async fn second(&self) -> Wire {
        for file in RUBBISH {
            std::fs::remove_file(self.place.state().join(file)).unwrap();
        }
        let second = self.place.start(&[]);
        let status = self.place.status_where("the second process leads", leads).await;
        assert_eq!(status["epoch"], 2);
        self.tell("Orlando Magic").await;
        second
    }

    /// Waits until the first process has tried to settle so many of its attempts, and has conceded.
    async fn first_gives_up(&self, attempts: usize) {
        eventually("what the first process says of its attempts is refused", async || {
            (self.place.logged().matches("attempt not settled").count() == attempts).then_some(())
        })
        .await;
        self.first_concedes().await;
    }

    async fn first_concedes(&self) {
        eventually("the first process concedes", async || {
            self.place.logged().contains("conceding").then_some(())
        })
        .await;
    }

    /// Holds every channel's three posts against what its readers see.
    async fn audit(&self, posts: &[Value], unknown: impl Fn(&str) -> usize) {
        for readers in &self.readers {
            let channel = readers.channel();
            assert_eq!(readers.complaints(), [""; 0], "{channel}");
            let posts: Vec<Value> = posts.iter().filter(|post| post["channel"] == channel).cloned().collect();
            assert_eq!(posts.len(), 3, "{channel}");
            let books = Books::audit(&posts, &readers.texts(), &[]);
            assert_eq!(books, Books { unknown: unknown(channel), ..Books::default() }, "{channel}");
        }
    }
}

/// Sends a signal to a process.
async fn signal(wire: &Wire, name: &str) {
    let order = format!("kill -{name} {}", wire.pid());
    let sent = Command::new("/bin/sh").args(["-c", &order]).status().await.unwrap();
    assert!(sent.success(), "{order}");
}

/// Waits until a process stands still.
async fn stands_still(wire: &Wire) {
    let stat = format!("/proc/{}/stat", wire.pid());
    eventually("the process stands still", async || {
        let stat = std::fs::read_to_string(&stat).unwrap();
        stat.rsplit(')').next().unwrap().trim_start().starts_with('T').then_some(())
    })
    .await;
}

/// A process that stands still while every channel has taken what it sent and has not answered.
async fn unanswered(shared: &Shared) -> Wire {
    let first = shared.first(None).await;
    shared.readers.iter().for_each(|readers| readers.hang_at(1, Fate::Taken));
    shared.tell("New York Knicks").await;
    for readers in &shared.readers {
        within("the request arrives", readers.writes(2)).await;
    }
    signal(&first, "STOP").await;
    stands_still(&first).await;
    first
}

#[tokio::test]
async fn a_sender_that_lost_its_lease_says_too_late_what_the_next_one_has_found_out() {
    let shared = Shared::new(readers::kinds().collect(), "5 s").await;
    let first = unanswered(&shared).await;
    let second = shared.second().await;
    let posts = shared.settled(3).await;
    shared.readers.iter().for_each(Readers::release);
    signal(&first, "CONT").await;
    shared.first_gives_up(shared.readers.len()).await;
    assert_eq!(shared.settled(3).await, posts, "nothing has changed");
    shared.audit(&posts, |channel| usize::from(may_not_know(channel))).await;
    first.kill().await;
    second.kill().await;
}

#[tokio::test]
async fn a_sender_that_lost_its_lease_and_has_its_answer_in_time_leaves_nothing_unknown() {
    let shared = Shared::new(readers::kinds().collect(), "40 s").await;
    let first = unanswered(&shared).await;
    let second = shared.second().await;
    shared.readers.iter().for_each(Readers::release);
    signal(&first, "CONT").await;
    let posts = shared.settled(3).await;
    shared.first_concedes().await;
    shared.audit(&posts, |_| 0).await;
    first.kill().await;
    second.kill().await;
}

#[tokio::test]
async fn a_post_that_stands_twice_on_a_channel_without_a_key_is_told_with_both_ids() {
    let resend = "[publishing]\non_unknown = \"resend\"\n";
    let shared = Shared::with(resend, vec!["discord-webhook"], "5 s").await;
    // It knows its answer, and stands still before it writes that down.
    let first = shared.first(Some("settling:2")).await;
    tokio::select! {
        () = shared.tell("New York Knicks") => stands_still(&first).await,
        () = stands_still(&first) => {}
    }
    let second = shared.second().await;
    let posts = shared.settled(3).await;
    let texts = shared.readers[0].texts();
    assert_eq!(texts.len(), 4, "a channel that may resend has told one of three twice: {texts:#?}");
    assert!(!shared.place.logged().contains("stands on the channel twice"), "nobody knows yet");
    signal(&first, "CONT").await;
    shared.first_gives_up(1).await;
    let line = eventually("the double is told", async || {
        let log = shared.place.logged();
        log.lines().find(|line| line.contains("the post stands on the channel twice")).map(str::to_owned)
    })
    .await;
    let twice = shared.readers[0].told().into_iter().filter(|(_, text)| text.contains("Knicks"));
    let [double, remote] = twice.map(|(id, _)| id).collect::<Vec<_>>().try_into().unwrap();
    let post = posts.iter().find(|post| post["remote"]["id"] == remote.as_str()).expect("the ledger's one");
    let number = post["id"].to_string();
    for part in
        ["ERROR", &format!("post={number}"), &format!("remote=\"{remote}\""), &format!("double=\"{double}\"")]
    {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert_eq!(shared.settled(3).await, posts, "nothing has changed");
    first.kill().await;
    second.kill().await;
}

/// One channel whose sender stands still at a point before the first byte of its second post leaves.
async fn disarms(kind: &'static str, point: &'static str) {
    let shared = Shared::new(vec![kind], "2 s").await;
    let first = shared.first(Some(point)).await;
    tokio::select! {
        // The process may stand still before it has answered.
        () = shared.tell("New York Knicks") => stands_still(&first).await,
        () = stands_still(&first) => {}
    }
    let second = shared.second().await;
    let posts = shared.settled(3).await;
    let seen = shared.readers[0].texts();
    signal(&first, "CONT").await;
    shared.first_gives_up(1).await;
    assert_eq!(shared.settled(3).await, posts, "{kind}: nothing has changed");
    assert_eq!(shared.readers[0].texts(), seen, "{kind}: nothing has left any more");
    shared.audit(&posts, |channel| usize::from(may_not_know(channel))).await;
    first.kill().await;
    second.kill().await;
}

#[tokio::test]
async fn a_sender_that_lost_its_lease_before_the_first_byte_left_disarms_itself_on_every_channel() {
    let room = LocalSet::new();
    for point in ["armed:2", "sending:2"] {
        let mut cells = JoinSet::new();
        for kind in readers::kinds() {
            cells.spawn_local_on(disarms(kind, point), &room);
        }
        room.run_until(cells.join_all()).await;
    }
}
