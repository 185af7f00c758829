//! The real binary, on every kind of channel at once, killed at instants that are left to chance.
//!
//! A game is replayed in as many lives as it takes, then another on new stand-ins, until there were enough kills. Which
//! instants are tried is drawn from a seed, which is printed: some span after the start, so many requests after it, while
//! an answer is awaited, or at a named point. For the long run, and to draw the same again:
//!
//! `WIREREPORT_KILLS=1000 WIREREPORT_SEED=7 cargo test --test e2e kill_channels -- --nocapture`

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::books::Books;
use crate::game::{self, Course, Pace};
use crate::readers::{self, Fate, Readers, Tempo, may_not_know};
use crate::wire::{Place, Wire, within};

/// Kills of a run in which nobody asks for more.
const KILLS: usize = 24;
const SEED: u64 = 7;

/// The scores of a long game.
const SCORES: u32 = 14;

/// What a platform may take to show what it took: these stand-ins run on a machine that does more besides.
const TEMPO: Tempo = Tempo { shown_after: "300 ms", ..Tempo::QUICK };

/// A death in the first story of all is not for Telegram, on which nobody could look for it.
const AFTER_THE_FIRST_STORY: &str = "recording:2";

const SIGKILL: i32 = 9;

/// When a life ends.
#[derive(Debug)]
enum Ending {
    /// So long after its start.
    Instant(Duration),
    /// So long after the so-manieth request to some readers, whose answer may never come.
    Request { readers: usize, nth: usize, fate: Option<Fate>, later: Duration },
    /// At a named point.
    Point(String),
}

impl Ending {
    fn draw(rng: &mut fastrand::Rng, readers: usize) -> Self {
        const POINTS: [&str; 14] = [
            "recording",
            "recorded",
            "drafting",
            "drafted",
            "arming",
            "armed",
            "sending",
            "answered",
            "settling",
            "settled",
            "looking_up",
            "looked_up",
            "noting",
            "noted",
        ];
        let later = Duration::from_millis(rng.u64(0..30));
        match rng.u8(0..4) {
            0 => Self::Instant(Duration::from_millis(rng.u64(50..600))),
            1 => {
                let point = POINTS[rng.usize(..POINTS.len())];
                Self::Point(format!("{point}:{}", rng.usize(1..readers + 2)))
            }
            drawn => {
                let fate = [Fate::Taken, Fate::Dropped][rng.usize(..2)];
                let fate = Some(fate).filter(|_| drawn == 2);
                Self::Request { readers: rng.usize(..readers), nth: rng.usize(1..3), fate, later }
            }
        }
    }
}

/// A game on several channels.
struct Round {
    place: Place,
    readers: Vec<Readers>,
    recording: PathBuf,
    _folder: TempDir,
}

