//! Names and codes of the clubs, as the other feeds have them.
//!
//! The scores page gives a nickname and an abbreviation only, so the place comes from here. Games are known again across
//! feeds by the teams' codes, so the codes are ESPN's: TBL, NJD, LAK, SJS and UTA are TB, NJ, LA, SJ and UTAH.

use serde::Deserialize;
use wirereport_actors::wire::game::Team;

use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, cleaned};

/// The NHL's abbreviation, the code and the place of each club.
const CLUBS: [(&str, &str, &str); 32] = [
    ("ANA", "ANA", "Anaheim"),
    ("BOS", "BOS", "Boston"),
    ("BUF", "BUF", "Buffalo"),
    ("CAR", "CAR", "Carolina"),
    ("CBJ", "CBJ", "Columbus"),
    ("CGY", "CGY", "Calgary"),
    ("CHI", "CHI", "Chicago"),
    ("COL", "COL", "Colorado"),
    ("DAL", "DAL", "Dallas"),
    ("DET", "DET", "Detroit"),
    ("EDM", "EDM", "Edmonton"),
    ("FLA", "FLA", "Florida"),
    ("LAK", "LA", "Los Angeles"),
    ("MIN", "MIN", "Minnesota"),
    ("MTL", "MTL", "Montreal"),
    ("NJD", "NJ", "New Jersey"),
    ("NSH", "NSH", "Nashville"),
    ("NYI", "NYI", "New York"),
    ("NYR", "NYR", "New York"),
    ("OTT", "OTT", "Ottawa"),
    ("PHI", "PHI", "Philadelphia"),
    ("PIT", "PIT", "Pittsburgh"),
    ("SEA", "SEA", "Seattle"),
    ("SJS", "SJ", "San Jose"),
    ("STL", "STL", "St. Louis"),
    ("TBL", "TB", "Tampa Bay"),
    ("TOR", "TOR", "Toronto"),
    ("UTA", "UTAH", "Utah"),
    ("VAN", "VAN", "Vancouver"),
    ("VGK", "VGK", "Vegas"),
    ("WPG", "WPG", "Winnipeg"),
    ("WSH", "WSH", "Washington"),
];

/// The code of every club.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CLUBS.iter().map(|(_, code, _)| *code)
}

/// A text in several languages.
#[derive(Deserialize, Default)]
pub(super) struct Wording<'a> {
    #[serde(borrow, default, rename = "default")]
    pub(super) usual: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entrant<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) abbrev: Loose<'a>,
    #[serde(borrow, default)]
    name: Wording<'a>,
    #[serde(borrow, default)]
    common_name: Wording<'a>,
    #[serde(borrow, default)]
    place_name: Wording<'a>,
    #[serde(borrow, default)]
    pub(super) score: Loose<'a>,
}

/// The team, or what is wrong with it.
pub(super) fn team(entrant: &Entrant<'_>) -> Result<Team, String> {
    let text = |text: &Loose<'_>| text.text().and_then(|text| cleaned(text, NAME));
    let id = entrant.id.id().and_then(|id| cleaned(&id, NAME)).ok_or("a side without an id")?;
    let abbreviation = text(&entrant.abbrev).ok_or("a side without an abbreviation")?;
    let club = CLUBS.iter().find(|(club, ..)| *club == abbreviation);
    let code = club.map_or(abbreviation.as_str(), |(_, code, _)| code);
    let place = club.map(|(.., place)| (*place).to_owned()).or_else(|| text(&entrant.place_name.usual));
    let nickname = text(&entrant.name.usual).or_else(|| text(&entrant.common_name.usual));
    let short_name = nickname.or_else(|| place.clone()).unwrap_or_else(|| abbreviation.clone());
    let name = match &place {
        Some(place) if !short_name.starts_with(place.as_str()) => format!("{place} {short_name}"),
        _ => short_name.clone(),
    };
    Ok(Team {
        // The place of a team that is not known yet; the sign is how the rules tell it.
        id: if abbreviation == "TBD" { format!("-{}", id.trim_start_matches('-')) } else { id },
        code: code.to_owned(),
        place: place.unwrap_or_else(|| name.clone()),
        short_name,
        name,
    })
}
