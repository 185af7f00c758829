use std::time::Duration;

use secrecy::SecretString;
use wirereport::channels::telegram::{TelegramChannel, TelegramSettings};
use wirereport::channels::{AccountError, Notebook};
use wirereport_actors::ports::channel::{Channel, Fence, Reconciled};
use wirereport_actors::wire::post::{Operation, Outcome, Post, Remote};

use super::setup::{ATTEMPT_WITHIN, follow_up, frozen, gist, post, send, told};
use crate::book;
use crate::stand_in::telegram::{AUDIT_CHAT, CHAT, TOKEN};
use crate::stand_in::{Platform, Platforms, Trouble};

pub(super) fn settings(api: &str) -> TelegramSettings {
    TelegramSettings {
        api: api.to_owned(),
        token: SecretString::from(TOKEN),
        chat: CHAT.to_owned(),
        audit_chat: Some(AUDIT_CHAT.to_owned()),
        read_back_after: wirereport::channels::telegram::SHOWN_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    }
}

pub(super) fn open(stand_in: &Platforms, notebook: Notebook) -> TelegramChannel {
    TelegramChannel::new(settings(&stand_in.url(Platform::Telegram)), notebook).unwrap()
}

pub(super) fn channel_to(stand_in: &Platforms) -> TelegramChannel {
    open(stand_in, Notebook::forgetful())
}

async fn answered(trouble: Trouble) -> (Outcome, Platforms) {
    let stand_in = Platforms::start().await;
    stand_in.script([trouble]);
    let outcome = send(&channel_to(&stand_in), &post(1)).await;
    assert_eq!(stand_in.complaints(), [""; 0]);
    (outcome, stand_in)
}

fn said(status: u16, description: &str) -> Trouble {
    let body = format!("{{\"ok\":false,\"error_code\":{status},\"description\":\"{description}\"}}");
    Trouble::Answer(status, body)
}

