//! Milestones: the round figures that one player reaches in one game.
//!
//! Which figures count is the operator's to say, league by league; what is not said has the values of
//! [`Milestones::usual`], which are what North American and British papers put into a headline.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::game::Which;
use super::sport::Discipline;

/// What is counted of one player in one game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stat {
    /// Points (basketball).
    Points,
    /// Rebounds.
    Rebounds,
    /// Assists (basketball).
    Assists,
    /// Ten or more each of points, rebounds and assists; its figure is the least of the three.
    TripleDouble,
    /// Yards by passes thrown.
    PassingYards,
    /// Yards by runs.
    RushingYards,
    /// Yards by passes caught.
    ReceivingYards,
    /// Goals, own goals and shoot-outs aside.
    Goals,
    /// Home runs.
    HomeRuns,
    /// Runs batted in.
    RunsBattedIn,
    /// Strikeouts thrown by a pitcher.
    Strikeouts,
}

impl Stat {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::Points,
        Self::Rebounds,
        Self::Assists,
        Self::TripleDouble,
        Self::PassingYards,
        Self::RushingYards,
        Self::ReceivingYards,
        Self::Goals,
        Self::HomeRuns,
        Self::RunsBattedIn,
        Self::Strikeouts,
    ];

    /// As it stands in settings: `passing_yards`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Rebounds => "rebounds",
            Self::Assists => "assists",
            Self::TripleDouble => "triple_double",
            Self::PassingYards => "passing_yards",
            Self::RushingYards => "rushing_yards",
            Self::ReceivingYards => "receiving_yards",
            Self::Goals => "goals",
            Self::HomeRuns => "home_runs",
            Self::RunsBattedIn => "runs_batted_in",
            Self::Strikeouts => "strikeouts",
        }
    }

    /// One of it and several of it, in words.
    pub fn unit(self) -> (&'static str, &'static str) {
        match self {
            Self::Points => ("point", "points"),
            Self::Rebounds => ("rebound", "rebounds"),
            Self::Assists => ("assist", "assists"),
            Self::TripleDouble => ("triple-double", "triple-doubles"),
            Self::PassingYards => ("passing yard", "passing yards"),
            Self::RushingYards => ("rushing yard", "rushing yards"),
            Self::ReceivingYards => ("receiving yard", "receiving yards"),
            Self::Goals => ("goal", "goals"),
            Self::HomeRuns => ("home run", "home runs"),
            Self::RunsBattedIn => ("run batted in", "runs batted in"),
            Self::Strikeouts => ("strikeout", "strikeouts"),
        }
    }
}

/// The stats of a triple-double.
pub const TRIPLE: [Stat; 3] = [Stat::Points, Stat::Rebounds, Stat::Assists];

/// One player's figures in a game, as a board shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The feed's id of the player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// His name.
    pub player: String,
    /// His side.
    pub side: Which,
    /// The figures.
    pub stats: BTreeMap<Stat, u32>,
}

impl Leader {
    /// His figure in that stat, where it is known.
    pub fn figure(&self, stat: Stat) -> Option<u32> {
        match stat {
            Stat::TripleDouble => TRIPLE.into_iter().map(|one| self.stats.get(&one).copied()).min().flatten(),
            _ => self.stats.get(&stat).copied(),
        }
    }
}

/// A milestone that was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Milestone {
    /// Who reached it.
    pub player: String,
    /// His side.
    pub side: Which,
    /// In what.
    pub stat: Stat,
    /// The round figure that counts: 40.
    pub reached: u32,
    /// His figures then, by which it is told: 42 points; of a triple-double all three.
    pub stats: BTreeMap<Stat, u32>,
}

/// The round figures an operator wants told, stat by stat; what is not here has its usual ones.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milestones(pub BTreeMap<Stat, Vec<u32>>);

impl Milestones {
    /// The usual figures of a discipline.
    pub fn usual(discipline: Discipline) -> &'static [(Stat, &'static [u32])] {
        match discipline {
            Discipline::Basketball => &[
                (Stat::Points, &[40, 50, 60, 70]),
                (Stat::Rebounds, &[20]),
                (Stat::Assists, &[20]),
                (Stat::TripleDouble, &[10]),
            ],
            Discipline::Football => &[
                (Stat::PassingYards, &[300, 400, 500]),
                (Stat::RushingYards, &[100, 200]),
                (Stat::ReceivingYards, &[150, 200]),
            ],
            Discipline::Baseball => {
                &[(Stat::HomeRuns, &[3, 4]), (Stat::RunsBattedIn, &[6, 8]), (Stat::Strikeouts, &[12, 15])]
            }
            Discipline::Hockey | Discipline::Soccer => &[(Stat::Goals, &[3, 4, 5])],
            Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => &[],
        }
    }

    /// The highest figure of that stat that is told and covered by `figure`.
    pub fn reached(&self, discipline: Discipline, stat: Stat, figure: u32) -> Option<u32> {
        let usual =
            || Self::usual(discipline).iter().find(|(known, _)| *known == stat).map(|(_, marks)| *marks);
        let marks = match self.0.get(&stat) {
            Some(marks) => marks.as_slice(),
            None => usual()?,
        };
        marks.iter().copied().filter(|mark| *mark > 0 && *mark <= figure).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_figure_that_is_covered_counts() {
        let usual = Milestones::default();
        let reached = |figure| usual.reached(Discipline::Basketball, Stat::Points, figure);
        assert_eq!([39, 40, 49, 50, 81].map(reached), [None, Some(40), Some(40), Some(50), Some(70)]);
        assert_eq!(usual.reached(Discipline::Soccer, Stat::Points, 40), None);
    }

    #[test]
    fn what_an_operator_sets_stands_in_place_of_the_usual_figures() {
        let own = Milestones([(Stat::Points, vec![30]), (Stat::Goals, Vec::new())].into());
        assert_eq!(own.reached(Discipline::Basketball, Stat::Points, 45), Some(30));
        assert_eq!(own.reached(Discipline::Soccer, Stat::Goals, 3), None);
        assert_eq!(own.reached(Discipline::Basketball, Stat::TripleDouble, 11), Some(10));
    }

    #[test]
    fn a_triple_double_wants_all_three() {
        let leader = |stats: &[(Stat, u32)]| Leader {
            id: None,
            player: "A. Guard".to_owned(),
            side: Which::Home,
            stats: stats.iter().copied().collect(),
        };
        let two = [(Stat::Points, 12), (Stat::Rebounds, 11)];
        assert_eq!(leader(&two).figure(Stat::TripleDouble), None);
        let three = [(Stat::Points, 12), (Stat::Rebounds, 11), (Stat::Assists, 10)];
        assert_eq!(leader(&three).figure(Stat::TripleDouble), Some(10));
    }
}
