//! The rules an operator sets per sport, as detection and selection use them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::moment::MomentKind;

/// What is told of a sport and how sure the wire must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The kinds that are told.
    pub kinds: BTreeSet<MomentKind>,
    /// The least significance that is told, 0 to 1.
    pub threshold: f64,
    /// How many further polls must agree before a change counts; 0 tells at first sight.
    pub confirmations: u8,
    /// The shortest time between two polls.
    pub shortest_poll: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            kinds: MomentKind::ALL.into_iter().collect(),
            threshold: 0.3,
            confirmations: 1,
            shortest_poll: Duration::from_secs(10),
        }
    }
}

/// How old a moment may be when it is told. Its age runs from the last sight of the game without it.
pub fn staleness_limit(kind: MomentKind) -> Duration {
    let minutes = match kind {
        MomentKind::Start | MomentKind::CloseLate => 5,
        MomentKind::Score | MomentKind::Tie | MomentKind::LeadChange | MomentKind::PeriodEnd => 6,
        MomentKind::Overtime | MomentKind::Delayed | MomentKind::Resumed => 15,
        MomentKind::Final | MomentKind::Correction => 60,
        MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled => 120,
    };
    Duration::from_secs(minutes * 60)
}
