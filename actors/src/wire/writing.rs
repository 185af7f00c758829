//! How long a story waits for a slow writer, by what happened.

use std::collections::BTreeMap;
use std::time::Duration;

use super::moment::MomentKind;

/// How long a story waits where nothing else is set, a second attempt included.
pub const USUAL_WAIT: Duration = Duration::from_secs(8);

impl MomentKind {
    /// Whether readers want it at once: it is about a score or an incident of a game in play, or takes something back. A
    /// headline is urgent in that there is nothing to write: it is quoted.
    pub fn is_urgent(self) -> bool {
        match self {
            Self::Score
            | Self::Tie
            | Self::LeadChange
            | Self::Comeback
            | Self::Overtime
            | Self::CloseLate
            | Self::UpsetWatch
            | Self::RedCard
            | Self::MissedPenalty
            | Self::Correction
            | Self::News => true,
            Self::Start
            | Self::Run
            | Self::PeriodEnd
            | Self::Blowout
            | Self::CleanSheet
            | Self::Milestone
            | Self::Final
            | Self::Delayed
            | Self::Postponed
            | Self::Suspended
            | Self::Cancelled
            | Self::Resumed => false,
        }
    }
}

/// How long a story waits for a slow writer: zero for the urgent kinds, unless it is set otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// For kinds that are not urgent.
    pub usual: Duration,
    /// For kinds that are.
    pub urgent: Duration,
    /// For single kinds.
    pub kinds: BTreeMap<MomentKind, Duration>,
}

impl Default for Waits {
    fn default() -> Self {
        Self { usual: USUAL_WAIT, urgent: Duration::ZERO, kinds: BTreeMap::new() }
    }
}

impl Waits {
    /// How long a story of that kind waits.
    pub fn of(&self, kind: MomentKind) -> Duration {
        match self.kinds.get(&kind) {
            Some(wait) => *wait,
            None if kind.is_urgent() => self.urgent,
            None => self.usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgent_kinds_wait_for_nobody_unless_it_is_set() {
        let waits = Waits { kinds: [(MomentKind::Tie, Duration::from_secs(2))].into(), ..Waits::default() };
        assert_eq!(waits.of(MomentKind::LeadChange), Duration::ZERO);
        assert_eq!(waits.of(MomentKind::Tie), Duration::from_secs(2));
        assert_eq!(waits.of(MomentKind::Final), USUAL_WAIT);
    }
}
