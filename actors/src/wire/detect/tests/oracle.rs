//! Invented nights whose truth is known, seen through boards that cannot be trusted, and an oracle that knows the truth alone.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::wire::detect::run::gained;
use crate::wire::facts::Facts;
use crate::wire::game::Score;
use crate::wire::moment::MomentKind;
use crate::wire::synthetic::{Night, SyntheticGame, season};

const POLLS: usize = 300;

/// What a poll does to a game before the wire sees it.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    /// An edge that is so many polls behind.
    Behind(u8),
    /// 0-0, as after an error.
    Zero,
    NoScore,
    PeriodOne,
    Unknown,
    Scheduled,
    /// A score that was never there, and so high that no later board bears it out.
    Phantom(u8),
    /// A phase the game is not in.
    Lie(Phase),
}

/// What a poll does to the board.
#[derive(Debug, Clone, Copy)]
enum Page {
    Whole,
    Empty,
    Truncated,
    Reordered,
}

fn fault() -> impl Strategy<Value = Fault> {
    let lie = prop::sample::select(vec![
        Phase::Final,
        Phase::Postponed,
        Phase::Delayed,
        Phase::Suspended,
        Phase::Break,
    ]);
    prop_oneof![
        8 => Just(Fault::None),
        4 => (1..8_u8).prop_map(Fault::Behind),
        1 => Just(Fault::Zero),
        1 => Just(Fault::NoScore),
        1 => Just(Fault::PeriodOne),
        1 => Just(Fault::Unknown),
        1 => Just(Fault::Scheduled),
        1 => (40..90_u8).prop_map(Fault::Phantom),
        1 => lie.prop_map(Fault::Lie),
    ]
}

fn page() -> impl Strategy<Value = Page> {
    prop_oneof![
        8 => Just(Page::Whole),
        1 => Just(Page::Empty),
        1 => Just(Page::Truncated),
        2 => Just(Page::Reordered),
    ]
}

/// What a feed may do without being believed: two boards in a row below the truth, and one claim of what never was between
/// two true boards.
///
/// Of a game in which a score is really taken back no two in a row, or the score from before would be as likely as the truth.
#[derive(Default)]
struct Patience {
    most_below: u8,
    below: u8,
    lied: bool,
}

impl Patience {
    fn with(game: &SyntheticGame) -> Self {
        let scores: Vec<Score> = game.truths().filter_map(|(_, game)| game.score()).collect();
        let only_grows = scores.windows(2).all(|pair| pair[1].covers(pair[0]));
        Self { most_below: if only_grows { 2 } else { 1 }, ..Self::default() }
    }

    fn allow(&mut self, fault: Fault, confirmations: u8) -> Fault {
        let allowed = match fault {
            Fault::Behind(_) | Fault::Zero | Fault::PeriodOne => self.below < self.most_below,
            Fault::Phantom(_) | Fault::Lie(_) => !self.lied && confirmations > 0,
            Fault::None | Fault::NoScore | Fault::Unknown | Fault::Scheduled => true,
        };
        let fault = if allowed { fault } else { Fault::None };
        match fault {
            Fault::None => *self = Self { below: 0, lied: false, ..*self },
            Fault::Behind(_) | Fault::Zero | Fault::PeriodOne => self.below += 1,
            Fault::Phantom(_) | Fault::Lie(_) => self.lied = true,
            _ => {}
        }
        fault
    }
}

fn spoil(game: &SyntheticGame, at: Timestamp, step: SignedDuration, fault: Fault) -> Game {
    let mut seen = game.at(at);
    match fault {
        Fault::None => {}
        Fault::Behind(polls) => seen = game.at(at - step * i32::from(polls)),
        Fault::Zero if seen.score().is_some() => set_score(&mut seen, 0, 0),
        Fault::NoScore => seen.away.score = None,
        Fault::PeriodOne if seen.period > 1 => seen.period = 1,
        Fault::Unknown => seen.phase = Phase::Unknown,
        Fault::Scheduled if seen.phase.in_play() => seen.phase = Phase::Scheduled,
        Fault::Phantom(more) if seen.phase.in_play() => {
            seen.home.score = seen.home.score.map(|score| score + u32::from(more));
        }
        Fault::Lie(phase) if seen.phase.in_play() => seen.phase = phase,
        _ => {}
    }
    seen
}

