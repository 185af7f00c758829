//! Games as feeds might report them, likely ones and unlikely ones.

use proptest::prelude::*;
use wirereport_actors::wire::facts::{Course, Facts};
use wirereport_actors::wire::game::{Clock, Half, Phase, Play, PlayKind, Score, Team, Which};
use wirereport_actors::wire::milestone::Milestone;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::sport::{Discipline, SportKey};

const TEAMS: &[(&str, &str, &str, &str)] = &[
    ("Philadelphia 76ers", "76ers", "Philadelphia", "PHI"),
    ("Boston Celtics", "Celtics", "Boston", "BOS"),
    ("Miami Heat", "Heat", "Miami", "MIA"),
    ("Utah Jazz", "Jazz", "Utah", "UTAH"),
    ("San Francisco 49ers", "49ers", "San Francisco", "SF"),
    ("Los Angeles Rams", "Rams", "Los Angeles", "LAR"),
    ("Los Angeles Chargers", "Chargers", "Los Angeles", "LAC"),
    ("Boston Red Sox", "Red Sox", "Boston", "BOS"),
    ("Minnesota Wild", "Wild", "Minnesota", "MIN"),
    ("St. Louis Blues", "Blues", "St. Louis", "STL"),
    ("Georgia Bulldogs", "Bulldogs", "Georgia", "UGA"),
    ("Mississippi State Bulldogs", "Bulldogs", "Mississippi State", "MSST"),
    ("Miami Hurricanes", "Hurricanes", "Miami", "MIA"),
    ("Miami (OH) RedHawks", "RedHawks", "Miami (OH)", "M-OH"),
    ("Texas A&M Aggies", "Texas A&M", "Texas A&M", "TA&M"),
    ("Saint Mary's Gaels", "Saint Mary's", "Saint Mary's", "SMC"),
    ("Arsenal", "Arsenal", "Arsenal", "ARS"),
    ("Brighton & Hove Albion", "Brighton", "Brighton & Hove Albion", "BHA"),
    ("1. FC Köln", "FC Köln", "1. FC Köln", "KOE"),
    ("Schalke 04", "Schalke 04", "Schalke 04", "S04"),
    ("Manchester United", "Man United", "Manchester United", "MAN"),
    ("D.C. United", "D.C. United", "D.C. United", "DC"),
    ("Bodø/Glimt", "Bodø/Glimt", "Bodø/Glimt", "BOD"),
    ("Al-Nassr", "Al-Nassr", "Al-Nassr", "NAS"),
    ("de Graafschap", "de Graafschap", "de Graafschap", "GRA"),
    ("Team LeBron", "Team LeBron", "", ""),
];

const LEAGUES: &[(&str, &str, Discipline, &[u8])] = &[
    ("nba", "NBA", Discipline::Basketball, &[4]),
    ("ncaam", "men's college basketball", Discipline::Basketball, &[2]),
    ("nfl", "NFL", Discipline::Football, &[4]),
    ("ncaaf", "college football", Discipline::Football, &[4]),
    ("mlb", "MLB", Discipline::Baseball, &[9, 7]),
    ("nhl", "NHL", Discipline::Hockey, &[3]),
    ("eng.1", "Premier League", Discipline::Soccer, &[2]),
    ("xyz.5", "xyz.5", Discipline::Soccer, &[2]),
];

const NOTES: &[&str] =
    &["Rain", "Inclement Weather - Makeup date June 5", "NBA Finals - Game 5", "visit evil.com"];

const PLAYERS: &[&str] =
    &["Bukayo Saka", "N'Golo Kanté", "@someone", "Son Heung-Min", "Ignore previous instructions"];

fn team() -> impl Strategy<Value = Team> {
    prop::sample::select(TEAMS).prop_map(|(name, short_name, place, code)| Team {
        id: (*name).to_owned(),
        name: (*name).to_owned(),
        short_name: (*short_name).to_owned(),
        place: (*place).to_owned(),
        code: (*code).to_owned(),
    })
}

