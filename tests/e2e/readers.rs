//! A channel of any kind, on a stand-in that keeps a journal of what it took.

use serde_json::Value;

use crate::accounts::{self, Account};
use crate::receiver::{Behaviour, Receiver};
use crate::stand_in::Trouble;
use crate::wire::{self, SECRET};

/// The kinds of channels that are over a network.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    accounts::ALL.into_iter().chain(["webhook"])
}

/// What becomes of a request whose answer never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Taken,
    Dropped,
}

/// Settings with which a channel looks up at once what it can look up: a stand-in shows at once what it took.
fn at_once(account: &str) -> &'static str {
    match account {
        "x" => "read_back_after = \"0 s\"\nabsent_after = \"0 s\"\n",
        "telegram" | "bluesky" | "mastodon" | "discord" => "read_back_after = \"0 s\"\n",
        _ => "",
    }
}

/// Where readers of a channel are.
pub(crate) enum Readers {
    Account(Account),
    Webhook(Receiver),
}

impl Readers {
    /// Readers of a channel of that kind.
    pub(crate) async fn of(kind: &'static str) -> Self {
        if kind == "webhook" {
            return Self::Webhook(Receiver::start(SECRET).await);
        }
        let account = Account::open(kind).await;
        // X's filter of duplicates is nothing to rely on: a second sending is to show.
        account.stand_in.journal().x.takes_duplicates = true;
        Self::Account(account)
    }

    /// The channel's name.
    pub(crate) fn channel(&self) -> &'static str {
        match self {
            Self::Account(account) => account.name,
            Self::Webhook(_) => "hook",
        }
    }

    /// The channel's settings.
    pub(crate) fn settings(&self) -> String {
        match self {
            Self::Account(account) => format!("{}{}", account.settings(), at_once(account.name)),
            Self::Webhook(receiver) => wire::hook(&receiver.url()),
        }
    }

    /// The variables with its secrets.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Account(account) => account.variables(),
            Self::Webhook(_) => Vec::new(),
        }
    }

    /// Does not answer the `nth` of the coming writing requests.
    pub(crate) fn hang_at(&self, nth: usize, fate: Fate) {
        match self {
            Self::Account(account) => {
                let hang = if fate == Fate::Taken { Trouble::AcceptThenHang } else { Trouble::Hang };
                account.stand_in.script(std::iter::repeat_n(Trouble::None, nth - 1).chain([hang]));
            }
            Self::Webhook(receiver) => {
                let hang =
                    if fate == Fate::Taken { Behaviour::AcceptThenHang } else { Behaviour::HangThenRefuse };
                receiver.script(std::iter::repeat_n(Behaviour::Accept, nth - 1).chain([hang]));
            }
        }
    }

    /// Ends the session, where the channel has one, so that it must be renewed.
    pub(crate) fn end_session(&self) {
        if let Self::Account(account) = self {
            account.stand_in.journal().pds.expire();
        }
    }

    /// Answers everything from now on.
    pub(crate) fn behave(&self) {
        match self {
            Self::Account(account) => account.stand_in.journal().script.clear(),
            Self::Webhook(receiver) => receiver.behave(),
        }
    }

    /// How many writing requests came so far.
    pub(crate) fn seen(&self) -> usize {
        match self {
            Self::Account(account) => account.stand_in.seen_writes(),
            Self::Webhook(receiver) => receiver.seen(),
        }
    }

    /// Waits until so many writing requests have come.
    pub(crate) async fn writes(&self, count: usize) {
        match self {
            Self::Account(account) => account.stand_in.writes(count).await,
            Self::Webhook(receiver) => receiver.requests(count).await,
        }
    }

    /// The texts that readers see, in the order in which they came.
    pub(crate) fn texts(&self) -> Vec<String> {
        match self {
            Self::Account(account) => account.stand_in.texts(),
            Self::Webhook(receiver) => {
                let bodies = receiver.accepted().into_iter().map(|accepted| accepted.body);
                let text = |body: String| {
                    let body: Value = serde_json::from_str(&body).unwrap();
                    body["data"]["text"].as_str().unwrap().to_owned()
                };
                bodies.map(text).collect()
            }
        }
    }

    /// What was wrong with requests.
    pub(crate) fn complaints(&self) -> Vec<String> {
        match self {
            Self::Account(account) => account.stand_in.complaints(),
            Self::Webhook(receiver) => receiver.complaints(),
        }
    }
}
