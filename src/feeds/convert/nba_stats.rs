//! `playbyplayv3` of stats.nba.com: every action with the game clock, and the time of day in the words of a few.
//!
//! Starts and ends of periods and reviews say the minute (`(7:11 PM EST)`; the NBA writes EST all year and means New
//! York). Between two of those the game clock is stretched evenly; where a period says none, at the pace of a usual
//! game: 48 minutes in 2 h 15 min with 15 min at half-time and 2½ min between quarters.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, PlayKind, Score, Team};
use wirereport_actors::wire::sport::SportKey;

use super::nba_teams::team;
use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Options, Source};
use crate::feeds::recording::format::TimeBase;

/// Seconds of wall clock for one second of play: (135 − 15 − 2 · 2.5) / 48.
const PACE: f64 = 115.0 / 48.0;
const HALF_TIME: SignedDuration = SignedDuration::from_secs(900);
const QUARTER_BREAK: SignedDuration = SignedDuration::from_secs(150);
/// Between two scores at one reading of the clock: the next free throw.
const FREE_THROW: SignedDuration = SignedDuration::from_secs(15);

#[derive(Deserialize)]
struct Payload {
    game: GameActions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GameActions {
    game_id: String,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    action_number: u64,
    clock: String,
    period: u8,
    team_id: u64,
    team_tricode: String,
    score_home: String,
    score_away: String,
    location: String,
    description: String,
    action_type: String,
    sub_type: String,
}

const SOURCE: Source = Source::NbaStats;

pub(super) fn script(value: Value, options: &Options) -> Result<Script, ConvertError> {
    let Payload { game } = super::shape(SOURCE, value)?;
    let starts_at = options.starts_at.ok_or(ConvertError::NeedsStart { source_name: SOURCE })?;
    let wall = Wall::new(&game.actions, starts_at);
    let mut fold = Fold::default();
    let mut scored: Option<(u8, u32)> = None;
    for (index, action) in game.actions.iter().enumerate() {
        let left = left(&action.clock)?;
        let score = score(action)?.unwrap_or(fold.score);
        let mut at = wall.at(action.period, left);
        let floor = fold.last_at().unwrap_or(at);
        if score != fold.score {
            let again = scored == Some((action.period, left));
            at = at.max(if again { floor + FREE_THROW } else { floor });
            scored = Some((action.period, left));
        }
        let last = index + 1 == game.actions.len();
        let ends = action.action_type == "period" && action.sub_type == "end";
        let phase = match ends {
            true if last && score.margin() > 0 => Phase::Final,
            true => Phase::Break,
            false => Phase::Live,
        };
        let seen = Seen {
            at: at.max(floor),
            phase,
            period: action.period,
            clock: Some(Clock::Left { millis: left }),
            id: Some(action.action_number.to_string()),
            kind: PlayKind::Score,
        };
        fold.see(seen, score);
    }
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    Ok(Script {
        sport: SportKey::new("nba"),
        made_from: format!("stats.nba.com playbyplayv3 {}", game.game_id),
        clock: TimeBase::Stretched,
        starts_at: Some(starts_at),
        home: side(&game.actions, "h")?,
        away: side(&game.actions, "v")?,
        feed_id: game.game_id,
        neutral: false,
        sights: fold.sights,
    })
}

fn side(actions: &[Action], location: &str) -> Result<Team, ConvertError> {
    let named = actions.iter().find(|action| action.location == location && !action.team_tricode.is_empty());
    let found = named.and_then(|action| team(&action.team_tricode, action.team_id));
    found.ok_or_else(|| {
        let code = named.map_or("none", |action| action.team_tricode.as_str());
        let detail = format!("no team known for location {location} (code {code})");
        ConvertError::Shape { source_name: SOURCE, detail }
    })
}

fn score(action: &Action) -> Result<Option<Score>, ConvertError> {
    if action.score_home.is_empty() && action.score_away.is_empty() {
        return Ok(None);
    }
    match (action.score_home.parse(), action.score_away.parse()) {
        (Ok(home), Ok(away)) => Ok(Some(Score { home, away })),
        _ => {
            let detail = format!("a score that is no number in action {}", action.action_number);
            Err(ConvertError::Shape { source_name: SOURCE, detail })
        }
    }
}

/// Milliseconds of `PT11M43.00S`.
fn left(clock: &str) -> Result<u32, ConvertError> {
    clock_millis(clock).ok_or_else(|| {
        let detail = format!("a clock of `{clock}`");
        ConvertError::Shape { source_name: SOURCE, detail }
    })
}

/// Milliseconds of `PT11M43.00S`.
pub(super) fn clock_millis(clock: &str) -> Option<u32> {
    let (minutes, seconds) = clock.strip_prefix("PT")?.strip_suffix('S')?.split_once('M')?;
    let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let (minutes, whole): (u32, u32) = (minutes.parse().ok()?, whole.parse().ok()?);
    let hundredths: u32 = format!("{part:0<2}").get(..2)?.parse().ok()?;
    Some((minutes * 60 + whole) * 1000 + hundredths * 10)
}

/// Length of a period in milliseconds.
fn length(period: u8) -> u32 {
    if period <= 4 { 720_000 } else { 300_000 }
}

/// What is known of the wall clock: for each period, from 1, readings of the time played in it and the time of day.
struct Wall {
    periods: Vec<Vec<(u32, Timestamp)>>,
}

impl Wall {
    fn new(actions: &[Action], starts_at: Timestamp) -> Self {
        let last = actions.iter().map(|action| action.period).max().unwrap_or(0);
        let mut periods = Vec::new();
        let mut opens = starts_at;
        for period in 1..=last {
            let length = length(period);
            let mut known: Vec<(u32, Timestamp)> = Vec::new();
            for action in actions.iter().filter(|action| action.period == period) {
                let played = clock_millis(&action.clock).map(|left| length.saturating_sub(left));
                let read = played.zip(time_of_day(&action.description, starts_at));
                known.extend(read.filter(|(played, at)| {
                    known.last().is_none_or(|(before, was)| played > before && at >= was)
                }));
            }
            if known.first().is_none_or(|(played, _)| *played > 0) {
                let pace = known.first().map_or(opens, |(played, at)| *at - at_pace(*played));
                known.insert(0, (0, pace.max(opens)));
            }
            let (played, at) = known.last().copied().unwrap_or((0, opens));
            if played < length {
                known.push((length, at + at_pace(length - played)));
            }
            let closes = known.last().map_or(opens, |(_, at)| *at);
            opens = closes + if period == 2 { HALF_TIME } else { QUARTER_BREAK };
            periods.push(known);
        }
        Self { periods }
    }

