use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use tokio::sync::Semaphore;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::feed::{Answer, Feed, FeedError, Next, PollRequest};
use wirereport_actors::wire::sport::Sport;

use super::{Gate, Replay, ReplayClock, Speed};
use crate::feeds::record::{Existing, RecordError, Recorder};
use crate::feeds::recording::Recording;

const LINES: &str = concat!(
    r#"{"format":"wirereport-recording","version":1,"sport":"nba","title":"A at B","made_from":"hand","clock":"real","teams":{"AAA":{"id":"1","name":"Alpha Aces","short_name":"Aces","place":"Alpha","code":"AAA"},"BBB":{"id":"2","name":"Beta Bees","short_name":"Bees","place":"Beta","code":"BBB"}},"games":[{"id":"g","home":"BBB","away":"AAA"}]}"#,
    "\n",
    r#"{"t":"2024-01-01T00:00:00Z","board":[0]}"#,
    "\n",
    r#"{"t":"2024-01-01T00:00:10Z","d":[{"p":"live","n":1,"s":[0,0]}]}"#,
    "\n",
    r#"{"t":"2024-01-01T00:00:30Z","d":[{"s":[2,0]}]}"#,
    "\n",
    r#"{"t":"2024-01-01T00:01:30Z","d":[{"p":"final"}]}"#,
    "\n",
);

fn recording() -> Recording {
    Recording::parse(Path::new("small.jsonl"), LINES.as_bytes()).expect("it is right")
}

fn at(text: &str) -> Timestamp {
    format!("2024-01-01T{text}Z").parse().expect("a time")
}

fn replay(speed: Speed) -> (Replay, Arc<ReplayClock>) {
    let recording = recording();
    let clock = Arc::new(ReplayClock::new(recording.starts_at(), speed));
    (Replay::new(recording, Arc::clone(&clock)), clock)
}

fn request(cursor: Option<u64>) -> PollRequest {
    let sport = Sport::of("nba").expect("in the table");
    PollRequest { sport, now: Timestamp::UNIX_EPOCH, follow: Vec::new(), cursor }
}

async fn run(replay: &Replay, mut cursor: Option<u64>) -> Vec<Answer> {
    let mut answers = Vec::new();
    loop {
        let answer = replay.poll(&request(cursor)).await.expect("a replay answers");
        cursor = answer.cursor;
        let ended = answer.next == Next::Ended;
        answers.push(answer);
        if ended {
            return answers;
        }
    }
}

#[tokio::test]
async fn every_poll_answers_with_the_next_frame_until_the_recording_ends() {
    let (replay, _) = replay(Speed::Max);
    let answers = run(&replay, None).await;
    let waits: Vec<Next> = answers.iter().map(|answer| answer.next).collect();
    let after = |seconds| Next::After(Duration::from_secs(seconds));
    assert_eq!(waits, [after(10), after(20), after(60), Next::Ended]);
    let cursors: Vec<Option<u64>> = answers.iter().map(|answer| answer.cursor).collect();
    assert_eq!(cursors, [Some(1), Some(2), Some(3), Some(4)]);
    assert!(answers.iter().all(|answer| answer.snapshot.feed == "replay"));
    let whole: Vec<_> = replay.recording().snapshots("replay").collect();
    assert_eq!(answers.into_iter().map(|answer| answer.snapshot).collect::<Vec<_>>(), whole);
}

#[tokio::test]
async fn a_poll_that_was_not_committed_is_answered_again() {
    let (replay, _) = replay(Speed::Max);
    let all = run(&replay, None).await;
    for back in [2, 0, 3, 3, 1] {
        let again = replay.poll(&request(Some(back as u64))).await.expect("a replay answers");
        assert_eq!(again, all[back], "asked for frame {back}");
    }
}

#[tokio::test]
async fn a_cursor_past_the_end_says_that_it_ended() {
    let (replay, _) = replay(Speed::Max);
    for cursor in [4, 5, u64::MAX] {
        let answer = replay.poll(&request(Some(cursor))).await.expect("a replay answers");
        assert_eq!((answer.next, answer.cursor), (Next::Ended, Some(4)));
        assert_eq!(answer.snapshot.seen_at, at("00:01:30"));
    }
}

