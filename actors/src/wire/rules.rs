//! The rules an operator sets per sport, as detection and selection use them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::milestone::Milestones;
use super::moment::MomentKind;
use super::significance::stakes::Rivalry;
use super::sport::{Sport, SportKey};
use super::threshold;

/// What is told of a sport and how sure the wire must be.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The kinds that are told.
    pub kinds: BTreeSet<MomentKind>,
    /// The least significance that is told, 0 to 1.
    pub threshold: f64,
    /// Pairs of sides between whom every game counts for more.
    pub rivalries: Vec<Rivalry>,
    /// How many further polls must agree before a change counts; 0 tells at first sight.
    pub confirmations: u8,
    /// The shortest time between two polls; below the schedule's own paces, how often a game under way is looked at.
    pub shortest_poll: Duration,
    /// The round figures of players that are told.
    pub milestones: Milestones,
    /// How long a final waits for the word of a second feed; `None` where there is none, or it is not asked.
    pub cross_check: Option<Duration>,
}

impl Rules {
    /// What is usual for a league: everything, from the threshold at which its games have as many posts as is usual.
    pub fn usual(sport: &Sport) -> Self {
        let posts = threshold::usual_posts_per_game(sport);
        Self { threshold: threshold::for_posts_per_game(sport, posts), ..Self::default() }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            kinds: MomentKind::ALL.into_iter().collect(),
            threshold: 0.3,
            rivalries: Vec::new(),
            confirmations: 1,
            shortest_poll: super::schedule::CLOSE,
            milestones: Milestones::default(),
            cross_check: None,
        }
    }
}

/// What a channel tells of what the wire tells.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRules {
    /// Only these sports; `None` for every one.
    pub sports: Option<BTreeSet<SportKey>>,
    /// The kinds.
    pub kinds: BTreeSet<MomentKind>,
    /// The least significance that is told, 0 to 1.
    pub min_significance: f64,
    /// Attempts before a post is given up.
    pub attempts: u32,
}

impl Default for ChannelRules {
    fn default() -> Self {
        Self {
            sports: None,
            kinds: MomentKind::ALL.into_iter().collect(),
            min_significance: 0.0,
            attempts: 8,
        }
    }
}

impl ChannelRules {
    /// Whether a story that is told is told on this channel too.
    ///
    /// A correction always is: it may take back something that the channel told, and the ledger drops it where the
    /// channel did not.
    pub fn admit(&self, sport: &SportKey, kind: MomentKind, significance: f64) -> bool {
        if kind == MomentKind::Correction {
            return true;
        }
        self.sports.as_ref().is_none_or(|sports| sports.contains(sport))
            && self.kinds.contains(&kind)
            && significance >= self.min_significance
    }
}

/// How old a moment may be when it is told. Its age runs from the last sight of the game without it.
pub fn staleness_limit(kind: MomentKind) -> Duration {
    let minutes = match kind {
        MomentKind::Start
        | MomentKind::CloseLate
        | MomentKind::UpsetWatch
        | MomentKind::Blowout
        | MomentKind::CleanSheet => 5,
        MomentKind::Score
        | MomentKind::Tie
        | MomentKind::LeadChange
        | MomentKind::Comeback
        | MomentKind::Run
        | MomentKind::PeriodEnd => 6,
        MomentKind::RedCard | MomentKind::MissedPenalty | MomentKind::Milestone => 10,
        MomentKind::Overtime | MomentKind::Delayed | MomentKind::Resumed => 15,
        MomentKind::Final | MomentKind::Correction => 60,
        MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled => 120,
    };
    Duration::from_secs(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_admits_what_its_leagues_kinds_and_significance_allow() {
        let (nba, nfl) = (SportKey::new("nba"), SportKey::new("nfl"));
        let rules = ChannelRules {
            sports: Some([nba.clone()].into()),
            kinds: [MomentKind::Final].into(),
            min_significance: 0.5,
            ..ChannelRules::default()
        };
        assert!(rules.admit(&nba, MomentKind::Final, 0.5));
        assert!(!rules.admit(&nba, MomentKind::Final, 0.49));
        assert!(!rules.admit(&nba, MomentKind::Start, 0.9));
        assert!(!rules.admit(&nfl, MomentKind::Final, 0.9));
        assert!(ChannelRules::default().admit(&nfl, MomentKind::Start, 0.0));
    }

    #[test]
    fn a_channel_admits_every_correction() {
        let rules = ChannelRules {
            sports: Some(BTreeSet::new()),
            kinds: BTreeSet::new(),
            min_significance: 1.0,
            ..ChannelRules::default()
        };
        assert!(rules.admit(&SportKey::new("nba"), MomentKind::Correction, 0.0));
    }
}
