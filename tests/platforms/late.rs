//! An attempt that may no longer begin: whatever there is to do before, its bytes stay here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use wirereport_actors::ports::channel::{Channel, Fence};
use wirereport_actors::wire::post::{Operation, Outcome};

use super::setup::{follow_up, frozen, post, told};
use super::{bluesky, discord, mastodon, slack, telegram, x};
use crate::book;
use crate::stand_in::Platforms;

const LATE: &str = "it was too late to send it";

fn channels(stand_in: &Platforms) -> [(&'static str, Box<dyn Channel>); 7] {
    [
        ("x", Box::new(x::channel_to(stand_in))),
        ("telegram", Box::new(telegram::channel_to(stand_in))),
        ("bluesky", Box::new(bluesky::channel_to(stand_in))),
        ("mastodon", Box::new(mastodon::channel_to(stand_in))),
        ("discord", Box::new(discord::bot_to(stand_in))),
        ("discord_webhook", Box::new(discord::webhook_to(stand_in))),
        ("slack", Box::new(slack::channel_to(stand_in))),
    ]
}

fn not_sent() -> Outcome {
    Outcome::NotSent { reason: LATE.to_owned(), retry_at: book::second(5) }
}

#[tokio::test]
async fn nothing_leaves_once_the_fence_has_fallen_over_a_new_connection_or_an_old_one() {
    let stand_in = Platforms::start().await;
    for (number, (name, channel)) in (1..).zip(channels(&stand_in)) {
        let holds = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&holds);
        let fence = Fence::new(move || asked.load(Ordering::SeqCst));
        let send = async |post| channel.send(&post, &frozen(&*channel, &post), book::second(5), &fence).await;
        let seen = stand_in.seen_writes();

        assert_eq!(send(post(number)).await, not_sent(), "{name}, over a new connection");
        assert_eq!(stand_in.seen_writes(), seen, "{name}");
        holds.store(true, Ordering::SeqCst);
        let told = send(post(number)).await;
        assert!(matches!(told, Outcome::Sent { .. }), "{name}: {told:?}");
        holds.store(false, Ordering::SeqCst);
        assert_eq!(send(post(number + 10)).await, not_sent(), "{name}, over the same connection");
        assert_eq!(stand_in.seen_writes(), seen + 1, "{name}");
    }
    assert_eq!(stand_in.texts().len(), 7);
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn what_stands_there_is_neither_changed_nor_taken_back_too_late() {
    let stand_in = Platforms::start().await;
    for (number, (name, channel)) in (1..).zip(channels(&stand_in)) {
        let first = post(number);
        let remote = told(&*channel, &first).await;
        let (seen, texts) = (stand_in.seen_writes(), stand_in.texts());
        for operation in [Operation::Edit, Operation::Delete] {
            let change = follow_up(&first, operation, &remote);
            let fallen = Fence::new(|| false);
            let outcome = channel.send(&change, &frozen(&*channel, &change), book::second(5), &fallen).await;
            assert_eq!(outcome, not_sent(), "{name}, {operation:?}");
        }
        assert_eq!((stand_in.seen_writes(), stand_in.texts()), (seen, texts), "{name}");
    }
}