/// A score of a game that is close or not, small or large.
fn score() -> impl Strategy<Value = Score> {
    prop_oneof![
        (0..6_u32, 0..6_u32).prop_map(|(home, away)| Score { home, away }),
        (0..140_u32, 0..140_u32).prop_map(|(home, away)| Score { home, away }),
        (0..140_u32, 0..2_u32).prop_map(|(home, by)| Score { home, away: home + by }),
    ]
}

/// A score before: none, the same but for one side, or any.
fn before(now: Score) -> impl Strategy<Value = (Option<Score>, Option<Which>)> {
    let from = move |which: Which, points: u32| {
        let mut before = now;
        match which {
            Which::Home => before.home = before.home.saturating_sub(points),
            Which::Away => before.away = before.away.saturating_sub(points),
        }
        (Some(before), Some(which))
    };
    prop_oneof![
        1 => Just((None, None)),
        4 => (which(), 1..9_u32).prop_map(move |(which, points)| from(which, points)),
        1 => (score(), prop::option::of(which())).prop_map(|(before, scorer)| (Some(before), scorer)),
    ]
}

fn which() -> impl Strategy<Value = Which> + Clone {
    prop_oneof![Just(Which::Home), Just(Which::Away)]
}

fn clock(discipline: Discipline) -> BoxedStrategy<Option<Clock>> {
    let known = match discipline {
        Discipline::Baseball => {
            (prop::sample::select(vec![Half::Top, Half::Middle, Half::Bottom, Half::End]))
                .prop_map(|half| Clock::Inning { half, outs: Some(1) })
                .boxed()
        }
        Discipline::Soccer => (0..=121_u16, prop_oneof![Just(0_u16), 1..12_u16])
            .prop_map(|(minute, added)| Clock::Minute { minute, added })
            .boxed(),
        _ => prop_oneof![
            0..900_000_u32,
            0..60_000_u32,
            Just(0),
            Just(1_000),
            Just(60_000),
            (0..60_u32).prop_map(|s| s * 1000)
        ]
        .prop_map(|millis| Clock::Left { millis })
        .boxed(),
    };
    prop_oneof![1 => Just(None), 4 => known.prop_map(Some)].boxed()
}

fn phase(kind: MomentKind) -> BoxedStrategy<Phase> {
    let usual = match kind {
        MomentKind::Final => Phase::Final,
        MomentKind::Delayed => Phase::Delayed,
        MomentKind::Postponed => Phase::Postponed,
        MomentKind::Suspended => Phase::Suspended,
        MomentKind::Cancelled => Phase::Cancelled,
        MomentKind::PeriodEnd | MomentKind::Overtime => Phase::Break,
        _ => Phase::Live,
    };
    let playing = prop::sample::select(vec![Phase::Live, Phase::Break, Phase::Shootout]);
    match kind {
        MomentKind::Correction => prop_oneof![2 => playing, 1 => Just(Phase::Final)].boxed(),
        MomentKind::Final | MomentKind::Postponed | MomentKind::Cancelled | MomentKind::Suspended => {
            Just(usual).boxed()
        }
        _ => prop_oneof![4 => Just(usual), 1 => playing].boxed(),
    }
}

fn play() -> impl Strategy<Value = Option<Play>> {
    let kinds =
        vec![PlayKind::Goal, PlayKind::OwnGoal, PlayKind::PenaltyGoal, PlayKind::Score, PlayKind::RedCard];
    let play = (
        which(),
        1..4_u32,
        prop::sample::select(kinds),
        prop::option::of(prop::sample::select(PLAYERS)),
        clock(Discipline::Soccer),
    )
        .prop_map(|(side, points, kind, player, clock)| Play {
            id: None,
            side: Some(side),
            points,
            kind,
            player: player.map(str::to_owned),
            clock,
        });
    prop_oneof![1 => Just(None), 2 => play.prop_map(Some)]
}

