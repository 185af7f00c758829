//! What shows only from inside: groups, a full disk, a transaction that panics.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use tempfile::TempDir;
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::wire::post::PostState;

use super::*;

fn fresh() -> (Arc<SqliteLedger>, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = SqliteLedger::open(dir.path().join("ledger.sqlite")).unwrap();
    (Arc::new(ledger), dir)
}

type Recorded = tokio::task::JoinHandle<Result<(), LedgerError>>;

/// Records these polls in one group, with the piece of work that holds the writer until all of them have come.
async fn in_one_group(ledger: &Arc<SqliteLedger>, polls: Vec<PollRecord>) -> Vec<Result<(), LedgerError>> {
    let (entered, is_held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let hold = ledger.clone();
    let hold = tokio::spawn(async move {
        let wait = move |_: &Connection| {
            // It may be run again, and nobody waits for it then.
            let (_, _) = (entered.send(()), released.recv());
            Ok(())
        };
        hold.write(wait).await
    });
    tokio::task::spawn_blocking(move || is_held.recv().unwrap()).await.unwrap();
    let record = |poll: PollRecord| {
        let ledger = ledger.clone();
        tokio::spawn(async move { ledger.record_poll(&poll).await })
    };
    let recorded: Vec<Recorded> = polls.into_iter().map(record).collect();
    // Tasks of this runtime begin in the order they were spawned: when this one runs, all others have queued.
    let last = tokio::spawn(async move { release.send(()).unwrap() });
    last.await.unwrap();
    hold.await.unwrap().unwrap();
    let mut results = Vec::new();
    for result in recorded {
        results.push(result.await.unwrap());
    }
    results
}

#[tokio::test]
async fn what_waits_together_is_committed_together_and_is_durable() {
    let (ledger, dir) = fresh();
    let epoch = Steps::begin(&*ledger).await.epoch;
    let before = ledger.stats();
    let polls = (1..=200).map(|number| poll(epoch, 12, vec![story(number)])).collect();
    let results = in_one_group(&ledger, polls).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let after = ledger.stats();
    assert_eq!(after.commits - before.commits, 1, "what came meanwhile is committed with what was under way");
    assert_eq!(after.operations - before.operations, 201);
    assert_eq!(after.largest_group, 201);
    assert!(after.slowest_commit <= after.commit_time && after.sync_time < after.commit_time);
    drop(ledger);
    let ledger = SqliteLedger::open(dir.path().join("ledger.sqlite")).unwrap();
    assert_eq!(ledger.backlog().await.unwrap().unwritten, 200);
}

#[tokio::test]
async fn one_that_fails_leaves_the_others_of_its_group_alone() {
    let (ledger, _dir) = fresh();
    let epoch = Steps::begin(&*ledger).await.epoch;
    let stale = Epoch(9);
    let polls = [(epoch, 1), (stale, 2), (epoch, 3)];
    let polls = polls.map(|(epoch, number)| poll(epoch, 12, vec![story(number)])).to_vec();
    let fenced = Err(LedgerError::Fenced { ours: stale, current: epoch });
    assert_eq!(in_one_group(&ledger, polls).await, [Ok(()), fenced, Ok(())]);
    assert_eq!(
        ledger.stats().largest_group,
        2,
        "one was committed with what held the writer, beside the one that failed"
    );
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(1), story(3)]));
}

#[tokio::test]
async fn one_that_makes_sqlite_undo_everything_leaves_the_others_alone() {
    let (ledger, _dir) = fresh();
    let epoch = Steps::begin(&*ledger).await.epoch;
    let undo = ledger.write(|conn| {
        conn.execute_batch(
            "CREATE TABLE trap (x); CREATE TRIGGER spring BEFORE INSERT ON stories \
             WHEN new.id LIKE '%/2' BEGIN SELECT RAISE(ROLLBACK, 'sprung'); END",
        )?;
        Ok(())
    });
    undo.await.unwrap();
    let polls = (1..=3).map(|number| poll(epoch, 12, vec![story(number)])).collect();
    let results = in_one_group(&ledger, polls).await;
    assert_eq!((&results[0], &results[2]), (&Ok(()), &Ok(())));
    assert!(matches!(results[1], Err(LedgerError::Conflict { .. })), "{results:?}");
    assert_eq!(ledger.unwritten_stories(9).await, Ok(vec![story(1), story(3)]));
}

#[tokio::test]
async fn a_full_disk_fails_what_needs_room_and_passes_once_there_is_some() {
    let (ledger, _dir) = fresh();
    let (steps, post) = Steps::begin_with_a_post(&*ledger).await;
    let limit =
        |pages: i64| ledger.write(move |conn| Ok(conn.pragma_update(None, "max_page_count", pages)?));
    limit(1).await.unwrap();
    let mut recorded = 0;
    let refused = loop {
        match ledger.record_poll(&poll(steps.epoch, 12, vec![story(recorded + 2)])).await {
            Ok(()) => recorded += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused, LedgerError::Full { path: ledger.path().display().to_string() });
    assert_eq!(ledger.backlog().await.unwrap().unwritten, u64::from(recorded), "and it left nothing behind");
    assert_eq!(ledger.open_posts(&channel()).await.unwrap()[0].id, post, "it still reads");

    limit(1_000_000).await.unwrap();
    ledger.record_poll(&poll(steps.epoch, 12, vec![story(recorded + 2)])).await.unwrap();
    steps.attempted(post, sent()).await;
    assert_eq!(ledger.check().await, Ok(()));
}

#[tokio::test]
async fn a_transaction_that_panics_fails_alone_and_the_ledger_goes_on() {
    let (ledger, _dir) = fresh();
    let steps = Steps::begin(&*ledger).await;
    let panicked = ledger.write(|conn| -> Result<(), Trouble> {
        stories::mint_epoch(conn, "nobody", at(1))?;
        panic!("as the test wants it")
    });
    let result = panicked.await;
    assert!(matches!(result, Err(LedgerError::Unavailable { .. })), "{result:?}");
    assert_eq!(ledger.current_epoch().await, Ok(Some((steps.epoch, "a".to_owned()))), "it was undone");
    steps.recorded(1, 1).await;
}

#[tokio::test]
async fn the_file_is_set_up_to_lose_nothing() {
    let (ledger, _dir) = fresh();
    let pragmas = ledger.write(|conn| {
        let text = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, String>(0));
        let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        Ok((text("journal_mode")?, number("synchronous")?, number("foreign_keys")?))
    });
    const FULL: i64 = 2;
    assert_eq!(pragmas.await, Ok(("wal".to_owned(), FULL, 1)));
}

