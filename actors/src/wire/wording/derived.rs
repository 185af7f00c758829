//! What follows from the facts, and only what surely follows.

use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Half, Phase, Play, PlayKind, Score, Which, innings_batted};
use crate::wire::milestone::{Milestone, Stat, TRIPLE};
use crate::wire::moment::MomentKind;
use crate::wire::sport::Discipline;

/// What the points of one side can only have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feat {
    /// Football: six points, with whatever conversion came after.
    Touchdown,
    /// Football: three points.
    FieldGoal,
    /// Soccer and hockey: this many goals.
    Goals(u32),
    /// Baseball: this many runs.
    Runs(u32),
}

impl Facts {
    /// Whether a score was seen: never before the start, nor of a game that did not take place.
    pub fn has_score(&self) -> bool {
        if self.contest.is_some() || matches!(self.kind, MomentKind::Postponed | MomentKind::Cancelled) {
            return false;
        }
        match self.phase {
            Phase::Scheduled | Phase::Postponed | Phase::Cancelled => false,
            Phase::Live | Phase::Break | Phase::Shootout | Phase::Final => true,
            Phase::Delayed | Phase::Suspended | Phase::Unknown => self.period > 0,
        }
    }

    /// The side that alone scored since the sight before: with its points up and the other side's unchanged.
    pub fn sole_scorer(&self) -> Option<Which> {
        let (side, before) = (self.scorer?, self.before?);
        let alone =
            self.score.of(side) > before.of(side) && self.score.of(side.other()) == before.of(side.other());
        (self.has_score() && alone).then_some(side)
    }

    /// The score before, where neither side has less now than then.
    pub fn earlier_score(&self) -> Option<Score> {
        let before = self.before?;
        let grew = before.home <= self.score.home && before.away <= self.score.away;
        (self.has_score() && grew && before != self.score).then_some(before)
    }

    /// The play that brought the points, where it names the side and the points that the score shows.
    pub fn scoring_play(&self) -> Option<&Play> {
        let play = self.play.as_ref()?;
        let scores =
            matches!(play.kind, PlayKind::Goal | PlayKind::OwnGoal | PlayKind::PenaltyGoal | PlayKind::Score);
        // Some feeds give a goal no points.
        let points = if play.kind == PlayKind::Score { play.points } else { play.points.max(1) };
        let agrees = play.side.is_some() && play.side == self.sole_scorer() && points == self.points();
        (scores && agrees).then_some(play)
    }

    /// The sending-off or missed penalty that the moment is about, where the feed says whose it is.
    pub fn incident(&self) -> Option<&Play> {
        let play = self.play.as_ref().filter(|play| play.side.is_some())?;
        let told = match play.kind {
            PlayKind::RedCard => MomentKind::RedCard,
            PlayKind::MissedPenalty | PlayKind::SavedPenalty => MomentKind::MissedPenalty,
            _ => return None,
        };
        (told == self.kind).then_some(play)
    }

    /// The milestone that the moment is about, where it has the figures it is told by.
    pub fn milestone(&self) -> Option<&Milestone> {
        let milestone = self.milestone.as_ref().filter(|_| self.kind == MomentKind::Milestone)?;
        let complete = match milestone.stat {
            Stat::TripleDouble => TRIPLE.iter().all(|stat| milestone.stats.contains_key(stat)),
            stat => milestone.stats.contains_key(&stat),
        };
        complete.then_some(milestone)
    }

    /// Who won a game that is over: by the score and, where there was one, by the shoot-out. In soccer the
    /// shoot-out has precedence: it decides a tie of two legs whose second leg need not have ended level.
    pub fn winner(&self) -> Option<Which> {
        if self.phase != Phase::Final {
            return None;
        }
        if let Some(contest) = &self.contest {
            return contest.winner;
        }
        let (score, shootout) = (self.score.leader(), self.shootout.and_then(Score::leader));
        if self.discipline == Discipline::Soccer { shootout.or(score) } else { score.or(shootout) }
    }

    /// Overtime periods, extra innings or parts of extra time so far; 0 in regulation.
    pub fn overtimes(&self) -> u8 {
        self.period.saturating_sub(self.regulation_periods)
    }

    /// What the points of the sole scorer can only have been; `None` where more than one thing explains them.
    pub fn feat(&self) -> Option<Feat> {
        self.sole_scorer().and_then(|_| self.feat_of(self.points()))
    }

