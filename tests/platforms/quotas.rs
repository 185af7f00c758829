//! What the platforms say of their own rate limits, each in headers of its own.

use wirereport_actors::ports::channel::Channel;

use super::setup::{post, told};
use super::{bluesky, discord, mastodon, slack, telegram, x};
use crate::book;
use crate::stand_in::Platforms;

#[tokio::test]
async fn a_channel_says_what_its_platforms_limits_stand_at_since_its_last_post() {
    let stand_in = Platforms::start().await;
    let channels: [(&str, Box<dyn Channel>); 7] = [
        ("x", Box::new(x::channel_to(&stand_in))),
        ("telegram", Box::new(telegram::channel_to(&stand_in))),
        ("bluesky", Box::new(bluesky::channel_to(&stand_in))),
        ("mastodon", Box::new(mastodon::channel_to(&stand_in))),
        ("discord", Box::new(discord::bot_to(&stand_in))),
        ("discord_webhook", Box::new(discord::webhook_to(&stand_in))),
        ("slack", Box::new(slack::channel_to(&stand_in))),
    ];
    let mut lines = Vec::new();
    for (number, (name, channel)) in (1..).zip(channels) {
        assert_eq!(channel.quotas(), []);
        told(&*channel, &post(number)).await;
        let quotas = channel.quotas().into_iter().map(|quota| {
            let wait = quota.resets_at.duration_since(book::second(5)).as_secs_f64();
            let limit = quota.limit.map(|limit| limit.to_string()).unwrap_or_default();
            format!("{} {} of {limit}, anew in {wait} s", quota.name, quota.remaining)
        });
        lines.push(format!("{name}: {}", quotas.collect::<Vec<_>>().join(", ")));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
