//! The ledger in memory and the one on disk, driven by the same random calls, must never differ.

use proptest::prelude::*;
use wirereport_actors::memory::MemoryLedger;
use wirereport_actors::ports::conformance::fixtures::*;
use wirereport_actors::ports::ledger::{
    Drafts, End, Ledger, LedgerError, PostFilter, Settle, StoryFilter, Switches,
};
use wirereport_actors::wire::post::{ChannelName, Epoch, Outcome, PostId, PostState};

use crate::fresh;

#[derive(Debug, Clone)]
enum Call {
    Mint,
    Poll { behind: u64, story: u32, revision: u32, told: bool },
    Draft { story: u32, revision: u32, approved: bool },
    Arm { behind: u64, post: i64 },
    Settle { behind: u64, post: i64, attempt: u32, outcome: Outcome, looked_up: bool },
    End { post: i64, end: End },
    Retry { post: i64 },
    Approve { post: i64 },
    Discard { post: i64 },
    Resolve { post: i64, found: bool },
    Stop { stopped: bool },
    Prune { before: i64 },
}

fn calls() -> impl Strategy<Value = Call> {
    let behind = || prop_oneof![5 => Just(0u64), 1 => Just(1u64)];
    let post = || 1..6i64;
    let (story, revision) = (|| 1..4u32, || 1..4u32);
    let outcome =
        prop_oneof![Just(sent()), Just(not_sent()), Just(refused()), Just(again()), Just(unknown())];
    let end = prop_oneof![Just(End::Expired), Just(End::Superseded), Just(End::Failed), Just(End::Unknown)];
    prop_oneof![
        1 => Just(Call::Mint),
        6 => (behind(), story(), revision(), prop::bool::weighted(0.8))
            .prop_map(|(behind, story, revision, told)| Call::Poll { behind, story, revision, told }),
        6 => (story(), revision(), prop::bool::weighted(0.8))
            .prop_map(|(story, revision, approved)| Call::Draft { story, revision, approved }),
        8 => (behind(), post()).prop_map(|(behind, post)| Call::Arm { behind, post }),
        8 => (behind(), post(), 1..4u32, outcome, any::<bool>())
            .prop_map(|(behind, post, attempt, outcome, looked_up)| Call::Settle {
                behind, post, attempt, outcome, looked_up
            }),
        2 => (post(), end).prop_map(|(post, end)| Call::End { post, end }),
        2 => post().prop_map(|post| Call::Retry { post }),
        2 => post().prop_map(|post| Call::Approve { post }),
        1 => post().prop_map(|post| Call::Discard { post }),
        2 => (post(), any::<bool>()).prop_map(|(post, found)| Call::Resolve { post, found }),
        1 => prop::bool::weighted(0.3).prop_map(|stopped| Call::Stop { stopped }),
        1 => (10..60i64).prop_map(|before| Call::Prune { before }),
    ]
}

/// Makes the call; its answer as text, so that answers of every kind can be compared.
async fn answer<L: Ledger>(ledger: &L, call: Call, newest: u64) -> String {
    let epoch = |behind: u64| Epoch(newest.saturating_sub(behind));
    match call {
        Call::Mint => shown(&ledger.mint_epoch("a", at(0)).await),
        Call::Poll { behind, story, revision: of, told } => {
            let story = revision(story, of);
            let story = if told { story } else { untold(story) };
            shown(&ledger.record_poll(&poll(epoch(behind), 15, vec![story])).await)
        }
        Call::Draft { story, revision, approved } => {
            let state = if approved { PostState::Pending } else { PostState::AwaitingApproval };
            let other = ChannelName("other".to_owned());
            let posts = vec![new_post(&channel(), state), new_post(&other, PostState::Pending)];
            shown(&ledger.record_drafts(&Drafts { posts, ..drafts(story, revision) }).await)
        }
        Call::Arm { behind, post } => {
            shown(&ledger.arm(PostId(post), &frozen(), &arm(epoch(behind), 30)).await)
        }
        Call::Settle { behind, post, attempt, outcome, looked_up } => {
            let settle = Settle {
                post: PostId(post),
                attempt,
                epoch: epoch(behind),
                outcome,
                counts: true,
                looked_up,
                at: at(31),
            };
            shown(&ledger.settle(&settle).await)
        }
        Call::End { post, end } => shown(&ledger.end_post(PostId(post), end, "a reason", at(40)).await),
        Call::Retry { post } => shown(&ledger.retry_post(PostId(post), at(900), at(41)).await),
        Call::Approve { post } => shown(&ledger.approve_post(PostId(post), at(42)).await),
        Call::Discard { post } => shown(&ledger.discard_post(PostId(post), at(43)).await),
        Call::Resolve { post, found } => {
            shown(&ledger.resolve_post(PostId(post), found.then(remote), at(44)).await)
        }
        Call::Stop { stopped } => {
            let switches = Switches { publishing_stopped: stopped.then(|| at(5)), paused: Vec::new() };
            shown(&ledger.set_switches(&switches).await)
        }
        Call::Prune { before } => shown(&ledger.prune(at(before)).await),
    }
}

fn shown<T: std::fmt::Debug>(result: &Result<T, LedgerError>) -> String {
    format!("{result:?}")
}

/// Everything that can be read.
async fn contents<L: Ledger>(ledger: &L) -> String {
    let mut contents = Vec::new();
    let posts = ledger.posts(&PostFilter { limit: 99, ..PostFilter::default() }).await.unwrap();
    for post in &posts {
        contents.push(shown(&ledger.post(post.id).await));
    }
    contents.push(format!("{posts:?}"));
    contents.push(shown(&ledger.open_posts(&channel()).await));
    contents.push(shown(&ledger.stories(&StoryFilter { limit: 99, ..StoryFilter::default() }).await));
    contents.push(shown(&ledger.unwritten_stories(99).await));
    contents.push(shown(&ledger.backlog().await));
    contents.push(shown(&ledger.switches().await));
    contents.push(shown(&ledger.current_epoch().await));
    contents.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_in_memory_and_the_one_on_disk_never_differ(
        calls in prop::collection::vec(calls(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (disk, _dir) = fresh();
            let memory = MemoryLedger::new();
            let mut newest = 0;
            for call in std::iter::once(Call::Mint).chain(calls) {
                newest += u64::from(matches!(call, Call::Mint));
                let expected = answer(&memory, call.clone(), newest).await;
                let found = answer(&disk, call.clone(), newest).await;
                prop_assert_eq!(found, expected, "{:?}", call);
            }
            prop_assert_eq!(contents(&disk).await, contents(&memory).await);
            Ok(())
        })?;
    }
}