/// Writes a hundred kibibytes that are kept.
async fn write_much(ledger: &SqliteLedger) {
    let write = ledger.write(|conn| {
        conn.execute_batch("CREATE TABLE IF NOT EXISTS much (body BLOB)")?;
        Ok(conn.execute("INSERT INTO much VALUES (zeroblob(100 * 1024))", [])?)
    });
    write.await.unwrap();
}

#[tokio::test]
async fn the_log_is_moved_into_the_file_in_a_pause() {
    let (ledger, _dir) = fresh();
    let begun = ledger.path().metadata().unwrap().len();
    for _ in 0..50 {
        write_much(&ledger).await;
    }
    let moved = async {
        while ledger.path().metadata().unwrap().len() < begun + 50 * 100 * 1024 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), moved).await.unwrap();
}

#[tokio::test]
async fn the_log_does_not_outgrow_its_bound_though_it_is_read_and_no_pause_comes() {
    let (ledger, dir) = fresh();
    for _ in 0..400 {
        write_much(&ledger).await;
        assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
    }
    let log = dir.path().join("ledger.sqlite-wal").metadata().unwrap().len();
    assert!(log < 20 << 20, "{log} bytes of {}", 400 * 100 * 1024);
}

#[tokio::test]
async fn callers_of_a_writer_that_ended_are_told_and_do_not_hang() {
    let (ledger, _dir) = fresh();
    let mut ledger = Arc::try_unwrap(ledger).unwrap();
    ledger.writer.end();
    let result = ledger.mint_epoch("a", at(0)).await;
    assert!(matches!(result, Err(LedgerError::Unavailable { .. })), "{result:?}");
}

#[tokio::test]
async fn lists_that_the_tree_asks_for_all_the_time_use_an_index() {
    let (ledger, _dir) = fresh();
    let open = format!("SELECT * FROM posts WHERE channel = ?1 AND {} ORDER BY sequence, id", reading::OPEN);
    let counted = format!("SELECT state, count(*) FROM posts WHERE {} GROUP BY state", reading::OPEN);
    for (sql, index) in [
        (open.as_str(), "posts_open"),
        (
            "SELECT body FROM stories WHERE told = 1 AND written_at IS NULL ORDER BY sequence",
            "stories_unwritten",
        ),
        (counted.as_str(), "posts_open"),
        (
            "SELECT count(*) FROM posts WHERE channel = ?1 AND state = 'sent' AND changed_at >= ?2",
            "posts_departed",
        ),
        ("SELECT * FROM posts WHERE state = 'failed' ORDER BY id DESC LIMIT 9", "posts_unsent"),
        ("SELECT * FROM posts WHERE story = ?1 ORDER BY id", "sqlite_autoindex_posts_1"),
    ] {
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let plan = ledger.read(move |conn| {
            let mut statement = conn.prepare(&explain)?;
            let params = vec!["x"; statement.parameter_count()];
            let rows =
                statement.query_map(rusqlite::params_from_iter(params), |row| row.get::<_, String>(3))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.join("; "))
        });
        let plan = plan.await.unwrap();
        assert!(plan.contains(index), "{sql}: {plan}");
    }
}

#[tokio::test]
async fn open_posts_show_what_was_committed_before_they_were_asked_for() {
    let (ledger, _dir) = fresh();
    let (steps, post) = Steps::begin_with_a_post(&*ledger).await;
    let open = async || ledger.open_posts(&channel()).await.unwrap();
    assert_eq!(open().await.len(), 1);
    let undone = ledger.write(move |conn| -> Result<(), Trouble> {
        posts::change(conn, post, at(40), |post, _, _| life::discard(post, at(40)))?;
        Err(Trouble::Ledger(LedgerError::NotFound { what: "what the test wants".to_owned() }))
    });
    undone.await.unwrap_err();
    assert_eq!(open().await[0].state, PostState::Pending, "what was undone is not seen");
    steps.armed(post).await;
    assert_eq!(open().await[0].state, PostState::Armed);
    steps.told(2, 1).await.unwrap();
    steps.settled(post, sent()).await;
    let left: Vec<StoryId> = open().await.iter().map(|post| post.story.clone()).collect();
    assert_eq!(left, [story_id(2)]);
}

#[tokio::test]
async fn what_another_process_did_to_open_posts_is_seen_within_a_second() {
    let (ledger, _dir) = fresh();
    let (_, post) = Steps::begin_with_a_post(&*ledger).await;
    assert_eq!(ledger.open_posts(&channel()).await.unwrap().len(), 1);
    let other = SqliteLedger::open(ledger.path()).unwrap();
    other.discard_post(post, at(40)).await.unwrap();
    tokio::time::pause();
    tokio::time::advance(open_posts::KEPT_FOR).await;
    assert_eq!(ledger.open_posts(&channel()).await, Ok(Vec::new()));
}
