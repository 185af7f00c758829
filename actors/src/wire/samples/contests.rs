//! Invented contests of athletes.

use super::team;
use crate::wire::contest::{Contest, Ending, Standing};
use crate::wire::facts::{Course, Facts};
use crate::wire::game::{Phase, Score, Which};
use crate::wire::moment::MomentKind;
use crate::wire::sport::{Discipline, SportKey};

/// The plain sample: a result as most are, or the contest called off.
pub(super) fn plain(discipline: Discipline, kind: MomentKind) -> Facts {
    let (key, league, event, part, home, away) = match discipline {
        Discipline::Mma => ("ufc", "UFC", "UFC 300", "Bantamweight", "Sean O'Malley", "Petr Yan"),
        Discipline::Racing => {
            ("f1", "Formula 1", "Azerbaijan Grand Prix", "Race", "Azerbaijan Grand Prix", "Race")
        }
        Discipline::Golf => {
            ("pga", "PGA Tour", "Memorial Tournament", "Tournament", "Memorial Tournament", "Tournament")
        }
        _ => ("atp", "ATP", "Roland Garros", "Men's Singles Semifinal", "Alexander Zverev", "Carlos Alcaraz"),
    };
    let phase = match kind {
        MomentKind::Postponed => Phase::Postponed,
        MomentKind::Cancelled => Phase::Cancelled,
        _ => Phase::Final,
    };
    let mut contest = Contest {
        event: event.to_owned(),
        part: (!discipline.is_field()).then(|| part.to_owned()),
        ..Contest::default()
    };
    if phase == Phase::Final {
        decide(&mut contest, discipline);
    }
    Facts {
        sport: SportKey::new(key),
        league: league.to_owned(),
        discipline,
        kind,
        home: team(home, home, home),
        away: team(away, away, away),
        home_rank: None,
        away_rank: None,
        neutral: true,
        phase,
        score: Score::default(),
        before: None,
        shootout: None,
        period: 0,
        regulation_periods: 1,
        clock: None,
        scorer: None,
        play: None,
        lead_changes: 0,
        largest_deficit: Score::default(),
        retracted: None,
        milestone: None,
        contest: Some(contest),
        news: None,
        seen_from_start: false,
        note: None,
        course: Course::default(),
    }
}

fn decide(contest: &mut Contest, discipline: Discipline) {
    let standing = |name: &str, to_par| Standing { name: name.to_owned(), to_par };
    match discipline {
        Discipline::Racing => {
            let podium = ["Sergio Pérez", "Max Verstappen", "Charles Leclerc"];
            contest.standings = podium.map(|name| standing(name, None)).into();
        }
        Discipline::Golf => {
            contest.standings =
                vec![standing("Scottie Scheffler", Some(-10)), standing("Ben Griffin", Some(-6))];
        }
        _ => contest.winner = Some(Which::Home),
    }
    if discipline == Discipline::Tennis {
        let set = |home, away| Score { home, away };
        contest.sets = vec![set(6, 3), set(4, 6), set(7, 6)];
    }
}

/// What may be different about a result.
pub(super) fn variants(base: &Facts) -> Vec<(&'static str, Facts)> {
    let with = |change: fn(&mut Contest)| {
        let mut facts = base.clone();
        facts.contest.iter_mut().for_each(change);
        facts
    };
    if base.phase != Phase::Final {
        return Vec::new();
    }
    match base.discipline {
        Discipline::Tennis => vec![
            ("straight_sets", with(|c| c.sets.truncate(1))),
            ("without_sets", with(|c| c.sets.clear())),
            ("retired", with(|c| c.ending = Ending::Retired)),
            ("retired_at_once", with(|c| (c.ending, c.sets) = (Ending::Retired, Vec::new()))),
            ("walkover", with(|c| (c.ending, c.sets) = (Ending::Walkover, Vec::new()))),
            ("without_a_round", with(|c| c.part = None)),
        ],
        Discipline::Mma => vec![("without_a_weight", with(|c| c.part = None))],
        Discipline::Golf => vec![
            ("alone", with(|c| c.standings.truncate(1))),
            ("even_par", with(|c| c.standings[0].to_par = Some(0))),
            (
                "over_par_by_one",
                with(|c| {
                    c.standings[0].to_par = Some(3);
                    c.standings[1].to_par = Some(4);
                }),
            ),
            (
                "with_a_third",
                with(|c| {
                    c.standings.push(Standing { name: "Sepp Straka".to_owned(), to_par: Some(-5) });
                }),
            ),
        ],
        _ => Vec::new(),
    }
}
