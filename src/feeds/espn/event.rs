//! One event of a board becomes one game, or is left out with the reason.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::value::RawValue;
use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Side, Team};
use wirereport_actors::wire::milestone::Leader;
use wirereport_actors::wire::sport::Discipline;

use super::leaders;
use super::league::League;
use super::parse::Reason;
use super::plays::{self, Sides};
use super::shape::{Competition, Competitor, Event, Linescore, Names, Note, Rank, Situation, Status};
use super::{odds, status};
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

/// An event that gave no game.
pub(super) struct Refused {
    pub(super) id: Option<String>,
    pub(super) reason: Reason,
}

pub(super) fn read(raw: &RawValue, league: &League) -> Result<Game, Refused> {
    let event: Event<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Refused { id: None, reason: unreadable(clean(&error.to_string(), NOTE)) })?;
    let id = event.id.id().and_then(|id| cleaned(&id, NAME));
    let game = || {
        let id = id.clone().ok_or_else(|| unreadable("event without an id"))?;
        played_by(&event.uid, league)?;
        let flat: Competition<'_>;
        let competition = match event.competitions.as_deref() {
            Some([competition]) => competition,
            Some(list) => return Err(foreign(format!("an event of {} contests", list.len()))),
            None => {
                flat = serde_json::from_str(raw.get())
                    .map_err(|error| unreadable(clean(&error.to_string(), NOTE)))?;
                &flat
            }
        };
        game(FeedGameId(id), &event, competition, league.discipline())
    };
    game().map_err(|reason| Refused { id, reason })
}

pub(super) fn unreadable(why: impl Into<String>) -> Reason {
    Reason::Unreadable(why.into())
}

fn foreign(what: impl Into<String>) -> Reason {
    Reason::Foreign(what.into())
}

/// Refuses another sport's event by the number in its uid, `s:20~l:28~e:401772900`.
pub(super) fn played_by(uid: &Loose<'_>, league: &League) -> Result<(), Reason> {
    let number: Option<u32> =
        uid.text().and_then(|uid| uid.strip_prefix("s:")?.split('~').next()?.parse().ok());
    match number {
        Some(number) if number != league.sport_number() => {
            Err(foreign(format!("an event of the feed's sport {number}")))
        }
        _ => Ok(()),
    }
}

fn game(
    feed_id: FeedGameId,
    event: &Event<'_>,
    competition: &Competition<'_>,
    discipline: Discipline,
) -> Result<Game, Reason> {
    let (home, away) = sides(&competition.competitors)?;
    let status: Status<'_> = decoration(competition.full_status)
        .or_else(|| decoration(competition.status))
        .or_else(|| decoration(event.status))
        .ok_or_else(|| unreadable("event without a status"))?;
    let phase = status::phase(&status, discipline);
    let begun = begun(phase, &status);

    let home = side(home, phase, begun)?;
    let away = side(away, phase, begun)?;
    if home.team.id == away.team.id {
        return Err(unreadable("the same team on both sides"));
    }
    if begun && [&home, &away].iter().any(|side| is_placeholder(&side.team)) {
        return Err(unreadable("under way, with a side that is not named"));
    }

    let (mut home, mut away) = with_shootout(home, away, phase, competition);
    if begun && discipline == Discipline::Hockey && status::shows_shootout(&status, discipline) {
        level(&mut home, &mut away, phase);
    }
    let under_way = phase.in_play() || (begun && matches!(phase, Phase::Delayed | Phase::Suspended));
    let situation: Situation<'_> = decoration(competition.situation).unwrap_or_default();
    Ok(Game {
        feed_id,
        starts_at: starts_at(event, competition),
        phase,
        period: if begun { status::period(&status) } else { 0 },
        clock: under_way
            .then(|| status::clock(&status, discipline, &situation.outs, &competition.outs_text))
            .flatten(),
        neutral: competition.neutral_site.flag() == Some(true),
        bases: under_way.then(|| status::bases(&situation)).flatten(),
        home_win_probability: under_way.then(|| home_win_probability(&situation)).flatten(),
        expected_home_margin: (!begun)
            .then(|| {
                odds::expected_home_margin(competition.odds, discipline, &home.team.code, &away.team.code)
            })
            .flatten(),
        contest: None,
        leaders: shown_leaders(competition, phase, discipline, &home.team.id, &away.team.id),
        plays: shown_plays(competition, &situation, discipline, &home.team.id, &away.team.id),
        note: note(competition.notes),
        home,
        away,
    })
}