#[tokio::test]
async fn another_league_is_refused() {
    let (replay, _) = replay(Speed::Max);
    let request = PollRequest { sport: Sport::of("nhl").expect("in the table"), ..request(None) };
    let error = replay.poll(&request).await.expect_err("it is a recording of the NBA");
    assert!(matches!(error, FeedError::Misconfigured { .. }));
    assert_eq!(error.to_string(), "recording small is of nba, not of nhl: replay it as nba");
}

proptest! {
    #[test]
    fn a_killed_run_resumes_with_the_frames_it_had_left(cut in 0..4u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let all = run(&replay(Speed::Max).0, None).await;
            let rest = run(&replay(Speed::Max).0, Some(cut)).await;
            assert_eq!(rest.as_slice(), &all[usize::try_from(cut).expect("small")..]);
        });
    }
}

#[tokio::test(start_paused = true)]
async fn the_clock_runs_at_the_replays_speed_and_never_past_the_next_frame() {
    let (replay, clock) = replay(Speed::Times(2.0));
    tokio::time::advance(Duration::from_secs(500)).await;
    assert_eq!(clock.now(), at("00:00:00"), "nothing has been shown yet");
    replay.poll(&request(None)).await.expect("a replay answers");
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(clock.now(), at("00:00:06"));
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(clock.now(), at("00:00:10"), "the next frame has not been shown");
    replay.poll(&request(Some(1))).await.expect("a replay answers");
    assert_eq!(clock.now(), at("00:00:10"));
    tokio::time::advance(Duration::from_secs(1)).await;
    replay.poll(&request(Some(1))).await.expect("a replay answers");
    assert_eq!(clock.now(), at("00:00:12"), "the same frame again does not turn it back");
    replay.poll(&request(Some(3))).await.expect("a replay answers");
    tokio::time::advance(Duration::from_secs(300)).await;
    assert_eq!(clock.now(), at("00:11:30"), "nothing holds it back after the last frame");
}

