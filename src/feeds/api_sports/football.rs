//! API-FOOTBALL v3: soccer.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::game::{Clock, FeedGameId, Game, Phase, Side};
use wirereport_actors::wire::sport::Sport;

use super::leagues::{self, League};
use super::teams::{self, Known};
use super::{envelope, not_carried};
use crate::feeds::daily::{Board, Skipped};
use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, NOTE, clean, cleaned};

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    fixture: Fixture<'a>,
    #[serde(borrow)]
    league: Competition<'a>,
    #[serde(borrow)]
    teams: Sides<Names<'a>>,
    #[serde(borrow)]
    goals: Sides<Loose<'a>>,
    #[serde(borrow)]
    score: Scores<'a>,
}

#[derive(Deserialize)]
struct Fixture<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    date: Loose<'a>,
    #[serde(borrow)]
    status: Status<'a>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow, default)]
    short: Loose<'a>,
    #[serde(borrow, default)]
    elapsed: Loose<'a>,
    #[serde(borrow, default)]
    extra: Loose<'a>,
}

#[derive(Deserialize)]
struct Competition<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    country: Loose<'a>,
}

#[derive(Deserialize, Default)]
struct Sides<T> {
    home: T,
    away: T,
}

#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    winner: Loose<'a>,
}

#[derive(Deserialize)]
struct Scores<'a> {
    #[serde(borrow, default)]
    halftime: Sides<Loose<'a>>,
    #[serde(borrow, default)]
    fulltime: Sides<Loose<'a>>,
    #[serde(borrow, default)]
    penalty: Sides<Loose<'a>>,
}

pub(super) fn board(body: &[u8], sport: &Sport, day: Date) -> Result<Board, FeedError> {
    let league = leagues::of(sport).ok_or_else(|| not_carried(sport))?;
    let entries = envelope::entries(body, day)?;
    if entries.iter().any(|raw| !raw.get().contains("\"fixture\"")) {
        return Err(FeedError::NotABoard { found: "games of another product".to_owned() });
    }
    // Where the codes are known, both sides' must not be missing.
    let listed = sport.key.as_str() == "eng.1";
    Board::of(entries.into_iter().map(|raw| read(raw, league, listed)))
}

fn read(raw: &RawValue, league: League, listed: bool) -> Result<Game, Skipped> {
    let entry: Entry<'_> = serde_json::from_str(raw.get())
        .map_err(|error| Skipped { id: None, reason: clean(&error.to_string(), NOTE) })?;
    let id = entry.fixture.id.id().and_then(|id| cleaned(&id, NAME));
    game(&entry, id.as_deref(), league, listed).map_err(|reason| Skipped { id, reason })
}

fn game(entry: &Entry<'_>, id: Option<&str>, league: League, listed: bool) -> Result<Game, String> {
    let id = id.ok_or("fixture without an id")?;
    of_the_league(&entry.league, league)?;
    let short = entry.fixture.status.short.text().unwrap_or_default();
    let (phase, period) = standing(short, entry)?;
    let team = |names: &Names<'_>| -> Result<Known, String> { teams::soccer(&names.id, &names.name) };
    let (home, away) = teams::two(team(&entry.teams.home)?, team(&entry.teams.away)?, listed)?;
    let begun = period > 0;
    let goals = |goals: &Loose<'_>| -> Result<Option<u32>, String> {
        let goals = goals.count().map_err(|goals| format!("score `{}`", clean(&goals, NAME)))?;
        Ok(goals.filter(|_| begun))
    };
    let penalties = |goals: &Loose<'_>| goals.count().ok().flatten().filter(|_| period == 5);
    let (home_halves, away_halves) = halves(entry, period);
    let side = |team, score, names: &Names<'_>, shootout, periods| Side {
        team,
        score,
        shootout,
        periods,
        rank: None,
        winner: names.winner.flag().filter(|_| phase == Phase::Final),
    };
    Ok(Game {
        feed_id: FeedGameId(id.to_owned()),
        starts_at: entry.fixture.date.text().filter(|_| short != "TBD").and_then(|date| date.parse().ok()),
        phase,
        period,
        clock: (phase == Phase::Live).then(|| minute(&entry.fixture.status, period)).flatten(),
        neutral: false,
        home_win_probability: None,
        expected_home_margin: None,
        plays: Vec::new(),
        bases: None,
        leaders: Vec::new(),
        contest: None,
        note: None,
        home: side(
            home,
            goals(&entry.goals.home)?,
            &entry.teams.home,
            penalties(&entry.score.penalty.home),
            home_halves,
        ),
        away: side(
            away,
            goals(&entry.goals.away)?,
            &entry.teams.away,
            penalties(&entry.score.penalty.away),
            away_halves,
        ),
    })
}

