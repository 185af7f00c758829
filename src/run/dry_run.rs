//! A rehearsal: channels that do everything but send.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use wirereport_actors::ports::channel::{Capabilities, Channel, Fence, Reconciled, RenderError};
use wirereport_actors::wire::post::{ChannelName, Frozen, Outcome, Post, Remote};

use crate::cli::print_line;

/// A channel that renders like the one it stands for, and says what it would have sent instead of sending it.
pub(super) struct DryRun {
    name: ChannelName,
    channel: Arc<dyn Channel>,
}

impl DryRun {
    /// Stands for `channel`.
    pub(super) fn of(name: &ChannelName, channel: Arc<dyn Channel>) -> Self {
        Self { name: name.clone(), channel }
    }
}

fn remote(frozen: &Frozen) -> Remote {
    Remote { id: format!("dry-run:{}", frozen.key), url: None }
}

#[async_trait]
impl Channel for DryRun {
    fn capabilities(&self) -> Capabilities {
        self.channel.capabilities()
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        self.channel.render(post)
    }

    async fn send(&self, post: &Post, frozen: &Frozen, _: Timestamp, _: &Fence) -> Outcome {
        print_line(&format!("dry run, would send to {}: {}", self.name, post.text));
        Outcome::Sent { remote: remote(frozen) }
    }

    async fn reconcile(&self, _: &Post, frozen: &Frozen, _: Timestamp) -> Reconciled {
        Reconciled::Found(remote(frozen))
    }
}