    fn feat_of(&self, points: u32) -> Option<Feat> {
        match (self.discipline, points) {
            (Discipline::Football, 6..=8) => Some(Feat::Touchdown),
            (Discipline::Football, 3) => Some(Feat::FieldGoal),
            (Discipline::Soccer | Discipline::Hockey, goals) => Some(Feat::Goals(goals)),
            (Discipline::Baseball, runs) => Some(Feat::Runs(runs)),
            _ => None,
        }
    }

    /// What the winner of a game that is over scored last and won by, without having been ahead: one goal, one run, a touchdown
    /// or a field goal. A shoot-out is none, nor what may have been one: some feeds add a goal to its winner.
    pub fn decider(&self) -> Option<Feat> {
        let winner = self.winner().filter(|_| self.seen_from_start && self.shootout.is_none())?;
        let shootout_possible = self.discipline == Discipline::Hockey && self.overtimes() > 0;
        let turned = self.earlier_score()?.leader() != Some(winner) && self.score.leader() == Some(winner);
        let single = |feat: &Feat| !matches!(feat, Feat::Goals(2..) | Feat::Runs(2..));
        (turned && !shootout_possible && self.sole_scorer() == Some(winner))
            .then(|| self.feat())?
            .filter(single)
    }

    /// The most the winner had led by, where that was far more than it won by and it did not come back from far behind as
    /// well; only where the whole game was seen.
    pub fn largest_lead(&self) -> Option<u32> {
        let winner = self.winner().filter(|side| self.seen_from_start && self.comeback(*side).is_none())?;
        let led = self.largest_deficit.of(winner.other());
        let possible = led <= self.score.of(winner);
        (possible && led >= self.score.margin() + self.far()).then_some(led)
    }

    /// For a correction of a game in play: the one score that was taken back, and whose it was. Only where a goal, a touchdown
    /// or a field goal is all that the change can have been.
    pub fn annulled(&self) -> Option<(Which, Feat)> {
        let retracted =
            self.retracted.filter(|_| self.kind == MomentKind::Correction && self.phase.in_play())?;
        let lost = |side| retracted.of(side).checked_sub(self.score.of(side));
        let (side, points) = match (lost(Which::Home)?, lost(Which::Away)?) {
            (points @ 1.., 0) => (Which::Home, points),
            (0, points @ 1..) => (Which::Away, points),
            _ => return None,
        };
        let feat = self.feat_of(points)?;
        matches!(feat, Feat::Touchdown | Feat::FieldGoal | Feat::Goals(1)).then_some((side, feat))
    }

    /// How far that side had been behind before it led or won; only where the whole game was seen and it was
    /// far.
    pub fn comeback(&self, side: Which) -> Option<u32> {
        let deficit = self.largest_deficit.of(side);
        let ahead = self.winner().or_else(|| self.score.leader()) == Some(side);
        let possible = deficit <= self.score.of(side.other());
        (self.seen_from_start && ahead && possible && deficit >= self.far()).then_some(deficit)
    }

    /// The points that are far to be behind.
    fn far(&self) -> u32 {
        match self.discipline {
            Discipline::Basketball | Discipline::Football => 10,
            Discipline::Baseball => 3,
            _ => 2,
        }
    }

    /// The run under way: the side that alone has scored since an earlier score stood, and what it has gained.
    pub fn run(&self) -> Option<(Which, u32)> {
        let from = self.course.run_from.filter(|_| self.has_score())?;
        let gain = |side| self.score.of(side).checked_sub(from.of(side));
        match (gain(Which::Home)?, gain(Which::Away)?) {
            (points @ 1.., 0) => Some((Which::Home, points)),
            (0, points @ 1..) => Some((Which::Away, points)),
            _ => None,
        }
    }

    /// The side of a run that is worth a word beside other news: it took several scores, and this one was the last of them.
    pub fn streak(&self) -> Option<Which> {
        let (side, points) = self.run()?;
        let long = match self.discipline {
            Discipline::Basketball => 8,
            Discipline::Football => 14,
            Discipline::Baseball => 4,
            _ => 3,
        };
        (points >= long && points > self.points() && self.sole_scorer() == Some(side)).then_some(side)
    }

    /// The side the moment is about, where it is about one: the side on a run, the one that came back, the underdog, the one
    /// that has allowed nothing, the one that is out of reach.
    pub fn subject(&self) -> Option<Which> {
        let leader = self.has_score().then(|| self.score.leader()).flatten();
        match self.kind {
            MomentKind::Run => self.run().map(|(side, _)| side),
            MomentKind::Comeback => self.came_back_from().map(|(side, _)| side),
            MomentKind::UpsetWatch => self.course.underdog,
            MomentKind::CleanSheet => leader.filter(|side| self.score.of(side.other()) == 0),
            MomentKind::Blowout => leader,
            _ => None,
        }
    }