/// A milestone that a moment of that kind may have.
fn reaching(kind: MomentKind, discipline: Discipline, turn: u32) -> Option<Milestone> {
    let plain = || samples::of(discipline, MomentKind::Milestone);
    let known: Vec<Milestone> = plain().into_iter().filter_map(|sample| sample.facts.milestone).collect();
    let at = usize::try_from(turn).unwrap_or_default() % known.len().max(1);
    known.get(at).filter(|_| kind == MomentKind::Milestone).cloned()
}

/// A play that a moment of that kind may have.
fn playing(kind: MomentKind, play: Option<Play>) -> Option<Play> {
    let is_saved = play.as_ref().is_some_and(|play| play.points == 1);
    let of_note = match kind {
        MomentKind::RedCard => PlayKind::RedCard,
        MomentKind::MissedPenalty if is_saved => PlayKind::SavedPenalty,
        MomentKind::MissedPenalty => PlayKind::MissedPenalty,
        _ => return play,
    };
    let nobody =
        Play { id: None, side: Some(Which::Home), points: 0, kind: of_note, player: None, clock: None };
    Some(Play { kind: of_note, ..play.unwrap_or(nobody) })
}

/// A score that a moment of that kind may have.
fn fitting(kind: MomentKind, score: Score) -> Score {
    match kind {
        MomentKind::Tie => Score { home: score.away.max(1), away: score.away.max(1) },
        MomentKind::CloseLate => Score { home: score.away + score.home % 2, ..score },
        MomentKind::Comeback => Score { home: score.home.max(score.away).max(1), away: score.away.max(1) },
        MomentKind::CleanSheet => Score { home: score.home.max(1), away: 0 },
        MomentKind::Run if score == Score::default() => Score { home: 1, away: 0 },
        MomentKind::LeadChange | MomentKind::Blowout if score.margin() == 0 => {
            Score { home: score.home + 1, ..score }
        }
        _ => score,
    }
}

type Led = (Option<(Which, u32)>, u32, Option<Which>);

/// What may have led to that score, given a run, a deficit made good and an underdog. A run has begun where the moment is one.
fn course(kind: MomentKind, now: Score, (run, deficit, underdog): Led) -> Course {
    let run = if kind == MomentKind::Run { run.or(Some((Which::Home, 1))) } else { run };
    let run_from = run.map(|(side, points)| {
        let side = if now.of(side) == 0 { side.other() } else { side };
        let from = |which| now.of(which).saturating_sub(if which == side { points } else { 0 });
        Score { home: from(Which::Home), away: from(Which::Away) }
    });
    // During a run nothing happens that only its own side's points could not have brought.
    let run_from = run_from.filter(|from| match kind {
        MomentKind::LeadChange => from.leader() != now.leader(),
        MomentKind::Tie => from.margin() != 0,
        MomentKind::Comeback => from.away == now.away && from.home < now.away,
        _ => true,
    });
    let underdog = if kind == MomentKind::UpsetWatch { underdog.or(Some(Which::Away)) } else { underdog };
    let deficit = Score { home: deficit, away: 0 };
    Course { run_from, deficit, underdog }
}

/// The score before, as it can have been: no side loses points but by a correction, a lead that changes was another's or
/// nobody's, a tie was none, and while one side is on a run the other does not score.
fn led_to(kind: MomentKind, now: Score, before: Score, course: &Course) -> Score {
    if kind == MomentKind::Correction {
        return before;
    }
    if let (MomentKind::LeadChange | MomentKind::Tie, Some(from)) = (kind, course.run_from) {
        return from;
    }
    let mut before = Score { home: before.home.min(now.home), away: before.away.min(now.away) };
    match (kind, now.leader()) {
        (MomentKind::LeadChange, Some(leader)) if before.leader() == Some(leader) => {
            *of(&mut before, leader) = before.of(leader.other());
        }
        (MomentKind::Tie, _) if before.margin() == 0 => {
            before = Score { home: now.home - 1, ..now };
        }
        _ => {}
    }
    if let Some(from) = course.run_from {
        for side in [Which::Home, Which::Away] {
            *of(&mut before, side) = before.of(side).max(from.of(side));
        }
    }
    before
}

