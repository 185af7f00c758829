//! Facts: everything a text about a moment may say, and nothing else.

use serde::{Deserialize, Serialize};

use super::contest::Contest;
use super::game::{Clock, Phase, Play, Score, Team, Which};
use super::milestone::Milestone;
use super::moment::MomentKind;
use super::news::News;
use super::sport::{Discipline, SportKey};

/// What may be said of a moment. The fact gate refuses a text with a number or a name that is not entailed by these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facts {
    /// The league's key.
    pub sport: SportKey,
    /// What readers call the league.
    pub league: String,
    /// The rules it plays by.
    pub discipline: Discipline,
    /// What happened.
    pub kind: MomentKind,
    /// The home team.
    pub home: Team,
    /// The away team.
    pub away: Team,
    /// The home team's ranking, for college sides that have one.
    pub home_rank: Option<u8>,
    /// The away team's ranking.
    pub away_rank: Option<u8>,
    /// Whether the site is neutral.
    pub neutral: bool,
    /// Where the game stands.
    pub phase: Phase,
    /// The score now.
    pub score: Score,
    /// The confirmed score before this moment, of a final the one before the last score; `None` where no earlier one was seen.
    pub before: Option<Score>,
    /// The score of the penalty shoot-out, where there is one.
    pub shootout: Option<Score>,
    /// The period of play, from 1; 0 before the start.
    pub period: u8,
    /// Periods of regulation.
    pub regulation_periods: u8,
    /// The clock at the sight, where there is one.
    pub clock: Option<Clock>,
    /// The side that scored since `before`; `None` where neither or both did.
    pub scorer: Option<Which>,
    /// The play that explains the change, only where the feed's own figures agree with it; of a sending-off or a missed
    /// penalty, that play.
    pub play: Option<Play>,
    /// Lead changes seen so far: the lead went from one side to the other, ties between them or not.
    pub lead_changes: u32,
    /// The most points each side has trailed by, as seen so far.
    pub largest_deficit: Score,
    /// For a correction: the score that was taken back.
    pub retracted: Option<Score>,
    /// The round figure a player reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<Milestone>,
    /// The result of a contest of athletes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contest: Option<Contest>,
    /// What a publisher's feed says; there is no game then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub news: Option<News>,
    /// Whether every score of the game since its start was seen, so that what is said of its course is sure.
    pub seen_from_start: bool,
    /// What the feed notes of the game, cleaned.
    pub note: Option<String>,
    /// What led here, as far as it was seen.
    #[serde(default)]
    pub course: Course,
}

/// What led to where a game stands, from confirmed scores alone. A later version may know more; what it does not know of an
/// older story is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Course {
    /// A score that stood, since which one side alone has scored: a run is what that side has gained on it.
    pub run_from: Option<Score>,
    /// The most each side had trailed by since the sides were last level, until this score.
    pub deficit: Score,
    /// The side that was clearly not expected to win, by the odds before the game.
    pub underdog: Option<Which>,
}

impl Facts {
    /// The team of that side.
    pub fn team(&self, which: Which) -> &Team {
        match which {
            Which::Home => &self.home,
            Which::Away => &self.away,
        }
    }

    /// Who leads, by the score and then by the shoot-out; `None` when level.
    pub fn leader(&self) -> Option<Which> {
        self.score.leader().or_else(|| self.shootout.and_then(Score::leader))
    }

    /// Points the scoring side brought since `before`; 0 where that is not known.
    pub fn points(&self) -> u32 {
        match (self.scorer, self.before) {
            (Some(side), Some(before)) => self.score.of(side).saturating_sub(before.of(side)),
            _ => 0,
        }
    }
}