#[tokio::test]
async fn a_post_is_a_message_and_its_id_leads_to_it() {
    let stand_in = Platforms::start().await;
    let remote = told(&channel_to(&stand_in), &post(1)).await;
    assert_eq!(remote, Remote { id: "1".to_owned(), url: Some("https://t.me/wire/1".to_owned()) });
    assert_eq!(stand_in.texts(), [post(1).text]);
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_correction_edits_its_message_as_often_as_it_is_sent_and_a_withdrawal_deletes_it() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    let edit = follow_up(&post(1), Operation::Edit, &remote);
    for _ in 0..2 {
        assert_eq!(told(&channel, &edit).await, remote);
    }
    assert_eq!(stand_in.texts(), [edit.text]);
    assert_eq!((stand_in.told()[0].edits, stand_in.journal().repeats), (1, 1));
    for _ in 0..2 {
        told(&channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
    }
    assert_eq!(stand_in.texts(), [""; 0]);
}

#[tokio::test]
async fn a_reply_names_its_message_and_a_revision_of_nothing_known_is_a_message_of_its_own() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let remote = told(&channel, &post(1)).await;
    told(&channel, &follow_up(&post(1), Operation::Reply, &remote)).await;
    let unknown = Remote { id: "resolved by hand".to_owned(), url: None };
    told(&channel, &follow_up(&post(1), Operation::Edit, &unknown)).await;
    let replies: Vec<_> = stand_in.told().into_iter().map(|told| told.reply_to).collect();
    assert_eq!(replies, [None, Some("1".to_owned()), None]);
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let upgraded = "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded to a supergroup \
                    chat\",\"parameters\":{\"migrate_to_chat_id\":-100222}}";
    let mut lines = Vec::new();
    for trouble in [
        Trouble::None,
        Trouble::Slow(Duration::from_millis(20)),
        Trouble::Limit(23),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenFail,
        Trouble::AcceptThenGarble,
        said(400, "Bad Request: chat not found"),
        Trouble::Answer(400, upgraded.to_owned()),
        said(400, "Bad Request: need administrator rights in the channel chat"),
        said(400, "Bad Request: message is too long"),
        said(403, "Forbidden: bot is not a member of the channel chat"),
        said(404, "Not Found"),
        Trouble::Answer(302, String::new()),
        Trouble::Answer(502, "<html>Bad Gateway</html>".to_owned()),
    ] {
        let (outcome, _stand_in) = answered(trouble.clone()).await;
        lines.push(gist(&outcome));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn a_reset_or_a_missing_answer_leaves_open_whether_it_was_accepted() {
    let silences = [
        (Trouble::AcceptThenReset, 1),
        (Trouble::Reset, 0),
        (Trouble::AcceptThenHang, 1),
        (Trouble::Hang, 0),
    ];
    for (trouble, accepted) in silences {
        let (outcome, stand_in) = answered(trouble).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        stand_in.writes(1).await;
        assert_eq!(stand_in.told().len(), accepted, "one attempt is one request");
        stand_in.release();
    }
}

#[tokio::test]
async fn the_token_is_in_no_reason_and_no_debug_form() {
    let unreachable = TelegramChannel::new(settings("http://127.0.0.1:1"), Notebook::forgetful()).unwrap();
    let outcome = send(&unreachable, &post(1)).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    let (reset, _stand_in) = answered(Trouble::Reset).await;
    let looked = unreachable.reconcile(&post(1), &frozen_after(&unreachable, 3), book::second(9)).await;
    assert!(matches!(looked, Reconciled::CannotTell { .. }), "{looked:?}");
    for shown in
        [format!("{outcome:?}"), format!("{reset:?}"), format!("{looked:?}"), format!("{unreachable:?}")]
    {
        assert!(!shown.contains("stand-in") && !shown.contains("4242"), "{shown}");
    }
}

fn frozen_after(channel: &TelegramChannel, last: i64) -> wirereport_actors::wire::post::Frozen {
    wirereport_actors::wire::post::Frozen { key: format!("after:{last}"), ..frozen(channel, &post(2)) }
}

#[tokio::test]
async fn what_became_of_an_attempt_is_found_among_the_messages_after_the_last_known_one() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    told(&channel, &post(1)).await;
    let second = frozen(&channel, &post(2));
    assert_eq!(second.key, "after:1");

    let look = async |post: &Post| channel.reconcile(post, &second, book::second(20)).await;
    assert_eq!(look(&post(2)).await, Reconciled::Absent);
    stand_in.journal().slip_in("An administrator's own message.");
    stand_in.script([Trouble::AcceptThenReset]);
    channel.send(&post(2), &second, book::second(5), &Fence::of_nobody_else()).await;
    let found = Reconciled::Found(Remote { id: "3".to_owned(), url: Some("https://t.me/wire/3".to_owned()) });
    assert_eq!(look(&post(2)).await, found);
    assert_eq!(look(&post(3)).await, Reconciled::Absent, "another text is another message");
    assert_eq!(stand_in.journal().copies, [0; 0], "copies are deleted again");
    assert_eq!(frozen(&channel, &post(3)).key, "after:3", "what was found is known from then on");
}

#[tokio::test]
async fn the_newest_message_is_known_after_a_restart() {
    let stand_in = Platforms::start().await;
    let folder = tempfile::tempdir().unwrap();
    let notebook = || Notebook::at(folder.path().join("channels/telegram.json"));
    told(&open(&stand_in, notebook()), &post(1)).await;
    assert_eq!(frozen(&open(&stand_in, notebook()), &post(2)).key, "after:1");
}

#[tokio::test]
async fn where_telegram_cannot_be_asked_it_cannot_tell() {
    let stand_in = Platforms::start().await;
    let channel = channel_to(&stand_in);
    let look = async |channel: &TelegramChannel, last| {
        let frozen = frozen_after(channel, last);
        match channel.reconcile(&post(2), &frozen, book::second(20)).await {
            Reconciled::CannotTell { reason } => reason,
            other => panic!("{other:?}"),
        }
    };
    let fresh = frozen(&channel, &post(1));
    let Reconciled::CannotTell { reason } = channel.reconcile(&post(1), &fresh, book::second(20)).await
    else {
        panic!("nothing is known of the chat")
    };
    let mut reasons = vec![reason];
    stand_in.journal().unreadable = true;
    reasons.push(look(&channel, 1).await);
    stand_in.journal().unreadable = false;
    for number in 0..30 {
        stand_in.journal().slip_in(&format!("message {number}"));
    }
    reasons.push(look(&channel, 0).await);
    let blind = TelegramSettings { audit_chat: None, ..settings(&stand_in.url(Platform::Telegram)) };
    let blind = TelegramChannel::new(blind, Notebook::forgetful()).unwrap();
    assert!(!blind.capabilities().reads_back);
    reasons.push(look(&blind, 1).await);
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn a_bot_that_cannot_work_or_would_leak_is_refused_with_what_to_do() {
    let refused = |settings: TelegramSettings| {
        TelegramChannel::new(settings, Notebook::forgetful()).unwrap_err().to_string()
    };
    let plain = settings("http://api.example.org");
    let wrong =
        TelegramSettings { token: SecretString::from("hunter2"), ..settings("https://api.example.org") };
    let errors = [refused(plain), refused(wrong)];
    assert!(!errors.concat().contains("hunter2"));
    insta::assert_snapshot!(errors.join("\n"));
    assert!(matches!(
        TelegramChannel::new(settings("nowhere"), Notebook::forgetful()),
        Err(AccountError::Address { .. })
    ));
}
