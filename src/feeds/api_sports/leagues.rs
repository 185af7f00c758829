//! The soccer leagues, by API-FOOTBALL's numbers.
//!
//! Of the Premier League's the recorded payloads are proof; the others are as the product documents them. A number alone
//! is not believed: what comes must have the league's name and country.

use jiff::civil::Date;
use wirereport_actors::wire::sport::Sport;

/// A league as API-FOOTBALL has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct League {
    key: &'static str,
    pub(super) id: u32,
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    season: Season,
}

/// By which year a season is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Season {
    /// From summer to spring, by the year it begins in.
    AcrossYears,
    /// From spring to autumn, or one summer.
    OfTheYear,
}

use Season::{AcrossYears, OfTheYear};

const fn league(
    key: &'static str,
    id: u32,
    name: &'static str,
    country: &'static str,
    season: Season,
) -> League {
    League { key, id, name, country, season }
}

const LEAGUES: [League; 17] = [
    league("eng.1", 39, "Premier League", "England", AcrossYears),
    league("eng.2", 40, "Championship", "England", AcrossYears),
    league("eng.fa", 45, "FA Cup", "England", AcrossYears),
    league("esp.1", 140, "La Liga", "Spain", AcrossYears),
    league("ger.1", 78, "Bundesliga", "Germany", AcrossYears),
    league("ita.1", 135, "Serie A", "Italy", AcrossYears),
    league("fra.1", 61, "Ligue 1", "France", AcrossYears),
    league("ned.1", 88, "Eredivisie", "Netherlands", AcrossYears),
    league("por.1", 94, "Primeira Liga", "Portugal", AcrossYears),
    league("sco.1", 179, "Premiership", "Scotland", AcrossYears),
    league("usa.1", 253, "Major League Soccer", "USA", OfTheYear),
    league("mex.1", 262, "Liga MX", "Mexico", AcrossYears),
    league("uefa.champions", 2, "UEFA Champions League", "World", AcrossYears),
    league("uefa.europa", 3, "UEFA Europa League", "World", AcrossYears),
    league("uefa.euro", 4, "Euro Championship", "World", OfTheYear),
    league("fifa.world", 1, "World Cup", "World", OfTheYear),
    league("fifa.wwc", 8, "World Cup - Women", "World", OfTheYear),
];

/// The league of one of our keys, where API-FOOTBALL carries it.
pub fn of(sport: &Sport) -> Option<League> {
    LEAGUES.into_iter().find(|league| league.key == sport.key.as_str())
}

impl League {
    /// What is asked for to get its games of a day.
    pub fn query(self, day: Date) -> Vec<(&'static str, String)> {
        let year = match self.season {
            AcrossYears if day.month() < 7 => day.year() - 1,
            AcrossYears | OfTheYear => day.year(),
        };
        vec![("league", self.id.to_string()), ("season", year.to_string()), ("date", day.to_string())]
    }
}
