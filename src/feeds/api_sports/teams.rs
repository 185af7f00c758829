//! Names and codes of the teams, as the other feeds have them.
//!
//! Games are known again across feeds by the teams' codes, so the codes are ESPN's. A team that is not on the list keeps
//! the name it came with; a game of two such teams is left out where the list is to be complete, since nobody could tell
//! that another feed's game is the same one.

use wirereport_actors::wire::game::Team;

use crate::feeds::loose::Loose;
use crate::feeds::text::{NAME, cleaned};

/// API-NBA's codes that are not ESPN's.
const NBA: [(&str, &str); 6] =
    [("GSW", "GS"), ("NOP", "NO"), ("NYK", "NY"), ("SAS", "SA"), ("UTA", "UTAH"), ("WAS", "WSH")];

/// Code, place and nickname of each NFL club.
const NFL: [(&str, &str, &str); 32] = [
    ("ARI", "Arizona", "Cardinals"),
    ("ATL", "Atlanta", "Falcons"),
    ("BAL", "Baltimore", "Ravens"),
    ("BUF", "Buffalo", "Bills"),
    ("CAR", "Carolina", "Panthers"),
    ("CHI", "Chicago", "Bears"),
    ("CIN", "Cincinnati", "Bengals"),
    ("CLE", "Cleveland", "Browns"),
    ("DAL", "Dallas", "Cowboys"),
    ("DEN", "Denver", "Broncos"),
    ("DET", "Detroit", "Lions"),
    ("GB", "Green Bay", "Packers"),
    ("HOU", "Houston", "Texans"),
    ("IND", "Indianapolis", "Colts"),
    ("JAX", "Jacksonville", "Jaguars"),
    ("KC", "Kansas City", "Chiefs"),
    ("LAC", "Los Angeles", "Chargers"),
    ("LAR", "Los Angeles", "Rams"),
    ("LV", "Las Vegas", "Raiders"),
    ("MIA", "Miami", "Dolphins"),
    ("MIN", "Minnesota", "Vikings"),
    ("NE", "New England", "Patriots"),
    ("NO", "New Orleans", "Saints"),
    ("NYG", "New York", "Giants"),
    ("NYJ", "New York", "Jets"),
    ("PHI", "Philadelphia", "Eagles"),
    ("PIT", "Pittsburgh", "Steelers"),
    ("SEA", "Seattle", "Seahawks"),
    ("SF", "San Francisco", "49ers"),
    ("TB", "Tampa Bay", "Buccaneers"),
    ("TEN", "Tennessee", "Titans"),
    ("WSH", "Washington", "Commanders"),
];

/// API-FOOTBALL's name and ESPN's code of English clubs.
const ENGLAND: [(&str, &str); 28] = [
    ("Arsenal", "ARS"),
    ("Aston Villa", "AVL"),
    ("Bournemouth", "BOU"),
    ("Brentford", "BRE"),
    ("Brighton", "BHA"),
    ("Burnley", "BUR"),
    ("Chelsea", "CHE"),
    ("Crystal Palace", "CRY"),
    ("Everton", "EVE"),
    ("Fulham", "FUL"),
    ("Ipswich", "IPS"),
    ("Leeds", "LEE"),
    ("Leicester", "LEI"),
    ("Liverpool", "LIV"),
    ("Luton", "LUT"),
    ("Manchester City", "MNC"),
    ("Manchester United", "MAN"),
    ("Newcastle", "NEW"),
    ("Norwich", "NOR"),
    ("Nottingham Forest", "NFO"),
    ("Sheffield Utd", "SHU"),
    ("Southampton", "SOU"),
    ("Sunderland", "SUN"),
    ("Tottenham", "TOT"),
    ("Watford", "WAT"),
    ("West Brom", "WBA"),
    ("West Ham", "WHU"),
    ("Wolves", "WOL"),
];

/// A team, and whether it is on the list.
pub(super) type Known = (Team, bool);

fn id_and_name(id: &Loose<'_>, name: &Loose<'_>) -> Result<(String, String), String> {
    let id = id.id().and_then(|id| cleaned(&id, NAME)).ok_or("a side without an id")?;
    let name = name.text().and_then(|name| cleaned(name, NAME)).ok_or("a side without a name")?;
    Ok((id, name))
}

fn unlisted(id: String, name: String) -> Known {
    let team = Team { id, code: name.clone(), place: name.clone(), short_name: name.clone(), name };
    (team, false)
}

/// A side of an NBA game. All-star teams have the code of no club.
pub(super) fn nba(
    id: &Loose<'_>,
    name: &Loose<'_>,
    nickname: &Loose<'_>,
    code: &Loose<'_>,
) -> Result<Known, String> {
    let (id, name) = id_and_name(id, name)?;
    let nickname = nickname.text().and_then(|nickname| cleaned(nickname, NAME));
    let code = code.text().and_then(|code| cleaned(code, NAME));
    let (Some(nickname), Some(code)) = (nickname, code) else { return Ok(unlisted(id, name)) };
    let Some(place) =
        name.strip_suffix(nickname.as_str()).map(str::trim_end).filter(|place| !place.is_empty())
    else {
        return Ok(unlisted(id, name));
    };
    let place = place.to_owned();
    let code = NBA.iter().find(|(theirs, _)| *theirs == code).map_or(code, |(_, ours)| (*ours).to_owned());
    Ok((Team { id, code, place, short_name: nickname, name }, true))
}

/// A side of an NFL game, which comes with its name alone.
pub(super) fn nfl(id: &Loose<'_>, name: &Loose<'_>) -> Result<Known, String> {
    let (id, name) = id_and_name(id, name)?;
    let club = NFL.iter().find(|(_, place, nickname)| {
        name.strip_prefix(place).and_then(|rest| rest.strip_prefix(' ')) == Some(nickname)
    });
    let Some((code, place, nickname)) = club else { return Ok(unlisted(id, name)) };
    let [code, place, short_name] = [code, place, nickname].map(|text| (*text).to_owned());
    Ok((Team { id, code, place, short_name, name }, true))
}

/// A side of a soccer match. A club is called by its whole name here, which is short.
pub(super) fn soccer(id: &Loose<'_>, name: &Loose<'_>) -> Result<Known, String> {
    let (id, name) = id_and_name(id, name)?;
    let Some((_, code)) = ENGLAND.iter().find(|(club, _)| *club == name) else {
        return Ok(unlisted(id, name));
    };
    let code = (*code).to_owned();
    Ok((Team { id, code, place: name.clone(), short_name: name.clone(), name }, true))
}

/// Two sides that may meet, by what is known of them.
pub(super) fn two(home: Known, away: Known, listed: bool) -> Result<(Team, Team), String> {
    if home.0.id == away.0.id {
        return Err("the same team on both sides".to_owned());
    }
    if listed && !home.1 && !away.1 {
        return Err(format!("neither {} nor {} is a team whose code is known", home.0.name, away.0.name));
    }
    Ok((home.0, away.0))
}
