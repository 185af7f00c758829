use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use wirereport::channels::webhook::WebhookSettings;
use wirereport_actors::ports::channel::{Channel, Fence, Idempotency};
use wirereport_actors::wire::post::{Earlier, Operation, Outcome, Post, Remote};

use super::setup::{SECRET, channel_to, frozen, impatient_channel_to, open, post, send, settings};
use crate::book::{revision, second};
use crate::support::receiver::{Behaviour, Receiver};

async fn answered(behaviour: Behaviour) -> (Outcome, Receiver) {
    let receiver = Receiver::start(SECRET).await;
    receiver.script([behaviour]);
    let outcome = send(&channel_to(&receiver)).await;
    assert_eq!(receiver.complaints(), [""; 0]);
    (outcome, receiver)
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::NotSent { reason, .. } | Outcome::Refused { reason } | Outcome::Unknown { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_accepted_post_is_sent_as_its_webhook_id() {
    for behaviour in [Behaviour::Accept, Behaviour::Slow(Duration::from_millis(50))] {
        let (outcome, receiver) = answered(behaviour).await;
        let accepted = receiver.accepted();
        let frozen = frozen(&channel_to(&receiver));
        assert_eq!(outcome, Outcome::Sent { remote: Remote { id: frozen.key.clone(), url: None } });
        assert_eq!((&accepted[0].key, &accepted[0].body), (&frozen.key, &frozen.body));
    }
}

#[tokio::test]
async fn a_post_says_its_length_and_stays_here_when_it_is_too_late() {
    let receiver = Receiver::start(SECRET).await;
    let channel = channel_to(&receiver);
    let fallen = Fence::new(|| false);
    let outcome = channel.send(&post(), &frozen(&channel), second(5), &fallen).await;
    assert_eq!(reason(&outcome), "it was too late to send it");
    assert!(matches!(outcome, Outcome::NotSent { .. }));
    assert_eq!(receiver.seen(), 0);
    assert!(matches!(send(&channel).await, Outcome::Sent { .. }));
    assert_eq!((receiver.seen(), receiver.complaints()), (1, vec![]));
}

#[tokio::test]
async fn the_same_post_is_the_same_bytes_and_id_each_time_and_taken_once() {
    let receiver = Receiver::start(SECRET).await;
    let channel = channel_to(&receiver);
    for _ in 0..3 {
        assert!(matches!(send(&channel).await, Outcome::Sent { .. }));
    }
    assert_eq!((receiver.accepted().len(), receiver.repeats()), (1, 2));
    assert_eq!(receiver.complaints(), [""; 0]);
}

#[tokio::test]
async fn the_body_says_what_was_told_and_what_it_corrects() {
    let receiver = Receiver::start(SECRET).await;
    let channel = channel_to(&receiver);
    let told = post();
    let remote = Some(Remote { id: frozen(&channel).key, url: None });
    let earlier = revision(2, &told).earlier.map(|earlier| Earlier { remote, ..earlier });
    let corrected = Post { earlier, ..revision(2, &told) };
    let withdrawn = Post { operation: Operation::Delete, ..corrected.clone() };
    let bodies = [told, corrected, withdrawn].map(|post| {
        let body = channel.render(&post).unwrap().body;
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    });
    insta::assert_json_snapshot!(bodies);
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    for status in [429, 503] {
        let (outcome, receiver) = answered(Behaviour::NotBefore(status, 30)).await;
        let (Outcome::NotSent { retry_at, .. } | Outcome::Halted { retry_at, .. }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(retry_at, second(35));
        assert_eq!(receiver.accepted(), []);
    }
}

#[tokio::test]
async fn what_cannot_be_mended_by_waiting_is_refused() {
    for status in [400, 405, 413, 422] {
        let (outcome, _receiver) = answered(Behaviour::Answer(status)).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{status}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_receiver_that_would_take_nothing_halts_the_channel() {
    let mut lines = Vec::new();
    for status in [401, 402, 403, 404, 407, 410, 429] {
        let (outcome, receiver) = answered(Behaviour::Answer(status)).await;
        let Outcome::Halted { halt, reason, retry_at } = outcome else { panic!("{status}: {outcome:?}") };
        lines.push(format!(
            "{halt}, again after {} s: {reason}",
            retry_at.duration_since(second(5)).as_secs()
        ));
        assert_eq!(receiver.accepted(), []);
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 307, 308] {
        let (outcome, receiver) = answered(Behaviour::Answer(status)).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{status}: {outcome:?}");
        assert_eq!(receiver.accepted(), []);
    }
}

#[tokio::test]
async fn an_error_of_the_receiver_leaves_open_whether_it_accepted() {
    for (behaviour, accepted) in [(Behaviour::AcceptThenFail, 1), (Behaviour::Answer(500), 0)] {
        let (outcome, receiver) = answered(behaviour).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        assert_eq!(receiver.accepted().len(), accepted);
    }
}

#[tokio::test]
async fn a_reset_after_the_request_leaves_open_whether_it_was_accepted() {
    for (behaviour, accepted) in [(Behaviour::AcceptThenReset, 1), (Behaviour::Reset, 0)] {
        let (outcome, receiver) = answered(behaviour).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        assert_eq!(
            (receiver.accepted().len(), receiver.repeats()),
            (accepted, 0),
            "one attempt is one request"
        );
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let receiver = Receiver::start(SECRET).await;
    receiver.script([Behaviour::AcceptThenHang]);
    let channel = impatient_channel_to(&receiver);
    let outcome = send(&channel).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    receiver.requests(1).await;
    assert_eq!(receiver.distinct_keys().len(), 1);
    receiver.release();
    assert!(matches!(send(&channel).await, Outcome::Sent { .. }));
    assert_eq!(receiver.repeats(), 1);
}

#[tokio::test]
async fn where_no_connection_comes_about_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let receiver = Receiver::start(SECRET).await;
    let nobody = format!("http://{address}/hook?token=hunter2");
    let no_name = "https://receiver.invalid/hook?token=hunter2".to_owned();
    let no_tls = format!("{}?token=hunter2", receiver.url().replace("http://", "https://"));
    for url in [nobody, no_name, no_tls] {
        let outcome = send(&open(settings(&url)).unwrap()).await;
        assert!(matches!(outcome, Outcome::NotSent { .. }), "{url}: {outcome:?}");
        assert!(!reason(&outcome).contains("hunter2"), "{outcome:?}");
    }
    assert_eq!(receiver.accepted(), []);
}

#[tokio::test]
async fn a_post_signed_with_another_secret_is_not_taken() {
    let receiver = Receiver::start(SECRET).await;
    let other = SecretString::from(SECRET.replace("AAEC", "BAEC"));
    let channel = open(WebhookSettings { secret: other, ..settings(&receiver.url()) }).unwrap();
    send(&channel).await;
    assert_eq!(receiver.accepted(), []);
    assert_eq!(receiver.complaints().len(), 1);
}

#[test]
fn a_webhook_says_for_how_long_its_receiver_remembers() {
    let idempotency = Idempotency::For(Duration::from_secs(600));
    let settings = WebhookSettings { idempotency, ..settings("https://example.com/hook") };
    let capabilities = open(settings).unwrap().capabilities();
    assert_eq!(capabilities.idempotency, idempotency);
}

#[test]
fn a_webhook_that_cannot_work_or_would_leak_is_refused_with_what_to_do() {
    let refused = |url: &str, secret: &str| {
        let settings = WebhookSettings { secret: SecretString::from(secret), ..settings(url) };
        open(settings).unwrap_err().to_string()
    };
    let url = "https://example.com/hook?token=hunter2";
    let errors = [
        refused("http://example.com/hook?token=hunter2", SECRET),
        refused("example.com/hook", SECRET),
        refused("ftp://example.com/hook?token=hunter2", SECRET),
        refused(url, "hunter2"),
        refused(url, "whsec_hunter2"),
        refused(url, "whsec_aHVudGVyMg=="),
    ];
    assert!(errors.iter().all(|error| !error.contains("hunter2")));
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn plain_http_is_for_this_machine_unless_it_is_allowed() {
    for url in ["http://localhost:1/", "http://127.0.0.2/", "http://[::1]:8080/"] {
        assert!(open(settings(url)).is_ok(), "{url}");
    }
    for url in ["http://localhost.example.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1/"] {
        assert!(open(settings(url)).is_err(), "{url}");
        let allowed = WebhookSettings { allow_http: true, ..settings(url) };
        assert!(open(allowed).is_ok(), "{url}");
    }
}

#[test]
fn a_webhook_does_not_show_its_secrets() {
    let channel = open(settings("https://example.com/hook?token=hunter2")).unwrap();
    assert_eq!(format!("{channel:?}"), "WebhookChannel { host: Some(\"example.com\"), .. }");
}
