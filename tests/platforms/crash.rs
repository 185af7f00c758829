//! The whole of publishing to stand-ins that lose, reset and fail, with a death before and after every step. A channel is
//! opened anew in every life, with nothing but its notebook.

use std::collections::BTreeMap;
use std::time::Duration;

use wirereport::channels::Notebook;
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::wire::outbox::Retry;
use wirereport_actors::wire::post::{Operation, Post, PostState};

use super::setup::told;
use super::{bluesky, discord, mastodon, slack, telegram, x};
use crate::book::{self, Book, revision, second};
use crate::press::{Life, World};
use crate::stand_in::{Platforms, Trouble};

const TROUBLE: [&[Trouble]; 3] = [
    &[],
    &[Trouble::AcceptThenReset, Trouble::Reset, Trouble::AcceptThenFail, Trouble::Fail],
    &[Trouble::Limit(7), Trouble::None, Trouble::AcceptThenGarble, Trouble::Reset, Trouble::AcceptThenReset],
];

/// How a channel is opened, and what its revisions do.
struct Account {
    open: fn(&Platforms, Notebook) -> Box<dyn Channel>,
    revisions: Operation,
}

/// Four posts of two games, and a revision of the first.
pub(super) fn posts_with(revisions: Operation) -> Vec<Post> {
    let first = book::post(1, "a");
    let correction = Post { operation: revisions, ..revision(4, &first) };
    vec![first, book::post(2, "a"), book::post(3, "b"), correction, book::post(5, "b")]
}

/// Publishes `posts` to a channel that is opened anew in every life, dying after so many actions, then again after half
/// as many, and returns them as they ended.
pub(super) async fn publish(
    posts: Vec<Post>,
    open: impl Fn() -> Box<dyn Channel>,
    actions: usize,
) -> Vec<Post> {
    let (mut book, mut now, mut ghosts) = (Book::new(posts), second(1), Vec::new());
    for (epoch, actions) in [(1, actions), (2, actions / 2), (3, usize::MAX)] {
        let channel = open();
        let retry = Retry::default();
        let mut world = World { book, channel: &*channel, now, retry, ghosts: std::mem::take(&mut ghosts) };
        let mut life = Life::new(&mut world, epoch, epoch == 2, actions);
        let finished = life.run().await.is_ok();
        if epoch == 2 {
            // This instance is cut off, not dead: what it was about to send arrives as late as it may.
            let late = |post: &Post| post.arm.unwrap().send_before;
            ghosts = life
                .unsent()
                .iter()
                .map(|(post, frozen)| (late(post), post.clone(), frozen.clone()))
                .collect();
        }
        now = world.now.checked_add(Duration::from_secs(1)).unwrap();
        book = world.book;
        if finished {
            break;
        }
    }
    book.posts()
}

impl Account {
    /// What readers see is what the book says, each once; how many it holds as unknown.
    async fn survives(&self, trouble: &[Trouble], actions: usize) -> usize {
        let stand_in = Platforms::start().await;
        let folder = tempfile::tempdir().unwrap();
        let notebook = Notebook::at(folder.path().join("account.json"));
        let greeting = book::post(90, "greeting");
        told(&*(self.open)(&stand_in, notebook.clone()), &greeting).await;
        stand_in.script(trouble.iter().cloned());
        let open = || (self.open)(&stand_in, notebook.clone());
        let posts = publish(posts_with(self.revisions), open, actions).await;
        assert_eq!(stand_in.complaints(), [""; 0]);

        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for text in stand_in.texts() {
            *seen.entry(text).or_default() += 1;
        }
        assert!(seen.values().all(|times| *times == 1), "{actions}: {seen:?}");
        assert_eq!(seen.remove(&greeting.text), Some(1));
        let edited_as = |post: &Post| {
            let by = |other: &&Post| other.earlier.as_ref().is_some_and(|earlier| earlier.id == post.id);
            posts.iter().find(by).filter(|_| self.revisions == Operation::Edit).map(|edit| edit.state)
        };
        for post in &posts {
            let seen = seen.remove(&post.text).is_some();
            match post.state {
                PostState::Sent if edited_as(post) == Some(PostState::Unknown) => {}
                PostState::Sent => {
                    assert_eq!(seen, edited_as(post) != Some(PostState::Sent), "{actions}: {post:?}");
                }
                PostState::Superseded => assert!(!seen, "{actions}: {post:?}"),
                PostState::Unknown => {}
                PostState::Pending | PostState::Expired if is_held(post) => {
                    assert!(!seen, "{actions}: {post:?}");
                }
                _ => panic!("{actions}: {post:?}"),
            }
        }
        assert!(seen.is_empty(), "{seen:?}");
        posts.iter().filter(|post| post.state == PostState::Unknown).count()
    }

    /// How many posts are held as unknown over all deaths.
    async fn unknowns(&self) -> usize {
        let mut unknowns = 0;
        for (first, trouble) in TROUBLE.into_iter().enumerate() {
            for actions in (first..40).step_by(TROUBLE.len()) {
                unknowns += self.survives(trouble, actions).await;
            }
        }
        unknowns
    }
}

/// Whether a revision waits until somebody says whether what it corrects was told.
fn is_held(post: &Post) -> bool {
    post.earlier.as_ref().is_some_and(|earlier| earlier.state == PostState::Unknown)
}

#[tokio::test]
async fn x_gets_everything_exactly_once_wherever_we_die() {
    let account =
        Account { open: |stand_in, _| Box::new(x::channel_to(stand_in)), revisions: Operation::Create };
    assert_eq!(account.unknowns().await, 0);
}

#[tokio::test]
async fn bluesky_gets_everything_exactly_once_wherever_we_die() {
    let account = Account {
        open: |stand_in, notebook| Box::new(bluesky::open(stand_in, notebook)),
        revisions: Operation::Reply,
    };
    assert_eq!(account.unknowns().await, 0);
}

#[tokio::test]
async fn mastodon_gets_everything_exactly_once_wherever_we_die() {
    let account = Account {
        open: |stand_in, notebook| Box::new(mastodon::open(stand_in, notebook)),
        revisions: Operation::Edit,
    };
    assert_eq!(account.unknowns().await, 0);
}

#[tokio::test]
async fn a_discord_bots_channel_gets_everything_exactly_once_wherever_we_die() {
    let account =
        Account { open: |stand_in, _| Box::new(discord::bot_to(stand_in)), revisions: Operation::Edit };
    assert_eq!(account.unknowns().await, 0);
}

#[tokio::test]
async fn webhooks_that_cannot_be_read_get_nothing_twice_and_what_nobody_can_tell_is_held() {
    let discord =
        Account { open: |stand_in, _| Box::new(discord::webhook_to(stand_in)), revisions: Operation::Edit };
    assert!(discord.unknowns().await > 0);
    let slack =
        Account { open: |stand_in, _| Box::new(slack::channel_to(stand_in)), revisions: Operation::Create };
    assert!(slack.unknowns().await > 0);
}

#[tokio::test]
async fn telegram_gets_everything_exactly_once_wherever_we_die() {
    let account = Account {
        open: |stand_in, notebook| Box::new(telegram::open(stand_in, notebook)),
        revisions: Operation::Edit,
    };
    assert_eq!(account.unknowns().await, 0);
}
