//! Teams that no league has. Only where the clubs of every league that is told are known by their codes can it be known
//! that a code is none of them; names are not checked, since feeds differ in them.

use super::channel::{ChannelFilter, Leagues};
use super::nearest::nearest;
use crate::feeds::{nhl, statsapi};

/// What is wrong with the teams that a channel tells of, if that can be known.
pub(super) fn unheard_of(filter: &ChannelFilter) -> Option<String> {
    filter.teams.0.iter().flatten().find_map(|team| {
        let leagues: Vec<&str> = match (&team.sport, &filter.sports) {
            (Some(sport), _) => vec![sport.as_str()],
            (None, Leagues::Only(sports)) => sports.iter().map(|sport| sport.as_str()).collect(),
            (None, Leagues::All) => return None,
        };
        let codes: Vec<&str> =
            leagues.iter().map(|league| codes(league)).collect::<Option<Vec<_>>>()?.concat();
        let is_code = (2..=4).contains(&team.name.len()) && team.name.bytes().all(|b| b.is_ascii_uppercase());
        if !is_code || codes.contains(&team.name.as_str()) {
            return None;
        }
        let hint = nearest(&team.name, codes.iter().copied());
        let hint = hint.map(|hint| format!("; did you mean {hint}?")).unwrap_or_default();
        Some(format!("names {team}, and no club of {} has that code{hint}", leagues.join(" or ")))
    })
}

/// The codes of a league's clubs, where all of them are known.
fn codes(league: &str) -> Option<Vec<&'static str>> {
    match league {
        statsapi::LEAGUE => Some(statsapi::codes().collect()),
        nhl::LEAGUE => Some(nhl::codes().collect()),
        _ => None,
    }
}
