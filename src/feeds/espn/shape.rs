//! The parts of the feed's JSON that are read. Everything else is skipped without being built.
//!
//! What decorates an event (odds, plays, notes, periods) stays raw here and is read on its own, so that a surprise there
//! costs the decoration and not the game.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::feeds::loose::{Loose, null_is_default};

#[derive(Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) uid: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) date: Loose<'a>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    /// Absent on the header board, where the event itself has the fields of a competition.
    #[serde(borrow)]
    pub(super) competitions: Option<Vec<Competition<'a>>>,
}

/// An event of athletes, which holds many contests.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Meeting<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) uid: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) date: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) short_name: Loose<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) competitions: Vec<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) groupings: Vec<Grouping<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Grouping<'a> {
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) competitions: Vec<&'a RawValue>,
}

/// A contest of athletes: a match, a bout, a race, a leader board.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bout<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) date: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) time_valid: Loose<'a>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "type", deserialize_with = "null_is_default")]
    pub(super) kind: BoutKind<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) round: Person<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) competitors: Vec<Entrant<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct BoutKind<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) abbreviation: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entrant<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) order: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) home_away: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) winner: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) score: Loose<'a>,
    #[serde(borrow)]
    pub(super) linescores: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) athlete: Option<Person<'a>>,
    /// The pair of a doubles match.
    #[serde(borrow)]
    pub(super) roster: Option<Person<'a>>,
}

/// Whatever has a name: an athlete, a pair, a round.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person<'a> {
    #[serde(borrow, default)]
    pub(super) display_name: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Competition<'a> {
    #[serde(borrow, default)]
    pub(super) date: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) time_valid: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) neutral_site: Loose<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) competitors: Vec<Competitor<'a>>,
    #[serde(borrow)]
    pub(super) status: Option<&'a RawValue>,
    /// The header board's status; its `status` is the bare state.
    #[serde(borrow)]
    pub(super) full_status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) situation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) odds: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) details: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) leaders: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) notes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) outs_text: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Competitor<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) home_away: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) score: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) shootout_score: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) winner: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) rank: Loose<'a>,
    #[serde(borrow)]
    pub(super) curated_rank: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) linescores: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) leaders: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) team: Option<Names<'a>>,
    #[serde(borrow)]
    pub(super) athlete: Option<&'a RawValue>,
    // The header board's names stand on the competitor itself.
    #[serde(borrow, default)]
    pub(super) display_name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) location: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) abbreviation: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Names<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) display_name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) short_display_name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) location: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) abbreviation: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status<'a> {
    #[serde(borrow, default)]
    pub(super) clock: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) display_clock: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) period: Loose<'a>,
    #[serde(borrow, default, rename = "type", deserialize_with = "null_is_default")]
    pub(super) kind: StatusKind<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusKind<'a> {
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) state: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) completed: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) detail: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) short_detail: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Situation<'a> {
    #[serde(borrow, default)]
    pub(super) outs: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) on_first: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) on_second: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) on_third: Loose<'a>,
    #[serde(borrow)]
    pub(super) last_play: Option<LastPlay<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LastPlay<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) score_value: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) scoring_play: Loose<'a>,
    #[serde(borrow)]
    pub(super) team: Option<Reference<'a>>,
    #[serde(borrow)]
    pub(super) probability: Option<Probability<'a>>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) athletes_involved: Vec<Athlete<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Probability<'a> {
    #[serde(borrow, default)]
    pub(super) home_win_percentage: Loose<'a>,
}

#[derive(Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
}

/// One category of `leaders`, best first.
#[derive(Deserialize)]
pub(super) struct Category<'a> {
    #[serde(borrow, default)]
    pub(super) name: Loose<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) leaders: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow, default)]
    pub(super) display_value: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) value: Loose<'a>,
    #[serde(borrow)]
    pub(super) athlete: Option<Athlete<'a>>,
    #[serde(borrow)]
    pub(super) team: Option<Reference<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Athlete<'a> {
    #[serde(borrow, default)]
    pub(super) id: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) display_name: Loose<'a>,
    #[serde(borrow)]
    pub(super) team: Option<Reference<'a>>,
}

/// One entry of soccer's `details`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detail<'a> {
    /// `{"value":5400.0,"displayValue":"90'+2'"}`
    #[serde(borrow, default)]
    pub(super) clock: Loose<'a>,
    #[serde(borrow)]
    pub(super) team: Option<Reference<'a>>,
    #[serde(borrow, default)]
    pub(super) score_value: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) scoring_play: Loose<'a>,
    #[serde(borrow, default, rename = "type", deserialize_with = "null_is_default")]
    pub(super) kind: DetailKind<'a>,
    #[serde(borrow, default)]
    pub(super) own_goal: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) penalty_kick: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) red_card: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) shootout: Loose<'a>,
    #[serde(borrow, default, deserialize_with = "null_is_default")]
    pub(super) athletes_involved: Vec<Athlete<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct DetailKind<'a> {
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
}

#[derive(Deserialize)]
pub(super) struct Linescore<'a> {
    #[serde(borrow, default)]
    pub(super) value: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) period: Loose<'a>,
}

#[derive(Deserialize)]
pub(super) struct Note<'a> {
    #[serde(borrow, default)]
    pub(super) headline: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) text: Loose<'a>,
}

#[derive(Deserialize)]
pub(super) struct Rank<'a> {
    #[serde(borrow, default)]
    pub(super) current: Loose<'a>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Odds<'a> {
    #[serde(borrow, default)]
    pub(super) details: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) spread: Loose<'a>,
    #[serde(borrow)]
    pub(super) home_team_odds: Option<TeamOdds<'a>>,
    #[serde(borrow)]
    pub(super) away_team_odds: Option<TeamOdds<'a>>,
    #[serde(borrow)]
    pub(super) draw_odds: Option<TeamOdds<'a>>,
    #[serde(borrow)]
    pub(super) moneyline: Option<Moneyline<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TeamOdds<'a> {
    #[serde(borrow, default)]
    pub(super) favorite: Loose<'a>,
    #[serde(borrow, default)]
    pub(super) money_line: Loose<'a>,
}

#[derive(Deserialize)]
pub(super) struct Moneyline<'a> {
    #[serde(borrow)]
    pub(super) home: Option<Line<'a>>,
    #[serde(borrow)]
    pub(super) away: Option<Line<'a>>,
    #[serde(borrow)]
    pub(super) draw: Option<Line<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub(super) close: Option<Price<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Price<'a> {
    #[serde(borrow, default)]
    pub(super) odds: Loose<'a>,
}