    /// The side that made good a deficit with this score, and the most it was since the sides were last level.
    pub fn came_back_from(&self) -> Option<(Which, u32)> {
        let side = self.earlier_score()?.leader()?.other();
        let deficit = self.course.deficit.of(side);
        (self.score.leader() != Some(side.other()) && deficit > 0).then_some((side, deficit))
    }

    /// Whether the score ends the game by the rules of its sport, though no board says so yet: the host ahead in the last
    /// half-inning, a goal in hockey's overtime, the clock of an overtime run out.
    pub fn is_decided(&self) -> bool {
        let Some(leader) = self.score.leader().filter(|_| self.phase == Phase::Live) else { return false };
        match self.discipline {
            Discipline::Baseball => {
                let last = self.period >= self.regulation_periods;
                let bottom = matches!(self.clock, Some(Clock::Inning { half: Half::Bottom, .. }));
                last && bottom && leader == Which::Home
            }
            Discipline::Hockey => self.overtimes() > 0,
            Discipline::Basketball | Discipline::Football => {
                self.overtimes() > 0 && super::time::has_expired(self)
            }
            _ => false,
        }
    }

    /// Whether the side that was not expected to win has won.
    pub fn is_upset(&self) -> bool {
        self.course.underdog.is_some() && self.winner() == self.course.underdog
    }

    /// The innings through which the side of a clean sheet has allowed no run, where that can be told from the inning.
    pub fn scoreless_innings(&self) -> Option<u8> {
        let leader = self.score.leader().filter(|_| self.discipline == Discipline::Baseball)?;
        let innings = innings_batted(leader.other(), self.period, self.clock);
        (self.has_score() && self.score.of(leader.other()) == 0 && innings > 0).then_some(innings)
    }

    /// Whether the game is under way and within the margin of a close one.
    pub fn is_close(&self) -> bool {
        let under_way = self.phase.in_play() || matches!(self.phase, Phase::Delayed | Phase::Suspended);
        under_way && self.has_score() && self.score.margin() <= self.discipline.close_margin()
    }

    /// Whether a period is over and the next has not begun, so that the score is the score at its end.
    pub fn is_between_periods(&self) -> bool {
        match (self.phase, self.clock) {
            _ if self.period == 0 => false,
            (Phase::Live | Phase::Break, Some(Clock::Inning { half, .. })) => half == Half::End,
            (Phase::Live, Some(Clock::Left { millis: 0 })) => self.kind == MomentKind::PeriodEnd,
            (phase, _) => phase == Phase::Break && self.discipline != Discipline::Baseball,
        }
    }

    /// Whether it is half-time. Feeds number soccer's half-time as period 1 or 2, so there the minute
    /// decides.
    pub fn is_half_time(&self) -> bool {
        if !self.is_between_periods() {
            return false;
        }
        match (self.discipline, self.clock) {
            (Discipline::Hockey | Discipline::Baseball, _) => false,
            (Discipline::Soccer, Some(Clock::Minute { minute, .. })) => minute <= 45,
            (Discipline::Soccer, _) => self.period == 1,
            _ => self.period * 2 == self.regulation_periods,
        }
    }

    /// Whether it is the break after soccer's ninety minutes.
    pub fn is_after_normal_time(&self) -> bool {
        self.discipline == Discipline::Soccer
            && self.is_between_periods()
            && self.period == 2
            && matches!(self.clock, Some(Clock::Minute { minute: 90.., .. }))
    }

    /// Why play is held up or off, where the feed's note is one of the known reasons.
    pub fn cause(&self) -> Option<&'static str> {
        let called_off = matches!(
            self.kind,
            MomentKind::Delayed | MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled
        );
        let note = self.note.as_deref().filter(|_| called_off)?;
        let reason = note.split(" - ").next().unwrap_or(note).trim().to_lowercase();
        match reason.as_str() {
            "rain" | "rain delay" => Some("rain"),
            "inclement weather" | "weather" | "weather delay" | "bad weather" => Some("bad weather"),
            "lightning" | "lightning delay" => Some("lightning"),
            "snow" => Some("snow"),
            "fog" => Some("fog"),
            _ => None,
        }
    }
}
