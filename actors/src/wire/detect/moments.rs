//! From confirmed changes to moments: order, ordinals, facts, worth.

use jiff::Timestamp;

use super::state::{Chances, GameState, Sight};
use super::{LARGEST_GAP, Poll};
use crate::wire::contest::Contest;
use crate::wire::facts::{Course, Facts};
use crate::wire::game::{Game, GameId, Phase, Play, Score, Which};
use crate::wire::milestone::Milestone;
use crate::wire::moment::{Moment, MomentKind};
use crate::wire::significance::{self, Measures, Significance, stakes};
use crate::wire::story::StoryId;
use crate::wire::win_probability::feed::Figure;
use crate::wire::win_probability::{self, Chance, Situation};

/// A confirmed change on its way to being a moment.
pub(super) struct Change {
    pub(super) kind: MomentKind,
    /// Where it was first seen.
    pub(super) sight: Sight,
    pub(super) after: Timestamp,
    pub(super) score: Score,
    pub(super) before: Option<Score>,
    pub(super) play: Option<Play>,
    pub(super) retracted: Option<Score>,
    pub(super) milestone: Option<Milestone>,
    pub(super) contest: Option<Contest>,
    lead_changes: u32,
    largest_deficit: Score,
    seen_from_start: bool,
    course: Course,
}

impl GameState {
    pub(super) fn change(&self, kind: MomentKind, sight: Sight, after: Timestamp, score: Score) -> Change {
        let course = self.course_at(score);
        Change {
            kind,
            sight,
            after,
            score,
            before: course.map(|_| score),
            play: None,
            retracted: None,
            milestone: None,
            contest: None,
            lead_changes: course.map_or(0, |course| course.lead_changes),
            largest_deficit: course.map_or_else(Score::default, |course| course.largest_deficit),
            seen_from_start: self.sure && course.is_some_and(|course| !course.hidden),
            course: Course {
                run_from: course.map(|course| course.run_from),
                deficit: course.map_or_else(Score::default, |course| course.deficit),
                underdog: None,
            },
        }
    }

    /// A change that is not one of the score: told with the score of its own sight if that is confirmed, else with the
    /// confirmed one. What a called-off board shows is no score.
    pub(super) fn plain_change(&self, kind: MomentKind, sight: Sight, after: Timestamp) -> Change {
        let trusted = sight.sound && sight.phase.in_play();
        let own = sight.score.filter(|score| trusted && self.has_stood_at(*score));
        let score = own.or(self.score()).unwrap_or_default();
        self.change(kind, sight, after, score)
    }

    /// What is to be known before a board is judged.
    pub(super) fn prepare(&mut self, game: &Game, poll: &Poll) {
        if self.feed != poll.feed {
            self.behind = true;
            self.rises.clear();
            self.fall = None;
        }
        if !self.started || self.chances.is_none() {
            let odds = game.expected_home_margin.or(self.odds);
            self.odds = odds;
            self.expected.home_margin = odds.or(poll.rated).or(self.expected.home_margin);
            self.expected.neutral = game.neutral;
        }
        if self.chances.is_none() {
            self.pass_over_states(poll.sport);
        }
        if self.chances.is_none() || !self.started {
            let first = self.sight(&self.last, self.seen_at);
            let chance = self.chance(&first, self.score().unwrap_or_default(), poll);
            let home = chance.home();
            self.curve.note(self.seen_at, home);
            self.chances = Some(Chances {
                first: home,
                least: home,
                greatest: home,
                excitement: 0.0,
                now: chance,
                moment: chance,
                told: chance,
            });
        }
        let in_play = |phase: Phase| matches!(phase, Phase::Live | Phase::Shootout);
        let gap = poll.now.duration_since(self.seen_at);
        if gap > LARGEST_GAP && self.started && (in_play(self.last.phase) || in_play(game.phase)) {
            self.sure = false;
        }
    }

    /// Keeps what the feed itself says of the chances. Another feed's figure is another figure.
    pub(super) fn note_figure(&mut self, game: &Game, poll: &Poll) {
        let before = self.figure.filter(|_| self.feed == poll.feed);
        let score = game.score();
        let here = self.sight(game, poll.now).situation(score.unwrap_or_default());
        let played = win_probability::share_played(poll.sport, &here);
        self.figure = Figure::next(before, game.home_win_probability, score, played);
    }

