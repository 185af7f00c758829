//! Invented games, several to each discipline and kind of moment: what templates are tried on.

use super::contest::Contest;
use super::facts::{Course, Facts};
use super::game::{Clock, Half, Phase, Play, PlayKind, Score, Team, Which};
use super::milestone::Milestone;
use super::moment::MomentKind;
use super::sport::{Discipline, SportKey};

mod contests;
mod finals;
mod news;
mod variants;

/// An invented moment.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is a sample of: `basketball/final/overtime`.
    pub name: String,
    /// Its facts.
    pub facts: Facts,
}

/// The disciplines there are samples of.
pub const DISCIPLINES: [Discipline; 9] = [
    Discipline::Basketball,
    Discipline::Football,
    Discipline::Baseball,
    Discipline::Hockey,
    Discipline::Soccer,
    Discipline::Tennis,
    Discipline::Mma,
    Discipline::Racing,
    Discipline::Golf,
];

/// Every sample, in a fixed order, and each once more with the sides' parts exchanged.
pub fn all() -> Vec<Sample> {
    let kinds = |d| MomentKind::ALL.into_iter().filter(move |k| k.is_of(d)).flat_map(move |k| of(d, k));
    let samples = DISCIPLINES.into_iter().flat_map(kinds);
    samples.flat_map(|sample| [exchanged(&sample), sample]).collect()
}

/// The sample with home's part played by away: what holds of one side must be told as well of the other.
fn exchanged(sample: &Sample) -> Sample {
    let turn = |score: Score| Score { home: score.away, away: score.home };
    let facts = sample.facts.clone();
    let facts = Facts {
        home_rank: facts.away_rank,
        away_rank: facts.home_rank,
        score: turn(facts.score),
        before: facts.before.map(turn),
        shootout: facts.shootout.map(turn),
        scorer: facts.scorer.map(Which::other),
        contest: facts.contest.map(|contest| Contest {
            winner: contest.winner.map(Which::other),
            sets: contest.sets.into_iter().map(turn).collect(),
            ..contest
        }),
        milestone: facts.milestone.map(|one| Milestone { side: one.side.other(), ..one }),
        play: facts.play.map(|play| Play { side: play.side.map(Which::other), ..play }),
        largest_deficit: turn(facts.largest_deficit),
        retracted: facts.retracted.map(turn),
        course: Course {
            run_from: facts.course.run_from.map(turn),
            deficit: turn(facts.course.deficit),
            underdog: facts.course.underdog.map(Which::other),
        },
        ..facts
    };
    Sample { name: format!("{}/exchanged", sample.name), facts }
}

/// The samples of one discipline and kind: the plain one and its variants.
pub fn of(discipline: Discipline, kind: MomentKind) -> Vec<Sample> {
    let base = plain(discipline, kind);
    let mut samples = vec![("plain", base.clone())];
    samples.extend(if kind == MomentKind::News {
        Vec::new()
    } else if discipline.is_contest() {
        contests::variants(&base)
    } else {
        variants::of(&base)
    });
    let name = |variant| format!("{}/{kind}/{variant}", discipline_name(discipline));
    samples.into_iter().map(|(variant, facts)| Sample { name: name(variant), facts }).collect()
}

/// A discipline as it stands in template files: `basketball`.
pub fn discipline_name(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::Basketball => "basketball",
        Discipline::Football => "football",
        Discipline::Baseball => "baseball",
        Discipline::Hockey => "hockey",
        Discipline::Soccer => "soccer",
        Discipline::Tennis => "tennis",
        Discipline::Mma => "mma",
        Discipline::Racing => "racing",
        Discipline::Golf => "golf",
    }
}

fn team(place: &str, short_name: &str, code: &str) -> Team {
    let name = if place == short_name { place.to_owned() } else { format!("{place} {short_name}") };
    Team {
        id: code.to_lowercase(),
        name,
        short_name: short_name.to_owned(),
        place: place.to_owned(),
        code: code.to_owned(),
    }
}

