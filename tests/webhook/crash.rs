//! The whole of publishing to a real receiver that loses, resets and fails, with a death before and after every step.

use std::time::Duration;

use wirereport_actors::wire::outbox::Retry;
use wirereport_actors::wire::post::{Post, PostState};

use super::setup::{SECRET, channel_to};
use crate::book::{self, Book, revision, second};
use crate::press::{Life, World};
use crate::support::receiver::{Behaviour, Receiver};

const TROUBLE: [&[Behaviour]; 3] = [
    &[],
    &[Behaviour::AcceptThenReset, Behaviour::Reset, Behaviour::AcceptThenFail, Behaviour::Answer(502)],
    &[Behaviour::NotBefore(429, 7), Behaviour::Accept, Behaviour::Reset, Behaviour::AcceptThenReset],
];

fn posts() -> Vec<Post> {
    let told = book::post(1, "a");
    vec![told.clone(), book::post(2, "a"), book::post(3, "b"), revision(4, &told), book::post(5, "b")]
}

/// Publishes everything, dying after so many actions, then again after half as many, and returns the posts.
async fn publish(receiver: &Receiver, actions: usize) -> Vec<Post> {
    let channel = channel_to(receiver);
    let (book, retry) = (Book::new(posts()), Retry::default());
    let mut world = World { book, channel: &channel, now: second(1), retry, ghosts: Vec::new() };
    for (epoch, actions) in [(1, actions), (2, actions / 2), (3, usize::MAX)] {
        let mut life = Life::new(&mut world, epoch, epoch == 2, actions);
        let finished = life.run().await.is_ok();
        let cut_off = life.unsent().to_vec();
        if finished {
            break;
        }
        if epoch == 2 {
            let late = |post: &Post| post.arm.unwrap().send_before;
            world.ghosts = cut_off.into_iter().map(|(post, frozen)| (late(&post), post, frozen)).collect();
        }
        world.now = world.now.checked_add(Duration::from_secs(1)).unwrap();
    }
    world.book.posts()
}

#[tokio::test]
async fn a_real_receiver_gets_everything_exactly_once_and_in_order_wherever_we_die() {
    for trouble in TROUBLE {
        for actions in 0..40 {
            let receiver = Receiver::start(SECRET).await;
            receiver.script(trouble.iter().cloned());
            let posts = publish(&receiver, actions).await;
            assert_eq!(receiver.complaints(), [""; 0]);
            assert_told_once_in_order(&receiver, &posts);
        }
    }
}

fn assert_told_once_in_order(receiver: &Receiver, posts: &[Post]) {
    let accepted: Vec<_> = receiver.accepted().into_iter().map(|accepted| accepted.key).collect();
    assert_eq!(accepted.len(), receiver.distinct_keys().len());
    let place = |post: &Post| accepted.iter().position(|key| *key == post.frozen.as_ref().unwrap().key);
    for game in ["a", "b"] {
        let mut sent: Vec<_> = posts.iter().filter(|post| post.game.0 == game).collect();
        sent.sort_by_key(|post| post.sequence);
        sent.retain(|post| post.state != PostState::Superseded);
        assert!(sent.iter().all(|post| post.state == PostState::Sent), "{sent:?}");
        assert!(sent.iter().map(|post| place(post).unwrap()).is_sorted());
    }
    let superseded: Vec<_> = posts.iter().filter(|post| post.state == PostState::Superseded).collect();
    assert!(superseded.iter().all(|post| [1, 4].contains(&post.id.0)), "{superseded:?}");
    assert_eq!(accepted.len() + superseded.len(), posts.len());
}
