//! Events of athletes: a tournament's matches, a card's bouts, a weekend's race, a leader board.
//!
//! An event holds many contests, and each has a status of its own; the event's says nothing (a Grand Prix is called final
//! after its practice). Matches stand in `groupings[].competitions[]` or in `competitions[]`. What is no news by itself is
//! passed over in silence: practice and qualifying of a race, matches whose sides are not known yet, the other tour's
//! half of a joint tournament.

use serde_json::value::RawValue;
use wirereport_actors::wire::contest::{Contest, Ending, Standing};
use wirereport_actors::wire::game::{FeedGameId, Game, Phase, Score, Side, Team, Which};
use wirereport_actors::wire::sport::Discipline;

use super::event::{Refused, played_by, unreadable};
use super::league::League;
use super::parse::Reason;
use super::shape::{Bout, Entrant, Linescore, Meeting, Status};
use super::status;
use crate::feeds::loose::{Loose, decoration};
use crate::feeds::text::{self, NAME, NOTE, clean, cleaned};

/// ESPN's numbers of the women's events in a tournament of both tours.
const WOMENS: [&str; 2] = ["2", "4"];

/// How many of a field are kept.
const PODIUM: usize = 3;

/// Every contest of an event that can be news, and those that cannot be read.
pub(super) fn read(raw: &RawValue, league: &League) -> Vec<Result<Game, Refused>> {
    let meeting: Meeting<'_> = match serde_json::from_str(raw.get()) {
        Ok(meeting) => meeting,
        Err(error) => {
            return vec![Err(Refused { id: None, reason: unreadable(clean(&error.to_string(), NOTE)) })];
        }
    };
    let refuse = |reason| Refused { id: meeting.id.id().and_then(|id| cleaned(&id, NAME)), reason };
    if let Err(reason) = played_by(&meeting.uid, league) {
        return vec![Err(refuse(reason))];
    }
    let Some(event) = event_name(&meeting) else {
        return vec![Err(refuse(unreadable("an event without a name")))];
    };
    let grouped = meeting.groupings.iter().flat_map(|grouping| &grouping.competitions);
    let all = meeting.competitions.iter().chain(grouped);
    all.filter_map(|raw| contest(raw, &meeting, &event, league).transpose()).collect()
}

/// The event's name without its sponsors and without what is up for it: `UFC Fight Night: One vs. Other`, `the Memorial
/// Tournament pres. by Somebody`.
fn event_name(meeting: &Meeting<'_>) -> Option<String> {
    let full = cleaned(meeting.name.text().or_else(|| meeting.short_name.text())?, NAME)?;
    let ends = [":", " pres. by ", " presented by ", " Presented by "];
    let end = ends.iter().filter_map(|mark| full.find(mark)).min().unwrap_or(full.len());
    let name = full[..end].trim();
    let bare = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
    cleaned(bare, NAME)
}

fn contest(
    raw: &RawValue,
    meeting: &Meeting<'_>,
    event: &str,
    league: &League,
) -> Result<Option<Game>, Refused> {
    let bout: Bout<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Refused { id: None, reason: unreadable(clean(&error.to_string(), NOTE)) })?;
    let id = bout.id.id().and_then(|id| cleaned(&id, NAME));
    let read = || {
        let id = id.clone().ok_or_else(|| unreadable("a contest without an id"))?;
        let discipline = league.discipline();
        if is_passed_over(&bout, league) {
            return Ok(None);
        }
        let status: Status<'_> =
            decoration(bout.status).ok_or_else(|| unreadable("a contest without a status"))?;
        let (phase, ending) = phase(&status, discipline);
        let frame = Frame { id, event, phase, ending, starts_at: starts_at(&bout, meeting) };
        if discipline.is_field() {
            Ok(Some(field(&frame, &bout, discipline)))
        } else {
            sides(&frame, &bout, discipline)
        }
    };
    read().map_err(|reason| Refused { id, reason })
}

/// What every contest has.
struct Frame<'a> {
    id: String,
    event: &'a str,
    phase: Phase,
    ending: Ending,
    starts_at: Option<jiff::Timestamp>,
}

fn is_passed_over(bout: &Bout<'_>, league: &League) -> bool {
    let number = bout.kind.id.id();
    let womens = number.as_deref().is_some_and(|number| WOMENS.contains(&number));
    match league.discipline() {
        Discipline::Racing => bout.kind.abbreviation.text() != Some("Race"),
        Discipline::Tennis if league.slug() == "atp" => womens,
        Discipline::Tennis if league.slug() == "wta" => number.is_some() && !womens,
        _ => false,
    }
}