struct League {
    key: &'static str,
    name: &'static str,
    home: Team,
    away: Team,
    periods: u8,
    /// A late score, home ahead by the least a sport knows, and what the home side brought last.
    late: Score,
    step: u32,
    late_clock: Clock,
}

fn league(discipline: Discipline) -> League {
    let late = |home, away| Score { home, away };
    match discipline {
        Discipline::Basketball => League {
            key: "nba",
            name: "NBA",
            home: team("Boston", "Celtics", "BOS"),
            away: team("Atlanta", "Hawks", "ATL"),
            periods: 4,
            late: late(117, 116),
            step: 3,
            late_clock: Clock::Left { millis: 6_100 },
        },
        Discipline::Football => League {
            key: "nfl",
            name: "NFL",
            home: team("New York", "Giants", "NYG"),
            away: team("New York", "Jets", "NYJ"),
            periods: 4,
            late: late(20, 17),
            step: 7,
            late_clock: Clock::Left { millis: 151_000 },
        },
        Discipline::Baseball => League {
            key: "mlb",
            name: "MLB",
            home: team("New York", "Yankees", "NYY"),
            away: team("Boston", "Red Sox", "BOS"),
            periods: 9,
            late: late(6, 5),
            step: 4,
            late_clock: Clock::Inning { half: Half::Bottom, outs: Some(1) },
        },
        Discipline::Hockey => League {
            key: "nhl",
            name: "NHL",
            home: team("Boston", "Bruins", "BOS"),
            away: team("Toronto", "Maple Leafs", "TOR"),
            periods: 3,
            late: late(4, 3),
            step: 1,
            late_clock: Clock::Left { millis: 89_000 },
        },
        _ => League {
            key: "eng.1",
            name: "Premier League",
            home: team("Arsenal", "Arsenal", "ARS"),
            away: team("Chelsea", "Chelsea", "CHE"),
            periods: 2,
            late: late(2, 1),
            step: 1,
            late_clock: Clock::Minute { minute: 88, added: 0 },
        },
    }
}

/// The plain sample: close and late, nothing out of the ordinary.
pub fn plain(discipline: Discipline, kind: MomentKind) -> Facts {
    if kind == MomentKind::News {
        return news::plain(discipline);
    }
    if discipline.is_contest() {
        return contests::plain(discipline, kind);
    }
    let league = league(discipline);
    let mut facts = Facts {
        sport: SportKey::new(league.key),
        league: league.name.to_owned(),
        discipline,
        kind,
        home: league.home,
        away: league.away,
        home_rank: None,
        away_rank: None,
        neutral: false,
        phase: Phase::Live,
        score: league.late,
        before: None,
        shootout: None,
        period: league.periods,
        regulation_periods: league.periods,
        clock: Some(league.late_clock),
        scorer: None,
        play: None,
        lead_changes: 2,
        largest_deficit: Score { home: league.step, away: 1 },
        retracted: None,
        milestone: None,
        contest: None,
        news: None,
        seen_from_start: false,
        note: None,
        course: Course::default(),
    };
    shape(&mut facts, league.step);
    facts
}

