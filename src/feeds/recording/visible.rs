//! What a recording calls things, made safe to print as every feed's words are: the file may be anybody's.

use wirereport_actors::wire::contest::{Contest, Standing};
use wirereport_actors::wire::game::{Play, Team};
use wirereport_actors::wire::milestone::Leader;

use super::format::PlayLine;
use crate::feeds::text::{NAME, NOTE, clean, cleaned, person};

pub(super) fn team(team: &Team) -> Team {
    Team {
        id: clean(&team.id, NAME),
        name: clean(&team.name, NAME),
        short_name: clean(&team.short_name, NAME),
        place: clean(&team.place, NAME),
        code: clean(&team.code, NAME),
    }
}

pub(super) fn play(line: &PlayLine) -> Play {
    let play = Play::from(line);
    Play { player: play.player.as_deref().and_then(person), ..play }
}

pub(super) fn leader(leader: &Leader) -> Leader {
    Leader { player: person(&leader.player).unwrap_or_default(), ..leader.clone() }
}

pub(super) fn contest(contest: &Contest) -> Contest {
    let standing = |standing: &Standing| Standing {
        name: person(&standing.name).unwrap_or_default(),
        to_par: standing.to_par,
    };
    Contest {
        event: clean(&contest.event, NAME),
        part: contest.part.as_deref().and_then(|part| cleaned(part, NAME)),
        standings: contest.standings.iter().map(standing).collect(),
        ..contest.clone()
    }
}

pub(super) fn note(note: &str) -> Option<String> {
    cleaned(note, NOTE)
}
