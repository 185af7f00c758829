//! Where a game stands and what its clock shows.
//!
//! State and completion drive it; the status's name only tells the called-off kinds and the breaks apart, and may veto a
//! final, never make one.

use wirereport_actors::wire::game::{Bases, Clock, Half, Phase};
use wirereport_actors::wire::sport::Discipline;

use super::shape::{Situation, Status, StatusKind};
use crate::feeds::loose::Loose;

/// The longest time that any clock shows left in a period.
const LONGEST_PERIOD_SECONDS: f64 = 3600.0;

pub(super) fn phase(status: &Status<'_>, discipline: Discipline) -> Phase {
    let kind = &status.kind;
    let name = kind.name.text().unwrap_or_default().to_ascii_uppercase();
    let completed = kind.completed.flag() == Some(true);
    match kind.state.text() {
        Some("pre") if !completed => called_off(&name).unwrap_or(Phase::Scheduled),
        Some("in") if !completed => called_off(&name).unwrap_or_else(|| playing(&name, status, discipline)),
        Some("post") => called_off(&name).unwrap_or({
            if completed && !decided_without_play(&name) { Phase::Final } else { Phase::Unknown }
        }),
        _ => Phase::Unknown,
    }
}

fn called_off(name: &str) -> Option<Phase> {
    let says = |word: &str| name.contains(word);
    if says("POSTPONED") {
        Some(Phase::Postponed)
    } else if says("CANCEL") {
        Some(Phase::Cancelled)
    } else if says("SUSPENDED") || says("ABANDONED") {
        Some(Phase::Suspended)
    } else if says("DELAY") {
        Some(Phase::Delayed)
    } else {
        None
    }
}

/// Results that were awarded: the score beside them is not one that was played.
fn decided_without_play(name: &str) -> bool {
    ["FORFEIT", "WALKOVER", "UNCONTESTED", "AWARDED"].iter().any(|word| name.contains(word))
}

fn playing(name: &str, status: &Status<'_>, discipline: Discipline) -> Phase {
    let says = |word: &str| name.contains(word);
    if says("SHOOTOUT") || shows_shootout(status, discipline) {
        Phase::Shootout
    } else if says("HALFTIME") || says("END_PERIOD") || says("END_OF_") || says("INTERMISSION") {
        Phase::Break
    } else {
        Phase::Live
    }
}

/// Whether the game is in its shoot-out, or was decided by one.
pub(super) fn shows_shootout(status: &Status<'_>, discipline: Discipline) -> bool {
    match discipline {
        // Halves, halves of extra time, penalties.
        Discipline::Soccer => period(status) == 5,
        Discipline::Hockey => wordings(&status.kind)
            .flat_map(words)
            .any(|word| word == "SO" || word.eq_ignore_ascii_case("shootout")),
        _ => false,
    }
}

/// The period as the feed counts it; 0 where it says none.
pub(super) fn period(status: &Status<'_>) -> u8 {
    status.period.count().ok().flatten().and_then(|period| u8::try_from(period).ok()).unwrap_or(0)
}

/// What the clock shows; only of use while a game is under way.
pub(super) fn clock(
    status: &Status<'_>,
    discipline: Discipline,
    outs: &Loose<'_>,
    outs_text: &Loose<'_>,
) -> Option<Clock> {
    match discipline {
        Discipline::Baseball => inning(status, outs, outs_text),
        Discipline::Soccer => minute(status.display_clock.text()?),
        Discipline::Basketball | Discipline::Football | Discipline::Hockey => left(status),
        Discipline::Tennis | Discipline::Mma | Discipline::Racing | Discipline::Golf => None,
    }
}

fn left(status: &Status<'_>) -> Option<Clock> {
    let seconds = match status.clock.number() {
        Some(seconds) => seconds,
        None => displayed_seconds(status.display_clock.text()?)?,
    };
    if !(0.0..=LONGEST_PERIOD_SECONDS).contains(&seconds) {
        return None;
    }
    Some(Clock::Left { millis: (seconds * 1000.0).round() as u32 })
}

/// Reads `5:09` or `45.3`.
fn displayed_seconds(text: &str) -> Option<f64> {
    match text.split_once(':') {
        Some((minutes, seconds)) => {
            Some(f64::from(minutes.parse::<u16>().ok()?) * 60.0 + seconds.parse::<f64>().ok()?)
        }
        None => text.parse().ok(),
    }
}

/// Reads `58'` or `90'+8'`. The minute before the start, `0'`, is none.
pub(super) fn minute(text: &str) -> Option<Clock> {
    let mut parts = text.split('+').map(|part| part.trim().trim_end_matches(['\'', '’']).parse::<u16>());
    let minute = parts.next()?.ok().filter(|minute| *minute > 0)?;
    let added = match parts.next() {
        Some(added) => added.ok()?,
        None => 0,
    };
    Some(Clock::Minute { minute, added })
}

/// Baseball's half-inning is only in the wording: `Top 9th`, `Middle 1st`, `Rain Delay, Bottom 5th`.
fn inning(status: &Status<'_>, outs: &Loose<'_>, outs_text: &Loose<'_>) -> Option<Clock> {
    let half = wordings(&status.kind).find_map(half_inning)?;
    let outs = match half {
        Half::Top | Half::Bottom => counted_outs(outs, outs_text),
        Half::Middle | Half::End => None,
    };
    Some(Clock::Inning { half, outs })
}

fn half_inning(wording: &str) -> Option<Half> {
    let words: Vec<&str> = words(wording).collect();
    words.windows(2).find_map(|pair| {
        pair[1].starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
        match pair[0].to_ascii_lowercase().as_str() {
            "top" => Some(Half::Top),
            "mid" | "middle" => Some(Half::Middle),
            "bot" | "bottom" => Some(Half::Bottom),
            "end" => Some(Half::End),
            _ => None,
        }
    })
}

/// Who is on base; `None` where the feed leaves one of the three open.
pub(super) fn bases(situation: &Situation<'_>) -> Option<Bases> {
    Some(Bases {
        first: situation.on_first.flag()?,
        second: situation.on_second.flag()?,
        third: situation.on_third.flag()?,
    })
}

fn counted_outs(outs: &Loose<'_>, outs_text: &Loose<'_>) -> Option<u8> {
    let said = || outs_text.text()?.split_whitespace().next()?.parse().ok();
    let outs = outs.count().ok().flatten().or_else(said)?;
    u8::try_from(outs).ok().filter(|outs| *outs <= 3)
}

fn wordings<'a>(kind: &'a StatusKind<'_>) -> impl Iterator<Item = &'a str> {
    [kind.detail.text(), kind.short_detail.text()].into_iter().flatten()
}

fn words(wording: &str) -> impl Iterator<Item = &str> {
    wording.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