/// Makes late facts into those of their kind.
fn shape(facts: &mut Facts, step: u32) {
    let level = Score { home: facts.score.away, away: facts.score.away };
    match facts.kind {
        MomentKind::Start => begin(facts),
        MomentKind::Score => scored(facts, Which::Away, Score { home: 2 * step + 1, away: step }, step),
        MomentKind::Tie => scored(facts, Which::Home, level, step.min(level.home)),
        MomentKind::LeadChange => scored(facts, Which::Home, facts.score, step),
        MomentKind::Comeback => come_back(facts),
        MomentKind::Run => on_a_run(facts, step),
        MomentKind::PeriodEnd => {
            facts.phase = Phase::Break;
            facts.period = (facts.regulation_periods / 2).max(1);
            facts.clock = match facts.clock {
                Some(Clock::Left { .. }) => Some(Clock::Left { millis: 0 }),
                Some(Clock::Minute { .. }) => Some(Clock::Minute { minute: 45, added: 2 }),
                _ => Some(Clock::Inning { half: Half::End, outs: Some(3) }),
            };
        }
        MomentKind::Overtime => {
            facts.score = level;
            facts.phase = Phase::Break;
            facts.clock = None;
        }
        MomentKind::Final => {
            facts.phase = Phase::Final;
            facts.clock = None;
        }
        MomentKind::Delayed => facts.phase = Phase::Delayed,
        MomentKind::Suspended => facts.phase = Phase::Suspended,
        MomentKind::Postponed | MomentKind::Cancelled => {
            begin(facts);
            facts.period = 0;
            facts.phase = Phase::Postponed;
            if facts.kind == MomentKind::Cancelled {
                facts.phase = Phase::Cancelled;
            }
        }
        MomentKind::Correction => {
            facts.retracted = Some(Score { home: facts.score.home + 1, away: facts.score.away });
        }
        MomentKind::RedCard => set_incident(facts, PlayKind::RedCard, Some("Thiago Silva")),
        MomentKind::MissedPenalty => set_incident(facts, PlayKind::SavedPenalty, Some("Bukayo Saka")),
        MomentKind::Milestone => facts.milestone = Some(variants::milestone(facts.discipline)),
        MomentKind::UpsetWatch => facts.course.underdog = Some(Which::Home),
        MomentKind::Blowout => facts.score.home += if facts.score.home > 10 { 24 } else { 8 },
        MomentKind::CleanSheet => facts.score = Score { home: facts.score.home.min(24), away: 0 },
        MomentKind::CloseLate | MomentKind::Resumed | MomentKind::News => {}
    }
}

/// The host has taken the lead from far behind.
fn come_back(facts: &mut Facts) {
    let deficit = match facts.discipline {
        Discipline::Basketball | Discipline::Football => 16,
        Discipline::Baseball => 4,
        Discipline::Hockey => 3,
        _ => 2,
    };
    let now = Score { home: facts.score.home + 1, away: facts.score.away + 1 };
    scored(facts, Which::Home, now, now.home - now.away + 1);
    facts.course.deficit = Score { home: deficit, away: 0 };
}

/// The host has scored as much as a run takes, and leads by the last of it.
fn on_a_run(facts: &mut Facts, step: u32) {
    let points = match facts.discipline {
        Discipline::Basketball => 12,
        Discipline::Football => 21,
        Discipline::Baseball => 6,
        Discipline::Hockey => 4,
        _ => 3,
    };
    let answered = facts.score.away.min(points.max(step) - 1).max(1);
    let now = Score { home: points + 1, away: answered };
    let now = if facts.score.home > points { facts.score } else { now };
    scored(facts, Which::Home, now, step);
    facts.course.run_from = Some(Score { home: now.home.saturating_sub(points), away: now.away });
}

fn begin(facts: &mut Facts) {
    facts.score = Score::default();
    facts.period = 1;
    facts.seen_from_start = true;
    facts.clock = None;
}

fn set_incident(facts: &mut Facts, kind: PlayKind, player: Option<&str>) {
    facts.before = Some(facts.score);
    facts.play = Some(Play {
        id: None,
        side: Some(Which::Away),
        points: 0,
        kind,
        player: player.map(str::to_owned),
        clock: Some(Clock::Minute { minute: 86, added: 0 }),
    });
}

fn scored(facts: &mut Facts, scorer: Which, now: Score, points: u32) {
    let mut before = now;
    match scorer {
        Which::Home => before.home = now.home.saturating_sub(points),
        Which::Away => before.away = now.away.saturating_sub(points),
    }
    facts.score = now;
    facts.before = Some(before);
    facts.scorer = Some(scorer);
}