/// The truth of one game, at the polls and between them.
struct Truth {
    turns: Vec<(Timestamp, Game)>,
    regulation: u8,
}

impl Truth {
    fn by(&self, at: Timestamp) -> impl Iterator<Item = &Game> {
        self.turns.iter().take_while(move |(turn, _)| *turn <= at).map(|(_, game)| game)
    }

    fn scores(&self, at: Timestamp) -> Vec<Score> {
        let mut scores = vec![Score::default()];
        scores.extend(self.by(at).filter_map(Game::score));
        scores.dedup();
        scores
    }

    /// What is wrong with a told story, as far as the truth goes.
    fn denies(&self, story: &Story) -> Option<String> {
        let facts = &story.facts;
        let scores = self.scores(story.confirmed_at);
        let Some(at) = scores.iter().rposition(|score| *score == facts.score) else {
            return Some(format!("the score {:?} never stood", facts.score));
        };
        let past = &scores[..=at];
        if facts.before.is_some_and(|before| !past.contains(&before)) {
            return Some(format!("the score before, {:?}, never stood", facts.before));
        }
        let was_taken_back = past.windows(2).any(|pair| !pair[1].covers(pair[0]));
        if facts.seen_from_start && !was_taken_back && facts.lead_changes != lead_changes(past) {
            return Some(format!("{} lead changes, not {}", lead_changes(past), facts.lead_changes));
        }
        let now = |holds: &dyn Fn(&Game) -> bool| self.by(story.confirmed_at).any(holds);
        let turned = facts.before.and_then(Score::leader) != facts.score.leader();
        let holds = match story.kind {
            MomentKind::Start => now(&|game| game.phase.in_play()),
            MomentKind::Score => !turned,
            MomentKind::Tie => facts.score.leader().is_none(),
            MomentKind::LeadChange => turned && facts.score.leader().is_some(),
            MomentKind::Comeback => facts.came_back_from().is_some_and(|(side, deficit)| {
                past.iter().any(|score| score.of(side) + deficit == score.of(side.other()))
            }),
            MomentKind::Run => facts.course.run_from.is_some_and(|from| {
                let begun = past.iter().position(|score| *score == from);
                let answer = |(side, _): (Which, u32)| {
                    begun.is_some_and(|begun| {
                        past[begun..].iter().all(|score| score.of(side.other()) == from.of(side.other()))
                    })
                };
                gained(from, facts.score).is_some_and(|run| was_taken_back || answer(run))
            }),
            MomentKind::PeriodEnd => {
                let end = self.turns.iter().rfind(|(_, game)| game.period <= facts.period);
                end.and_then(|(_, game)| game.score()) == Some(facts.score)
            }
            MomentKind::Overtime => {
                now(&|game| game.period > self.regulation || game.phase == Phase::Shootout)
            }
            MomentKind::CloseLate | MomentKind::UpsetWatch | MomentKind::Blowout => {
                now(&|game| game.period == facts.period && game.score() == Some(facts.score))
            }
            MomentKind::CleanSheet => facts.score.home.min(facts.score.away) == 0 && facts.score.margin() > 0,
            MomentKind::Final => now(&|game| game.phase == Phase::Final && game.score() == Some(facts.score)),
            MomentKind::Correction => facts.retracted.is_some_and(|retracted| past.contains(&retracted)),
            MomentKind::Resumed => now(&|game| matches!(game.phase, Phase::Delayed | Phase::Suspended)),
            MomentKind::Delayed | MomentKind::Suspended | MomentKind::Postponed | MomentKind::Cancelled => {
                now(&|game| game.phase == facts.phase)
            }
            _ => false,
        };
        let seen = (story.seen_at, facts.phase, facts.period, facts.clock);
        (!holds).then(|| {
            format!(
                "{} does not hold: seen {seen:?} {} confirmed {}",
                story.kind, story.after, story.confirmed_at
            )
        })
    }
}

