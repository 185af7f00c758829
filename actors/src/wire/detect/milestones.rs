//! Milestones: round figures of one player, each told once a game.
//!
//! A figure is confirmed like a score, by as many further boards that cover it; a board that shows less, or another
//! leader, drops the candidate. What is told is the least of what these boards showed, on the facts of the first. A figure
//! that falls after it was told and comes back is no second one.
//!
//! Before the start a board shows figures of the season under the same names, and one that is slow still does after it. So
//! a figure that this game cannot have brought yet (more points than the side has, more yards than the quarters hold) is
//! not looked at.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Poll;
use super::moments::Change;
use super::state::{GameState, Sight};
use crate::wire::game::{Game, Phase, Play, PlayKind, Which};
use crate::wire::gate::clean_name;
use crate::wire::milestone::{Leader, Milestone, Stat, TRIPLE};
use crate::wire::moment::MomentKind;

/// Who reached what, and what is on its way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Reached {
    /// Player, stat and the highest figure that was told or is never to be.
    settled: BTreeMap<String, BTreeMap<Stat, u32>>,
    open: Vec<Candidate>,
}

/// A figure that waits for further boards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Candidate {
    player: String,
    leader: Leader,
    stat: Stat,
    sight: Sight,
    after: Timestamp,
    agreed: u32,
}

impl Reached {
    /// Whether another sight would confirm or deny something.
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn is_settled(&self, player: &str, stat: Stat, mark: u32) -> bool {
        self.settled.get(player).and_then(|stats| stats.get(&stat)).is_some_and(|settled| *settled >= mark)
    }

    fn settle(&mut self, player: &str, stat: Stat, mark: u32) {
        let settled = self.settled.entry(player.to_owned()).or_default().entry(stat).or_default();
        *settled = mark.max(*settled);
    }
}

impl Candidate {
    /// Keeps what both boards cover.
    fn agree(&mut self, leader: &Leader) {
        self.agreed += 1;
        for (stat, figure) in &mut self.leader.stats {
            *figure = leader.stats.get(stat).map_or(*figure, |now| (*figure).min(*now));
        }
    }

    fn milestone(&self, reached: u32) -> Milestone {
        let told = match self.stat {
            Stat::TripleDouble => TRIPLE.as_slice(),
            _ => std::slice::from_ref(&self.stat),
        };
        let mut stats = self.leader.stats.clone();
        stats.retain(|stat, _| told.contains(stat));
        Milestone {
            player: self.leader.player.clone(),
            side: self.leader.side,
            stat: self.stat,
            reached,
            stats,
        }
    }
}

impl GameState {
    /// What a first board shows is no news.
    pub(super) fn adopt_milestones(&mut self, game: &Game, poll: &Poll) {
        let mut reached = Reached::default();
        for (player, leader) in figures(game) {
            for stat in Stat::ALL {
                let mark = leader.figure(stat).and_then(|figure| mark(poll, stat, figure));
                if let Some(mark) = mark {
                    reached.settle(&player, stat, mark);
                }
            }
        }
        self.milestones = Some(reached);
    }

    /// Takes the figures of a board in; yields the milestones it confirms.
    pub(super) fn advance_milestones(&mut self, game: &Game, sight: &Sight, poll: &Poll) -> Vec<Change> {
        let readable = sight.phase.in_play() || sight.phase == Phase::Final;
        let (Some(score), true) = (sight.score, readable && sight.phase_known && sight.sound) else {
            return Vec::new();
        };
        let silent = self.milestones.is_none() || self.feed != poll.feed || self.ended.is_some();
        let mut reached = self.milestones.take().unwrap_or_default();
        let mut shown = BTreeSet::new();
        for (player, leader) in figures(game).into_iter().filter(|(_, leader)| clean_name(&leader.player)) {
            for stat in Stat::ALL {
                let figure =
                    leader.figure(stat).filter(|n| can_be(stat, *n, score.of(leader.side), sight.period));
                let Some(mark) = figure.and_then(|figure| mark(poll, stat, figure)) else { continue };
                if reached.is_settled(&player, stat, mark) {
                    continue;
                }
                if silent {
                    reached.settle(&player, stat, mark);
                    continue;
                }
                shown.insert((player.clone(), stat));
                let known = reached.open.iter_mut().find(|open| open.player == player && open.stat == stat);
                match known {
                    Some(candidate) => candidate.agree(&leader),
                    None => reached.open.push(Candidate {
                        player: player.clone(),
                        leader: leader.clone(),
                        stat,
                        sight: sight.clone(),
                        after: self.seen_at,
                        agreed: 0,
                    }),
                }
            }
        }
        reached.open.retain(|open| shown.contains(&(open.player.clone(), open.stat)));
        let changes = self.confirm_milestones(&mut reached, poll);
        self.milestones = Some(reached);
        changes
    }

