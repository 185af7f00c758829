use std::time::Duration;

use secrecy::SecretString;
use serde_json::Value;
use wirereport::channels::discord::{
    DiscordChannel, DiscordSettings, DiscordWebhook, DiscordWebhookSettings,
};
use wirereport_actors::ports::channel::{Channel, Idempotency, Reconciled};
use wirereport_actors::wire::post::{Operation, Outcome, Post, Remote};

use super::setup::{ATTEMPT_WITHIN, follow_up, frozen, gist, post, recorded, send, told};
use crate::book;
use crate::stand_in::discord::{CHANNEL, TOKEN, WEBHOOK};
use crate::stand_in::{Platform, Platforms, Trouble};

pub(super) fn settings(api: &str) -> DiscordSettings {
    DiscordSettings {
        api: api.to_owned(),
        token: SecretString::from(TOKEN),
        channel_id: CHANNEL.to_owned(),
        read_back_after: wirereport::channels::discord::SHOWN_AFTER,
        attempt_within: ATTEMPT_WITHIN,
    }
}

pub(super) fn bot_to(stand_in: &Platforms) -> DiscordChannel {
    DiscordChannel::new(settings(&stand_in.url(Platform::Discord))).unwrap()
}

pub(super) fn webhook_to(stand_in: &Platforms) -> DiscordWebhook {
    let url = SecretString::from(format!("{}/{WEBHOOK}", stand_in.url(Platform::Discord)));
    DiscordWebhook::new(DiscordWebhookSettings { url, attempt_within: ATTEMPT_WITHIN }).unwrap()
}

