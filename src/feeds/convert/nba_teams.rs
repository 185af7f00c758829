//! The teams of the NBA, since its play-by-plays name them by their codes only.

use wirereport_actors::wire::game::Team;

const TEAMS: [(&str, &str, &str); 30] = [
    ("ATL", "Atlanta", "Hawks"),
    ("BKN", "Brooklyn", "Nets"),
    ("BOS", "Boston", "Celtics"),
    ("CHA", "Charlotte", "Hornets"),
    ("CHI", "Chicago", "Bulls"),
    ("CLE", "Cleveland", "Cavaliers"),
    ("DAL", "Dallas", "Mavericks"),
    ("DEN", "Denver", "Nuggets"),
    ("DET", "Detroit", "Pistons"),
    ("GSW", "Golden State", "Warriors"),
    ("HOU", "Houston", "Rockets"),
    ("IND", "Indiana", "Pacers"),
    ("LAC", "LA", "Clippers"),
    ("LAL", "Los Angeles", "Lakers"),
    ("MEM", "Memphis", "Grizzlies"),
    ("MIA", "Miami", "Heat"),
    ("MIL", "Milwaukee", "Bucks"),
    ("MIN", "Minnesota", "Timberwolves"),
    ("NOP", "New Orleans", "Pelicans"),
    ("NYK", "New York", "Knicks"),
    ("OKC", "Oklahoma City", "Thunder"),
    ("ORL", "Orlando", "Magic"),
    ("PHI", "Philadelphia", "76ers"),
    ("PHX", "Phoenix", "Suns"),
    ("POR", "Portland", "Trail Blazers"),
    ("SAC", "Sacramento", "Kings"),
    ("SAS", "San Antonio", "Spurs"),
    ("TOR", "Toronto", "Raptors"),
    ("UTA", "Utah", "Jazz"),
    ("WAS", "Washington", "Wizards"),
];

/// The team of that code, under the id the source gives it.
pub(super) fn team(code: &str, id: u64) -> Option<Team> {
    let (code, place, short_name) = TEAMS.iter().find(|(known, ..)| *known == code)?;
    Some(Team {
        id: id.to_string(),
        name: format!("{place} {short_name}"),
        short_name: (*short_name).to_owned(),
        place: (*place).to_owned(),
        code: (*code).to_owned(),
    })
}