/// A walkover is a result here, though nothing was played.
fn phase(status: &Status<'_>, discipline: Discipline) -> (Phase, Ending) {
    let name = status.kind.name.text().unwrap_or_default();
    let over = status.kind.state.text() == Some("post") && status.kind.completed.flag() == Some(true);
    match () {
        () if over && name.contains("WALKOVER") => (Phase::Final, Ending::Walkover),
        () if name.contains("RETIRED") => (status::phase(status, discipline), Ending::Retired),
        () => (status::phase(status, discipline), Ending::Played),
    }
}

fn starts_at(bout: &Bout<'_>, meeting: &Meeting<'_>) -> Option<jiff::Timestamp> {
    if bout.time_valid.flag() == Some(false) {
        return None;
    }
    [&bout.date, &meeting.date].into_iter().find_map(|date| date.text()?.parse().ok())
}

fn name_of(entrant: &Entrant<'_>) -> Option<String> {
    let person = entrant.athlete.as_ref().or(entrant.roster.as_ref())?;
    text::person(&person.display_name.text()?.replace(" / ", " and "))
}

/// A match of two; `None` where a side is not known yet.
fn sides(frame: &Frame<'_>, bout: &Bout<'_>, discipline: Discipline) -> Result<Option<Game>, Reason> {
    let [first, second] = bout.competitors.as_slice() else {
        return Err(Reason::Foreign(format!("a contest of {}", bout.competitors.len())));
    };
    let is_home = |entrant: &Entrant<'_>| entrant.home_away.text() == Some("home");
    let (home, away) = if is_home(second) { (second, first) } else { (first, second) };
    let (Some(home_team), Some(away_team)) = (player(home), player(away)) else { return Ok(None) };
    if home_team.id == away_team.id {
        return Err(unreadable("the same athlete on both sides"));
    }
    let sets = if discipline == Discipline::Tennis { sets(home, away) } else { Vec::new() };
    let contest = Contest {
        event: frame.event.to_owned(),
        part: part(bout),
        ending: frame.ending,
        winner: (frame.phase == Phase::Final).then(|| winner(home, away, &sets, frame.ending)).flatten(),
        sets: if frame.phase == Phase::Final { sets } else { Vec::new() },
        standings: Vec::new(),
    };
    Ok(Some(game(frame, home_team, away_team, contest)))
}

fn player(entrant: &Entrant<'_>) -> Option<Team> {
    let id = entrant.id.id().and_then(|id| cleaned(&id, NAME)).filter(|id| !id.starts_with('-'))?;
    let name = name_of(entrant).filter(|name| !name.contains("TBD") && name != "Bye")?;
    Some(Team { id, code: name.clone(), place: String::new(), short_name: name.clone(), name })
}

fn part(bout: &Bout<'_>) -> Option<String> {
    let kind = bout.kind.text.text().or_else(|| bout.kind.abbreviation.text());
    let round = bout.round.display_name.text();
    let part = [kind, round].into_iter().flatten().collect::<Vec<_>>().join(" ");
    cleaned(&part, NAME)
}

/// The games of each set, or none at all where the two sides' lists do not go together.
fn sets(home: &Entrant<'_>, away: &Entrant<'_>) -> Vec<Score> {
    let games = |entrant: &Entrant<'_>| -> Option<Vec<u32>> {
        let lines: Vec<Linescore<'_>> = decoration(entrant.linescores).unwrap_or_default();
        lines.iter().map(|line| line.value.count().ok().flatten()).collect()
    };
    match (games(home), games(away)) {
        (Some(home), Some(away)) if home.len() == away.len() => {
            home.into_iter().zip(away).map(|(home, away)| Score { home, away }).collect()
        }
        _ => Vec::new(),
    }
}

/// The one whom the feed calls the winner; nobody where the sets of a match that was played out say otherwise.
fn winner(home: &Entrant<'_>, away: &Entrant<'_>, sets: &[Score], ending: Ending) -> Option<Which> {
    let winner = match (home.winner.flag(), away.winner.flag()) {
        (Some(true), other) if other != Some(true) => Which::Home,
        (other, Some(true)) if other != Some(true) => Which::Away,
        _ => return None,
    };
    let won = |which| sets.iter().filter(|set| set.leader() == Some(which)).count();
    let contradicted = ending == Ending::Played && !sets.is_empty() && won(winner) <= won(winner.other());
    (!contradicted).then_some(winner)
}