/// Whether a ball was played, as far as the feed tells. Before the start it gives scores of 0 that mean nothing, and a
/// period of 1 in some sports.
fn begun(phase: Phase, status: &Status<'_>) -> bool {
    match phase {
        Phase::Scheduled | Phase::Postponed | Phase::Cancelled => false,
        Phase::Delayed => status.kind.state.text() != Some("pre"),
        Phase::Unknown => status.kind.state.text().is_some_and(|state| state != "pre"),
        Phase::Live | Phase::Break | Phase::Shootout | Phase::Final | Phase::Suspended => true,
    }
}

fn sides<'a, 'b>(
    competitors: &'b [Competitor<'a>],
) -> Result<(&'b Competitor<'a>, &'b Competitor<'a>), Reason> {
    let [first, second] = competitors else {
        return Err(foreign(format!("a contest of {}", competitors.len())));
    };
    if first.athlete.is_some() || second.athlete.is_some() {
        return Err(foreign("a contest of athletes"));
    }
    match (first.home_away.text(), second.home_away.text()) {
        (Some("home"), Some("away")) => Ok((first, second)),
        (Some("away"), Some("home")) => Ok((second, first)),
        _ => Err(unreadable("not one home side and one away side")),
    }
}

fn side(competitor: &Competitor<'_>, phase: Phase, begun: bool) -> Result<Side, Reason> {
    let score =
        competitor.score.count().map_err(|score| unreadable(format!("score `{}`", clean(&score, NAME))))?;
    Ok(Side {
        team: team(competitor)?,
        score: score.filter(|_| begun),
        shootout: None,
        periods: if begun { periods(competitor.linescores) } else { Vec::new() },
        rank: rank(competitor),
        winner: competitor.winner.flag().filter(|_| phase == Phase::Final),
    })
}

fn team(competitor: &Competitor<'_>) -> Result<Team, Reason> {
    let nothing = Names::default();
    let names = competitor.team.as_ref().unwrap_or(&nothing);
    let id = (names.id.id().or_else(|| competitor.id.id()))
        .and_then(|id| cleaned(&id, NAME))
        .ok_or_else(|| unreadable("a side without an id"))?;
    let place = first_of([&names.location, &competitor.location]);
    let nickname = first_of([&names.name, &competitor.name]);
    let code = first_of([&names.abbreviation, &competitor.abbreviation]);
    let full = first_of([&names.display_name, &competitor.display_name]);
    let in_short = first_of([&names.short_display_name]).or_else(|| nickname.clone());

    let name = (full.or_else(|| in_short.clone()).or_else(|| place.clone()).or_else(|| code.clone()))
        .or_else(|| id.starts_with('-').then(|| "TBD".to_owned()))
        .ok_or_else(|| unreadable("a side without a name"))?;
    let short_name = in_short.unwrap_or_else(|| name.clone());
    Ok(Team {
        id,
        code: code.unwrap_or_else(|| short_name.clone()),
        place: place.unwrap_or_else(|| name.clone()),
        short_name,
        name,
    })
}

fn first_of<const N: usize>(names: [&Loose<'_>; N]) -> Option<String> {
    names.into_iter().find_map(|name| cleaned(name.text()?, NAME))
}

/// Whether the feed only holds the side's place: its id is then -1 or -2.
fn is_placeholder(team: &Team) -> bool {
    team.id.starts_with('-')
}

/// The score of each period, or none at all where one of them cannot be read.
fn periods(raw: Option<&RawValue>) -> Vec<u32> {
    let mut lines: Vec<Linescore<'_>> = decoration(raw).unwrap_or_default();
    let number = |line: &Linescore<'_>| line.period.number().unwrap_or(f64::MAX);
    lines.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(Ordering::Equal));
    lines.iter().map(|line| line.value.count().ok().flatten()).collect::<Option<_>>().unwrap_or_default()
}

