//! What is watched: the leagues, and their games with the chances and what waits to be confirmed.

use wirereport_actors::ports::ledger::Ledger;
use wirereport_actors::supervision::{ChildStatus, Health, Phase as ActorPhase};
use wirereport_actors::wire::detect::{GameState, SportState};
use wirereport_actors::wire::game::{GameId, Phase, Team};
use wirereport_actors::wire::sport::{Sport, SportKey};

use super::problem::Problem;
use super::service::Service;
use super::stories::league;
use super::views::{GameQuery, GameView, SideView, SportStanding, SportView};

impl Service {
    /// The leagues that are followed; while the service is not running, those that were.
    pub(super) async fn sports(&self) -> Result<Vec<SportView>, Problem> {
        let polls = self.ledger.last_polls().await?;
        let followed: Vec<(Sport, Vec<String>)> = match &self.running {
            Some(running) => {
                let names = |feeds: Vec<&str>| feeds.into_iter().map(str::to_owned).collect();
                running.tree.sports().map(|(sport, feeds)| (sport.clone(), names(feeds))).collect()
            }
            None => {
                let sports = polls.iter().filter_map(|poll| Sport::of(poll.sport.as_str()));
                sports.map(|sport| (sport, Vec::new())).collect()
            }
        };
        let tree = self.running.as_ref().map(|running| running.tree.root().status()).unwrap_or_default();
        let mut sports = Vec::new();
        for (sport, feeds) in followed {
            let state = self.ledger.load_sport(&sport.key).await?.unwrap_or_default();
            let actor = tree.iter().find(|child| child.name == "sports");
            let actor = actor
                .and_then(|sports| sports.children.iter().find(|child| child.name == sport.key.as_str()));
            let (standing, reason) = actor.map_or((SportStanding::Down, None), standing);
            let poll = polls.iter().find(|poll| poll.sport == sport.key);
            let next = actor.and_then(|actor| actor.next);
            sports.push(SportView {
                key: sport.key,
                name: sport.name,
                state: standing,
                reason,
                feed: poll.map(|poll| poll.feed.clone()),
                feeds,
                last_poll: poll.map(|poll| poll.seen_at),
                next_poll: next.and_then(|next| self.clock.now().checked_add(next).ok()),
                games: state.games.len(),
                live: state.games.values().filter(|game| game.phase().in_play()).count(),
            });
        }
        Ok(sports)
    }

    /// The games that are known, those being played first, then by their start.
    pub(super) async fn games(&self, query: GameQuery) -> Result<Vec<GameView>, Problem> {
        let sport = query.sport.map(league).transpose()?;
        let mut games = Vec::new();
        for (key, state) in self.sport_states(sport.as_ref()).await? {
            games.extend(shown_games(&key, &state));
        }
        games.retain(|game| query.live.is_none_or(|live| live == game.status.in_play()));
        games.sort_by(|a, b| {
            let place = |game: &GameView| (!game.status.in_play(), game.starts_at, game.id.clone());
            place(a).cmp(&place(b))
        });
        Ok(games)
    }

    /// The rule state of every league, or of that one.
    pub(super) async fn sport_states(
        &self,
        only: Option<&SportKey>,
    ) -> Result<Vec<(SportKey, SportState)>, Problem> {
        let polls = self.ledger.last_polls().await?;
        let mut states = Vec::new();
        for poll in polls.into_iter().filter(|poll| only.is_none_or(|only| *only == poll.sport)) {
            if let Some(state) = self.ledger.load_sport(&poll.sport).await? {
                states.push((poll.sport, state));
            }
        }
        Ok(states)
    }
}

/// How a sport's actor stands, and why where it is not well.
fn standing(actor: &ChildStatus) -> (SportStanding, Option<String>) {
    match (actor.phase, &actor.health) {
        (ActorPhase::Paused, _) => (SportStanding::Paused, None),
        (ActorPhase::Running, Health::Degraded { reason }) => (SportStanding::Late, Some(reason.clone())),
        (ActorPhase::Running, Health::Ok) if actor.doing.as_deref() == Some("standing by") => {
            (SportStanding::StandingBy, None)
        }
        (ActorPhase::Running, Health::Ok) => (SportStanding::Ok, None),
        _ => (SportStanding::Down, actor.last_exit.as_ref().map(|exit| exit.text.clone())),
    }
}

/// The games of a league as they are shown.
pub(super) fn shown_games<'a>(
    sport: &'a SportKey,
    state: &'a SportState,
) -> impl Iterator<Item = GameView> + 'a {
    state.games.iter().map(move |(id, game)| shown(id, sport, game))
}

fn shown(id: &GameId, sport: &SportKey, game: &GameState) -> GameView {
    let score = game.score().filter(|_| game.phase() != Phase::Scheduled);
    let side = |team: &Team, score| SideView { code: team.code.clone(), name: team.name.clone(), score };
    let last = &game.last;
    let waiting = game.waiting();
    let mut history = game.curve().points().to_vec();
    let win_probability = game.home_chance();
    if let (Phase::Final, Some(settled)) = (game.phase(), win_probability) {
        let at = game.seen_at.as_second();
        if !history.is_empty() && history.last().is_some_and(|(_, chance)| *chance != settled) {
            history.push((at, settled));
        }
    }
    GameView {
        id: id.clone(),
        sport: sport.clone(),
        name: format!("{} at {}", last.away.team.name, last.home.team.name),
        status: game.phase(),
        starts_at: last.starts_at,
        away: side(&last.away.team, score.map(|score| score.away)),
        home: side(&last.home.team, score.map(|score| score.home)),
        period: game.period(),
        clock: last.clock,
        win_probability,
        history,
        waiting: (!waiting.is_empty()).then(|| waiting.join("; ")),
        quarantine: game.quarantine.clone(),
        updated_at: game.seen_at,
    }
}
