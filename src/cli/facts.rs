//! The facts of a story, a line each, as somebody who follows the game would write them down.

use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::{Clock, Half, Phase, PlayKind, Score, Which};
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::news::News;
use wirereport_actors::wire::sport::Discipline;

/// What is known of the game at the moment.
pub(super) fn lines(facts: &Facts) -> Vec<String> {
    if let Some(news) = &facts.news {
        return of_news(facts, news);
    }
    let mut lines = vec![teams(facts), format!("{} · {}", score(facts, facts.score), when(facts))];
    if let Some(shootout) = facts.shootout {
        lines.push(format!("shootout {}", score(facts, shootout)));
    }
    match facts.before.filter(|before| *before != facts.score && facts.retracted != Some(*before)) {
        Some(before) => lines.push(format!("before it {}", score(facts, before))),
        None if facts.before.is_none() => lines.push("no earlier score was seen".to_owned()),
        None => {}
    }
    if let Some(retracted) = facts.retracted {
        lines.push(format!("taken back {}", score(facts, retracted)));
    }
    lines.extend(play(facts));
    lines.push(course(facts));
    lines.extend(led_here(facts));
    if let Some(note) = &facts.note {
        lines.push(format!("the feed notes: {note}"));
    }
    lines
}

fn of_news(facts: &Facts, news: &News) -> Vec<String> {
    let published = news.published.map(|at| format!(", published {at}")).unwrap_or_default();
    vec![format!("{} on the {}{published}", news.source, facts.league), format!("\"{}\"", news.headline)]
}

fn teams(facts: &Facts) -> String {
    let name = |which, rank: Option<u8>| match rank {
        Some(rank) => format!("No. {rank} {}", facts.team(which).name),
        None => facts.team(which).name.clone(),
    };
    let at = if facts.neutral { "against" } else { "at" };
    let (away, home) = (name(Which::Away, facts.away_rank), name(Which::Home, facts.home_rank));
    format!("{away} {at} {home}, {}", facts.league)
}

fn score(facts: &Facts, score: Score) -> String {
    format!("{} {}, {} {}", facts.away.code, score.away, facts.home.code, score.home)
}

fn when(facts: &Facts) -> String {
    let phase = match facts.phase {
        Phase::Scheduled => "not started",
        Phase::Live => return in_play(facts),
        Phase::Break => "break",
        Phase::Shootout => "shootout",
        Phase::Final => "final",
        Phase::Delayed => "delayed",
        Phase::Postponed => "postponed",
        Phase::Suspended => "suspended",
        Phase::Cancelled => "cancelled",
        Phase::Unknown => "the feed does not say where the game stands",
    };
    match facts.period {
        0 => phase.to_owned(),
        _ if facts.shootout.is_some() => format!("{phase} after a shoot-out"),
        _ => format!("{phase}, {}", period(facts)),
    }
}

fn in_play(facts: &Facts) -> String {
    match facts.clock {
        Some(clock) => format!("{}, {}", period(facts), self::clock(clock)),
        None => period(facts),
    }
}

fn period(facts: &Facts) -> String {
    let unit = match (facts.discipline, facts.regulation_periods) {
        (Discipline::Baseball, _) => "inning",
        (Discipline::Hockey, _) => "period",
        (_, 2) => "half",
        _ => "quarter",
    };
    match facts.period.saturating_sub(facts.regulation_periods) {
        1.. if facts.discipline == Discipline::Soccer => "extra time".to_owned(),
        1 if facts.discipline != Discipline::Baseball => "overtime".to_owned(),
        over @ 1.. if facts.discipline != Discipline::Baseball => format!("overtime {over}"),
        _ => format!("{unit} {}", facts.period),
    }
}

/// A clock as it is written: `7:21 left`, `6.1 s left`, `90+4'`, `top, 2 out`.
pub(super) fn clock(clock: Clock) -> String {
    match clock {
        Clock::Left { millis: millis @ ..60_000 } if millis % 1000 != 0 => {
            format!("{}.{} s left", millis / 1000, millis / 100 % 10)
        }
        Clock::Left { millis } => format!("{}:{:02} left", millis / 60_000, millis / 1000 % 60),
        Clock::Minute { minute, added: 0 } => format!("{minute}'"),
        Clock::Minute { minute, added } => format!("{minute}+{added}'"),
        Clock::Inning { half, outs } => {
            let half = match half {
                Half::Top => "top",
                Half::Middle => "middle",
                Half::Bottom => "bottom",
                Half::End => "end",
            };
            outs.map_or_else(|| half.to_owned(), |outs| format!("{half}, {outs} out"))
        }
    }
}

fn play(facts: &Facts) -> Option<String> {
    let play = facts.play.as_ref()?;
    let what = match play.kind {
        PlayKind::Goal => "goal",
        PlayKind::OwnGoal => "own goal",
        PlayKind::PenaltyGoal => "penalty goal",
        PlayKind::ShootoutGoal => "shootout goal",
        PlayKind::RedCard => "red card",
        PlayKind::MissedPenalty => "missed penalty",
        PlayKind::SavedPenalty => "saved penalty",
        PlayKind::Score => "score",
        PlayKind::Other => "play",
    };
    let mut line = match play.points {
        0 | 1 => what.to_owned(),
        points => format!("{what} worth {points}"),
    };
    if let Some(side) = play.side {
        line.push_str(&format!(" for {}", facts.team(side).code));
    }
    if let Some(player) = &play.player {
        line.push_str(&format!(" by {player}"));
    }
    if let Some(clock) = play.clock {
        line.push_str(&format!(", {}", self::clock(clock)));
    }
    Some(line)
}

/// What a moment of that kind says of what led to it.
fn led_here(facts: &Facts) -> Option<String> {
    let code = |side| &facts.team(side).code;
    match facts.kind {
        MomentKind::Run => facts.run().map(|(side, n)| format!("{} has scored the last {n}", code(side))),
        MomentKind::Comeback => facts
            .came_back_from()
            .map(|(side, n)| format!("{} had trailed by {n} since the sides were last level", code(side))),
        MomentKind::UpsetWatch | MomentKind::Final => facts
            .course
            .underdog
            .map(|side| format!("{} was the underdog, by the odds before the game", code(side))),
        _ => None,
    }
}

fn course(facts: &Facts) -> String {
    let since = if facts.seen_from_start { "seen from the start" } else { "not seen from the start" };
    let changes = match facts.lead_changes {
        0 => "no lead changes".to_owned(),
        1 => "1 lead change".to_owned(),
        n => format!("{n} lead changes"),
    };
    let trailed = [Which::Away, Which::Home]
        .map(|side| format!("{} by {}", facts.team(side).code, facts.largest_deficit.of(side)));
    format!("{since}: {changes}, trailed at most {}", trailed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_written_as_people_write_them() {
        let left = |millis| clock(Clock::Left { millis });
        assert_eq!(
            [441_000, 60_000, 59_900, 6_100, 900, 31_000, 0].map(left),
            ["7:21 left", "1:00 left", "59.9 s left", "6.1 s left", "0.9 s left", "0:31 left", "0:00 left"]
        );
        let minute = |minute, added| clock(Clock::Minute { minute, added });
        assert_eq!([minute(88, 0), minute(90, 4)], ["88'", "90+4'"]);
        let inning = |half, outs| clock(Clock::Inning { half, outs });
        assert_eq!([inning(Half::Top, Some(2)), inning(Half::Bottom, None)], ["top, 2 out", "bottom"]);
    }
}
