//! What may be different about a moment.

use super::{begin, scored, set_incident};
use crate::wire::facts::Facts;
use crate::wire::game::{Clock, Phase, Play, PlayKind, Score, Team, Which};
use crate::wire::milestone::{Milestone, Stat};
use crate::wire::moment::MomentKind;
use crate::wire::sport::{Discipline, SportKey};

/// The variants of a plain sample.
pub(super) fn of(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    let mut variants = match base.kind {
        MomentKind::Start => vec![("already_scored", with(|f| f.score = Score { home: 0, away: 3 }))],
        MomentKind::Score => scores(base),
        MomentKind::Tie | MomentKind::LeadChange => turns(base),
        MomentKind::Comeback => comebacks(base),
        MomentKind::UpsetWatch => {
            vec![("level", with(|f| f.score.home = f.score.away)), ("no_clock", with(|f| f.clock = None))]
        }
        MomentKind::Blowout | MomentKind::CleanSheet => vec![("no_clock", with(|f| f.clock = None))],
        MomentKind::Run => runs(base),
        MomentKind::PeriodEnd => vec![
            ("level", with(|f| f.score.home = f.score.away)),
            ("under_way", with(|f| (f.phase, f.clock) = (Phase::Live, None))),
            ("first", with(|f| f.period = 1)),
            ("away_leads", with(|f| f.score.away = f.score.home + 1)),
        ],
        MomentKind::Overtime => overtimes(base),
        MomentKind::CloseLate => vec![
            ("level", with(|f| f.score.home = f.score.away)),
            ("no_clock", with(|f| f.clock = None)),
            ("no_time_left", with(expire)),
        ],
        MomentKind::RedCard | MomentKind::MissedPenalty => incidents(base),
        MomentKind::Milestone => milestones(base),
        MomentKind::Final => super::finals::of(base),
        MomentKind::Delayed | MomentKind::Suspended => vec![
            ("rain", with(|f| f.note = Some("Rain".to_owned()))),
            ("level", with(|f| f.score.home = f.score.away)),
            ("before_the_start", with(begin_unseen)),
        ],
        MomentKind::Postponed | MomentKind::Cancelled => {
            vec![("weather", with(|f| f.note = Some("Inclement Weather - Makeup date June 5".to_owned())))]
        }
        MomentKind::Resumed => vec![("level", with(|f| f.score.home = f.score.away))],
        MomentKind::News => return Vec::new(),
        MomentKind::Correction => vec![
            ("of_a_final", with(|f| (f.phase, f.clock) = (Phase::Final, None))),
            ("now_level", with(|f| f.score.home = f.score.away)),
            ("without_the_old_score", with(|f| f.retracted = None)),
            ("a_touchdown", with(|f| f.retracted = Some(Score { home: f.score.home + 7, ..f.score }))),
        ],
    };
    variants.push(("neutral", with(|f| f.neutral = true)));
    match base.discipline {
        Discipline::Basketball | Discipline::Football => variants.push(("college", college(base))),
        Discipline::Hockey | Discipline::Soccer if base.kind == MomentKind::Overtime => {
            variants.push(("not_level", with(|f| f.score.home += 1)));
            variants.push(("shootout", with(|f| f.phase = Phase::Shootout)));
        }
        _ => {}
    }
    if matches!(base.clock, Some(Clock::Minute { minute: 88, .. })) {
        variants.push(("stoppage_time", with(|f| f.clock = Some(Clock::Minute { minute: 90, added: 4 }))));
    }
    variants
}

fn comebacks(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    vec![
        ("level", with(|f| f.score.home = f.score.away)),
        (
            "both_scored",
            with(|f| {
                f.scorer = None;
                f.before = f.before.map(|before| Score { away: before.away - 1, home: before.home - 1 });
            }),
        ),
        ("no_clock", with(|f| f.clock = None)),
    ]
}

fn runs(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    vec![
        (
            "behind",
            with(|f| {
                let more = f.score.home - f.score.away + 2;
                f.score.away += more;
                f.before = f.before.map(|b| Score { away: b.away + more, ..b });
                f.course.run_from = f.course.run_from.map(|b| Score { away: b.away + more, ..b });
            }),
        ),
        ("no_clock", with(|f| f.clock = None)),
    ]
}

fn overtimes(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    vec![
        ("under_way", with(under_way)),
        (
            "scored_since",
            with(|f| {
                under_way(f);
                f.score.home += 1;
            }),
        ),
        (
            "second",
            with(|f| {
                under_way(f);
                f.period += 1;
            }),
        ),
        ("another", with(|f| f.period += 1)),
    ]
}

