//! Where a game stands, and its clock.

use serde::Deserialize;
use wirereport_actors::wire::game::{Clock, Phase};

use crate::feeds::loose::Loose;

/// The longest period there is, in seconds.
const LONGEST_PERIOD: u32 = 1200;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Period<'a> {
    #[serde(borrow, default)]
    pub(super) number: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) period_type: Loose<'a>,
}

impl Period<'_> {
    /// The number, from 1; overtime counts on.
    pub(super) fn number(&self) -> Option<u8> {
        self.number.count().ok().flatten().and_then(|n| u8::try_from(n).ok())
    }

    pub(super) fn is_shootout(&self) -> bool {
        self.period_type.text() == Some("SO")
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct GameClock<'a> {
    #[serde(borrow, default)]
    seconds_remaining: Loose<'a>,
    #[serde(borrow, default)]
    in_intermission: Loose<'a>,
}

/// The phase by the game's state and the schedule's; where they contradict each other it is not known.
pub(super) fn phase(
    state: Option<&str>,
    schedule: Option<&str>,
    clock: &GameClock<'_>,
    shootout: bool,
) -> Phase {
    let playing = if shootout { Phase::Shootout } else { Phase::Live };
    match (schedule.unwrap_or("OK"), state) {
        ("CNCL", Some("FUT" | "PRE")) => Phase::Cancelled,
        ("PPD", Some("FUT" | "PRE")) => Phase::Postponed,
        ("SUSP", Some(_)) => Phase::Suspended,
        ("OK" | "TBD", Some("FUT" | "PRE")) => Phase::Scheduled,
        ("OK", Some("LIVE" | "CRIT")) if clock.in_intermission.flag() == Some(true) => Phase::Break,
        ("OK", Some("LIVE" | "CRIT" | "OVER")) => playing,
        ("OK", Some("OFF" | "FINAL")) => Phase::Final,
        _ => Phase::Unknown,
    }
}

/// What the clock shows. In an intermission the feed counts down the intermission; the period's own clock stands at 0.
pub(super) fn clock(clock: &GameClock<'_>, phase: Phase) -> Option<Clock> {
    match phase {
        Phase::Break => Some(Clock::Left { millis: 0 }),
        Phase::Live | Phase::Suspended => {
            let seconds = clock.seconds_remaining.count().ok().flatten()?;
            (seconds <= LONGEST_PERIOD).then_some(Clock::Left { millis: seconds * 1000 })
        }
        _ => None,
    }
}
