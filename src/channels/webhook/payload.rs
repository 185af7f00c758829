//! The body of a webhook: `type`, `timestamp` and `data`, as Standard Webhooks recommends.

use jiff::Timestamp;
use serde::Serialize;
use wirereport_actors::wire::post::{Operation, Post};

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    story: &'a str,
    revision: u32,
    sport: &'a str,
    game: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    text: &'a str,
    significance: f64,
    written_at: Timestamp,
    author: &'a str,
    channel: &'a str,
    /// The id of the webhook that is corrected or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<&'a str>,
}

pub(super) fn render(post: &Post) -> Result<String, serde_json::Error> {
    let earlier = post.earlier.as_ref().and_then(|earlier| earlier.remote.as_ref());
    serde_json::to_string(&Payload {
        r#type: match post.operation {
            Operation::Delete => "story.withdrawn",
            _ if post.revision > 1 => "story.corrected",
            _ => "story.published",
        },
        timestamp: post.happened_at,
        data: Data {
            story: &post.story.0,
            revision: post.revision,
            sport: post.sport.as_str(),
            game: &post.game.0,
            kind: post.story.0.split('/').nth(1),
            title: post.title.as_deref(),
            text: &post.text,
            significance: post.significance,
            written_at: post.created_at,
            author: &post.author,
            channel: &post.channel.0,
            corrects: earlier.map(|remote| remote.id.as_str()),
        },
    })
}
