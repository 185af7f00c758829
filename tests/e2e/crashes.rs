//! The table of crashes: the real binary is killed at every step of a post's life, on every kind of channel, and what
//! readers saw is held against the ledger.
//!
//! A cell is a game that is replayed in several lives. Each is ended at one step, by the process itself at a named point
//! or by the test while the answer to a request is awaited; the last is left to finish. To make `CRASHES.md` again after
//! a change, and then to read what changed: `INSTA_UPDATE=always cargo test --test e2e crashes`.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::Death::{At, Awaiting};
use crate::books::Books;
use crate::game::{self, Course, Pace};
use crate::readers::{self, Fate, Readers, Tempo, may_not_know};
use crate::wire::{Place, Wire, within};

/// Cells that are played at once: they wait for the disk more than they compute.
const AT_ONCE: usize = 3;

const SIGKILL: i32 = 9;

/// Where a life ends.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// At a named point, the so-manieth time it is reached.
    At(&'static str, usize),
    /// While the answer to the so-manieth writing request is awaited.
    Awaiting(Fate, usize),
}

/// A channel's notebook holds a session, a newest id, a server's figures.
const NOTING: &str = "notebook: before it is written";
const NOTED: &str = "notebook: written";

/// A step in the life of a post, and how the lives of a cell end. No death hits the story that is corrected later, whose
/// correction would wait for an operator where nobody can tell what became of it.
struct Step {
    name: &'static str,
    deaths: &'static [Death],
}

const TAKEN: Death = Awaiting(Fate::Taken, 2);

const STEPS: [Step; 18] = [
    Step { name: "story: before its commit", deaths: &[At("recording", 2), At("recording", 2)] },
    Step { name: "story: committed", deaths: &[At("recorded", 2), At("recorded", 2)] },
    Step { name: "posts: before their commit", deaths: &[At("drafting", 2), At("drafting", 2)] },
    Step { name: "posts: committed", deaths: &[At("drafted", 2), At("drafted", 2)] },
    Step { name: "arm: before its commit", deaths: &[At("arming", 2), At("arming", 3), At("arming", 2)] },
    Step { name: "arm: committed", deaths: &[At("armed", 2), At("armed", 3), At("armed", 2)] },
    Step { name: "attempt: begins", deaths: &[At("sending", 2), At("sending", 3), At("sending", 2)] },
    Step {
        name: "attempt: arrived, never taken",
        deaths: &[Awaiting(Fate::Dropped, 2), Awaiting(Fate::Dropped, 3), Awaiting(Fate::Dropped, 2)],
    },
    Step { name: "attempt: taken, unanswered", deaths: &[TAKEN, Awaiting(Fate::Taken, 3), TAKEN] },
    Step { name: "attempt: answered", deaths: &[At("answered", 2), At("answered", 3), At("answered", 2)] },
    Step { name: "settle: before its commit", deaths: &[At("settling", 2), At("settling", 4)] },
    Step { name: "settle: committed", deaths: &[At("settled", 2), At("settled", 3), At("settled", 2)] },
    Step { name: "look-up: before it", deaths: &[TAKEN, At("looking_up", 1), At("looking_up", 1)] },
    Step { name: "look-up: made", deaths: &[TAKEN, At("looked_up", 1), At("looked_up", 1)] },
    Step { name: "reconciled: before its commit", deaths: &[TAKEN, At("settling", 1), At("settling", 1)] },
    Step { name: "reconciled: committed", deaths: &[TAKEN, At("settled", 1), At("settled", 4)] },
    Step { name: NOTING, deaths: &[At("noting", 1), TAKEN, At("noting", 1)] },
    Step { name: NOTED, deaths: &[At("noted", 1), TAKEN, At("noted", 1)] },
];

impl Step {
    /// The deaths on a kind of channel. What Telegram writes down is each message's id, and without the first one's there is
    /// no place to look for it.
    fn deaths(&self, kind: &str) -> Vec<Death> {
        match (kind, self.name) {
            ("telegram", NOTING) => vec![At("noting", 2), At("noting", 2)],
            ("telegram", NOTED) => vec![At("noted", 2), At("noted", 2)],
            _ => self.deaths.to_vec(),
        }
    }

