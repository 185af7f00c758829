//! The port for texts.

use async_trait::async_trait;

use super::Fault;
pub use crate::wire::brief::Draft;
use crate::wire::story::{Story, StoryId};

/// What turns a story's facts into a draft.
#[async_trait]
pub trait Writer: Send + Sync {
    /// The writer's name: `template`.
    fn name(&self) -> &str;

    /// Writes one draft of the asked-for length. The draft is not checked yet.
    ///
    /// # Errors
    /// Says why there is none; the generator then turns to the next writer.
    async fn write(&self, story: &Story, form: Form) -> Result<Draft, WriterError>;
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
}

impl WriterError {
    /// What kind of trouble it is.
    pub fn fault(&self) -> Fault {
        Fault::Misconfigured
    }
}
