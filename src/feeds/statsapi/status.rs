//! Where a game stands, and the inning it is in.

use serde::Deserialize;
use serde_json::value::RawValue;
use wirereport_actors::wire::game::{Bases, Clock, Half, Phase};

use crate::feeds::loose::Loose;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status<'a> {
    #[serde(borrow, default)]
    pub(super) abstract_game_state: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) coded_game_state: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) detailed_state: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) reason: Loose<'a>,
    #[serde(borrow, default, rename = "startTimeTBD")]
    pub(super) start_is_open: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inning<'a> {
    #[serde(borrow, default)]
    pub(super) current_inning: Loose<'a>,
    #[serde(borrow, default)]
    inning_state: Loose<'a>,
    #[serde(borrow, default)]
    inning_half: Loose<'a>,
    #[serde(borrow, default)]
    outs: Loose<'a>,
    #[serde(borrow)]
    offense: Option<Offense<'a>>,
}

/// The side at bat: whoever is on base stands under the base's name.
#[derive(Deserialize)]
struct Offense<'a> {
    #[serde(borrow)]
    first: Option<&'a RawValue>,
    #[serde(borrow)]
    second: Option<&'a RawValue>,
    #[serde(borrow)]
    third: Option<&'a RawValue>,
}

/// The coded state decides, and must not contradict the abstract one; the wording tells delays apart and may veto a
/// result, never make one.
pub(super) fn phase(status: &Status<'_>) -> Phase {
    let wording = status.detailed_state.text().unwrap_or_default().to_ascii_lowercase();
    let says = |word: &str| wording.contains(word);
    let delayed = |otherwise| if says("delay") { Phase::Delayed } else { otherwise };
    match (status.coded_game_state.text(), status.abstract_game_state.text()) {
        // Decided without play: the score beside it is not one that was played.
        _ if says("forfeit") => Phase::Unknown,
        (Some("D"), _) => Phase::Postponed,
        (Some("C"), _) => Phase::Cancelled,
        (Some("T" | "U"), _) => Phase::Suspended,
        _ if says("postponed") => Phase::Postponed,
        _ if says("cancel") => Phase::Cancelled,
        _ if says("suspended") => Phase::Suspended,
        (Some("F" | "O"), Some("Final")) => Phase::Final,
        // M: a manager's challenge; N: the umpires review a play.
        (Some("I" | "M" | "N"), Some("Live")) => delayed(Phase::Live),
        // The warm-up is abstractly live.
        (Some("S" | "P"), Some("Preview" | "Live")) => delayed(Phase::Scheduled),
        _ => Phase::Unknown,
    }
}

/// Whether a pitch was thrown, as far as the feed tells.
pub(super) fn begun(phase: Phase, status: &Status<'_>, inning: u8) -> bool {
    match phase {
        Phase::Scheduled | Phase::Postponed | Phase::Cancelled => false,
        Phase::Delayed => !matches!(status.coded_game_state.text(), Some("S" | "P")),
        Phase::Suspended | Phase::Unknown => inning > 0,
        Phase::Live | Phase::Break | Phase::Shootout | Phase::Final => true,
    }
}

/// The inning, from 1; 0 where the feed says none.
pub(super) fn number(inning: &Inning<'_>) -> u8 {
    inning.current_inning.count().ok().flatten().and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
}

/// Where in the inning. Three outs end a half, also where the feed has not turned it yet.
pub(super) fn clock(inning: &Inning<'_>) -> Option<Clock> {
    let half = match inning.inning_state.text().or_else(|| inning.inning_half.text())? {
        "Top" => Half::Top,
        "Middle" => Half::Middle,
        "Bottom" => Half::Bottom,
        "End" => Half::End,
        _ => return None,
    };
    let outs = inning.outs.count().ok().flatten().and_then(|outs| u8::try_from(outs).ok());
    Some(match (half, outs) {
        (Half::Top, Some(3)) => Clock::Inning { half: Half::Middle, outs: None },
        (Half::Bottom, Some(3)) => Clock::Inning { half: Half::End, outs: None },
        (Half::Top | Half::Bottom, outs) => Clock::Inning { half, outs: outs.filter(|outs| *outs < 3) },
        (Half::Middle | Half::End, _) => Clock::Inning { half, outs: None },
    })
}

/// Who is on base, while a side is at bat.
pub(super) fn bases(inning: &Inning<'_>) -> Option<Bases> {
    let Some(Clock::Inning { half: Half::Top | Half::Bottom, .. }) = clock(inning) else { return None };
    let offense = inning.offense.as_ref()?;
    Some(Bases {
        first: offense.first.is_some(),
        second: offense.second.is_some(),
        third: offense.third.is_some(),
    })
}

/// Why play is held up or off: `Rain`, from the reason or from `Delayed: Rain`.
pub(super) fn reason<'a>(status: &'a Status<'_>) -> Option<&'a str> {
    let in_wording = || status.detailed_state.text()?.split_once(':').map(|(_, reason)| reason.trim());
    status.reason.text().or_else(in_wording)
}