impl Round {
    async fn new(kinds: &[&'static str], course: Course) -> Self {
        let mut readers = Vec::new();
        for kind in kinds {
            readers.push(Readers::of(kind).await);
        }
        let folder = tempfile::tempdir().unwrap();
        let recording = game::record(folder.path(), course, Pace::Brisk);
        Self { place: readers::place(readers::TOLD, &readers, TEMPO), readers, recording, _folder: folder }
    }

    fn start(&self, crash: Option<&str>) -> Wire {
        let mut args = vec!["--replay", self.recording.to_str().unwrap(), "--speed", "max"];
        args.extend(self.readers.iter().flat_map(|readers| ["--channel", readers.channel()]));
        match crash {
            Some(at) => self.place.start_to_crash(&args, at),
            None => self.place.start(&args),
        }
    }

    /// One life; whether it was killed, and did not finish before.
    async fn dies(&self, ending: &Ending) -> bool {
        self.readers.iter().for_each(Readers::behave);
        let status = match ending {
            Ending::Point(point) => self.start(Some(point)).exit().await,
            Ending::Instant(span) => self.killed_after(tokio::time::sleep(*span)).await,
            Ending::Request { readers, nth, fate, later } => {
                let readers = &self.readers[*readers];
                let seen = readers.seen();
                if let Some(fate) = fate {
                    readers.hang_at(*nth, *fate);
                }
                let instant = async {
                    readers.writes(seen + nth).await;
                    tokio::time::sleep(*later).await;
                };
                self.killed_after(instant).await
            }
        };
        assert!(status.success() || status.signal() == Some(SIGKILL), "{ending:?}: {status}");
        !status.success()
    }

    async fn killed_after(&self, instant: impl Future<Output = ()>) -> ExitStatus {
        let mut wire = self.start(None);
        let left = async {
            tokio::select! {
                status = wire.exit() => Some(status),
                () = instant => None,
            }
        };
        match within("it ends or is killed", left).await {
            Some(status) => status,
            None => wire.kill().await,
        }
    }

    /// Plays the game to its end; how often it was killed.
    async fn play(&mut self, stories: usize, rng: &mut fastrand::Rng) -> usize {
        assert!(self.dies(&Ending::Point(AFTER_THE_FIRST_STORY.to_owned())).await);
        self.place.ask_about_replay("replays");
        let mut kills = 1;
        // One that is killed on its way out has finished too, and would start anew.
        while !self.has_finished(stories).await && self.dies(&Ending::draw(rng, self.readers.len())).await {
            kills += 1;
        }
        kills
    }

    async fn has_finished(&self, stories: usize) -> bool {
        let is_settled = |post: &Value| post["state"] == "sent" || post["state"] == "unknown";
        let posts = self.place.posts().await;
        posts.len() == stories * self.readers.len() && posts.iter().all(is_settled)
    }

    /// What every channel's books come to. `expected` are the posts of one channel in a run that nobody disturbed.
    async fn audit(&self, expected: &[Value]) -> Vec<(&'static str, Books)> {
        let mut audits = Vec::new();
        for readers in &self.readers {
            assert_eq!(readers.complaints(), [""; 0], "{}", readers.channel());
            let posts = readers.posts(&self.place).await;
            audits.push((readers.channel(), Books::audit(&posts, &readers.texts(), expected)));
        }
        audits
    }
}

/// Channels that can tell what became of an attempt, on which a story may also be corrected; and those that cannot, where a
/// correction of what nobody can tell of would wait for an operator.
fn rounds() -> [(Vec<&'static str>, Course); 2] {
    let (silent, others) = readers::kinds().partition(|kind| may_not_know(kind));
    [(others, Course::CorrectedAndLong(SCORES)), (silent, Course::Long(SCORES))]
}

async fn undisturbed(course: Course) -> Vec<Value> {
    let round = Round::new(&["webhook"], course).await;
    assert!(round.start(None).exit().await.success());
    let Round { mut place, readers, .. } = round;
    place.ask_about_replay("replays");
    readers[0].posts(&place).await
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_instants_of_chance_nothing_is_lost_or_double_on_any_channel() {
    let wanted = number("WIREREPORT_KILLS").map_or(KILLS, |kills| kills.try_into().unwrap());
    let seed = number("WIREREPORT_SEED").unwrap_or(SEED);
    eprintln!("WIREREPORT_SEED={seed} draws the same instants again");
    let mut rng = fastrand::Rng::with_seed(seed);
    let rounds = rounds();
    let expected = [undisturbed(rounds[0].1).await, undisturbed(rounds[1].1).await];
    let (mut kills, mut games, mut told) = (0, 0, 0);
    let mut sums: BTreeMap<&str, (usize, Books)> = BTreeMap::new();
    while kills < wanted || games < rounds.len() {
        let (kinds, course) = &rounds[games % rounds.len()];
        let mut round = Round::new(kinds, *course).await;
        let expected = &expected[games % rounds.len()];
        kills += round.play(expected.len(), &mut rng).await;
        for (channel, books) in round.audit(expected).await {
            let sound = books.lost == 0 && books.double == 0 && (may_not_know(channel) || books.unknown == 0);
            assert!(sound, "{channel}, game {games} of seed {seed}: {books} lost, double, unknown");
            let sum = sums.entry(channel).or_default();
            sum.0 += expected.len();
            sum.1 += books;
        }
        games += 1;
        if kills >= told + TOLD_EVERY {
            tell(kills, games, &sums);
            told = kills;
        }
    }
    tell(kills, games, &sums);
}

/// A long run says from time to time how it stands.
const TOLD_EVERY: usize = 100;

fn tell(kills: usize, games: usize, sums: &BTreeMap<&str, (usize, Books)>) {
    eprintln!("{kills} kills in {games} games");
    for (channel, (stories, Books { lost, double, unknown })) in sums {
        eprintln!("{channel:<16} {stories:>6} stories, {lost} lost, {double} double, {unknown} unknown");
    }
}