/// The college ranking; the feed gives 99 to those who have none.
fn rank(competitor: &Competitor<'_>) -> Option<u8> {
    let curated = decoration::<Rank<'_>>(competitor.curated_rank).map(|rank| rank.current);
    let rank = curated.as_ref().unwrap_or(&competitor.rank).count().ok().flatten()?;
    u8::try_from(rank).ok().filter(|rank| (1..=25).contains(rank))
}

/// Both sides with their shoot-out goals, where there was a shoot-out.
fn with_shootout(
    mut home: Side,
    mut away: Side,
    phase: Phase,
    competition: &Competition<'_>,
) -> (Side, Side) {
    let goals = |team: &str| {
        let competitor = competition.competitors.iter().find(|side| {
            side.team.as_ref().and_then(|team| team.id.id()).or_else(|| side.id.id()).as_deref() == Some(team)
        })?;
        competitor.shootout_score.count().ok().flatten()
    };
    let (of_home, of_away) = (goals(&home.team.id), goals(&away.team.id));
    let decided = of_home.unwrap_or(0) + of_away.unwrap_or(0) > 0;
    if phase == Phase::Shootout || (phase == Phase::Final && decided) {
        (home.shootout, away.shootout) = (of_home, of_away);
    }
    (home, away)
}

/// Moves the goal that hockey credits for winning a shoot-out from the score beside it, as the NHL's own feed has it here
/// too: else a change of feed would look like a goal, or like one taken back.
fn level(home: &mut Side, away: &mut Side, phase: Phase) {
    let (Some(of_home), Some(of_away)) = (home.score, away.score) else { return };
    if of_home.abs_diff(of_away) > 1 {
        return;
    }
    let before = of_home.min(of_away);
    (home.score, away.score) = (Some(before), Some(before));
    home.periods.truncate(HOCKEY_PERIODS);
    away.periods.truncate(HOCKEY_PERIODS);
    let home_won = match of_home.cmp(&of_away) {
        Ordering::Equal => home.winner,
        order => Some(order == Ordering::Greater),
    };
    if let Some(home_won) = home_won.filter(|_| phase == Phase::Final) {
        (home.shootout, away.shootout) = (Some(u32::from(home_won)), Some(u32::from(!home_won)));
    }
}

/// The periods of a hockey game before a shoot-out, overtime included.
const HOCKEY_PERIODS: usize = 4;

/// The scheduled start; `None` where the feed only holds a place for it and says so.
fn starts_at(event: &Event<'_>, competition: &Competition<'_>) -> Option<Timestamp> {
    if competition.time_valid.flag() == Some(false) {
        return None;
    }
    [&competition.date, &event.date].into_iter().find_map(|date| date.text()?.parse().ok())
}

fn home_win_probability(situation: &Situation<'_>) -> Option<f64> {
    let probability = situation.last_play.as_ref()?.probability.as_ref()?;
    probability.home_win_percentage.number().filter(|p| (0.0..=1.0).contains(p))
}

fn shown_plays(
    competition: &Competition<'_>,
    situation: &Situation<'_>,
    discipline: Discipline,
    home: &str,
    away: &str,
) -> Vec<wirereport_actors::wire::game::Play> {
    let sides = Sides { home, away };
    let of_match = plays::of_match(competition.details, &sides);
    if !of_match.is_empty() || discipline == Discipline::Soccer {
        return of_match;
    }
    let last = situation.last_play.as_ref();
    last.and_then(|play| plays::last(play, &sides, discipline)).into_iter().collect()
}

fn shown_leaders(
    competition: &Competition<'_>,
    phase: Phase,
    discipline: Discipline,
    home: &str,
    away: &str,
) -> Vec<Leader> {
    if phase.in_play() || phase == Phase::Final {
        leaders::of_game(competition, &Sides { home, away }, discipline)
    } else {
        Vec::new()
    }
}

fn note(raw: Option<&RawValue>) -> Option<String> {
    let notes: Vec<Note<'_>> = decoration(raw)?;
    notes.iter().find_map(|note| cleaned(note.headline.text().or_else(|| note.text.text())?, NOTE))
}
