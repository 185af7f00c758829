//! `playbyplay` of cdn.nba.com: every action with the game clock and the time of day.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::game::{Clock, Phase, PlayKind, Score};
use wirereport_actors::wire::sport::SportKey;

use super::nba_stats::clock_millis;
use super::nba_teams::team;
use super::timeline::{Fold, Script, Seen};
use super::{ConvertError, Options, Source};
use crate::feeds::recording::format::TimeBase;

const SOURCE: Source = Source::NbaCdn;

#[derive(Deserialize)]
struct Payload {
    game: GameActions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GameActions {
    game_id: String,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Action {
    action_number: u64,
    clock: String,
    time_actual: Timestamp,
    period: u8,
    team_id: Option<u64>,
    team_tricode: Option<String>,
    score_home: String,
    score_away: String,
    action_type: String,
    sub_type: Option<String>,
}

impl Action {
    fn score(&self) -> Option<Score> {
        Some(Score { home: self.score_home.parse().ok()?, away: self.score_away.parse().ok()? })
    }
}

pub(super) fn script(value: Value, options: &Options) -> Result<Script, ConvertError> {
    let Payload { game } = super::shape(SOURCE, value)?;
    let mut fold = Fold::default();
    for action in &game.actions {
        let wrong = |what: &str| ConvertError::Shape {
            source_name: SOURCE,
            detail: format!("no {what} in action {}", action.action_number),
        };
        let millis = clock_millis(&action.clock).ok_or_else(|| wrong("clock"))?;
        let score = action.score().ok_or_else(|| wrong("score"))?;
        let ends = action.sub_type.as_deref() == Some("end");
        let phase = match action.action_type.as_str() {
            "game" if ends => Phase::Final,
            "period" if ends => Phase::Break,
            _ => Phase::Live,
        };
        let seen = Seen {
            at: action.time_actual,
            phase,
            period: action.period,
            clock: Some(Clock::Left { millis }),
            id: Some(action.action_number.to_string()),
            kind: PlayKind::Score,
        };
        fold.see(seen, score);
    }
    if fold.sights.last().is_none_or(|sight| sight.phase != Phase::Final) {
        return Err(ConvertError::Unfinished { source_name: SOURCE });
    }
    let (home, away) = sides(&game.actions)?;
    Ok(Script {
        sport: SportKey::new("nba"),
        made_from: format!("cdn.nba.com playbyplay {}", game.game_id),
        clock: TimeBase::Real,
        starts_at: options.starts_at,
        home,
        away,
        feed_id: game.game_id,
        neutral: false,
        sights: fold.sights,
    })
}

/// The teams, told apart by whose score their first points raised.
fn sides(
    actions: &[Action],
) -> Result<(wirereport_actors::wire::game::Team, wirereport_actors::wire::game::Team), ConvertError> {
    let mut before = Score::default();
    let (mut home, mut away) = (None, None);
    for action in actions {
        let Some(score) = action.score() else { continue };
        let named = action.team_tricode.as_deref().zip(action.team_id);
        let scored = named.and_then(|(code, id)| team(code, id));
        if score.home > before.home && score.away == before.away && home.is_none() {
            home = scored;
        } else if score.away > before.away && score.home == before.home && away.is_none() {
            away = scored;
        }
        before = score;
    }
    home.zip(away).ok_or_else(|| {
        let detail = "two teams that cannot be told apart".to_owned();
        ConvertError::Shape { source_name: SOURCE, detail }
    })
}
