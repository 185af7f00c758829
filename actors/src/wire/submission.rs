//! Submissions: what an operator asserts of a game, made into a story.
//!
//! An operator is believed at once: there is no baseline and nothing to confirm, and no threshold to reach. What they leave
//! out is assumed and said to be: the NBA, the last period of regulation, sides called after where they play. The same
//! event makes the same story, so submitting it again changes nothing.
//!
//! A moment that stands alone has no swing, for nothing is known of before. It is weighed like any other of its kind: two
//! points ahead with five seconds left, the leverage of the next score is nearly all there is.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::detect::is_close_and_late;
use super::facts::{Course, Facts};
use super::game::{Clock, GameId, Half, Phase, Score, Team};
use super::moment::MomentKind;
use super::rules::staleness_limit;
use super::significance::{self, Measures, Significance};
use super::sport::{Discipline, Sport, SportKey};
use super::story::{Story, StoryId, Verdict};
use super::win_probability::{self, Expectation, Situation};

/// The kinds of event that may be submitted, as they stand in `type`.
pub const TYPES: [&str; 2] = ["score_update", "final"];

/// The fields of an event.
pub const FIELDS: [&str; 11] = [
    "type",
    "game_id",
    "sport",
    "home_team",
    "away_team",
    "home_score",
    "away_score",
    "period",
    "time_remaining",
    "minute",
    "half",
];

/// An event as an operator submits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// One of [`TYPES`].
    #[serde(rename = "type")]
    pub kind: String,
    /// What the operator calls the game: letters, figures, `-`, `_` and `.`.
    pub game_id: String,
    /// Home's points.
    pub home_score: u32,
    /// Away's points.
    pub away_score: u32,
    /// The league's key; `nba` where it is left out.
    #[serde(default)]
    pub sport: Option<String>,
    /// The home side's full name: `Boston Celtics`.
    #[serde(default)]
    pub home_team: Option<String>,
    /// The away side's full name.
    #[serde(default)]
    pub away_team: Option<String>,
    /// The period of play, from 1; the last of regulation where it is left out.
    #[serde(default)]
    pub period: Option<u8>,
    /// Where a clock runs down, what is left of the period: `7:21`, `0:05`, `6.1`.
    #[serde(default)]
    pub time_remaining: Option<String>,
    /// Soccer's minute: `88`, `90+4`.
    #[serde(default)]
    pub minute: Option<String>,
    /// Baseball's half-inning: `top`, `middle`, `bottom`, `end`.
    #[serde(default)]
    pub half: Option<String>,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Submitted {
    /// The story, told.
    pub story: Story,
    /// What was left out, and what was taken instead.
    pub assumed: Vec<Assumed>,
}

/// A field that was left out, and what was taken instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assumed {
    /// The field.
    pub field: String,
    /// What was taken.
    pub value: String,
}

/// Why an event cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {detail}")]
pub struct Unfit {
    /// The field that is wrong.
    pub field: &'static str,
    /// What is wrong with it and what it may be.
    pub detail: String,
}

fn unfit(field: &'static str, detail: impl Into<String>) -> Unfit {
    Unfit { field, detail: detail.into() }
}

/// Makes a story of an event, as of `now`.
///
/// # Errors
/// Names the field that cannot be.
pub fn submit(submission: &Submission, now: Timestamp) -> Result<Submitted, Unfit> {
    let mut assumed = Vec::new();
    let mut assume = |field: &str, value: &str| {
        assumed.push(Assumed { field: field.to_owned(), value: value.to_owned() });
    };
    if !TYPES.contains(&submission.kind.as_str()) {
        return Err(unfit(
            "type",
            format!("must be {}, and {:?} is not", TYPES.join(" or "), submission.kind),
        ));
    }
    let key = submission.sport.as_deref().unwrap_or_else(|| {
        assume("sport", DEFAULT_SPORT);
        DEFAULT_SPORT
    });
    let sport = Sport::of(key).ok_or_else(|| unfit("sport", format!("is no league: {key:?}")))?;
    let period = submission.period.unwrap_or_else(|| {
        assume("period", &sport.regulation.periods.to_string());
        sport.regulation.periods
    });
    if !(1..=MOST_PERIODS).contains(&period) {
        return Err(unfit("period", format!("must be from 1 to {MOST_PERIODS}, and {period} is not")));
    }
    let defaults = default_names(&sport);
    let mut team = |field: &'static str, given: &Option<String>, default: &str| {
        let name = given.as_deref().unwrap_or_else(|| {
            assume(field, default);
            default
        });
        named(field, name, &sport)
    };
    let home = team("home_team", &submission.home_team, defaults.0)?;
    let away = team("away_team", &submission.away_team, defaults.1)?;
    let is_final = submission.kind == "final";
    let situation = Situation {
        score: score(submission)?,
        shootout: None,
        phase: if is_final { Phase::Final } else { Phase::Live },
        period,
        clock: clock(submission, &sport, period)?,
        bases: None,
    };
    if is_final && situation.score.leader().is_none() && sport.discipline != Discipline::Soccer {
        let detail = "leaves the game level, and no final of this league is; submit a score_update";
        return Err(unfit("home_score", detail));
    }
    let game = game_id(&submission.game_id, &sport)?;
    let kind = match situation.phase {
        Phase::Final => MomentKind::Final,
        _ if is_close_and_late(&sport, &situation) => MomentKind::CloseLate,
        _ => MomentKind::Score,
    };
    let facts = facts(&sport, kind, &situation, home, away);
    let story = told(game, facts, weigh(&sport, kind, &situation), now);
    Ok(Submitted { story, assumed })
}