    /// Keeps the chances of a sight whose score is confirmed.
    pub(super) fn remember(&mut self, sight: &Sight, poll: &Poll) {
        let Some(score) = sight.score.filter(|score| self.score() == Some(*score)) else { return };
        if !sight.phase.in_play() || !sight.phase_known {
            return;
        }
        let chance = self.chance(sight, score, poll);
        if let Some(chances) = &mut self.chances {
            chances.excitement += chance.swing(chances.now);
            chances.now = chance;
            chances.least = chances.least.min(chance.home());
            chances.greatest = chances.greatest.max(chance.home());
            self.curve.note(sight.at, chance.home());
        }
    }

    fn chance(&self, sight: &Sight, score: Score, poll: &Poll) -> Chance {
        let model = win_probability::home_wins(poll.sport, &sight.situation(score), self.expected);
        Chance::new(model, sight.home_win_probability)
    }

    /// Makes the moments of one poll, in the order they are told.
    pub(super) fn moments(
        &mut self,
        id: &GameId,
        game: &Game,
        mut changes: Vec<Change>,
        poll: &Poll,
    ) -> Vec<Moment> {
        lend_the_score_to_the_final(&mut changes);
        changes.sort_by_key(|change| place(change.kind));
        changes.into_iter().map(|change| self.moment(id, game, change, poll)).collect()
    }

    pub(super) fn moment(&mut self, id: &GameId, game: &Game, mut change: Change, poll: &Poll) -> Moment {
        change.course.underdog = self.underdog(poll.sport);
        let ordinal = self.ordinals.entry(change.kind).or_default();
        *ordinal = ordinal.saturating_add(1);
        let ordinal = *ordinal;
        let significance = self.weigh(game, &change, poll);
        Moment {
            game: id.clone(),
            kind: change.kind,
            period: change.sight.period,
            ordinal,
            corrects: (change.kind == MomentKind::Correction).then(|| self.contradicted(&change)).flatten(),
            after: change.after,
            seen_at: change.sight.at,
            confirmed_at: poll.now,
            facts: facts(game, change, poll),
            significance,
        }
    }

    /// The latest told story that does not go with that score, and the revision that told it. The others that do not go
    /// with it are taken back with it.
    fn contradicted(&mut self, change: &Change) -> Option<(StoryId, u32)> {
        let score = change.score;
        let wrong = |told: &super::state::Telling| {
            let other_result = told.is_final && (told.score != score || change.contest.is_some());
            !score.covers(told.score) || other_result
        };
        let latest = self.told.iter().rfind(|told| wrong(told)).cloned()?;
        self.told.retain(|told| !wrong(told) || told.story == latest.story);
        Some((latest.story, latest.revision))
    }

    fn weigh(&mut self, game: &Game, change: &Change, poll: &Poll) -> Significance {
        if let Some(contest) = &change.contest {
            return significance::of_worth(contest.worth(poll.sport.discipline));
        }
        let situation = change.sight.situation(change.score);
        let chance = self.chance(&change.sight, change.score, poll);
        let repeats = self.told_lately(change.kind, poll.now);
        let Some(chances) = &mut self.chances else { return Significance::default() };
        let moved = chance.swing(chances.told);
        let swing = chance.swing(chances.now).max(moved);
        chances.moment = chance;
        let before = win_probability::outcome(poll.sport, &Situation::before_the_start(), self.expected);
        let winner = change.score.leader().or_else(|| situation.shootout.and_then(Score::leader));
        let (least_chance, chance_before) = match winner {
            Some(Which::Home) => (chances.least, before.home),
            Some(Which::Away) => (1.0 - chances.greatest, before.away),
            None => (0.5, before.draw),
        };
        significance::of(&Measures {
            kind: change.kind,
            discipline: poll.sport.discipline,
            points: change.most_points(),
            swing,
            moved,
            leverage: win_probability::leverage(poll.sport, &situation, self.expected),
            played: win_probability::share_played(poll.sport, &situation),
            home_chance: chance.home(),
            least_chance,
            chance_before,
            excitement: chances.excitement,
            half_time: u16::from(change.sight.period) * 2 == u16::from(poll.sport.regulation.periods),
            stakes: stakes::of(game, &poll.rules.rivalries),
            repeats,
        })
    }