#[tokio::test]
async fn a_bots_message_is_sent_once_however_often_its_nonce_comes() {
    let stand_in = Platforms::start().await;
    let bot = bot_to(&stand_in);
    assert!(matches!(bot.capabilities().idempotency, Idempotency::For(_)));
    let remote = told(&bot, &post(1)).await;
    assert_eq!(told(&bot, &post(1)).await, remote);
    assert_eq!((stand_in.texts(), stand_in.journal().repeats), (vec![post(1).text], 1));
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn after_some_minutes_the_channels_messages_are_read() {
    let stand_in = Platforms::start().await;
    let bot = bot_to(&stand_in);
    stand_in.script([Trouble::AcceptThenReset]);
    assert!(matches!(send(&bot, &post(1)).await, Outcome::Unknown { .. }));
    stand_in.journal().discord.forget_nonces();
    let look = async |post: &Post| bot.reconcile(post, &frozen(&bot, post), book::second(600)).await;
    let id = stand_in.told()[0].id.clone();
    assert_eq!(look(&post(1)).await, Reconciled::Found(Remote { id, url: None }));
    assert_eq!(look(&post(2)).await, Reconciled::Absent);
    let later = Post { created_at: book::second(86_400), ..post(1) };
    assert_eq!(look(&later).await, Reconciled::Absent, "a message of the day before is another one");
    stand_in.journal().unreadable = true;
    assert!(matches!(look(&post(1)).await, Reconciled::CannotTell { .. }));
}

#[tokio::test]
async fn both_edit_and_delete_their_own_messages() {
    let stand_in = Platforms::start().await;
    let channels: [Box<dyn Channel>; 2] = [Box::new(bot_to(&stand_in)), Box::new(webhook_to(&stand_in))];
    for channel in channels {
        let remote = told(&*channel, &post(1)).await;
        let edit = follow_up(&post(1), Operation::Edit, &remote);
        for _ in 0..2 {
            assert_eq!(told(&*channel, &edit).await, remote);
        }
        assert_eq!(stand_in.texts(), [edit.text]);
        for _ in 0..2 {
            told(&*channel, &follow_up(&post(1), Operation::Delete, &remote)).await;
        }
        assert_eq!(stand_in.texts(), [""; 0]);
        stand_in.journal().discord.forget_nonces();
    }
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_webhook_cannot_tell_what_became_of_a_message() {
    let stand_in = Platforms::start().await;
    let webhook = webhook_to(&stand_in);
    told(&webhook, &post(1)).await;
    let capabilities = webhook.capabilities();
    assert_eq!((capabilities.idempotency, capabilities.reads_back), (Idempotency::None, false));
    let looked = webhook.reconcile(&post(1), &frozen(&webhook, &post(1)), book::second(9)).await;
    assert!(matches!(looked, Reconciled::CannotTell { .. }));
    assert_eq!(stand_in.complaints(), [""; 0]);
}

#[tokio::test]
async fn every_answer_has_the_outcome_of_the_table() {
    let said = |status, message: &str, code: u32| {
        Trouble::Answer(status, format!("{{\"message\":\"{message}\",\"code\":{code}}}"))
    };
    let mut lines = Vec::new();
    for trouble in [
        Trouble::Limit(65),
        Trouble::Deny,
        Trouble::Fail,
        Trouble::AcceptThenGarble,
        Trouble::AcceptThenReset,
        said(400, "Invalid Form Body", 50_035),
        said(403, "Missing Permissions", 50_013),
        said(404, "Unknown Webhook", 10_015),
        said(404, "Unknown Message", 10_008),
        said(404, "Unknown Channel", 10_003),
        Trouble::Answer(204, String::new()),
        Trouble::Answer(502, "<html>Bad Gateway</html>".to_owned()),
    ] {
        let stand_in = Platforms::start().await;
        stand_in.script([trouble.clone(), trouble]);
        let bots = send(&bot_to(&stand_in), &post(1)).await;
        let webhooks = send(&webhook_to(&stand_in), &post(1)).await;
        assert_eq!(gist(&bots), gist(&webhooks));
        lines.push(gist(&bots));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn no_reason_and_no_debug_form_shows_a_secret() {
    let nowhere = "http://127.0.0.1:1";
    let url = SecretString::from(format!("{nowhere}/webhooks/1/hunter2hunter2"));
    let webhook =
        DiscordWebhook::new(DiscordWebhookSettings { url, attempt_within: ATTEMPT_WITHIN }).unwrap();
    let bot = DiscordChannel::new(DiscordSettings {
        api: nowhere.to_owned(),
        token: SecretString::from("hunter2hunter2"),
        channel_id: CHANNEL.to_owned(),
        read_back_after: wirereport::channels::discord::SHOWN_AFTER,
        attempt_within: Duration::from_secs(1),
    });
    let bot = bot.unwrap();
    let shown = [
        gist(&send(&webhook, &post(1)).await),
        gist(&send(&bot, &post(1)).await),
        format!("{webhook:?} {bot:?}"),
    ];
    assert!(!shown.concat().contains("hunter2"), "{shown:?}");
    for wrong in ["https://discord.com/api/webhooks/1", "https://discord.com/api/hooks/1/hunter2", "hunter2"]
    {
        let url = SecretString::from(wrong);
        let refused = DiscordWebhook::new(DiscordWebhookSettings { url, attempt_within: ATTEMPT_WITHIN });
        assert!(!refused.unwrap_err().to_string().contains("hunter2"));
    }
}

#[tokio::test]
async fn messages_have_only_members_that_discord_knows_and_the_stand_in_limits_as_it_does() {
    let Some(api) = recorded("discord/openapi_slice.json") else { return };
    let Some(errors) = recorded("discord/errors.json") else { return };
    let stand_in = Platforms::start().await;
    let (bot, webhook) = (bot_to(&stand_in), webhook_to(&stand_in));
    let channels: [(&dyn Channel, &str); 2] =
        [(&bot, "MessageCreateRequest"), (&webhook, "IncomingWebhookRequestPartial")];
    for (channel, schema) in channels {
        let body: Value = serde_json::from_str(&frozen(channel, &post(1)).body).unwrap();
        for (member, _) in body.as_object().unwrap() {
            assert!(api[schema]["properties"].get(member).is_some(), "{schema} has no {member}");
        }
    }
    assert!(api["IncomingWebhookRequestPartial"]["properties"].get("nonce").is_none());

    stand_in.script([Trouble::Limit(65)]);
    let client = wirereport::http::client(ATTEMPT_WITHIN, ATTEMPT_WITHIN).unwrap();
    let url = format!("{}/channels/{CHANNEL}/messages", stand_in.url(Platform::Discord));
    let answer = client.post(url).send().await.unwrap();
    let recorded = &errors["429_user"];
    assert_eq!(recorded["status"], answer.status().as_u16());
    for (name, value) in recorded["headers"].as_object().unwrap() {
        assert_eq!(answer.headers()[name], value.as_str().unwrap(), "{name}");
    }
    assert_eq!(answer.json::<Value>().await.unwrap(), recorded["body"]);
}