fn told(game: GameId, facts: Facts, significance: Significance, now: Timestamp) -> Story {
    let kind = facts.kind;
    Story {
        id: StoryId::of(&game, kind, facts.period, fingerprint(&facts)),
        revision: 1,
        sport: facts.sport.clone(),
        game,
        kind,
        after: now,
        seen_at: now,
        confirmed_at: now,
        stale_at: SignedDuration::try_from(staleness_limit(kind))
            .ok()
            .and_then(|limit| now.checked_add(limit).ok())
            .unwrap_or(Timestamp::MAX),
        significance,
        facts,
        verdict: Verdict::Told,
        turn: 0,
    }
}

const DEFAULT_SPORT: &str = "nba";
/// More than any game has seen.
const MOST_PERIODS: u8 = 30;
/// More than any side has scored.
const MOST_POINTS: u32 = 999;

/// What sides without a name are called: `the Hosts lead the Visitors`, but `Home leads Away` where names stand alone.
fn default_names(sport: &Sport) -> (&'static str, &'static str) {
    if goes_by_nickname(sport) { ("Hosts", "Visitors") } else { ("Home", "Away") }
}

/// Whether sides are told by what stands last in their name: the Boston *Celtics*.
fn goes_by_nickname(sport: &Sport) -> bool {
    sport.discipline != Discipline::Soccer && !sport.key.as_str().starts_with("ncaa")
}

/// The nicknames of two words.
const PAIRS: [&str; 8] = [
    "Red Sox",
    "White Sox",
    "Blue Jays",
    "Trail Blazers",
    "Maple Leafs",
    "Red Wings",
    "Blue Jackets",
    "Golden Knights",
];

fn named(field: &'static str, name: &str, sport: &Sport) -> Result<Team, Unfit> {
    if !super::gate::clean_name(name) {
        return Err(unfit(
            field,
            format!("must be a team's name, such as Boston Celtics, and {name:?} is not"),
        ));
    }
    let (mut full, mut short_name, mut place) = (name.to_owned(), name.to_owned(), String::new());
    if goes_by_nickname(sport) {
        let pair = PAIRS.iter().find(|pair| name.ends_with(**pair)).copied();
        let nickname = pair.or_else(|| name.rsplit(' ').next()).unwrap_or(name);
        nickname.clone_into(&mut short_name);
        place = name.strip_suffix(nickname).map(str::trim_end).unwrap_or_default().to_owned();
        if place.is_empty() {
            full = format!("The {name}");
        }
    }
    let code = name.chars().filter(|c| c.is_alphanumeric()).take(3).collect::<String>().to_uppercase();
    Ok(Team { id: field.trim_end_matches("_team").to_owned(), name: full, short_name, place, code })
}

fn score(submission: &Submission) -> Result<Score, Unfit> {
    let within = |field, points: u32| match points {
        ..=MOST_POINTS => Ok(points),
        _ => Err(unfit(field, format!("must be from 0 to {MOST_POINTS}, and {points} is not"))),
    };
    Ok(Score {
        home: within("home_score", submission.home_score)?,
        away: within("away_score", submission.away_score)?,
    })
}

fn game_id(given: &str, sport: &Sport) -> Result<GameId, Unfit> {
    let fit = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if given.is_empty() || given.len() > 64 || !given.chars().all(fit) {
        let detail = format!("must be up to 64 letters, figures, `-`, `_` and `.`, and {given:?} is not");
        return Err(unfit("game_id", detail));
    }
    Ok(GameId(format!("submitted-{}-{given}", sport.key)))
}