    /// What is looked up is first of all what no key protects any more.
    fn pace(&self) -> Pace {
        if self.name.starts_with("look-up") { Pace::Slow } else { Pace::Brisk }
    }

    /// Whether each life begins with a session that must be renewed, and so is written down.
    fn renews(&self) -> bool {
        [NOTING, NOTED].contains(&self.name)
    }
}

/// A game on a channel, in as many lives as it takes.
struct Cell {
    place: Place,
    readers: Readers,
    recording: PathBuf,
    _folder: TempDir,
}

impl Cell {
    async fn new(kind: &'static str, pace: Pace) -> Self {
        let readers = Readers::of(kind).await;
        let place = readers::place(readers::TOLD, std::slice::from_ref(&readers), Tempo::QUICK);
        let folder = tempfile::tempdir().unwrap();
        let recording = game::record(folder.path(), Course::Corrected, pace);
        Self { place, readers, recording, _folder: folder }
    }

    fn start(&self, crash: Option<&str>) -> Wire {
        let recording = self.recording.to_str().unwrap();
        let args = ["--replay", recording, "--speed", "max", "--channel", self.readers.channel()];
        match crash {
            Some(at) => self.place.start_to_crash(&args, at),
            None => self.place.start(&args),
        }
    }

    /// One life; whether it was ended as it should be, and did not finish before.
    async fn dies(&self, death: Death) -> bool {
        self.readers.behave();
        let status = match death {
            At(point, time) => self.start(Some(&format!("{point}:{time}"))).exit().await,
            Awaiting(fate, nth) => {
                let seen = self.readers.seen();
                self.readers.hang_at(nth, fate);
                let mut wire = self.start(None);
                let awaits = async {
                    tokio::select! {
                        status = wire.exit() => Some(status),
                        () = self.readers.writes(seen + nth) => None,
                    }
                };
                match within("the answer is awaited", awaits).await {
                    Some(status) => status,
                    None => wire.kill().await,
                }
            }
        };
        assert!(status.success() || status.signal() == Some(SIGKILL), "{death:?}: {status}");
        !status.success()
    }

    /// Lets a last life finish.
    async fn finish(&self) {
        self.readers.behave();
        let status = self.start(None).exit().await;
        assert!(status.success(), "{status}");
    }

    /// Every post, once a life has finished.
    async fn posts(&mut self) -> Vec<Value> {
        assert_eq!(self.readers.complaints(), [""; 0]);
        self.place.ask_about_replay("replays");
        self.readers.posts(&self.place).await
    }
}

/// What came of a cell: how often it was killed, and its books; or nothing where its step does not occur.
type Outcome = Option<(usize, Books)>;

async fn play(kind: &'static str, step: &Step, expected: &[Value]) -> Outcome {
    let mut cell = Cell::new(kind, step.pace()).await;
    let deaths = step.deaths(kind);
    let mut lives = deaths.iter();
    let (mut kills, mut occurs) = (0, false);
    loop {
        if step.renews() {
            cell.readers.end_session();
        }
        let Some(death) = lives.next() else {
            cell.finish().await;
            break;
        };
        // A finished replay would start anew.
        if !cell.dies(*death).await {
            break;
        }
        kills += 1;
        occurs |= std::mem::discriminant(death) == std::mem::discriminant(&deaths[deaths.len() - 1]);
    }
    let posts = cell.posts().await;
    let books = Books::audit(&posts, &cell.readers.texts(), expected);
    occurs.then_some((kills, books))
}

/// Every cell of a kind of channel.
async fn column(kind: &'static str, room: Arc<Semaphore>) -> Vec<Outcome> {
    let mut undisturbed = Cell::new(kind, Pace::Brisk).await;
    undisturbed.finish().await;
    let expected: Arc<[Value]> = undisturbed.posts().await.into();
    assert_eq!(expected.len(), game::STORIES);
    assert_eq!(Books::audit(&expected, &undisturbed.readers.texts(), &expected), Books::default());
    let mut cells = JoinSet::new();
    for (number, step) in STEPS.iter().enumerate() {
        let (room, expected) = (Arc::clone(&room), Arc::clone(&expected));
        cells.spawn(async move {
            let _permit = room.acquire().await.unwrap();
            (number, play(kind, step, &expected).await)
        });
    }
    let mut column = cells.join_all().await;
    column.sort_by_key(|(number, _)| *number);
    column.into_iter().map(|(_, outcome)| outcome).collect()
}