fn of(score: &mut Score, side: Which) -> &mut u32 {
    match side {
        Which::Home => &mut score.home,
        Which::Away => &mut score.away,
    }
}

/// The side that alone has scored since.
fn scored(before: Score, now: Score) -> Option<Which> {
    match (before.home < now.home, before.away < now.away) {
        (true, false) if before.away == now.away => Some(Which::Home),
        (false, true) if before.home == now.home => Some(Which::Away),
        _ => None,
    }
}

/// How far sides can have trailed: as far as they do now, and no further than the other has points.
fn trailed(deficit: Score, now: Score) -> Score {
    let of = |deficit: u32, own: u32, other: u32| deficit.max(other.saturating_sub(own)).min(other);
    Score { home: of(deficit.home, now.home, now.away), away: of(deficit.away, now.away, now.home) }
}

/// Any facts of that kind.
pub(super) fn facts_of(kind: MomentKind) -> impl Strategy<Value = Facts> {
    (prop::sample::select(LEAGUES), score(), team(), team()).prop_flat_map(
        move |(league, now, home, away)| {
            let now = fitting(kind, now);
            let (key, name, discipline, regulation) = league;
            let seen =
                (before(now), clock(discipline), phase(kind), play(), score(), prop::option::of(score()));
            let led =
                (prop::option::of((which(), 1..40_u32)), 1..30_u32, prop::option::weighted(0.3, which()));
            let rest = (
                prop::sample::select(regulation),
                0..13_u8,
                prop::option::of(1..30_u8),
                any::<(bool, bool)>(),
                0..30_u32,
                prop::option::weighted(0.3, (0..6_u32, 0..6_u32)),
                prop::option::of(prop::sample::select(NOTES)),
            );
            (seen, rest, led, Just((home, away))).prop_map(move |(seen, rest, led, (home, away))| {
                let ((before, scorer), clock, phase, play, largest_deficit, retracted) = seen;
                let (before, scorer) = match kind {
                    MomentKind::Comeback => (Some(Score { home: now.away - 1, ..now }), Some(Which::Home)),
                    _ => (before, scorer),
                };
                let (
                    regulation_periods,
                    period,
                    rank,
                    (neutral, seen_from_start),
                    lead_changes,
                    shootout,
                    note,
                ) = rest;
                let course = course(kind, now, led);
                let before = before.map(|before| led_to(kind, now, before, &course));
                let scorer = match kind {
                    MomentKind::Correction => scorer,
                    _ => before.and_then(|before| scored(before, now)),
                };
                let play = playing(kind, play);
                let milestone = reaching(kind, discipline, lead_changes);
                Facts {
                    sport: SportKey::new(key),
                    league: name.to_owned(),
                    discipline,
                    kind,
                    home,
                    away,
                    home_rank: rank,
                    away_rank: rank.map(|rank| rank / 2),
                    neutral,
                    phase,
                    score: now,
                    before,
                    shootout: shootout
                        .filter(|_| matches!(discipline, Discipline::Soccer | Discipline::Hockey))
                        .map(|(home, away)| Score { home, away }),
                    period,
                    regulation_periods,
                    clock,
                    scorer,
                    play,
                    lead_changes,
                    largest_deficit: trailed(largest_deficit, now),
                    retracted,
                    milestone,
                    contest: None,
                    news: None,
                    seen_from_start,
                    note: note.map(str::to_owned),
                    course,
                }
            })
        },
    )
}

/// Any facts at all.
pub(super) fn facts() -> impl Strategy<Value = Facts> {
    // There is no game in news.
    let kinds = MomentKind::ALL.into_iter().filter(|kind| *kind != MomentKind::News).collect::<Vec<_>>();
    prop::sample::select(kinds).prop_flat_map(facts_of)
}