    /// How much was told of the like lately: each story counts less the longer it is ago.
    fn told_lately(&self, kind: MomentKind, now: Timestamp) -> f64 {
        let of_score = is_score(kind) || kind == MomentKind::CloseLate;
        let alike = |told: MomentKind| if of_score { is_score(told) } else { told == kind };
        let lately = self.told.iter().filter_map(|told| told.told_as).filter(|(told, _)| alike(*told));
        lately.map(|(_, at)| (-now.duration_since(at).as_secs_f64().max(0.0) / FADES).exp()).sum()
    }
}

/// Seconds after which a telling counts for 1/e of a repeat.
const FADES: f64 = 600.0;

fn is_score(kind: MomentKind) -> bool {
    matches!(
        kind,
        MomentKind::Score | MomentKind::Tie | MomentKind::LeadChange | MomentKind::Comeback | MomentKind::Run
    )
}

impl Change {
    fn rise_of(&self, which: Which) -> u32 {
        self.before.map_or(0, |before| self.score.of(which).saturating_sub(before.of(which)))
    }

    fn most_points(&self) -> u32 {
        self.rise_of(Which::Home).max(self.rise_of(Which::Away))
    }

    /// The one side that scored; `None` where the score was taken back or both scored.
    fn scorer(&self) -> Option<Which> {
        if self.retracted.is_some() {
            return None;
        }
        match (self.rise_of(Which::Home), self.rise_of(Which::Away)) {
            (1.., 0) => Some(Which::Home),
            (0, 1..) => Some(Which::Away),
            _ => None,
        }
    }
}

/// The score that came with the final whistle is told with it.
fn lend_the_score_to_the_final(changes: &mut [Change]) {
    let Some(end) = changes.iter().position(|change| change.kind == MomentKind::Final) else { return };
    let (score, at) = (changes[end].score, changes[end].sight.at);
    let is_its_score = |change: &&Change| {
        matches!(
            change.kind,
            MomentKind::Score | MomentKind::Tie | MomentKind::LeadChange | MomentKind::Comeback
        ) && change.score == score
            && change.sight.at == at
    };
    if let Some((before, play)) = changes.iter().find(is_its_score).map(|c| (c.before, c.play.clone())) {
        changes[end].before = before;
        changes[end].play = play;
    }
}

/// The order in which the moments of one poll happened.
fn place(kind: MomentKind) -> u8 {
    match kind {
        MomentKind::Start | MomentKind::Resumed => 0,
        MomentKind::Correction => 1,
        MomentKind::Score
        | MomentKind::Tie
        | MomentKind::LeadChange
        | MomentKind::Comeback
        | MomentKind::Run => 2,
        MomentKind::RedCard | MomentKind::MissedPenalty | MomentKind::Milestone => 3,
        MomentKind::PeriodEnd => 4,
        MomentKind::Overtime => 5,
        MomentKind::CloseLate | MomentKind::UpsetWatch | MomentKind::Blowout | MomentKind::CleanSheet => 6,
        MomentKind::Delayed | MomentKind::Postponed | MomentKind::Suspended | MomentKind::Cancelled => 7,
        MomentKind::Final => 8,
        MomentKind::News => 9,
    }
}

fn facts(game: &Game, change: Change, poll: &Poll) -> Facts {
    let scorer = change.scorer();
    Facts {
        sport: poll.sport.key.clone(),
        league: poll.sport.name.clone(),
        discipline: poll.sport.discipline,
        kind: change.kind,
        home: game.home.team.clone(),
        away: game.away.team.clone(),
        home_rank: game.home.rank,
        away_rank: game.away.rank,
        neutral: game.neutral,
        phase: change.sight.phase,
        score: change.score,
        before: change.before,
        shootout: change.sight.shootout,
        period: change.sight.period,
        regulation_periods: poll.sport.regulation.periods,
        clock: change.sight.clock,
        scorer,
        play: change.play,
        lead_changes: change.lead_changes,
        largest_deficit: change.largest_deficit,
        retracted: change.retracted,
        milestone: change.milestone,
        contest: change.contest,
        news: None,
        seen_from_start: change.seen_from_start,
        note: game.note.clone(),
        course: change.course,
    }
}
