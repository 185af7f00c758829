use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Value, json};
use wirereport::channels::Notebook;
use wirereport::channels::bluesky::{BlueskyChannel, BlueskySettings};
use wirereport_actors::ports::channel::{Channel, Corrections, Fence, Reconciled};
use wirereport_actors::wire::post::{Operation, Outcome, Post};

use super::setup::{ATTEMPT_WITHIN, Today, follow_up, frozen, gist, post, recorded, send, told};
use crate::book;
use crate::stand_in::bluesky::{DID, HANDLE, PASSWORD};
use crate::stand_in::{Platform, Platforms, Trouble};

pub(super) fn settings(service: &str) -> BlueskySettings {
    BlueskySettings {
        service: service.to_owned(),
        account: HANDLE.to_owned(),
        app_password: SecretString::from(PASSWORD),
        language: "en".to_owned(),
        in_flight: 4,
        read_back_after: wirereport::channels::bluesky::SHOWN_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    }
}

pub(super) fn open(stand_in: &Platforms, notebook: Notebook) -> BlueskyChannel {
    BlueskyChannel::new(settings(&stand_in.url(Platform::Bluesky)), notebook, Arc::new(Today)).unwrap()
}

pub(super) fn channel_to(stand_in: &Platforms) -> BlueskyChannel {
    open(stand_in, Notebook::forgetful())
}

async fn answered(trouble: Trouble) -> (Outcome, Platforms) {
    let stand_in = Platforms::start().await;
    stand_in.script([trouble]);
    let outcome = send(&channel_to(&stand_in), &post(1)).await;
    assert_eq!(stand_in.complaints(), [""; 0]);
    (outcome, stand_in)
}

#[tokio::test]
async fn a_post_is_a_record_under_a_key_of_its_own_and_is_put_once_however_often_it_is_sent() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    for _ in 0..3 {
        assert_eq!(told(&channel, &post(1)).await, remote);
    }
    let key = frozen(&channel, &post(1)).key;
    assert_eq!((stand_in.texts(), stand_in.journal().repeats), (vec![post(1).text], 3));
    assert!(remote.id.starts_with(&format!("at://{DID}/app.bsky.feed.post/{key} bafyrei")), "{}", remote.id);
    assert_eq!(remote.url, Some(format!("https://bsky.app/profile/{DID}/post/{key}")));
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn hashtags_and_links_are_marked_by_their_bytes() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let text = "Bodø/Glimt 2-1 👏🏽 #UCL https://example.org/a".to_owned();
    let marked = Post { text, ..post(1) };
    told(&channel, &marked).await;
    let record = stand_in.journal().pds.record(&frozen(&channel, &marked).key).cloned().unwrap();
    insta::assert_json_snapshot!(record);
}

