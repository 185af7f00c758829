//! Stories: listed, explained, and submitted by an operator.

use axum::http::StatusCode;
use wirereport_actors::ports::ledger::{Ledger, PollRecord, PostFilter, StoryFilter, StoryRecord};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::sport::{Sport, SportKey};
use wirereport_actors::wire::story::{Story, StoryId};
use wirereport_actors::wire::submission;

use super::auth::{Caller, Scope};
use super::pages;
use super::problem::Problem;
use super::service::Service;
use super::types::{Explanation, StoryQuery, SubmissionShown};
use super::views::Page;
use crate::report::{self, Texts};
use crate::settings::nearest;
use crate::submitted;

/// What cursors of this list begin with.
const LIST: &str = "stories";

impl Service {
    pub(super) async fn stories(&self, query: StoryQuery) -> Result<Page<StoryRecord>, Problem> {
        let limit = pages::limit(query.limit)?;
        let filter = StoryFilter {
            sport: query.sport.map(league).transpose()?,
            game: query.game.map(GameId),
            told: query.told,
            before: pages::before(LIST, query.cursor.as_deref(), query.before)?,
            limit: limit + 1,
        };
        let stories = self.ledger.stories(&filter).await?;
        Ok(pages::page(LIST, stories, limit, |record| record.sequence))
    }

    pub(super) async fn explain(&self, id: StoryId) -> Result<Explanation, Problem> {
        let revisions = self.ledger.story(&id).await?;
        if revisions.is_empty() {
            return Err(self.no_story(&id).await?);
        }
        let filter = PostFilter { story: Some(id), limit: 500, ..PostFilter::default() };
        let mut posts = Vec::new();
        for post in self.ledger.posts(&filter).await?.iter().rev() {
            posts.extend(self.ledger.post(post.id).await?);
        }
        Ok(Explanation { revisions, posts })
    }

    /// Says which story may have been meant.
    async fn no_story(&self, id: &StoryId) -> Result<Problem, Problem> {
        let recent = self.ledger.stories(&StoryFilter { limit: 500, ..StoryFilter::default() }).await?;
        let nearest = recent
            .iter()
            .map(|record| (strsim::jaro_winkler(&record.story.id.0, &id.0), &record.story.id))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        let hint = match nearest {
            Some((_, nearest)) => format!("; did you mean {nearest}?"),
            None => "; `wirereport stories` lists them".to_owned(),
        };
        Ok(Problem::new(StatusCode::NOT_FOUND, format!("no story {id}{hint}")))
    }

    /// Shows how an operator's event would be told, and where it says `publish`, records it, once.
    pub(super) async fn submit(&self, event: &str, caller: &Caller) -> Result<SubmissionShown, Problem> {
        let running = self.live()?;
        let wrong = |error: submitted::BadEvent| {
            Problem::bad_request(format!("the event is not understood: {error}"))
        };
        let (submission, publish) = submitted::parse_order(event).map_err(wrong)?;
        if publish && !caller.may(Scope::Publish) {
            let detail = "the token may not do that; to publish it needs the scope publish";
            return Err(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        let submitted = submission::submit(&submission, self.clock.now());
        let submitted = submitted.map_err(|unfit| wrong(submitted::locate(event, &unfit)))?;
        // The last one writes at once and costs nothing.
        let texts = match running.writers.last() {
            Some(writer) => report::written(writer.as_ref(), &submitted.story).await,
            None => Texts::Refused { reason: "nobody writes".to_owned() },
        };
        let recorded = match publish {
            true => Some(self.publish(submitted.story.clone()).await?),
            false => None,
        };
        Ok(SubmissionShown::of(submitted, texts, recorded))
    }

    /// Records a story of an operator's; whether it is new. It is committed as a poll of its own feed, so under the epoch in
    /// force and with all that comes of it.
    async fn publish(&self, story: Story) -> Result<bool, Problem> {
        let tree = &self.live()?.tree;
        let now = self.clock.now();
        let Some(leadership) = tree.leadership() else {
            let detail = "this instance does not lead; submit the event to the one that does";
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        };
        let _turn = self.switching.lock().await;
        let id = story.id.clone();
        let new = self.ledger.story(&id).await?.is_empty();
        if new {
            let poll = PollRecord {
                sport: submission::feed(),
                feed: "operator".to_owned(),
                seen_at: now,
                epoch: leadership.epoch,
                state: SportState::default(),
                observed: Vec::new(),
                stories: vec![story],
            };
            self.ledger.record_poll(&poll).await?;
            tree.nudge();
        }
        Ok(new)
    }
}

pub(super) fn league(key: String) -> Result<SportKey, Problem> {
    if Sport::of(&key).is_some() {
        return Ok(SportKey::new(key));
    }
    let advice = match nearest(&key, Sport::known_keys()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("there are {}", Sport::known_keys().collect::<Vec<_>>().join(", ")),
    };
    Err(Problem::bad_request(format!("no league is called {key}; {advice}")))
}