fn page(columns: &[(&str, Vec<Outcome>)]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let kinds: Vec<&str> = columns.iter().map(|(kind, _)| *kind).collect();
    writeln!(page, "| killed at | {} |", kinds.join(" | ")).unwrap();
    writeln!(page, "|---|{}", "---|".repeat(kinds.len())).unwrap();
    for (number, step) in STEPS.iter().enumerate() {
        let cell = |outcome: &Outcome| outcome.map_or("–".to_owned(), |(_, books)| books.to_string());
        let cells: Vec<String> = columns.iter().map(|(_, column)| cell(&column[number])).collect();
        writeln!(page, "| {} | {} |", step.name, cells.join(" | ")).unwrap();
    }
    let sum = |column: &Vec<Outcome>| {
        let mut sum = Books::default();
        column.iter().flatten().for_each(|(_, books)| sum += *books);
        sum.to_string()
    };
    let sums: Vec<String> = columns.iter().map(|(_, column)| sum(column)).collect();
    writeln!(page, "| **in all** | {} |", sums.join(" | ")).unwrap();
    let kills: usize =
        columns.iter().flat_map(|(_, column)| column.iter().flatten()).map(|(kills, _)| kills).sum();
    writeln!(page, "\n{kills} kills.").unwrap();
    page
}

const INTRODUCTION: &str = "\
# Killed at every step

The real binary replays a short game of eight stories, one of them a correction, onto one channel, and is killed with
SIGKILL at one step, two or three times in a game; the last life finishes. Each cell is **lost / double / unknown**: stories
that readers do not see and should, times that they see one again, and posts of which the ledger says that nobody can tell.
`cargo test --test e2e crashes` plays the table and compares it with this.

Nothing may be lost or double. Unknown is allowed where a platform takes no key and cannot be read: on Slack and on Discord's
webhooks. Telegram cannot be looked into before a first message is known: a death in the very first post would be unknown
there too, so that no cell begins with one.

The points are those of `src/crash`; that an answer is awaited is for the platform's stand-in to say, since nobody else knows
what has arrived. Look-ups have no delay here, for the stand-in shows at once what it took, and X's filter of duplicates is
switched off, so that a second sending would show. A dash stands where a channel knows no such step: a bot on Discord is
looked after only once its nonce is spent, and Mastodon is looked into before every second sending, as a part of the attempt.

";

#[tokio::test]
async fn a_second_sending_that_an_operator_wants_is_counted_as_double() {
    let mut cell = Cell::new("slack", Pace::Brisk).await;
    cell.place.set([("WIREREPORT_CHANNELS__SLACK__ON_UNKNOWN", "resend".to_owned())]);
    assert!(cell.dies(TAKEN).await);
    cell.finish().await;
    let posts = cell.posts().await;
    let books = Books::audit(&posts, &cell.readers.texts(), &posts);
    assert_eq!(books, Books { double: 1, ..Books::default() });
}

#[tokio::test]
async fn a_replay_that_is_killed_over_its_last_post_looks_that_up_and_ends() {
    let mut cell = Cell::new("x", Pace::Brisk).await;
    assert!(cell.dies(Awaiting(Fate::Taken, game::STORIES)).await);
    cell.finish().await;
    let posts = cell.posts().await;
    assert_eq!(posts.len(), game::STORIES);
    assert_eq!(Books::audit(&posts, &cell.readers.texts(), &[]), Books::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_nothing_is_lost_or_double_on_any_channel() {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut columns = Vec::new();
    for kind in readers::kinds() {
        columns.push((kind, tokio::spawn(column(kind, Arc::clone(&room)))));
    }
    let mut table = Vec::new();
    for (kind, column) in columns {
        table.push((kind, column.await.unwrap()));
    }
    let page = page(&table);
    for (kind, column) in &table {
        for (step, (_, books)) in
            STEPS.iter().zip(column).filter_map(|(step, outcome)| Some((step, (*outcome)?)))
        {
            let may_be_unknown = may_not_know(kind);
            let sound = books.lost == 0 && books.double == 0 && (may_be_unknown || books.unknown == 0);
            assert!(sound, "{kind}, {}: {books}\n{page}", step.name);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/CRASHES.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(&file, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), page, "{page}");
}