#[tokio::test]
async fn a_correction_answers_what_it_corrects_and_keeps_to_its_thread() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    assert_eq!(channel.capabilities().corrections, Corrections::Reply);
    let first = told(&channel, &post(1)).await;
    let second = told(&channel, &follow_up(&post(1), Operation::Reply, &first)).await;
    let third = Post { revision: 3, ..follow_up(&post(2), Operation::Reply, &second) };
    told(&channel, &third).await;
    let replies: Vec<Option<String>> = stand_in.told().into_iter().map(|told| told.reply_to).collect();
    let uri = |id: &str| id.split(' ').next().map(str::to_owned);
    assert_eq!(replies, [None, uri(&first.id), uri(&second.id)]);
    let record: Value = serde_json::from_str(&frozen(&channel, &third).body).unwrap();
    assert_eq!(record["reply"]["root"]["uri"], uri(&first.id).unwrap());
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_withdrawal_deletes_the_record_as_often_as_it_is_sent() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    for _ in 0..2 {
        told(&channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
    }
    assert_eq!(stand_in.texts(), [""; 0]);
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let said = |status, error: &str| {
        Trouble::Answer(status, format!("{{\"error\":\"{error}\",\"message\":\"in other words\"}}"))
    };
    let mut lines = Vec::new();
    for trouble in [
        Trouble::Limit(90),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenFail,
        Trouble::AcceptThenGarble,
        Trouble::AcceptThenReset,
        said(400, "ExpiredToken"),
        said(400, "AccountTakedown"),
        said(400, "InvalidSwap"),
        said(400, "InvalidRequest"),
        Trouble::Answer(502, "<html>Bad Gateway</html>".to_owned()),
    ] {
        let (outcome, _stand_in) = answered(trouble).await;
        lines.push(gist(&outcome));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn another_record_under_the_key_is_never_overwritten() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    told(&channel, &post(1)).await;
    let key = frozen(&channel, &post(1)).key;
    let other = wirereport_actors::wire::post::Frozen { key, ..frozen(&channel, &post(2)) };
    let outcome = channel.send(&post(2), &other, book::second(5), &Fence::of_nobody_else()).await;
    assert!(matches!(outcome, Outcome::Refused { .. }), "{outcome:?}");
    assert_eq!(stand_in.texts(), [post(1).text]);
}

/// How often somebody signed in, and how often a session was renewed.
fn signed_in(stand_in: &Platforms) -> (usize, usize) {
    let journal = stand_in.journal();
    (journal.pds.sign_ins, journal.pds.renewals)
}

#[tokio::test]
async fn a_session_is_kept_over_a_restart_and_renewed_when_it_ends() {
    let stand_in = Platforms::start().await;
    let folder = tempfile::tempdir().unwrap();
    let notebook = || Notebook::at(folder.path().join("bluesky.json"));
    told(&open(&stand_in, notebook()), &post(1)).await;
    let channel = open(&stand_in, notebook());
    told(&channel, &post(2)).await;
    assert_eq!(signed_in(&stand_in), (1, 0));

    stand_in.journal().pds.expire();
    let ended = send(&channel, &post(3)).await;
    assert!(
        matches!(ended, Outcome::NotSent { .. }),
        "an expired token is a 400, and nothing was sent: {ended:?}"
    );
    told(&channel, &post(3)).await;
    assert_eq!(signed_in(&stand_in), (1, 1));
    let kept = std::fs::read_to_string(folder.path().join("bluesky.json")).unwrap();
    assert!(!kept.contains(PASSWORD));
}

#[tokio::test]
async fn an_account_that_is_not_let_in_is_told_without_its_password() {
    let stand_in = Platforms::start().await;
    let wrong = BlueskySettings {
        app_password: SecretString::from("hunter2-hunter2"),
        ..settings(&stand_in.url(Platform::Bluesky))
    };
    let channel = BlueskyChannel::new(wrong, Notebook::forgetful(), Arc::new(Today)).unwrap();
    let denied = send(&channel, &post(1)).await;
    stand_in.journal().unreadable = true;
    let down = send(&channel_to(&stand_in), &post(1)).await;
    let shown = [gist(&denied), gist(&down), format!("{channel:?}")].join("\n");
    assert!(!shown.contains("hunter2"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_record_can_be_looked_up() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let frozen = frozen(&channel, &post(1));
    let look = async || channel.reconcile(&post(1), &frozen, book::second(9)).await;
    assert_eq!(look().await, Reconciled::Absent);
    let remote = told(&channel, &post(1)).await;
    assert_eq!(look().await, Reconciled::Found(remote));
    stand_in.journal().unreadable = true;
    assert!(matches!(look().await, Reconciled::CannotTell { .. }));
}

#[test]
fn a_key_is_of_the_form_that_the_protocol_wants() {
    let Some(valid) = super::setup::recorded_lines("bluesky/tid_syntax_valid.txt") else { return };
    let Some(invalid) = super::setup::recorded_lines("bluesky/tid_syntax_invalid.txt") else { return };
    let is_tid = |key: &str| {
        let digits = "234567abcdefghijklmnopqrstuvwxyz";
        key.len() == 13
            && key.starts_with(|c| digits[..16].contains(c))
            && key.chars().all(|c| digits.contains(c))
    };
    assert!(valid.iter().all(|key| is_tid(key)) && !invalid.iter().any(|key| is_tid(key)));
    let channel = BlueskyChannel::new(
        settings(wirereport::channels::bluesky::SERVICE),
        Notebook::forgetful(),
        Arc::new(Today),
    );
    let channel = channel.unwrap();
    assert!((0..500).all(|number| is_tid(&frozen(&channel, &post(number)).key)));
}

#[test]
fn a_record_has_only_members_of_the_lexicon() {
    let Some(lexicon) = recorded("bluesky/lexicon_app.bsky.feed.post.json") else { return };
    let known = &lexicon["defs"]["main"]["record"]["properties"];
    let service = wirereport::channels::bluesky::SERVICE;
    let channel = BlueskyChannel::new(settings(service), Notebook::forgetful(), Arc::new(Today)).unwrap();
    let remote =
        wirereport_actors::wire::post::Remote { id: "at://did:plc:a/c/k bafy1".to_owned(), url: None };
    let reply =
        Post { text: "Correction: #UCL".to_owned(), ..follow_up(&post(1), Operation::Reply, &remote) };
    let record: Value = serde_json::from_str(&frozen(&channel, &reply).body).unwrap();
    for (member, _) in record.as_object().unwrap() {
        assert!(member == "$type" || known.get(member).is_some(), "{member}");
    }
    assert_eq!(lexicon["defs"]["main"]["key"], "tid");
    let limits = channel.capabilities().limits;
    assert_eq!(json!(limits.max), known["text"]["maxGraphemes"]);
    assert_eq!(json!(limits.max * 10), known["text"]["maxLength"]);
}
