//! A channel that tells a story: which of the texts it gets, and with what around it.
//!
//! What was last told there is remembered as the ledger has it, without what the channel's voice put around it; a text that
//! repeats it gives way. What the voice puts around a text is put on last, when the gate has seen it.
//!
//! While more stories of a game wait, what was told of it is handed from one to the next, and not read anew for each.

use std::collections::VecDeque;

use super::task::caught;
use crate::ports::channel::{Channel, Corrections};
use crate::ports::ledger::{Drafts, NewPost};
use crate::ports::writer::{Draft, Refused};
use crate::wire::brief::{self, Chosen};
use crate::wire::gate::Said;
use crate::wire::post::{ChannelName, Operation, Post, PostState};
use crate::wire::rules::ChannelRules;
use crate::wire::story::{Story, StoryId};

/// What a channel was given to tell of a game, as the ledger has it.
pub(super) struct Told {
    channel: ChannelName,
    story: StoryId,
    text: Said,
}

impl Told {
    /// What was told, or may still be, by the last posts of a game.
    pub(super) fn by(posts: Vec<Post>) -> VecDeque<Self> {
        use PostState::{Discarded, Expired, Failed, Superseded};
        let told =
            posts.into_iter().filter(|post| !matches!(post.state, Failed | Expired | Discarded | Superseded));
        told.map(|Post { channel, story, text, .. }| Self { channel, story, text: text.into() }).collect()
    }

    /// Puts what was just recorded to what was told before, newest first, and leaves at most so much.
    pub(super) fn add(told: &mut VecDeque<Self>, drafts: Drafts, most: usize) {
        for NewPost { channel, text, .. } in drafts.posts {
            told.push_front(Self { channel, story: drafts.story.clone(), text: text.into() });
        }
        told.truncate(most);
    }
}

/// A channel that tells a story, and by which rules.
pub(super) struct Telling<'a> {
    pub(super) name: &'a ChannelName,
    pub(super) channel: &'a dyn Channel,
    pub(super) rules: ChannelRules,
    /// What it was last given to tell of the game, newest first.
    pub(super) told: Vec<Said>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(name: &'a ChannelName, channel: &'a dyn Channel, rules: ChannelRules) -> Self {
        Self { name, channel, rules, told: Vec::new() }
    }

    /// Takes from what was told of the game what was told here of other stories.
    pub(super) fn remember(&mut self, story: &Story, told: &VecDeque<Told>) {
        let here = told.iter().filter(|told| told.channel == *self.name && told.story != story.id);
        let voice = &self.rules.voice;
        let bare = |told: &Told| match voice.undressed(told.text.text(), &story.facts) {
            bare if bare.len() == told.text.text().len() => told.text.clone(),
            bare => bare.into(),
        };
        self.told = here.map(bare).collect();
    }

    /// Puts the post for this channel to the drafts, with the first text that fits, or why there is none.
    pub(super) fn choose(&self, drafts: &mut Drafts, story: &Story, texts: &[Draft]) {
        let limits = self.channel.capabilities().limits;
        let chosen = caught(|| brief::choose_anew(texts, &story.facts, limits, &self.told));
        let chosen = chosen.map_err(|broken| broken.to_string()).and_then(|chosen| {
            chosen.map_err(|all| {
                note_refused(drafts, &all);
                reasons(&all)
            })
        });
        match chosen {
            Ok(chosen) => {
                note_refused(drafts, &chosen.refused);
                drafts.posts.push(self.post(story, chosen));
            }
            Err(reasons) => {
                let channel = self.name;
                let reasons = if texts.is_empty() { self.nobody() } else { reasons };
                tracing::warn!(actor = "generator", story = %story.id, %channel, reasons, "not told");
                drafts.notes.push(format!("not told on {channel}: {reasons}"));
            }
        }
    }

    fn nobody(&self) -> String {
        format!("no writer wrote it in the language {}", self.rules.voice.manner.language)
    }

    fn post(&self, story: &Story, chosen: Chosen) -> NewPost {
        let (not_before, send_before) = self.rules.leaves_between(story);
        let capabilities = self.channel.capabilities();
        let operation = match capabilities.corrections {
            _ if story.revision == 1 => Operation::Create,
            Corrections::Edit => Operation::Edit,
            Corrections::Reply => Operation::Reply,
            Corrections::Create => Operation::Create,
        };
        NewPost {
            channel: self.name.clone(),
            operation,
            state: PostState::Pending,
            text: self.rules.voice.dressed(chosen.text.text(), &story.facts, capabilities.limits),
            title: chosen.title,
            author: chosen.author,
            not_before,
            send_before,
        }
    }
}

/// Keeps what was refused, once where several channels refuse the same.
fn note_refused(drafts: &mut Drafts, refused: &[Refused]) {
    for refused in refused {
        if !drafts.refused.contains(refused) {
            drafts.refused.push(refused.clone());
        }
    }
}

fn reasons(refused: &[Refused]) -> String {
    refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