    fn confirm_milestones(&self, reached: &mut Reached, poll: &Poll) -> Vec<Change> {
        let sure = |open: &Candidate| open.agreed >= poll.confirmations() && self.has_settled(&open.sight);
        let (confirmed, open) = std::mem::take(&mut reached.open).into_iter().partition(sure);
        reached.open = open;
        let mut changes = Vec::new();
        for candidate in confirmed {
            let figure = candidate.leader.figure(candidate.stat);
            let Some(mark) = figure.and_then(|figure| mark(poll, candidate.stat, figure)) else { continue };
            if reached.is_settled(&candidate.player, candidate.stat, mark) {
                continue;
            }
            reached.settle(&candidate.player, candidate.stat, mark);
            let sight = candidate.sight.clone();
            let mut change = self.plain_change(MomentKind::Milestone, sight, candidate.after);
            change.milestone = Some(candidate.milestone(mark));
            changes.push(change);
        }
        changes
    }
}

fn mark(poll: &Poll, stat: Stat, figure: u32) -> Option<u32> {
    poll.rules.milestones.reached(poll.sport.discipline, stat, figure)
}

/// Every player of the board with his figures, by what tells him apart.
fn figures(game: &Game) -> BTreeMap<String, Leader> {
    let named = |leader: &Leader| format!("{:?}/{}", leader.side, leader.player.to_lowercase());
    let of_lists = game
        .leaders
        .iter()
        .map(|leader| (leader.id.clone().unwrap_or_else(|| named(leader)), leader.clone()));
    let counted = game.leaders.iter().any(|leader| leader.stats.contains_key(&Stat::Goals));
    let scorers = if counted { Vec::new() } else { scorers(game) };
    scorers.into_iter().map(|leader| (named(&leader), leader)).chain(of_lists).collect()
}

/// Who scored how many goals, by side: only where the board lists as many as the side has.
fn scorers(game: &Game) -> Vec<Leader> {
    let Some(score) = game.score() else { return Vec::new() };
    let mut scorers: Vec<Leader> = Vec::new();
    for which in [Which::Home, Which::Away] {
        let goals: Vec<&Play> =
            game.plays.iter().filter(|play| play.side == Some(which) && is_goal(play.kind)).collect();
        if u32::try_from(goals.len()) != Ok(score.of(which)) {
            continue;
        }
        let own = goals.iter().filter(|play| play.kind != PlayKind::OwnGoal);
        for player in own.filter_map(|play| play.player.as_ref()) {
            let known = scorers.iter_mut().find(|known| known.side == which && known.player == *player);
            match known {
                Some(known) => known.stats.values_mut().for_each(|goals| *goals += 1),
                None => scorers.push(Leader {
                    id: None,
                    player: player.clone(),
                    side: which,
                    stats: [(Stat::Goals, 1)].into(),
                }),
            }
        }
    }
    scorers
}

fn is_goal(kind: PlayKind) -> bool {
    matches!(kind, PlayKind::Goal | PlayKind::PenaltyGoal | PlayKind::OwnGoal)
}

/// Whether a game in that period, with so many points for the side, can have brought that figure.
fn can_be(stat: Stat, figure: u32, points: u32, period: u8) -> bool {
    let periods = u32::from(period.max(1));
    match stat {
        Stat::Points | Stat::Goals | Stat::HomeRuns | Stat::RunsBattedIn => figure <= points,
        Stat::PassingYards => figure <= 200 * periods,
        Stat::RushingYards | Stat::ReceivingYards => figure <= 120 * periods,
        Stat::Strikeouts => figure <= 3 * periods + 3,
        Stat::Rebounds | Stat::Assists | Stat::TripleDouble => true,
    }
}