#[tokio::test(start_paused = true)]
async fn at_full_speed_the_clock_moves_from_frame_to_frame_and_waits_for_nothing() {
    let (replay, clock) = replay(Speed::Max);
    replay.poll(&request(Some(1))).await.expect("a replay answers");
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(clock.now(), at("00:00:10"));
    assert_eq!(clock.wait_for(Duration::from_secs(600)), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn while_a_receiver_is_waited_for_the_clock_runs_on_in_real_time_until_the_next_frame_is_shown() {
    for speed in [Speed::Max, Speed::Times(60.0)] {
        let (replay, clock) = replay(speed);
        replay.poll(&request(Some(0))).await.expect("a replay answers");
        clock.run_on();
        tokio::time::advance(Duration::from_secs(8)).await;
        clock.run_on();
        tokio::time::advance(Duration::from_secs(8)).await;
        assert_eq!(clock.now(), at("00:00:16"), "past the frame that has not been shown");
        assert_eq!(
            clock.wait_for(Duration::from_secs(15)),
            Duration::from_secs(15),
            "nobody looks again too soon"
        );
        replay.poll(&request(Some(1))).await.expect("a replay answers");
        assert_eq!(clock.now(), at("00:00:10"), "the game goes on from where it stood");
        assert_eq!(clock.wait_for(Duration::from_secs(15)), speed.wait_for(Duration::from_secs(15)));
    }
}

#[test]
fn a_wait_is_as_much_shorter_as_the_replay_is_faster() {
    let clock = |speed| ReplayClock::new(Timestamp::UNIX_EPOCH, speed);
    assert_eq!(clock(Speed::Times(1.0)).wait_for(Duration::from_secs(15)), Duration::from_secs(15));
    assert_eq!(clock(Speed::Times(60.0)).wait_for(Duration::from_secs(15)), Duration::from_millis(250));
    assert_eq!(clock(Speed::Times(0.5)).wait_for(Duration::from_secs(15)), Duration::from_secs(30));
    assert_eq!(clock(Speed::Times(0.01)).wait_for(Duration::MAX), Duration::MAX);
}

#[test]
fn a_speed_is_a_number_or_max() {
    let speeds = [("1", 1.0), ("60", 60.0), ("2.5", 2.5), ("0.01", 0.01)];
    for (text, times) in speeds {
        assert_eq!(text.parse(), Ok(Speed::Times(times)));
        assert_eq!(text.parse::<Speed>().expect("a speed").to_string(), text);
    }
    assert_eq!("max".parse(), Ok(Speed::Max));
    for text in ["", "0", "-1", "inf", "NaN", "1e9", "60x", "fast", "Max"] {
        let error = text.parse::<Speed>().expect_err("not a speed");
        assert_eq!(
            error.to_string(),
            format!(
                "`{text}` is not a speed: give a number from 0.01 to 100000, such as 1, 2.5 or 60, or `max`"
            )
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_frame_is_released_before_the_gate_opens() {
    let (replay, clock) = replay(Speed::Max);
    let (asked, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(0)));
    let gate: Gate = {
        let (asked, open) = (Arc::clone(&asked), Arc::clone(&open));
        Arc::new(move || {
            asked.fetch_add(1, Ordering::Relaxed);
            let open = Arc::clone(&open);
            Box::pin(async move {
                open.acquire().await.expect("it is never closed").forget();
            })
        })
    };
    let replay = replay.with_gate(gate);
    let request = request(Some(1));
    let poll = replay.poll(&request);
    tokio::pin!(poll);
    assert!(tokio::time::timeout(Duration::from_secs(3600), &mut poll).await.is_err(), "it is shut");
    assert_eq!(clock.now(), at("00:00:00"), "and so nothing has been shown");
    open.add_permits(1);
    poll.await.expect("a replay answers");
    assert_eq!((clock.now(), asked.load(Ordering::Relaxed)), (at("00:00:10"), 1));
}

#[tokio::test]
async fn what_a_recorder_wrote_is_what_its_feed_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("night.jsonl");
    let sport = Sport::of("nba").expect("in the table");
    let feed = Arc::new(replay(Speed::Max).0);
    let recorder = Recorder::create(feed, sport.clone(), &path, Existing::Refuse).await.expect("a new file");
    for cursor in 0..3 {
        recorder.poll(&request(Some(cursor))).await.expect("its feed answers");
    }
    let late = recorder.poll(&request(Some(0))).await.expect("its feed answers");
    assert_eq!(late.snapshot.seen_at, at("00:00:00"), "the answer is passed on as it came");

    let read = Recording::read(&path).expect("it is a recording");
    let mut told: Vec<_> = recording().snapshots("replay").take(3).collect();
    told.push(late.snapshot);
    told[3].seen_at = at("00:00:30");
    assert_eq!(read.snapshots("replay").collect::<Vec<_>>(), told, "time does not go back in a recording");
    assert_eq!((read.header().made_from.as_str(), read.header().title.as_str()), ("replay", "NBA"));

    let other = PollRequest { sport: Sport::of("nhl").expect("in the table"), ..request(None) };
    assert!(matches!(recorder.poll(&other).await, Err(FeedError::Misconfigured { .. })));
}

#[tokio::test]
async fn a_recorder_replaces_a_file_only_where_it_is_told_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("night.jsonl");
    std::fs::write(&path, "dear diary").expect("a file");
    let sport = Sport::of("nba").expect("in the table");
    let feed = || Arc::new(replay(Speed::Max).0);
    let refused = Recorder::create(feed(), sport.clone(), &path, Existing::Refuse).await.err();
    let refused = refused.expect("the file is there");
    assert!(matches!(refused, RecordError::Exists { .. }));
    assert!(
        refused.to_string().ends_with("is already there; name another file, or say that it may be replaced")
    );
    assert_eq!(std::fs::read_to_string(&path).expect("still there"), "dear diary");

    let recorder = Recorder::create(feed(), sport.clone(), &path, Existing::Replace).await.expect("it may");
    recorder.poll(&request(None)).await.expect("its feed answers");
    assert_eq!(Recording::read(&path).expect("a recording").frames().len(), 1);

    let nowhere = folder.path().join("no/such/folder.jsonl");
    let error = Recorder::create(feed(), sport, &nowhere, Existing::Refuse).await.err().expect("no folder");
    assert!(matches!(error, RecordError::Create { .. }));
}
