//! The rules an operator sets per sport, as detection and selection use them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::game::Team;
use super::milestone::Milestones;
use super::moment::MomentKind;
use super::pace::Pace;
use super::significance::stakes::Rivalry;
use super::sport::{Sport, SportKey};
use super::story::Story;
use super::threshold;
use super::voice::Voice;

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
    /// How old a moment of a kind may be when it is told, where that is not what is usual.
    pub stale_after: BTreeMap<MomentKind, Duration>,
}

impl Rules {
    /// What is usual for a league: everything, from the threshold at which its games have as many posts as is usual.
    pub fn usual(sport: &Sport) -> Self {
        let posts = threshold::usual_posts_per_game(sport);
        Self { threshold: threshold::for_posts_per_game(sport, posts), ..Self::default() }
    }

    /// How old a moment may be when it is told. Its age runs from the last sight of the game without it.
    pub fn staleness_limit(&self, kind: MomentKind) -> Duration {
        self.stale_after.get(&kind).copied().unwrap_or_else(|| staleness_limit(kind))
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
            stale_after: BTreeMap::new(),
        }
    }
}

/// What a channel tells of what the wire tells.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRules {
    /// Only these sports; `None` for every one.
    pub sports: Option<BTreeSet<SportKey>>,
    /// Only games of these teams; `None` for every one.
    pub teams: Option<Vec<TeamName>>,
    /// The kinds.
    pub kinds: BTreeSet<MomentKind>,
    /// The least significance that is told, 0 to 1.
    pub min_significance: f64,
    /// Attempts before a post is given up.
    pub attempts: u32,
    /// How long after it was first seen a story may leave at the earliest; it grows old from there.
    pub spoiler_delay: Duration,
    /// Whether the finals it missed are told together once it can tell again.
    pub digest: bool,
    /// What is done where nobody can tell what became of an attempt.
    pub on_unknown: OnUnknown,
    /// For how long the channel is asked what became of an attempt before nobody can tell.
    pub read_back_for: Duration,
    /// How much may be sent.
    pub pace: Pace,
    /// How it speaks.
    pub voice: Voice,
}

/// A team as an operator names it: by its code, its name, or its short name, in one league or in any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamName {
    /// The league; `None` for any.
    pub sport: Option<SportKey>,
    /// The code or the name, in capitals or not.
    pub name: String,
}

impl TeamName {
    /// Whether that team of that league is meant.
    pub fn means(&self, sport: &SportKey, team: &Team) -> bool {
        let name = self.name.to_lowercase();
        self.sport.as_ref().is_none_or(|meant| meant == sport)
            && [&team.code, &team.name, &team.short_name].iter().any(|known| known.to_lowercase() == name)
    }
}

impl fmt::Display for TeamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sport {
            Some(sport) => write!(f, "{sport}:{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// What is done about an attempt of which nobody can tell whether it arrived: the channel has no key that makes a second
/// sending harmless, and cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnUnknown {
    /// It is held as unknown until an operator resolves it. It may be missing, and is never there twice.
    #[default]
    Hold,
    /// It is sent again. It is not missing, and may be there twice.
    Resend,
}

impl Default for ChannelRules {
    fn default() -> Self {
        Self {
            sports: None,
            teams: None,
            kinds: MomentKind::ALL.into_iter().collect(),
            min_significance: 0.0,
            attempts: 8,
            spoiler_delay: Duration::ZERO,
            digest: false,
            on_unknown: OnUnknown::Hold,
            read_back_for: Duration::from_secs(2 * 60),
            pace: Pace::default(),
            voice: Voice::default(),
        }
    }
}

impl ChannelRules {
    /// Whether a story that is told is told on this channel too.
    ///
    /// A correction always is: it may take back something that the channel told, and the ledger drops it where the
    /// channel did not.
    pub fn admit(&self, story: &Story) -> bool {
        let Story { sport, kind, facts, significance, .. } = story;
        if *kind == MomentKind::Correction {
            return true;
        }
        let plays = |team: &TeamName| team.means(sport, &facts.home) || team.means(sport, &facts.away);
        self.sports.as_ref().is_none_or(|sports| sports.contains(sport))
            && self.teams.as_ref().is_none_or(|teams| teams.iter().any(plays))
            && self.kinds.contains(kind)
            && significance.total >= self.min_significance
    }

