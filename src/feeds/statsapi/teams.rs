//! Names and codes of the clubs, as the other feeds have them.
//!
//! Games are known again across feeds by the teams' codes, so the codes here are ESPN's: where StatsAPI says AZ and CWS,
//! they are ARI and CHW. The place is what stands before the nickname, since StatsAPI's own is the borough or the suburb
//! (Bronx, Arlington).

use serde::Deserialize;
use wirereport_actors::wire::game::Team;

use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, cleaned};

/// StatsAPI's id, the code and the nickname of each club.
const CLUBS: [(&str, &str, &str); 30] = [
    ("108", "LAA", "Angels"),
    ("109", "ARI", "Diamondbacks"),
    ("110", "BAL", "Orioles"),
    ("111", "BOS", "Red Sox"),
    ("112", "CHC", "Cubs"),
    ("113", "CIN", "Reds"),
    ("114", "CLE", "Guardians"),
    ("115", "COL", "Rockies"),
    ("116", "DET", "Tigers"),
    ("117", "HOU", "Astros"),
    ("118", "KC", "Royals"),
    ("119", "LAD", "Dodgers"),
    ("120", "WSH", "Nationals"),
    ("121", "NYM", "Mets"),
    ("133", "ATH", "Athletics"),
    ("134", "PIT", "Pirates"),
    ("135", "SD", "Padres"),
    ("136", "SEA", "Mariners"),
    ("137", "SF", "Giants"),
    ("138", "STL", "Cardinals"),
    ("139", "TB", "Rays"),
    ("140", "TEX", "Rangers"),
    ("141", "TOR", "Blue Jays"),
    ("142", "MIN", "Twins"),
    ("143", "PHI", "Phillies"),
    ("144", "ATL", "Braves"),
    ("145", "CHW", "White Sox"),
    ("146", "MIA", "Marlins"),
    ("147", "NYY", "Yankees"),
    ("158", "MIL", "Brewers"),
];

/// The code of every club.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CLUBS.iter().map(|(_, code, _)| *code)
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Names<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    abbreviation: Loose<'a>,
    #[serde(borrow, default)]
    team_name: Loose<'a>,
    #[serde(borrow, default)]
    franchise_name: Loose<'a>,
    #[serde(borrow, default)]
    placeholder: Loose<'a>,
}

/// The team, or what is wrong with it. Under an id that is a club's, another name is believed before the list.
pub(super) fn team(names: &Names<'_>) -> Result<Team, String> {
    let id = names.id.id().and_then(|id| cleaned(&id, NAME)).ok_or("a side without an id")?;
    let text = |name: &Loose<'_>| name.text().and_then(|name| cleaned(name, NAME));
    let name = text(&names.name).ok_or("a side without a name")?;
    let club = CLUBS.iter().find(|(club, _, nickname)| *club == id && name.ends_with(nickname));
    if let Some((_, code, nickname)) = club {
        let place = name.trim_end_matches(nickname).trim_end();
        let place = if place.is_empty() { nickname } else { place };
        return Ok(Team {
            id,
            place: place.to_owned(),
            short_name: (*nickname).to_owned(),
            code: (*code).to_owned(),
            name,
        });
    }
    // The place of a team that is not known yet; the sign is how the rules tell it.
    let open = names.placeholder.flag() == Some(true);
    let short_name = text(&names.team_name).unwrap_or_else(|| name.clone());
    Ok(Team {
        id: if open { format!("-{id}") } else { id },
        code: text(&names.abbreviation).unwrap_or_else(|| short_name.clone()),
        place: text(&names.franchise_name).unwrap_or_else(|| name.clone()),
        short_name,
        name,
    })
}
