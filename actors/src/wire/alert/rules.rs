//! From when on something is told.

use std::time::Duration;

use super::{AlertKind, MINUTE, SECOND};

/// From when on something is told, and for how long a notice is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertRules {
    /// How long a feed must be left alone before that is told; a writer, without which the templates speak, twice as long.
    pub told_after: Duration,
    /// How long what comes and goes by itself must be gone before that is told: this long a feed or a writer that was left
    /// alone, half of it what was silent, and two and a half times a storm.
    pub over_after: Duration,
    /// How long nothing is seen of a game under way, or a post that nothing holds does not leave, before that is silence.
    pub silent_after: Duration,
    /// How many restarts of one actor in its supervisor's window are a storm.
    pub restarts: u32,
    /// How long a notice that cannot be delivered is tried again.
    pub give_up_after: Duration,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self {
            told_after: 30 * SECOND,
            over_after: 2 * MINUTE,
            silent_after: 3 * MINUTE,
            restarts: 3,
            give_up_after: 24 * 60 * MINUTE,
        }
    }
}

impl AlertRules {
    /// How late a poll may be before its feed is silent.
    pub(super) fn late(&self) -> Duration {
        self.silent_after / 3
    }

    /// How long a condition must hold before it is told.
    pub(super) fn holds_for(&self, kind: AlertKind) -> Duration {
        match kind {
            AlertKind::ChannelHalted
            | AlertKind::UnknownPost
            | AlertKind::RestartStorm
            | AlertKind::DiskNearlyFull => Duration::ZERO,
            // Their own conditions take time already.
            AlertKind::FeedSilent | AlertKind::PublishingSilent => Duration::ZERO,
            AlertKind::FeedBreakerOpen => self.told_after,
            AlertKind::WriterLeftAlone => self.told_after * 2,
        }
    }

    /// How long a condition must be gone before that is told.
    pub(super) fn gone_for(&self, kind: AlertKind) -> Duration {
        match kind {
            // What ends by somebody's deed is over at once.
            AlertKind::ChannelHalted | AlertKind::UnknownPost => Duration::ZERO,
            AlertKind::FeedSilent | AlertKind::PublishingSilent | AlertKind::DiskNearlyFull => {
                self.over_after / 2
            }
            AlertKind::FeedBreakerOpen | AlertKind::WriterLeftAlone => self.over_after,
            AlertKind::RestartStorm => self.over_after * 5 / 2,
        }
    }
}