fn of_the_league(found: &Competition<'_>, league: League) -> Result<(), String> {
    let country = found.country.text().unwrap_or_default();
    let name = found.name.text().unwrap_or_default();
    if found.id.count() == Ok(Some(league.id)) && name == league.name && country == league.country {
        return Ok(());
    }
    Err(format!("a match of `{}` in `{}`", clean(name, NAME), clean(country, NAME)))
}

/// Where the match stands and in which half, those of extra time being the third and the fourth and the penalties the
/// fifth. Which half of extra time it is, only the minute says.
fn standing(short: &str, entry: &Entry<'_>) -> Result<(Phase, u8), String> {
    let held_up = if entry.score.halftime.home.count() == Ok(None) { 1 } else { 2 };
    let elapsed = entry.fixture.status.elapsed.count().ok().flatten();
    let in_extra_time = || match elapsed {
        Some(91..=105) => Ok(3),
        Some(106..=120) => Ok(4),
        _ => Err("extra time without a minute of it".to_owned()),
    };
    Ok(match short {
        "TBD" | "NS" => (Phase::Scheduled, 0),
        "1H" => (Phase::Live, 1),
        "HT" => (Phase::Break, 1),
        "2H" => (Phase::Live, 2),
        "ET" => (Phase::Live, in_extra_time()?),
        "BT" => (Phase::Break, if elapsed.is_some_and(|minute| minute > 90) { 3 } else { 2 }),
        "P" => (Phase::Shootout, 5),
        "SUSP" => (Phase::Suspended, held_up),
        "INT" => (Phase::Delayed, held_up),
        "FT" => (Phase::Final, 2),
        "AET" => (Phase::Final, 4),
        "PEN" => (Phase::Final, 5),
        "PST" => (Phase::Postponed, 0),
        "CANC" => (Phase::Cancelled, 0),
        // Abandoned, or decided without play: the score beside it is not one that was played to the end.
        "ABD" | "AWD" | "WO" => (Phase::Unknown, 0),
        other => return Err(format!("a status that is not known, `{}`", clean(other, NAME))),
    })
}

/// The goals of each half, where they are known and the match was over after two.
fn halves(entry: &Entry<'_>, period: u8) -> (Vec<u32>, Vec<u32>) {
    let of = |goals: &Loose<'_>, halftime: &Loose<'_>, fulltime: &Loose<'_>| -> Option<Vec<u32>> {
        let [goals, halftime, fulltime] =
            [goals, halftime, fulltime].map(|goals| goals.count().ok().flatten());
        let whole =
            goals.filter(|goals| period == 2 && fulltime.is_none_or(|fulltime| fulltime == *goals))?;
        Some(vec![halftime?, whole.checked_sub(halftime?)?])
    };
    let score = &entry.score;
    let home = of(&entry.goals.home, &score.halftime.home, &score.fulltime.home);
    let away = of(&entry.goals.away, &score.halftime.away, &score.fulltime.away);
    home.zip(away).unwrap_or_default()
}

/// The minute, with the added one where the product says it; none where it is not one of that half.
fn minute(status: &Status<'_>, period: u8) -> Option<Clock> {
    let number = |number: &Loose<'_>| u16::try_from(number.count().ok().flatten()?).ok();
    let minute = number(&status.elapsed).filter(|minute| *minute > 0)?;
    let added = number(&status.extra).unwrap_or(0);
    let within = match period {
        1 => minute <= 45,
        2 => (46..=90).contains(&minute),
        3 => (91..=105).contains(&minute),
        4 => (106..=120).contains(&minute),
        _ => false,
    };
    within.then_some(Clock::Minute { minute, added })
}
