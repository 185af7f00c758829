use super::super::fixture::{attempted, plain, post, second, sent};
use super::*;

fn listed(posts: &[Post], switches: &Switches) -> String {
    let listed: Vec<ListedPost> = posts.iter().cloned().map(unhindered).collect();
    plain(&render(&listed, switches, None))
}

fn unhindered(post: Post) -> ListedPost {
    ListedPost { post, waits: None }
}

fn waiting() -> Vec<Post> {
    let held = "held: a backup was restored in which it had not been sent; it may have been since";
    let because = |mut post: Post, reason: &str| {
        post.reason = Some(reason.to_owned());
        post
    };
    let mut again = because(post(5, "newsroom", PostState::Pending), "answered HTTP 503");
    again.not_before = Some(second(130));
    vec![
        because(post(6, "feed", PostState::Pending), held),
        again,
        because(post(4, "newsroom", PostState::Unknown), "no answer within 15 s"),
        because(post(3, "feed", PostState::Expired), "too old to be told"),
        post(2, "terminal", PostState::Pending),
        post(1, "feed", PostState::Sent),
    ]
}

#[test]
fn a_list_of_posts_says_why_each_has_not_left() {
    insta::assert_snapshot!(listed(&waiting(), &Switches::default()));
}

#[test]
fn a_list_of_posts_says_what_is_held_by_a_switch() {
    let paused = vec!["publisher/terminal".to_owned()];
    insta::assert_snapshot!(listed(&waiting(), &Switches { publishing_stopped: Some(second(90)), paused }));
}

#[test]
fn a_list_of_posts_says_what_its_channel_is_held_by_and_until_when() {
    let waits = |reason: &str, until| Some(Wait { reason: reason.to_owned(), until });
    let listed = |number, waits| ListedPost { post: post(number, "x", PostState::Pending), waits };
    let posts = [
        listed(3, waits("12 posts in an hour are enough", Some(second(1_800)))),
        listed(2, waits("quiet hours", Some(second(25_200)))),
        listed(1, waits("held until post 7 is resolved", None)),
    ];
    insta::assert_snapshot!(plain(&render(&posts, &Switches::default(), None)));
}

#[test]
fn a_paused_sport_of_a_channels_name_does_not_hold_the_channel() {
    let switches = |paused: &str| Switches { paused: vec![paused.to_owned()], ..Switches::default() };
    let why = |paused: &str| why(&unhindered(post(1, "nba", PostState::Pending)), &switches(paused)).unwrap();
    assert!(!why("sports/nba").contains("paused"));
    assert!(why("publisher/nba").contains("nba is paused"));
    assert!(why("publisher").contains("the publisher is paused"));
}

#[test]
fn a_post_is_shown_with_the_place_where_readers_find_it() {
    let mut found = post(7, "newsroom", PostState::Sent);
    let outcome = sent("4711", Some("https://newsroom.example.org/4711"));
    if let Outcome::Sent { remote } = &outcome {
        found.remote = Some(remote.clone());
    }
    insta::assert_snapshot!(plain(&describe(&attempted(found, vec![Some(outcome)]))));
}
