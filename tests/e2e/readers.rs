//! A channel of any kind, on a stand-in that keeps a journal of what it took.

use serde_json::Value;

use crate::accounts::{self, Account};
use crate::receiver::{Behaviour, Receiver};
use crate::stand_in::Trouble;
use crate::wire::{self, Place, SECRET};

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

/// Whether a channel takes no key and cannot be read, so that nobody can tell what became of an attempt.
pub(crate) fn may_not_know(channel: &str) -> bool {
    ["slack", "discord-webhook"].contains(&channel)
}

/// The times that channels keep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tempo {
    /// After which a platform shows what it took; a stand-in does so at once.
    pub(crate) shown_after: &'static str,
    /// How long one attempt may take.
    pub(crate) timeout: &'static str,
}

impl Tempo {
    /// As fast as can be.
    pub(crate) const QUICK: Self = Self { shown_after: "0 s", timeout: "15 s" };

    fn settings(self, channel: &str) -> String {
        let Self { shown_after, timeout } = self;
        let timeout = format!("timeout = \"{timeout}\"\n");
        let looks_up = format!("read_back_after = \"{shown_after}\"\n");
        match channel {
            "x" => format!("{timeout}{looks_up}absent_after = \"{shown_after}\"\n"),
            "telegram" | "bluesky" | "mastodon" | "discord" => timeout + &looks_up,
            _ => timeout,
        }
    }
}

/// A place where everything is told to these readers and to nobody else; `more` are further settings.
pub(crate) fn place(more: &str, readers: &[Readers], tempo: Tempo) -> Place {
    let off = "[channels.feed]\nenabled = false\n[channels.terminal]\nenabled = false\n";
    let channels: String = readers.iter().map(|readers| readers.settings(tempo)).collect();
    let mut place = Place::in_memory(&format!("{more}{off}{channels}"));
    place.set(readers.iter().flat_map(Readers::variables));
    place
}

/// Settings of sports of which everything is told.
pub(crate) const TOLD: &str = "[sports]\nthreshold = 0\nconfirmations = 1\n";

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
    fn settings(&self, tempo: Tempo) -> String {
        let settings = match self {
            Self::Account(account) => account.settings(),
            Self::Webhook(receiver) => wire::hook(&receiver.url()),
        };
        settings + &tempo.settings(self.channel())
    }

    /// The variables with its secrets.
    fn variables(&self) -> Vec<(&'static str, String)> {
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

    /// Answers what hangs, now and later.
    pub(crate) fn release(&self) {
        match self {
            Self::Account(account) => account.stand_in.release(),
            Self::Webhook(receiver) => receiver.release(),
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

    /// What stands on the account, as ids and texts.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        match self {
            Self::Account(account) => {
                let journal = account.stand_in.journal();
                journal.told.iter().map(|told| (told.id.clone(), told.text.clone())).collect()
            }
            Self::Webhook(receiver) => {
                receiver.accepted().into_iter().map(|accepted| (accepted.key, accepted.body)).collect()
            }
        }
    }

    /// The posts for them, as the ledger has them.
    pub(crate) async fn posts(&self, place: &Place) -> Vec<Value> {
        let list = ["posts", "list", "--channel", self.channel(), "--limit", "500", "--json"];
        serde_json::from_str(&place.ok(&list).await).unwrap()
    }

    /// What was wrong with requests.
    pub(crate) fn complaints(&self) -> Vec<String> {
        match self {
            Self::Account(account) => account.stand_in.complaints(),
            Self::Webhook(receiver) => receiver.complaints(),
        }
    }
}