/// A race or a leader board.
fn field(frame: &Frame<'_>, bout: &Bout<'_>, discipline: Discipline) -> Game {
    let part = if discipline == Discipline::Racing { "Race" } else { "Tournament" };
    let team = |id: &str, name: &str| Team {
        id: id.to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        place: String::new(),
        code: name.to_owned(),
    };
    let standings = match (frame.phase, discipline) {
        (Phase::Final, Discipline::Racing) => podium(bout).unwrap_or_default(),
        (Phase::Final, _) => leader_board(bout),
        _ => Vec::new(),
    };
    let contest = Contest { event: frame.event.to_owned(), standings, ..Contest::default() };
    game(frame, team(&frame.id, frame.event), team("field", part), contest)
}

/// The entrants by their places; none where a place of the first ones is missing or taken twice.
fn in_order<'b, 'a>(bout: &'b Bout<'a>) -> Option<Vec<(&'b Entrant<'a>, String)>> {
    let place = |entrant: &Entrant<'_>| entrant.order.count().ok().flatten();
    let mut placed: Vec<_> = bout.competitors.iter().filter(|one| place(one).is_some()).collect();
    placed.sort_by_key(|entrant| place(entrant));
    let whole = placed.iter().take(PODIUM).zip(1..).all(|(entrant, n)| place(entrant) == Some(n));
    placed
        .into_iter()
        .map(|entrant| Some((entrant, name_of(entrant)?)))
        .collect::<Option<Vec<_>>>()
        .filter(|_| whole)
}

/// The first three of a race. Whoever is called the winner must be the first of them.
fn podium(bout: &Bout<'_>) -> Option<Vec<Standing>> {
    let placed = in_order(bout)?;
    let contradicted = placed.iter().skip(1).any(|(entrant, _)| entrant.winner.flag() == Some(true));
    let first = placed.into_iter().take(PODIUM).map(|(_, name)| Standing { name, to_par: None });
    let first: Vec<Standing> = first.collect();
    (first.len() == PODIUM && !contradicted).then_some(first)
}

/// The first of a leader board, as far as their scores tell them apart. Level at the top there was a play-off, which the
/// board does not show: then only whom it calls the winner is one.
fn leader_board(bout: &Bout<'_>) -> Vec<Standing> {
    let Some(placed) = in_order(bout) else { return Vec::new() };
    let called: Vec<bool> = placed.iter().map(|(entrant, _)| entrant.winner.flag() == Some(true)).collect();
    let board: Vec<Standing> =
        placed.into_iter().map(|(entrant, name)| Standing { name, to_par: to_par(&entrant.score) }).collect();
    let shared = |score: Option<i32>| board.iter().filter(|standing| standing.to_par == score).count() > 1;
    let best = board.iter().filter_map(|standing| standing.to_par).min();
    let Some(first) = board.first().filter(|first| first.to_par.is_some() && first.to_par == best) else {
        return Vec::new();
    };
    if called.iter().skip(1).any(|called| *called) || (shared(first.to_par) && !called[0]) {
        return Vec::new();
    }
    let apart = |standing: &&Standing| standing.to_par.is_some() && !shared(standing.to_par);
    let rest = if shared(first.to_par) {
        0
    } else {
        board.iter().skip(1).take(PODIUM - 1).take_while(apart).count()
    };
    board.into_iter().take(1 + rest).collect()
}

/// `-10`, `+3`, `E`; `None` for those who did not finish.
fn to_par(score: &Loose<'_>) -> Option<i32> {
    match score.text()? {
        "E" => Some(0),
        signed if signed.starts_with(['-', '+']) => signed.parse().ok(),
        _ => None,
    }
}

fn game(frame: &Frame<'_>, home: Team, away: Team, contest: Contest) -> Game {
    let side =
        |team| Side { team, score: None, shootout: None, periods: Vec::new(), rank: None, winner: None };
    Game {
        feed_id: FeedGameId(frame.id.clone()),
        starts_at: frame.starts_at,
        home: side(home),
        away: side(away),
        phase: frame.phase,
        period: 0,
        clock: None,
        neutral: true,
        bases: None,
        home_win_probability: None,
        expected_home_margin: None,
        leaders: Vec::new(),
        plays: Vec::new(),
        contest: Some(contest),
        note: None,
    }
}
