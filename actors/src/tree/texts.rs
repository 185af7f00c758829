//! What the writers make of a story, each within its terms.
//!
//! What a revising writer made is held against the gate at once. Where something was refused it is asked once more, with
//! the reasons, within the same time; then the next writer speaks.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::task::guarded;
use crate::ports::Fault;
use crate::ports::writer::{Assignment, Draft, Refused, Writer, WriterError, Written};
use crate::wire::brief;
use crate::wire::voice::Manner;

/// What the writers made of a story.
#[derive(Default)]
pub(super) struct Texts {
    /// Every writer's drafts, best first, each in its long form before its short one.
    pub(super) drafts: Vec<Draft>,
    /// What was refused before any channel was thought of.
    pub(super) refused: Vec<Refused>,
    /// Who did not write it, and why.
    pub(super) notes: Vec<String>,
    /// The last of them that may do better another time.
    pub(super) trouble: Option<String>,
}

impl Texts {
    /// What they make of a story in each tone and language that is assigned. All are written at the same time, so that a
    /// story waits no longer for being told in several.
    pub(super) async fn in_each(
        writers: &[Arc<dyn Writer>],
        assignments: Vec<Assignment>,
    ) -> BTreeMap<Manner, Self> {
        let mut desks = JoinSet::new();
        for assignment in assignments {
            let writers = writers.to_vec();
            desks.spawn(async move { (assignment.manner.clone(), Self::of(&writers, &assignment).await) });
        }
        desks.join_all().await.into_iter().collect()
    }

    async fn of(writers: &[Arc<dyn Writer>], assignment: &Assignment) -> Self {
        let mut texts = Self::default();
        let (story, language) = (&assignment.story, &assignment.manner.language);
        for writer in writers.iter().filter(|writer| writer.speaks(language) && writer.takes(story)) {
            let terms = writer.terms(story.kind);
            let within = terms.within.unwrap_or(assignment.within);
            if !within.is_zero() {
                texts.ask(writer, Assignment { within, ..assignment.clone() }, terms.revises).await;
            }
        }
        texts
    }

    /// Asks one writer, and once more where something of its was refused.
    async fn ask(&mut self, writer: &Arc<dyn Writer>, mut assignment: Assignment, revises: bool) {
        let until = Instant::now() + assignment.within;
        let Some(first) = self.written(writer, &assignment).await else { return };
        if !revises {
            self.drafts.extend(first.drafts);
            self.refused.extend(first.refused);
            return;
        }
        let (mut standing, refused) = reviewed(first, &assignment);
        self.refused.extend_from_slice(&refused);
        assignment.within = until.saturating_duration_since(Instant::now());
        if !refused.is_empty() && !assignment.within.is_zero() {
            assignment.refused = refused;
            if let Some(second) = self.written(writer, &assignment).await {
                let (better, refused) = reviewed(second, &assignment);
                self.refused.extend(refused);
                standing.splice(0..0, better);
            }
        }
        self.drafts.extend(standing);
    }

    async fn written(&mut self, writer: &Arc<dyn Writer>, assignment: &Assignment) -> Option<Written> {
        let (asked, about) = (Arc::clone(writer), assignment.clone());
        let written = guarded(assignment.within, async move { asked.write(&about).await }).await;
        let (trouble, passes) = match written {
            Ok(Ok(mut written)) => {
                self.notes.append(&mut written.notes);
                return Some(written);
            }
            Ok(Err(WriterError::Unusable { refused })) => {
                self.refused.push(refused);
                return None;
            }
            Ok(Err(error)) => (error.to_string(), matches!(error.fault(), Fault::Transient { .. })),
            Err(broken) => (broken.to_string(), true),
        };
        let note = format!("{} did not write it: {trouble}", writer.name());
        self.notes.push(note.clone());
        if passes {
            self.trouble = Some(note);
        }
        None
    }
}

/// What of it stands, and all that was refused of it.
fn reviewed(written: Written, assignment: &Assignment) -> (Vec<Draft>, Vec<Refused>) {
    let (standing, by_the_gate) = brief::review(written.drafts, &assignment.story.facts, &assignment.told);
    let mut refused = written.refused;
    refused.extend(by_the_gate);
    (standing, refused)
}
