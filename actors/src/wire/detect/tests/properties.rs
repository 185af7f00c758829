use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::wire::game::Score;
use crate::wire::moment::MomentKind;

/// One poll of a board that cannot be trusted.
#[derive(Debug, Clone)]
enum Flap {
    True,
    Back(usize),
    Zero,
    NoScore,
    Absent,
    Empty,
    Phase(Phase),
    PeriodBack,
}

fn flap() -> impl Strategy<Value = Flap> {
    let phase = prop_oneof![
        Just(Phase::Final),
        Just(Phase::Scheduled),
        Just(Phase::Unknown),
        Just(Phase::Break),
        Just(Phase::Delayed),
        Just(Phase::Postponed),
        Just(Phase::Suspended),
        Just(Phase::Live)
    ];
    prop_oneof![
        6 => Just(Flap::True),
        3 => (1usize..6).prop_map(Flap::Back),
        1 => Just(Flap::Zero),
        1 => Just(Flap::NoScore),
        1 => Just(Flap::Absent),
        1 => Just(Flap::Empty),
        1 => phase.prop_map(Flap::Phase),
        1 => Just(Flap::PeriodBack),
    ]
}

fn sport() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("nba"), Just("nfl"), Just("mlb"), Just("nhl"), Just("eng.1")]
}

fn poll() -> impl Strategy<Value = (Flap, u32, u32, i64)> {
    (flap(), 0u32..8, 0u32..8, 5i64..45)
}

/// Boards of a game whose true score only grows.
fn boards(sport: &str, polls: &[(Flap, u32, u32, i64)]) -> Vec<(i64, Vec<Game>)> {
    let mut truth = game("1", "ATL", "BOS");
    truth.phase = Phase::Live;
    let mut past = vec![(0, 0)];
    let mut out = vec![(20, vec![game("1", "ATL", "BOS")])];
    let other = game("2", "DEN", "LAL");
    for (at, (flap, home, away, wait)) in polls.iter().enumerate() {
        let (was_home, was_away) = past[past.len() - 1];
        past.push((was_home + u32::from(*home == 0), was_away + u32::from(*away == 0)));
        truth.period = 1 + (at / 60) as u8;
        truth.clock = if sport == "mlb" { None } else { left(700 - (at as u32 % 60) * 10) };
        let mut seen = truth.clone();
        let back = if let Flap::Back(n) = flap { *n } else { 0 };
        let (home, away) = past[past.len() - 1 - back.min(past.len() - 1)];
        set_score(&mut seen, home, away);
        match flap {
            Flap::Zero => set_score(&mut seen, 0, 0),
            Flap::NoScore => seen.away.score = None,
            Flap::Phase(phase) => seen.phase = *phase,
            Flap::PeriodBack => seen.period = 1,
            _ => {}
        }
        let games = match flap {
            Flap::Empty => Vec::new(),
            Flap::Absent => vec![other.clone()],
            _ if at % 2 == 0 => vec![seen, other.clone()],
            _ => vec![other.clone(), seen],
        };
        out.push((*wait, games));
    }
    out
}

struct Run {
    stories: Vec<Story>,
    seen: BTreeMap<Timestamp, Vec<Game>>,
}

fn run(sport: &str, confirmations: u8, boards: &[(i64, Vec<Game>)], crash: impl Fn(usize) -> bool) -> Run {
    let mut desk = Desk::unseen(sport, confirmations);
    let mut run = Run { stories: Vec::new(), seen: BTreeMap::new() };
    for (at, (wait, games)) in boards.iter().enumerate() {
        if crash(at) {
            let kept = serde_json::to_string(&desk.state).unwrap();
            desk.state = serde_json::from_str(&kept).unwrap();
        }
        run.seen.insert(desk.now, games.clone());
        run.stories.extend(desk.boards(games.clone()).stories);
        desk.wait(wait - 20);
    }
    run
}

impl Run {
    /// The scores of the game's boards from one time to another, where it was on them with a score that counts.
    fn scores(&self, from: Timestamp, to: Timestamp) -> Vec<Score> {
        let of = |games: &Vec<Game>| {
            let game = games.iter().find(|game| game.feed_id.0 == "1")?;
            let counts = game.phase.in_play()
                || matches!(game.phase, Phase::Final | Phase::Suspended | Phase::Delayed | Phase::Unknown);
            game.score().filter(|_| counts)
        };
        self.seen.range(from..=to).filter_map(|(_, games)| of(games)).collect()
    }
}