    /// When a story may leave at the earliest and when it is too old to, by the spoiler delay.
    pub fn leaves_between(&self, story: &Story) -> (Option<Timestamp>, Timestamp) {
        let delayed = |at: Timestamp| at.checked_add(self.spoiler_delay).unwrap_or(Timestamp::MAX);
        let not_before = (!self.spoiler_delay.is_zero()).then(|| delayed(story.seen_at));
        (not_before, delayed(story.stale_at))
    }
}

/// How old a moment of a kind may usually be when it is told.
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
        // Feeds of news are looked at seldom.
        MomentKind::News => 12 * 60,
    };
    Duration::from_secs(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::game::GameId;
    use crate::wire::samples;
    use crate::wire::significance::Significance;
    use crate::wire::sport::Discipline;
    use crate::wire::story::{StoryId, Verdict};

    fn story(sport: &SportKey, kind: MomentKind, significance: f64) -> Story {
        let game = GameId(format!("{sport}-1"));
        let seen_at = Timestamp::UNIX_EPOCH;
        Story {
            id: StoryId::of(&game, kind, 4, 1),
            revision: 1,
            sport: sport.clone(),
            game,
            kind,
            after: seen_at,
            seen_at,
            confirmed_at: seen_at,
            stale_at: seen_at.checked_add(staleness_limit(kind)).unwrap(),
            facts: samples::plain(Discipline::Basketball, MomentKind::Final),
            significance: Significance { total: significance, ..Significance::default() },
            verdict: Verdict::Told,
            turn: 0,
        }
    }

    #[test]
    fn a_channel_admits_what_its_leagues_kinds_and_significance_allow() {
        let (nba, nfl) = (SportKey::new("nba"), SportKey::new("nfl"));
        let rules = ChannelRules {
            sports: Some([nba.clone()].into()),
            kinds: [MomentKind::Final].into(),
            min_significance: 0.5,
            ..ChannelRules::default()
        };
        assert!(rules.admit(&story(&nba, MomentKind::Final, 0.5)));
        assert!(!rules.admit(&story(&nba, MomentKind::Final, 0.49)));
        assert!(!rules.admit(&story(&nba, MomentKind::Start, 0.9)));
        assert!(!rules.admit(&story(&nfl, MomentKind::Final, 0.9)));
        assert!(ChannelRules::default().admit(&story(&nfl, MomentKind::Start, 0.0)));
    }

    #[test]
    fn a_channel_admits_the_games_of_its_teams_by_code_or_name_and_in_their_league() {
        let (nba, nhl) = (SportKey::new("nba"), SportKey::new("nhl"));
        let team =
            |sport: Option<&SportKey>, name: &str| TeamName { sport: sport.cloned(), name: name.to_owned() };
        let admits = |sport, team| {
            let rules = ChannelRules { teams: Some(vec![team]), ..ChannelRules::default() };
            rules.admit(&story(sport, MomentKind::Final, 0.5))
        };
        for name in ["BOS", "bos", "Celtics", "boston celtics", "Hawks"] {
            assert!(admits(&nba, team(None, name)), "{name}");
        }
        assert!(admits(&nba, team(Some(&nba), "BOS")));
        assert!(!admits(&nba, team(Some(&nhl), "BOS")));
        assert!(!admits(&nba, team(None, "Lakers")));
        assert!(!admits(&nba, team(None, "Celt")));
    }

    #[test]
    fn a_spoiler_delay_moves_the_time_at_which_a_story_is_too_old() {
        let story = story(&SportKey::new("nba"), MomentKind::Final, 0.5);
        assert_eq!(ChannelRules::default().leaves_between(&story), (None, story.stale_at));
        let rules = ChannelRules { spoiler_delay: Duration::from_secs(90), ..ChannelRules::default() };
        let later = |at: Timestamp| at.checked_add(Duration::from_secs(90)).unwrap();
        assert_eq!(rules.leaves_between(&story), (Some(later(story.seen_at)), later(story.stale_at)));
    }

    #[test]
    fn a_channel_admits_every_correction() {
        let rules = ChannelRules {
            sports: Some(BTreeSet::new()),
            kinds: BTreeSet::new(),
            min_significance: 1.0,
            ..ChannelRules::default()
        };
        assert!(rules.admit(&story(&SportKey::new("nba"), MomentKind::Correction, 0.0)));
    }
}
