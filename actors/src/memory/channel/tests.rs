use super::*;

fn frozen(key: &str) -> Frozen {
    Frozen { body: format!("body of {key}"), key: key.to_owned() }
}

fn channel(idempotency: Idempotency, lag: u64) -> MemoryChannel {
    let defaults = MemoryChannel::default().capabilities();
    let read_back_lag = Duration::from_secs(lag);
    MemoryChannel::new(Capabilities { idempotency, reads_back: true, read_back_lag, ..defaults })
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_repeated_key_is_dropped_within_the_window_and_told_again_after_it() {
    let channel = channel(Idempotency::For(Duration::from_secs(60)), 0);
    for second in [0, 59, 61] {
        channel.accept(&frozen("a"), Repeats::Keyed, at(second));
    }
    assert_eq!(channel.journal().len(), 2);
    assert_eq!(channel.duplicates(), 1);
}

#[test]
fn a_key_that_comes_again_with_other_bytes_is_noted() {
    let channel = channel(Idempotency::Forever, 0);
    channel.accept(&frozen("a"), Repeats::Keyed, at(0));
    channel.accept(&Frozen { body: "other".to_owned(), key: "a".to_owned() }, Repeats::Keyed, at(1));
    assert_eq!(channel.altered(), ["a"]);
}

#[tokio::test]
async fn a_look_up_misses_what_is_younger_than_the_lag() {
    let channel = channel(Idempotency::None, 10);
    channel.accept(&frozen("a"), Repeats::Keyed, at(0));
    let post = any_post();
    assert_eq!(channel.reconcile(&post, &frozen("a"), at(9)).await, Reconciled::Absent);
    assert!(matches!(channel.reconcile(&post, &frozen("a"), at(10)).await, Reconciled::Found(_)));
}

#[tokio::test]
async fn a_hanging_attempt_goes_on_when_released() {
    let channel = MemoryChannel::default();
    channel.script([Reply::Hang, Reply::AcceptThenHang]);
    let (post, a, b) = (any_post(), frozen("a"), frozen("b"));
    let fence = Fence::of_nobody_else();
    let (first, second, ()) =
        tokio::join!(channel.send(&post, &a, at(0), &fence), channel.send(&post, &b, at(0), &fence), async {
            assert_eq!(channel.journal().len(), 1, "only the second is accepted before the release");
            channel.release();
        });
    assert!(matches!(first, Outcome::Sent { .. }));
    assert!(matches!(second, Outcome::Sent { .. }));
    assert_eq!(channel.journal().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_slow_request_arrives_though_its_sender_is_gone_and_not_before_its_time() {
    let channel = channel(Idempotency::Forever, 0);
    channel.script([Reply::Slow(Duration::from_secs(3))]);
    let post = any_post();
    let (key, fence) = (frozen("a"), Fence::of_nobody_else());
    let sending = channel.send(&post, &key, at(0), &fence);
    assert!(tokio::time::timeout(Duration::from_secs(1), sending).await.is_err());
    assert!(channel.is_under_way());
    assert_eq!(channel.reconcile(&post, &key, at(2)).await, Reconciled::Absent);
    assert!(matches!(channel.reconcile(&post, &key, at(3)).await, Reconciled::Found(_)));
    channel.send(&post, &key, at(4), &fence).await;
    assert_eq!((channel.journal()[0].at, channel.journal().len(), channel.duplicates()), (at(3), 1, 1));
}

#[tokio::test]
async fn while_all_are_met_alike_nothing_leaves_the_script_and_nothing_is_told_of() {
    let channel = channel(Idempotency::None, 0);
    channel.script([Reply::Refuse]);
    channel.meet_all(Some(Reply::RateLimited(Duration::from_secs(7))));
    let (post, key) = (any_post(), frozen("a"));
    for _ in 0..2 {
        let met = channel.send(&post, &key, at(0), &Fence::of_nobody_else()).await;
        let limited =
            matches!(&met, Outcome::Halted { halt: Halt::RateLimited, retry_at, .. } if *retry_at == at(7));
        assert!(limited, "{met:?}");
    }
    assert!(matches!(channel.reconcile(&post, &key, at(0)).await, Reconciled::CannotTell { .. }));
    channel.meet_all(None);
    assert!(matches!(
        channel.send(&post, &key, at(1), &Fence::of_nobody_else()).await,
        Outcome::Refused { .. }
    ));
}

fn any_post() -> Post {
    serde_json::from_value(serde_json::json!({
        "id": 1, "story": "nba-1/final/4/1", "revision": 1, "sequence": 1, "sport": "nba", "game": "nba-1",
        "channel": "memory", "operation": "create", "state": "armed", "text": "text", "title": null,
        "author": "test", "significance": 0.5, "happened_at": "2026-01-01T00:00:00Z",
        "created_at": "2026-01-01T00:00:00Z", "changed_at": "2026-01-01T00:00:00Z",
        "send_before": "2026-01-01T01:00:00Z", "attempt": 1, "in_doubt": false, "not_before": null,
        "reason": null, "frozen": null, "arm": null, "remote": null, "earlier": null
    }))
    .unwrap()
}