fn turns(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    let mut turns = vec![
        ("no_time_left", with(expire)),
        ("on_a_streak", with(streak)),
        ("both_scored", with(|f| (f.scorer, f.before) = (None, Some(Score { home: 0, away: 1 })))),
        ("first_sight", with(|f| (f.scorer, f.before) = (None, None))),
        ("no_clock", with(|f| f.clock = None)),
        ("from_level", with(from_level)),
    ];
    if base.kind == MomentKind::LeadChange {
        turns.push(("from_nothing", with(from_nothing)));
    }
    if base.discipline == Discipline::Hockey {
        turns.push(("with_play", with(add_play)));
        turns.push(("with_play_from_level", with(|f| (from_level(f), add_play(f)).1)));
    }
    if base.discipline == Discipline::Soccer {
        turns.push(("with_play", with(add_play)));
        turns.push(("penalty", with(add_penalty)));
        turns.push(("own_goal", with(add_own_goal)));
    }
    turns
}

fn scores(base: &Facts) -> Vec<(&'static str, Facts)> {
    let step = base.points();
    let with = |score: Score, points: u32, change: fn(&mut Facts)| {
        let mut facts = base.clone();
        scored(&mut facts, Which::Home, score, points);
        change(&mut facts);
        facts
    };
    let ahead = Score { home: 3 * step, away: step };
    let mut scores = vec![
        ("ahead", with(ahead, step, |_| {})),
        ("one", with(ahead, 1, |_| {})),
        ("two", with(Score { home: 2 * step + 2, away: 1 }, 2, |_| {})),
        ("three", with(Score { home: 3 * step + 3, away: 1 }, 3, |_| {})),
        ("both_scored", with(ahead, step, |f| f.scorer = None)),
        ("level", with(Score { home: 5, away: 5 }, 1, |f| f.scorer = None)),
        ("close_behind", with(Score { home: 5, away: 6 }, step.min(5), |_| {})),
    ];
    if base.discipline == Discipline::Hockey {
        scores.push(("ahead_with_play", with(ahead, step, add_play)));
        scores.push(("behind_with_play", with(Score { home: 2, away: 4 }, 1, add_play)));
    }
    if base.discipline == Discipline::Soccer {
        scores.push(("ahead_with_play", with(ahead, step, add_play)));
        scores.push(("penalty", with(ahead, step, add_penalty)));
        scores.push(("own_goal", with(ahead, step, add_own_goal)));
    }
    scores
}

fn incidents(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Facts)| {
        let mut facts = base.clone();
        change(&mut facts);
        facts
    };
    let mut incidents = vec![
        ("level", with(|f| f.score.home = f.score.away)),
        ("over", with(|f| (f.phase, f.clock) = (Phase::Final, None))),
        ("nameless", with(|f| f.play.iter_mut().for_each(|play| play.player = None))),
        (
            "in_added_time",
            with(|f| {
                let added = Some(Clock::Minute { minute: 90, added: 3 });
                f.play.iter_mut().for_each(|play| play.clock = added);
            }),
        ),
        ("at_no_known_time", with(|f| f.play.iter_mut().for_each(|play| play.clock = None))),
    ];
    if base.kind == MomentKind::MissedPenalty {
        let missed = |f: &mut Facts| set_incident(f, PlayKind::MissedPenalty, Some("Bukayo Saka"));
        incidents.push(("wide", with(missed)));
        incidents.push(("wide_nameless", with(|f| set_incident(f, PlayKind::MissedPenalty, None))));
    }
    incidents
}

/// The milestone of a plain sample.
pub(super) fn milestone(discipline: Discipline) -> Milestone {
    let (player, stat, reached, figure) = match discipline {
        Discipline::Basketball => ("Jayson Tatum", Stat::Points, 40, 41),
        Discipline::Football => ("Daniel Jones", Stat::PassingYards, 300, 312),
        Discipline::Baseball => ("Aaron Judge", Stat::HomeRuns, 3, 3),
        Discipline::Hockey => ("David Pastrnak", Stat::Goals, 3, 3),
        _ => ("Bukayo Saka", Stat::Goals, 3, 3),
    };
    Milestone { player: player.to_owned(), side: Which::Home, stat, reached, stats: [(stat, figure)].into() }
}

