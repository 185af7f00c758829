//! Posts: listed, and what an operator or an editor does with one.

use std::time::Duration;

use axum::http::StatusCode;
use wirereport_actors::ports::ledger::{Ledger, PostFilter, PostRecord};
use wirereport_actors::wire::approval;
use wirereport_actors::wire::post::{ChannelName, Post, PostId, PostState, Remote};
use wirereport_actors::wire::story::StoryId;

use super::pages;
use super::problem::Problem;
use super::service::Service;
use super::types::{Edit, ListedPost, PostQuery, Rejected, Resolution, Wait};
use super::views::Page;

/// How long a post that an operator sends on its way again may take to leave.
const RETRY_WITHIN: Duration = Duration::from_secs(3600);

/// What cursors of this list begin with.
const LIST: &str = "posts";

impl Service {
    /// Posts, each with what it waits for. While the service is not running all of them wait for that, and it is not said.
    pub(super) async fn posts(&self, query: PostQuery) -> Result<Page<ListedPost>, Problem> {
        let limit = pages::limit(query.limit)?;
        let state = query.state.as_deref().map(post_state).transpose()?;
        let filter = PostFilter {
            state,
            channel: query.channel.map(ChannelName),
            story: query.story.map(StoryId),
            before: pages::before(LIST, query.cursor.as_deref(), query.before)?.map(PostId),
            limit: limit + 1,
            ..PostFilter::default()
        };
        let waiting = self.running.as_ref().map(|running| running.tree.waiting()).unwrap_or_default();
        let posts = self.ledger.posts(&filter).await?;
        let listed = |post: Post| {
            let waits = waiting.iter().find(|waiting| waiting.post == post.id && !post.state.is_settled());
            let waits = waits.map(|waits| Wait { reason: waits.reason.clone(), until: waits.until });
            ListedPost { post, waits }
        };
        let posts = posts.into_iter().map(listed).collect();
        Ok(pages::page(LIST, posts, limit, |listed: &ListedPost| listed.post.id.0))
    }

    pub(super) async fn post(&self, id: PostId) -> Result<PostRecord, Problem> {
        self.ledger.post(id).await?.ok_or_else(|| Problem::not_found(format!("post {id}")))
    }

    /// Lets a post go that awaits approval.
    pub(super) async fn approve(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let post = self.ledger.approve_post(id, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    /// Gives a post that awaits approval another text, which must pass the gate unless it is the editor's own.
    pub(super) async fn edit(&self, id: PostId, edit: &Edit) -> Result<Post, Problem> {
        let tree = &self.live()?.tree;
        let post = self.post(id).await?.post;
        let limits = tree.limits(&post.channel).ok_or_else(|| {
            Problem::new(
                StatusCode::CONFLICT,
                format!("post {id} is for {}, which is no channel now", post.channel),
            )
        })?;
        let revisions = self.ledger.story(&post.story).await?;
        let told = revisions.iter().find(|record| record.story.revision == post.revision);
        let told = told.ok_or_else(|| Problem::not_found(format!("story of post {id}")))?;
        let voice = tree.voice(&post.channel);
        let edited = approval::edited(edit.text.trim(), &told.story.facts, limits, &voice, edit.own)
            .map_err(|wrong| {
                let advice = if edit.own {
                    ""
                } else {
                    "; change it, or mark it as your own (--own) to answer for it"
                };
                let detail = format!("the text is refused ({}): {wrong}{advice}", wrong.code());
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
            })?;
        let now = self.clock.now();
        Ok(self.ledger.edit_post(id, edited.text.text(), edited.author, now).await?)
    }

    /// Drops a post that awaits approval.
    pub(super) async fn reject(&self, id: PostId, rejected: &Rejected) -> Result<Post, Problem> {
        self.live()?;
        let reason = match rejected.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("rejected by an editor: {reason}"),
            None => "rejected by an editor".to_owned(),
        };
        let post = self.ledger.reject_post(id, &reason, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn retry(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let now = self.clock.now();
        let post = self.ledger.retry_post(id, now + RETRY_WITHIN, now).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn discard(&self, id: PostId) -> Result<Post, Problem> {
        self.live()?;
        let post = self.ledger.discard_post(id, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }

    pub(super) async fn resolve(&self, id: PostId, resolution: Resolution) -> Result<Post, Problem> {
        self.live()?;
        let remote = resolution.sent.then(|| Remote {
            id: resolution.remote_id.unwrap_or_else(|| "(confirmed by the operator)".to_owned()),
            url: None,
        });
        let post = self.ledger.resolve_post(id, remote, self.clock.now()).await?;
        self.nudge();
        Ok(post)
    }
}

fn post_state(name: &str) -> Result<PostState, Problem> {
    PostState::ALL.into_iter().find(|state| state.as_str() == name).ok_or_else(|| {
        let known: Vec<&str> = PostState::ALL.iter().map(|state| state.as_str()).collect();
        Problem::bad_request(format!("no post is ever {name}; its state may be {}", known.join(", ")))
    })
}
