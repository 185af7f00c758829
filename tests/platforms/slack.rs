use secrecy::SecretString;
use wirereport::channels::slack::{SlackChannel, SlackSettings};
use wirereport_actors::ports::channel::{Channel, Corrections, Idempotency, Reconciled};
use wirereport_actors::wire::post::Post;

use super::setup::{ATTEMPT_WITHIN, frozen, gist, post, send, told};
use crate::book;
use crate::stand_in::slack::WEBHOOK;
use crate::stand_in::{Platform, Platforms, Trouble};

pub(super) fn channel_to(stand_in: &Platforms) -> SlackChannel {
    let url = SecretString::from(format!("{}/{WEBHOOK}", stand_in.url(Platform::Slack)));
    SlackChannel::new(SlackSettings { url, attempt_within: ATTEMPT_WITHIN }).unwrap()
}

#[tokio::test]
async fn a_post_is_a_message_in_which_no_sign_means_anything() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let signs = Post { text: "Brighton & Hove <!channel> *0*".to_owned(), ..post(1) };
    told(&channel, &signs).await;
    assert_eq!(stand_in.texts(), [signs.text]);
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn what_may_have_arrived_is_held() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let capabilities = channel.capabilities();
    assert_eq!((capabilities.idempotency, capabilities.reads_back), (Idempotency::None, false));
    assert_eq!(capabilities.corrections, Corrections::Create);
    let looked = channel.reconcile(&post(1), &frozen(&channel, &post(1)), book::second(9)).await;
    assert!(matches!(looked, Reconciled::CannotTell { .. }));
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let mut lines = Vec::new();
    for trouble in [
        Trouble::Limit(30),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenGarble,
        Trouble::AcceptThenReset,
        Trouble::Answer(400, "invalid_payload".to_owned()),
        Trouble::Answer(404, "no_service".to_owned()),
        Trouble::Answer(410, "channel_is_archived".to_owned()),
    ] {
        let stand_in = Platforms::start().await;
        stand_in.script([trouble]);
        lines.push(gist(&send(&channel_to(&stand_in), &post(1)).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn the_webhooks_url_is_shown_nowhere() {
    let url = SecretString::from("http://127.0.0.1:1/services/T0/B0/hunter2");
    let channel = SlackChannel::new(SlackSettings { url, attempt_within: ATTEMPT_WITHIN }).unwrap();
    let shown = format!("{channel:?} {}", gist(&send(&channel, &post(1)).await));
    assert!(!shown.contains("hunter2"), "{shown}");
    for wrong in ["https://hooks.slack.com", "http://hooks.slack.com/services/hunter2/x", "hunter2"] {
        let url = SecretString::from(wrong);
        let refused = SlackChannel::new(SlackSettings { url, attempt_within: ATTEMPT_WITHIN }).unwrap_err();
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
}
