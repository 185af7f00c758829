//! What a stand-in keeps: the ground truth of a test.

use std::collections::VecDeque;

use wirereport::clock::SystemClock;
use wirereport_actors::ports::clock::Clock;

use super::Trouble;

/// A message that readers see, or saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// What the platform calls it.
    pub(crate) id: String,
    /// Its text as it stands now.
    pub(crate) text: String,
    /// The key it came under, where the platform knows such.
    pub(crate) key: Option<String>,
    /// What it answers.
    pub(crate) reply_to: Option<String>,
    /// How often it was changed.
    pub(crate) edits: usize,
    /// Whether it is gone.
    pub(crate) deleted: bool,
}

/// Everything a stand-in keeps.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// How the next writing requests are met.
    pub(crate) script: VecDeque<Trouble>,
    /// Whether every reading request fails.
    pub(crate) unreadable: bool,
    /// Every message that was accepted, in order.
    pub(crate) told: Vec<Told>,
    /// Requests that were recognised as repeated.
    pub(crate) repeats: usize,
    /// Reading requests.
    pub(crate) reads: usize,
    /// What was wrong with requests.
    pub(crate) complaints: Vec<String>,
    /// Copies that were made in a private chat and are still there.
    pub(crate) copies: Vec<i64>,
    /// The stand-in's day in Unix seconds, where it is not the machine's.
    pub(crate) today: Option<u64>,
    /// What single platforms keep.
    pub(crate) x: super::x::Account,
    pub(crate) pds: super::bluesky::Pds,
    pub(crate) mastodon: super::mastodon::Server,
    pub(crate) discord: super::discord::Guild,
    pub(crate) desk: super::telegram_desk::Desk,
    /// The newest number that was given out.
    pub(crate) newest: i64,
}

impl Journal {
    /// The day by which resets are given.
    pub(crate) fn today(&self) -> u64 {
        let machine = || u64::try_from(SystemClock.now().as_second()).expect("after 1970");
        self.today.unwrap_or_else(machine)
    }

    /// The next number for an id.
    pub(crate) fn next_number(&mut self) -> i64 {
        self.newest += 1;
        self.newest
    }

    /// Somebody else's message in the same place.
    pub(crate) fn slip_in(&mut self, text: &str) {
        let id = self.next_number().to_string();
        self.told.push(Told { id, text: text.to_owned(), ..Told::default() });
    }

    /// A message that is there.
    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Told> {
        self.told.iter_mut().find(|told| told.id == id && !told.deleted)
    }

    pub(crate) fn complain(&mut self, complaint: impl Into<String>) {
        self.complaints.push(complaint.into());
    }
}
