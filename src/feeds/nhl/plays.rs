//! Goals, and what they add up to.

use serde::Deserialize;
use wirereport_actors::wire::game::{Clock, Play, PlayKind, Which};

use super::status::Period;
use super::teams::Wording;
use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, cleaned, person};

/// Seconds of a period of regulation, and of overtime in the play-offs.
const FULL: u32 = 1200;
/// Seconds of overtime before the play-offs.
const SHORT: u32 = 300;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Goal<'a> {
    #[serde(borrow, default)]
    period: Loose<'a>,
    #[serde(borrow, default)]
    period_descriptor: Period<'a>,
    #[serde(borrow, default)]
    time_in_period: Loose<'a>,
    #[serde(borrow, default)]
    first_name: Wording<'a>,
    #[serde(borrow, default)]
    last_name: Wording<'a>,
    /// A text, or one in several languages.
    team_abbrev: Option<Abbreviation<'a>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Abbreviation<'a> {
    Plain(#[serde(borrow)] std::borrow::Cow<'a, str>),
    Worded { default: String },
}

impl Goal<'_> {
    fn number(&self) -> Option<u8> {
        let plain = || self.period.count().ok().flatten().and_then(|n| u8::try_from(n).ok());
        self.period_descriptor.number().or_else(plain)
    }

    fn side(&self, home: Option<&str>, away: Option<&str>) -> Option<Which> {
        let team = match self.team_abbrev.as_ref()? {
            Abbreviation::Plain(team) => team.as_ref(),
            Abbreviation::Worded { default } => default.as_str(),
        };
        match () {
            () if home == Some(team) => Some(Which::Home),
            () if away == Some(team) => Some(Which::Away),
            () => None,
        }
    }

    /// The clock at the goal, which the feed gives as the time that had passed.
    fn clock(&self, game_type: Option<u32>) -> Option<Clock> {
        let length = match (self.period_descriptor.period_type.text()?, game_type?) {
            ("REG", _) | ("OT", 3) => FULL,
            ("OT", 1 | 2) => SHORT,
            _ => return None,
        };
        let (minutes, seconds) = self.time_in_period.text()?.split_once(':')?;
        let passed =
            minutes.parse::<u16>().ok().map(u32::from)? * 60 + seconds.parse::<u16>().ok().map(u32::from)?;
        Some(Clock::Left { millis: length.checked_sub(passed)? * 1000 })
    }

    fn player(&self) -> Option<String> {
        let text = |name: &Wording<'_>| name.usual.text().and_then(|name| cleaned(name, NAME));
        person(&format!("{} {}", text(&self.first_name)?, text(&self.last_name)?))
    }
}

/// The goals from play, oldest first. Those of a shoot-out are left out: the feed lists at most the one that decided it.
pub(super) fn plays(
    goals: &[Goal<'_>],
    home: Option<&str>,
    away: Option<&str>,
    game_type: Option<u32>,
) -> Vec<Play> {
    let from_play = goals.iter().filter(|goal| !goal.period_descriptor.is_shootout());
    from_play
        .map(|goal| Play {
            id: id(goal),
            side: goal.side(home, away),
            points: 1,
            kind: PlayKind::Goal,
            player: goal.player(),
            clock: goal.clock(game_type),
        })
        .collect()
}

/// The feed gives goals no id. Period and time tell them apart; the scorer may be changed afterwards.
fn id(goal: &Goal<'_>) -> Option<String> {
    let time = goal.time_in_period.text().and_then(|time| cleaned(time, NAME))?;
    Some(format!("{}-{time}", goal.number()?))
}

/// Both sides' goals in each period, where the goals add up to the score; else nothing.
pub(super) fn periods(
    goals: &[Goal<'_>],
    home: Option<&str>,
    away: Option<&str>,
    played: u8,
    score: (Option<u32>, Option<u32>),
) -> (Vec<u32>, Vec<u32>) {
    let mut of_home = vec![0; usize::from(played)];
    let mut of_away = of_home.clone();
    for goal in goals.iter().filter(|goal| !goal.period_descriptor.is_shootout()) {
        let at = goal.number().map(usize::from).and_then(|n| n.checked_sub(1));
        let of_side = match goal.side(home, away) {
            Some(Which::Home) => &mut of_home,
            Some(Which::Away) => &mut of_away,
            None => return Default::default(),
        };
        match at.and_then(|at| of_side.get_mut(at)) {
            Some(count) => *count += 1,
            None => return Default::default(),
        }
    }
    let adds_up = (Some(of_home.iter().sum()), Some(of_away.iter().sum())) == score;
    if adds_up { (of_home, of_away) } else { Default::default() }
}