impl Run {
    fn was_confirmed(&self, score: Score, by: Timestamp) -> bool {
        let bears = |story: &Story| is_a_score(story.kind) || story.kind == MomentKind::Correction;
        let mut earlier = self.stories.iter().filter(|story| bears(story) && story.confirmed_at <= by);
        score == Score::default() || earlier.any(|story| story.facts.score == score)
    }
}

fn is_a_score(kind: MomentKind) -> bool {
    matches!(kind, MomentKind::Score | MomentKind::Tie | MomentKind::LeadChange | MomentKind::Comeback)
}

proptest! {
    #![proptest_config(repeatable())]

    #[test]
    fn a_board_that_cannot_be_trusted_makes_no_false_and_no_double_story(
        sport in sport(), confirmations in 0u8..3, polls in proptest::collection::vec(poll(), 300),
    ) {
        let run = run(sport, confirmations, &boards(sport, &polls), |_| false);
        let mut ids = BTreeSet::new();
        let mut scores = BTreeSet::new();
        let mut over = false;
        for story in &run.stories {
            prop_assert!(ids.insert((story.id.clone(), story.revision)), "{} came twice", story.id);
            let score = story.facts.score;
            if story.kind == MomentKind::Correction {
                let boards = run.scores(story.seen_at, story.confirmed_at);
                if story.facts.phase == Phase::Final {
                    prop_assert!(boards.iter().all(|board| *board == score));
                } else {
                    prop_assert!(boards.len() >= 3 && boards.iter().all(|board| board.covers(score)));
                    prop_assert!(story.confirmed_at.duration_since(story.seen_at).as_secs() >= 60);
                }
                scores.clear();
            }
            if is_a_score(story.kind) {
                let boards = run.scores(story.seen_at, story.confirmed_at);
                prop_assert_eq!(boards[0], score);
                prop_assert!(boards.len() > usize::from(confirmations));
                prop_assert!(boards.iter().all(|board| board.covers(score)), "{:?} {:?}", score, boards);
                prop_assert!(scores.insert((score.home, score.away)), "{score:?} came twice");
            }
            over |= story.kind == MomentKind::Final;
            prop_assert!(over || run.was_confirmed(score, story.confirmed_at), "{} at {score:?}", story.id);
            prop_assert!((0.0..=1.0).contains(&story.significance.total));
            prop_assert!(story.after <= story.seen_at && story.seen_at <= story.confirmed_at);
        }
    }

    #[test]
    fn a_crash_between_two_polls_changes_nothing(
        sport in sport(), confirmations in 0u8..3, polls in proptest::collection::vec(poll(), 60),
        crashes in proptest::collection::vec(any::<bool>(), 61),
    ) {
        let boards = boards(sport, &polls);
        let calm = run(sport, confirmations, &boards, |_| false);
        let shaken = run(sport, confirmations, &boards, |at| crashes[at]);
        prop_assert_eq!(calm.stories, shaken.stories);
    }

    #[test]
    fn the_same_snapshot_again_yields_nothing_new(
        sport in sport(), confirmations in 0u8..3, polls in proptest::collection::vec(poll(), 60),
    ) {
        let mut desk = Desk::unseen(sport, confirmations);
        for (wait, games) in boards(sport, &polls) {
            let at = desk.now;
            desk.boards(games.clone());
            let state = desk.state.clone();
            desk.now = at;
            let again = desk.boards(games);
            prop_assert_eq!(again, Step::default());
            prop_assert_eq!(&desk.state, &state);
            desk.wait(wait - 20);
        }
    }

    #[test]
    fn a_trusted_board_with_no_confirmation_tells_every_score(
        sport in sport(), steps in proptest::collection::vec((0u32..3, 0u32..3), 1..80),
    ) {
        let mut desk = Desk::live(sport, 0);
        let (mut home, mut away) = (0, 0);
        for (more_home, more_away) in steps {
            home += more_home;
            away += more_away;
            let stories = desk.score(home, away);
            let scores = stories.iter().filter(|story| is_a_score(story.kind)).count();
            prop_assert_eq!(scores, usize::from(more_home + more_away > 0));
        }
    }
}
