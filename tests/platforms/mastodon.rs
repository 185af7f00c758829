use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use wirereport::channels::Notebook;
use wirereport::channels::mastodon::{MastodonChannel, MastodonSettings};
use wirereport_actors::ports::channel::{Channel, Idempotency, Reconciled};
use wirereport_actors::wire::post::{Operation, Outcome, Post};

use super::setup::{ATTEMPT_WITHIN, Today, follow_up, frozen, gist, post, recorded_lines, send, told};
use crate::book;
use crate::stand_in::mastodon::TOKEN;
use crate::stand_in::{Platform, Platforms, Trouble};

pub(super) fn settings(server: &str) -> MastodonSettings {
    MastodonSettings {
        server: server.to_owned(),
        token: SecretString::from(TOKEN),
        visibility: "public",
        language: "en".to_owned(),
        read_back_after: wirereport::channels::mastodon::SHOWN_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    }
}

pub(super) fn open(stand_in: &Platforms, notebook: Notebook) -> MastodonChannel {
    MastodonChannel::new(settings(&stand_in.url(Platform::Mastodon)), notebook, Arc::new(Today)).unwrap()
}

pub(super) fn channel_to(stand_in: &Platforms) -> MastodonChannel {
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
async fn a_post_is_a_status_and_a_repeat_within_the_hour_is_the_same_one() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    assert_eq!(channel.capabilities().idempotency, Idempotency::For(Duration::from_secs(3600)));
    let remote = told(&channel, &post(1)).await;
    assert_eq!(told(&channel, &post(1)).await, remote);
    assert_eq!((stand_in.texts(), stand_in.journal().repeats), (vec![post(1).text], 1));
    assert!(remote.url.unwrap().ends_with(&remote.id));
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_correction_edits_its_status_and_a_withdrawal_deletes_it() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    let edit = follow_up(&post(1), Operation::Edit, &remote);
    for _ in 0..2 {
        assert_eq!(told(&channel, &edit).await, remote);
    }
    assert_eq!((stand_in.texts(), stand_in.told()[0].edits), (vec![edit.text], 1));
    told(&channel, &follow_up(&post(1), Operation::Reply, &remote)).await;
    assert_eq!(stand_in.told()[1].reply_to, Some(remote.id.clone()));
    for _ in 0..2 {
        told(&channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
    }
    assert_eq!(stand_in.told().len(), 1);
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let said = |status, error: &str| Trouble::Answer(status, format!("{{\"error\":\"{error}\"}}"));
    let mut lines = Vec::new();
    for trouble in [
        Trouble::Limit(120),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenGarble,
        said(403, "This action is outside the authorized scopes"),
        said(404, "Record not found"),
        said(422, "Validation failed: Text character limit of 500 exceeded"),
        Trouble::Answer(503, "<html>Service Unavailable</html>".to_owned()),
    ] {
        let (outcome, _stand_in) = answered(trouble).await;
        lines.push(gist(&outcome));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_repeat_that_is_answered_with_an_error_is_found_instead() {
    let (outcome, stand_in) = answered(Trouble::AcceptThenReset).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    stand_in.journal().mastodon.fails_on_repeats = true;
    let again = Post { in_doubt: true, attempt: 2, ..post(1) };
    let remote = told(&channel_to(&stand_in), &again).await;
    assert_eq!(remote.id, stand_in.told()[0].id);
    assert_eq!(stand_in.journal().repeats, 0, "it is looked for before it is sent again");
}

#[tokio::test]
async fn a_post_in_doubt_that_is_not_there_is_sent_under_its_key() {
    let (_, stand_in) = answered(Trouble::Reset).await;
    told(&channel_to(&stand_in), &Post { in_doubt: true, attempt: 2, ..post(1) }).await;
    assert_eq!(stand_in.texts(), [post(1).text]);
}

#[tokio::test]
async fn after_the_hour_the_accounts_statuses_are_read() {
    let (_, stand_in) = answered(Trouble::AcceptThenFail).await;
    stand_in.journal().mastodon.forget_keys();
    let channel = channel_to(&stand_in);
    let look = async |post: &Post| channel.reconcile(post, &frozen(&channel, post), book::second(4000)).await;
    assert!(matches!(look(&post(1)).await, Reconciled::Found(_)));
    assert_eq!(look(&post(2)).await, Reconciled::Absent);
    let signs = Post { text: "Brighton & Hove <3 \"0-0\"".to_owned(), ..post(3) };
    let remote = told(&channel, &signs).await;
    assert_eq!(look(&signs).await, Reconciled::Found(remote));

    for number in 0..45 {
        stand_in.journal().slip_in(&format!("status {number}"));
    }
    assert!(matches!(look(&post(1)).await, Reconciled::Found(_)), "on the second page");
    for number in 0..90 {
        stand_in.journal().slip_in(&format!("another status {number}"));
    }
    assert!(matches!(look(&post(1)).await, Reconciled::CannotTell { .. }));
    stand_in.journal().unreadable = true;
    assert!(matches!(look(&post(1)).await, Reconciled::CannotTell { .. }));
}

#[tokio::test]
async fn how_long_a_status_may_be_is_the_servers_own_figure_and_kept() {
    let stand_in = Platforms::start().await;
    stand_in.journal().mastodon.max_characters = 5000;
    let folder = tempfile::tempdir().unwrap();
    let notebook = || Notebook::at(folder.path().join("mastodon.json"));
    let channel = open(&stand_in, notebook());
    assert_eq!(channel.capabilities().limits.max, 500, "the usual figure, until the server was asked");
    told(&channel, &post(1)).await;
    assert_eq!(channel.capabilities().limits.max, 5000);
    assert_eq!(open(&stand_in, notebook()).capabilities().limits.max, 5000);
    let asked = stand_in.journal().reads;
    told(&channel, &post(2)).await;
    assert_eq!(stand_in.journal().reads, asked, "it is asked once a day");
}

/// The JSON bodies and the headers of a cassette's answers.
fn cassette(path: &str) -> Option<(Vec<Value>, Vec<String>)> {
    let lines = recorded_lines(path)?;
    let text = lines.join("\n");
    let bodies = text.split("string: '").skip(1).map(|rest| {
        let folded = rest.split("'\n").next().unwrap_or_default();
        let body: Vec<&str> = folded.split('\n').map(str::trim).collect();
        serde_json::from_str(&body.join(" ").replace("''", "'")).unwrap()
    });
    let headers = lines.iter().filter_map(|line| line.trim().strip_suffix(':'));
    Some((bodies.collect(), headers.map(str::to_owned).collect()))
}

#[tokio::test]
async fn the_stand_in_answers_as_the_recorded_server_did() {
    let Some((statuses, headers)) = cassette("mastodon/mastodonpy_test_status_post_None-public_.yaml") else {
        return;
    };
    let Some((instances, _)) = cassette("mastodon/mastodonpy_test_instance.yaml") else { return };
    let stand_in = Platforms::start().await;
    let client = wirereport::http::client(ATTEMPT_WITHIN, ATTEMPT_WITHIN).unwrap();
    let url = |path: &str| format!("{}/api/{path}", stand_in.url(Platform::Mastodon));
    let request = client.post(url("v1/statuses")).bearer_auth(TOKEN).header("idempotency-key", "a");
    let request = request.header("content-type", "application/json");
    let answer = request.body(r#"{"status":"Toot!","visibility":"public"}"#).send().await.unwrap();
    for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
        assert!(answer.headers().contains_key(name) && headers.contains(&name.to_owned()), "{name}");
    }
    let reset = answer.headers()["x-ratelimit-reset"].to_str().unwrap();
    assert!(reset.parse::<jiff::Timestamp>().is_ok());
    let made: Value = answer.json().await.unwrap();
    for (member, _) in made.as_object().unwrap() {
        assert!(statuses[0].get(member).is_some(), "{member}");
    }
    assert_eq!(made["content"], statuses[0]["content"]);
    let max = |instance: &Value| instance["configuration"]["statuses"].clone();
    let instance: Value = client.get(url("v2/instance")).send().await.unwrap().json().await.unwrap();
    assert_eq!(max(&instance), max(&instances[0]));
}
