use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use wirereport::channels::webhook::{WebhookChannel, WebhookError, WebhookSettings};
use wirereport_actors::ports::channel::{Channel, Fence};
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::wire::post::{Frozen, Outcome, Post};

use crate::book;
use crate::support::receiver::Receiver;

/// `whsec_` and the bytes 0 to 31.
pub(super) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(super) fn settings(url: &str) -> WebhookSettings {
    WebhookSettings::new(url, SecretString::from(SECRET))
}

/// The day of sending, years from the posts' own time.
pub(super) const TODAY: Timestamp = Timestamp::constant(1_900_000_000, 0);

struct Today;

impl Clock for Today {
    fn now(&self) -> Timestamp {
        TODAY
    }
}

pub(super) fn open(settings: WebhookSettings) -> Result<WebhookChannel, WebhookError> {
    WebhookChannel::new(settings, Arc::new(Today))
}

pub(super) fn channel_to(receiver: &Receiver) -> WebhookChannel {
    open(settings(&receiver.url())).unwrap()
}

/// A channel that waits long enough for the receiver to read a request and no longer.
pub(super) fn impatient_channel_to(receiver: &Receiver) -> WebhookChannel {
    let attempt_within = Duration::from_secs(2);
    open(WebhookSettings { attempt_within, ..settings(&receiver.url()) }).unwrap()
}

pub(super) fn post() -> Post {
    book::post(1, "nba-20241022-nyk-bos")
}

pub(super) fn frozen(channel: &WebhookChannel) -> Frozen {
    channel.render(&post()).unwrap()
}

pub(super) async fn send(channel: &WebhookChannel) -> Outcome {
    channel.send(&post(), &frozen(channel), book::second(5), &Fence::of_nobody_else()).await
}