fn lead_changes(scores: &[Score]) -> u32 {
    let leaders: Vec<Which> = scores.iter().filter_map(|score| score.leader()).collect();
    leaders.windows(2).filter(|pair| pair[0] != pair[1]).count() as u32
}

/// Once a game.
fn is_once(kind: MomentKind) -> bool {
    matches!(
        kind,
        MomentKind::Start
            | MomentKind::CloseLate
            | MomentKind::UpsetWatch
            | MomentKind::Blowout
            | MomentKind::CleanSheet
            | MomentKind::Final
    )
}

fn night(sport: &Sport, seed: u64) -> Night {
    let first = "2024-10-22T23:00:00Z".parse().unwrap();
    season(sport.clone(), first, 2, seed).next().unwrap()
}

proptest! {
    #![proptest_config(repeatable())]

    #[test]
    fn of_a_true_game_seen_through_boards_that_cannot_be_trusted_nothing_false_is_told_and_nothing_twice(
        sport in prop::sample::select(vec!["nba", "ncaam", "nfl", "mlb", "nhl", "eng.1"]),
        seed in any::<u64>(),
        confirmations in 0_u8..3,
        faults in prop::collection::vec((page(), fault(), fault()), POLLS),
    ) {
        let mut desk = Desk::unseen(sport, confirmations);
        let night = night(&desk.sport, seed);
        let (first, last) = (night.starts_at().unwrap() - SignedDuration::from_mins(5), night.ends_at().unwrap());
        let step = SignedDuration::from_secs(last.duration_since(first).as_secs() / POLLS as i64 + 1);
        let mut patience = night.games().iter().map(Patience::with).collect::<Vec<_>>();
        let mut stories = Vec::new();
        desk.now = first;
        let quiet = [(Page::Whole, Fault::None, Fault::None); 20];
        for (page, one, other) in faults.iter().chain(&quiet) {
            let now = desk.now;
            let whole = night.games().iter().zip(&mut patience).zip([one, other]).map(|((game, patience), fault)| {
                let seen = matches!(page, Page::Whole | Page::Reordered);
                let fault = if seen { patience.allow(*fault, confirmations) } else { Fault::None };
                spoil(game, now, step, fault)
            });
            let mut games: Vec<Game> = whole.collect();
            match page {
                Page::Whole => {}
                Page::Empty => games.clear(),
                Page::Truncated => games.truncate(1),
                Page::Reordered => games.reverse(),
            }
            stories.extend(desk.boards(games).stories);
            desk.wait(step.as_secs() - 20);
        }
        for game in night.games() {
            let code = &game.fixture().home.code;
            let of_it: Vec<&Story> = stories.iter().filter(|story| story.facts.home.code == *code).collect();
            let turns = game.truths().collect();
            let truth = Truth { turns, regulation: desk.sport.regulation.periods };
            let told = of_it.iter().filter(|story| story.verdict == Verdict::Told);
            let mut once = BTreeSet::new();
            for story in told {
                prop_assert_eq!(truth.denies(story), None, "{} at {:?}", story.id, story.facts.score);
                if story.kind == MomentKind::Correction {
                    once.clear();
                }
                // A shoot-out is an overtime of its own, in whatever period a board puts it.
                let Facts { score, period, phase, .. } = story.facts;
                let stage = (!is_once(story.kind)).then_some((score.home, score.away, period, phase == Phase::Shootout));
                prop_assert!(once.insert((story.kind, stage)), "{} was told before", story.id);
            }
            let finals = of_it.iter().filter(|story| story.kind == MomentKind::Final).count();
            prop_assert_eq!(finals, usize::from(game.final_score().is_some()), "finals of {}", code);
        }
    }
}
