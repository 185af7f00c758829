//! Where ESPN keeps a league, and what has to be asked for to get all of its games.
//!
//! Never a range of dates, which team sports refuse with HTTP 400, and never a `limit` above 500, which silently brings
//! 25 games. Only the college boards send `groups` and `limit`: without a group they show ranked teams alone, and a
//! Saturday of Division I has more games than the endpoint lists unasked.

use jiff::civil::Date;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::sport::{Discipline, Sport};

const COLLEGE_LIMIT: u16 = 400;

/// One league as ESPN knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct League {
    discipline: Discipline,
    slug: String,
    group: Option<u16>,
}

impl League {
    /// The league of one of our keys: those of the table, and any soccer league under ESPN's own name for it.
    ///
    /// # Errors
    /// [`FeedError::Misconfigured`] for a key that is neither.
    pub fn of(sport: &Sport) -> Result<Self, FeedError> {
        let key = sport.key.as_str();
        let (slug, group) = match key {
            "nba" | "wnba" | "nfl" | "mlb" | "nhl" => (key, None),
            "atp" | "wta" | "ufc" | "f1" | "pga" | "lpga" => (key, None),
            "ncaam" => ("mens-college-basketball", Some(50)),
            "ncaaw" => ("womens-college-basketball", Some(50)),
            "ncaaf" => ("college-football", Some(80)),
            _ if sport.discipline == Discipline::Soccer => (key, None),
            _ => {
                return Err(FeedError::Misconfigured {
                    detail: format!(
                        "the espn feed does not carry `{key}`; it carries nba, wnba, ncaam, ncaaw, nfl, ncaaf, mlb, \
                         nhl, atp, wta, ufc, f1, pga, lpga and soccer leagues such as eng.1"
                    ),
                });
            }
        };
        Ok(Self { group, ..Self::named(sport.discipline, slug) })
    }

    /// A league by ESPN's own name for it: `college-softball` of baseball.
    pub fn named(discipline: Discipline, slug: impl Into<String>) -> Self {
        Self { discipline, slug: slug.into(), group: None }
    }

    /// The rules it plays by.
    pub fn discipline(&self) -> Discipline {
        self.discipline
    }

    /// ESPN's name of the league.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Whether the board is asked for by group, as college boards are.
    pub fn grouped(&self) -> bool {
        self.group.is_some()
    }

    /// ESPN's number of the sport, as event uids carry it: `s:20~l:28~e:401772900`.
    pub(super) fn sport_number(&self) -> u32 {
        match self.discipline {
            Discipline::Baseball => 1,
            Discipline::Football => 20,
            Discipline::Basketball => 40,
            Discipline::Hockey => 70,
            Discipline::Soccer => 600,
            Discipline::Tennis => 850,
            Discipline::Golf => 1100,
            Discipline::Racing => 2000,
            Discipline::Mma => 3301,
        }
    }

    /// The path of the scoreboard, below the host.
    pub fn path(&self) -> String {
        let sport = match self.discipline {
            Discipline::Baseball => "baseball",
            Discipline::Football => "football",
            Discipline::Basketball => "basketball",
            Discipline::Hockey => "hockey",
            Discipline::Soccer => "soccer",
            Discipline::Tennis => "tennis",
            Discipline::Mma => "mma",
            Discipline::Racing => "racing",
            Discipline::Golf => "golf",
        };
        format!("apis/site/v2/sports/{sport}/{}/scoreboard", self.slug)
    }

    /// What is asked for: the board the feed shows unasked, or that of one US-Eastern day.
    pub fn query(&self, day: Option<Date>) -> Vec<(&'static str, String)> {
        let mut query = Vec::new();
        if let Some(group) = self.group {
            query.push(("groups", group.to_string()));
            query.push(("limit", COLLEGE_LIMIT.to_string()));
        }
        if let Some(day) = day {
            query.push(("dates", day.strftime("%Y%m%d").to_string()));
        }
        query
    }
}