fn milestones(base: &Facts) -> Vec<(&'static str, Facts)> {
    let of = |stat, reached, stats: &[(Stat, u32)]| {
        let known = base.milestone.clone().unwrap_or_else(|| milestone(base.discipline));
        let stats = stats.iter().copied().collect();
        Facts { milestone: Some(Milestone { stat, reached, stats, ..known }), ..base.clone() }
    };
    let own = match base.discipline {
        Discipline::Basketball => {
            let three = [(Stat::Points, 22), (Stat::Rebounds, 11), (Stat::Assists, 10)];
            vec![
                ("triple_double", of(Stat::TripleDouble, 10, &three)),
                ("rebounds", of(Stat::Rebounds, 20, &[(Stat::Rebounds, 21)])),
                ("assists", of(Stat::Assists, 20, &[(Stat::Assists, 20)])),
            ]
        }
        Discipline::Football => vec![
            ("rushing", of(Stat::RushingYards, 100, &[(Stat::RushingYards, 100)])),
            ("receiving", of(Stat::ReceivingYards, 150, &[(Stat::ReceivingYards, 161)])),
        ],
        Discipline::Baseball => vec![
            ("runs_batted_in", of(Stat::RunsBattedIn, 6, &[(Stat::RunsBattedIn, 6)])),
            ("strikeouts", of(Stat::Strikeouts, 12, &[(Stat::Strikeouts, 12)])),
        ],
        _ => vec![("four", of(Stat::Goals, 4, &[(Stat::Goals, 4)]))],
    };
    let level = Score { home: base.score.away, ..base.score };
    let shared = [
        ("level", Facts { score: level, ..base.clone() }),
        ("over", Facts { phase: Phase::Final, clock: None, ..base.clone() }),
        ("break", Facts { phase: Phase::Break, clock: None, ..base.clone() }),
    ];
    own.into_iter().chain(shared).collect()
}

fn from_nothing(facts: &mut Facts) {
    let points = facts.points().clamp(1, 7);
    scored(facts, Which::Home, Score { home: points, away: 0 }, points);
}

/// The clock of the period has run out, where one runs down.
fn expire(facts: &mut Facts) {
    if let Some(Clock::Left { millis }) = &mut facts.clock {
        *millis = 0;
    }
}

/// The last score was one of several without an answer.
fn streak(facts: &mut Facts) {
    let gained = (facts.points() + 14).min(facts.score.home);
    facts.course.run_from = Some(Score { home: facts.score.home - gained, ..facts.score });
}

fn under_way(facts: &mut Facts) {
    facts.phase = Phase::Live;
    facts.period += 1;
}

fn begin_unseen(facts: &mut Facts) {
    begin(facts);
    facts.period = 0;
    facts.seen_from_start = false;
}

fn from_level(facts: &mut Facts) {
    let (Some(scorer), Some(mut before)) = (facts.scorer, facts.before) else { return };
    match scorer {
        Which::Home => before.home = facts.score.away,
        Which::Away => before.away = facts.score.home,
    }
    facts.before = Some(before);
}

fn add_play(facts: &mut Facts) {
    set_play(facts, PlayKind::Goal, Some("Bukayo Saka"));
}

fn add_penalty(facts: &mut Facts) {
    set_play(facts, PlayKind::PenaltyGoal, Some("Bukayo Saka"));
}

fn add_own_goal(facts: &mut Facts) {
    set_play(facts, PlayKind::OwnGoal, Some("Thiago Silva"));
}

fn set_play(facts: &mut Facts, kind: PlayKind, player: Option<&str>) {
    facts.play = Some(Play {
        id: None,
        side: facts.scorer,
        points: facts.points(),
        kind,
        player: player.map(str::to_owned),
        clock: Some(Clock::Minute { minute: 86, added: 0 }),
    });
}

fn college(base: &Facts) -> Facts {
    let (key, name) = match base.discipline {
        Discipline::Football => ("ncaaf", "college football"),
        _ => ("ncaam", "men's college basketball"),
    };
    let school = |place: &str, nickname: &str, code: &str| Team {
        id: code.to_lowercase(),
        name: format!("{place} {nickname}"),
        short_name: nickname.to_owned(),
        place: place.to_owned(),
        code: code.to_owned(),
    };
    Facts {
        sport: SportKey::new(key),
        league: name.to_owned(),
        home: school("Georgia", "Bulldogs", "UGA"),
        away: school("Mississippi State", "Bulldogs", "MSST"),
        home_rank: Some(1),
        away_rank: Some(12),
        ..base.clone()
    }
}