    /// The time of day when so much was left of a period.
    fn at(&self, period: u8, left: u32) -> Timestamp {
        let known = self.periods.get(usize::from(period).saturating_sub(1)).map_or(&[][..], Vec::as_slice);
        let played = length(period).saturating_sub(left);
        let next = known.partition_point(|(reading, _)| *reading <= played);
        let Some((before, was)) = known.get(next.saturating_sub(1)) else { return Timestamp::UNIX_EPOCH };
        let Some((after, will)) = known.get(next) else { return *was };
        let share = f64::from(played - before) / f64::from(after - before);
        *was + will.duration_since(*was).mul_f64(share)
    }
}

fn at_pace(played: u32) -> SignedDuration {
    SignedDuration::from_millis(i64::from(played)).mul_f64(PACE)
}

/// The time in `Start of 1st Period (7:11 PM EST)`, on the night of a game that was to start at `starts_at`.
fn time_of_day(description: &str, starts_at: Timestamp) -> Option<Timestamp> {
    let (_, words) = description.rsplit_once('(')?;
    let words = words.strip_suffix(" EST)").or_else(|| words.strip_suffix(" EDT)"))?;
    let (time, half) = words.split_once(' ')?;
    let (hour, minute) = time.split_once(':')?;
    let hour: i8 = hour.parse().ok().filter(|hour| (1..=12).contains(hour))?;
    let afternoon = match half {
        "AM" => 0,
        "PM" => 12,
        _ => return None,
    };
    let time = Time::new(hour % 12 + afternoon, minute.parse().ok()?, 0, 0).ok()?;
    let new_york = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").ok()?;
    let evening = starts_at.to_zoned(new_york.clone()).date();
    let at = evening.to_datetime(time).to_zoned(new_york.clone()).ok()?.timestamp();
    if starts_at.duration_since(at) < SignedDuration::from_hours(6) {
        return Some(at);
    }
    let morning = evening.tomorrow().ok()?;
    Some(morning.to_datetime(time).to_zoned(new_york).ok()?.timestamp())
}