fn clock(submission: &Submission, sport: &Sport, period: u8) -> Result<Option<Clock>, Unfit> {
    let given = [
        ("time_remaining", &submission.time_remaining),
        ("minute", &submission.minute),
        ("half", &submission.half),
    ];
    let own = match sport.discipline {
        Discipline::Baseball => "half",
        Discipline::Soccer => "minute",
        _ => "time_remaining",
    };
    if let Some((other, _)) = given.iter().find(|(field, value)| *field != own && value.is_some()) {
        return Err(unfit(other, format!("is not told of {}; give `{own}`", sport.name)));
    }
    let Some(text) = given.iter().find_map(|(_, value)| value.as_deref()) else { return Ok(None) };
    let (clock, example) = match sport.discipline {
        Discipline::Baseball => (half(text), "top, middle, bottom or end".to_owned()),
        Discipline::Soccer => (minute(text, period), "a minute of that half, such as 88 or 90+4".to_owned()),
        _ => {
            let most = longest(sport, period);
            let at_most = format!("{}:{:02}", most / 60, most % 60);
            (left(text, most), format!("a clock such as 7:21, 0:05 or 6.1, up to {at_most}"))
        }
    };
    match clock {
        Some(clock) => Ok(Some(clock)),
        None => Err(unfit(own, format!("must be {example}, and {text:?} is not"))),
    }
}

/// Seconds of a period; of one that is not timed, those of a period of regulation.
fn longest(sport: &Sport, period: u8) -> u32 {
    match sport.regulation.overtime_seconds {
        seconds @ 1.. if period > sport.regulation.periods => seconds.max(sport.regulation.period_seconds),
        _ => sport.regulation.period_seconds,
    }
}

fn left(text: &str, most: u32) -> Option<Clock> {
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let (whole, tenths) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let figures = |text: &str, length| {
        let fit = (1..=length).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fit { text.parse::<u32>().ok() } else { None }
    };
    let (minutes, whole, tenths) = (figures(minutes, 2)?, figures(whole, 2)?, figures(tenths, 1)?);
    let millis = (minutes * 60 + whole) * 1000 + tenths * 100;
    (whole < 60 && millis <= most * 1000).then_some(Clock::Left { millis })
}

fn minute(text: &str, period: u8) -> Option<Clock> {
    let (minute, added) = text.trim_end_matches('\'').split_once('+').unwrap_or((text, "0"));
    let (minute, added): (u16, u16) = (minute.trim_end_matches('\'').parse().ok()?, added.parse().ok()?);
    let (first, last) = match period {
        1 => (1, 45),
        2 => (46, 90),
        3 => (91, 105),
        _ => (106, 120),
    };
    let in_added_time = added == 0 || (minute == last && added <= 30);
    ((first..=last).contains(&minute) && in_added_time).then_some(Clock::Minute { minute, added })
}

fn half(text: &str) -> Option<Clock> {
    let half = match text {
        "top" => Half::Top,
        "middle" => Half::Middle,
        "bottom" => Half::Bottom,
        "end" => Half::End,
        _ => return None,
    };
    Some(Clock::Inning { half, outs: None })
}

fn facts(sport: &Sport, kind: MomentKind, situation: &Situation, home: Team, away: Team) -> Facts {
    Facts {
        sport: sport.key.clone(),
        league: sport.name.clone(),
        discipline: sport.discipline,
        kind,
        home,
        away,
        home_rank: None,
        away_rank: None,
        neutral: false,
        phase: situation.phase,
        score: situation.score,
        before: None,
        shootout: None,
        period: situation.period,
        regulation_periods: sport.regulation.periods,
        clock: situation.clock,
        scorer: None,
        play: None,
        lead_changes: 0,
        largest_deficit: Score::default(),
        retracted: None,
        milestone: None,
        contest: None,
        news: None,
        seen_from_start: false,
        note: None,
        course: Course::default(),
    }
}

/// The same for the same event, another for another (FNV-1a, 32 bits): an ordinal that no counter has to remember.
fn fingerprint(facts: &Facts) -> u32 {
    let event = format!(
        "{} {} {:?} {:?} {} {}",
        facts.kind, facts.period, facts.clock, facts.score, facts.home.name, facts.away.name
    );
    event.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// What the event is worth by what it says alone: nothing is known of what led to it.
fn weigh(sport: &Sport, kind: MomentKind, situation: &Situation) -> Significance {
    let expected = Expectation::default();
    significance::of(&Measures {
        kind,
        discipline: sport.discipline,
        points: 0,
        swing: 0.0,
        moved: 0.0,
        leverage: win_probability::leverage(sport, situation, expected),
        played: win_probability::share_played(sport, situation),
        home_chance: win_probability::home_wins(sport, situation, expected),
        least_chance: 0.5,
        chance_before: 0.5,
        excitement: 0.0,
        half_time: false,
        stakes: 0.0,
        repeats: 0.0,
    })
}

/// The sport under whose key submissions are recorded: the polls of an operator, as it were.
pub fn feed() -> SportKey {
    SportKey::new("submissions")
}

#[cfg(test)]
mod tests;
