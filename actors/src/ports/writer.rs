//! The port for texts.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fault;
pub use crate::wire::brief::{Draft, Refused};
use crate::wire::expense::Account;
use crate::wire::gate::Said;
use crate::wire::moment::MomentKind;
use crate::wire::story::{Story, StoryId};
use crate::wire::voice::{Language, Manner};

/// What turns a story's facts into drafts.
#[async_trait]
pub trait Writer: Send + Sync {
    /// The writer's name: `template`.
    fn name(&self) -> &str;

    /// On what terms it writes of that kind of moment.
    fn terms(&self, _kind: MomentKind) -> Terms {
        Terms::default()
    }

    /// Whether it writes in that language. English is everybody's, and another one's words are read by nobody: only what a
    /// person wrote, such as templates, may be told in it.
    fn speaks(&self, language: &Language) -> bool {
        language.is_english()
    }

    /// Whether it writes such a story at all.
    fn takes(&self, _story: &Story) -> bool {
        true
    }

    /// How it stands.
    fn standing(&self) -> Standing {
        Standing::Ready
    }

    /// What is paid for it, where it costs something.
    fn account(&self) -> Option<Account> {
        None
    }

    /// Writes a story. The drafts are not checked yet.
    ///
    /// # Errors
    /// Says why there is none; the generator then turns to the next writer.
    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError>;
}

/// On what terms a writer works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// How long a story waits for it, a second attempt included; zero where it is not asked at all, `None` for as long as
    /// the tree waits for any writer.
    pub within: Option<Duration>,
    /// Whether it is asked once more, with the reasons, where a draft of it was refused.
    pub revises: bool,
}

/// How a writer stands, for `status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "WriterStanding"))]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It writes.
    Ready,
    /// It is not asked for now.
    LeftAlone {
        /// Why.
        reason: String,
        /// When it is asked again.
        until: Timestamp,
    },
}

/// What a writer is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The story.
    pub story: Story,
    /// The tone and the language.
    pub manner: Manner,
    /// What was last told of the game to those whom it is for. What says the same once more is refused.
    pub told: Vec<Said>,
    /// What was refused of its own earlier attempt at this story; empty at the first.
    pub refused: Vec<Refused>,
    /// How long the answer is waited for, from now on.
    pub within: Duration,
}

impl Assignment {
    /// The first attempt at a story.
    pub fn new(story: Story, within: Duration) -> Self {
        Self { story, manner: Manner::default(), told: Vec::new(), refused: Vec::new(), within }
    }
}

/// What a writer made of a story.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The drafts, long before short.
    pub drafts: Vec<Draft>,
    /// What the writer itself refused before it could become a draft.
    pub refused: Vec<Refused>,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// One or two sentences.
    Long,
    /// The shortest that still says what happened.
    Short,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum WriterError {
    /// No template for this kind of moment.
    #[error("no template for {kind} in {story}")]
    NoTemplate {
        /// The kind.
        kind: String,
        /// The story.
        story: StoryId,
    },
    /// A template failed.
    #[error("template {template} line {line}: {detail}")]
    Template {
        /// Its name.
        template: String,
        /// The line.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// What the writer was given to print holds no text that could be used; asking again would not help.
    #[error("{refused}")]
    Unusable {
        /// What it holds, and why it cannot be used.
        refused: Refused,
    },
    /// The service behind the writer did not answer, or not with a text.
    #[error("{detail}")]
    Service {
        /// What kind of trouble it is.
        fault: Fault,
        /// What it said, without secrets.
        detail: String,
    },
}

impl WriterError {
    /// What kind of trouble it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoTemplate { .. } | Self::Template { .. } => Fault::Misconfigured,
            Self::Unusable { .. } => Fault::Permanent,
            Self::Service { fault, .. } => *fault,
        }
    }
}
