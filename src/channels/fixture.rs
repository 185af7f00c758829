//! Posts for the channels' tests.

use jiff::Timestamp;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::post::{ChannelName, Earlier, Operation, Post, PostId, PostState, Remote};
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::story::StoryId;

pub(super) const HAPPENED_AT: Timestamp = Timestamp::constant(1_729_645_200, 0);

/// That many seconds after the first story happened.
pub(super) fn second(seconds: i64) -> Timestamp {
    Timestamp::from_second(HAPPENED_AT.as_second() + seconds).unwrap()
}

/// A post about a story of its own; the higher its number, the later it happened.
pub(super) fn post(number: i64) -> Post {
    Post {
        id: PostId(number),
        story: StoryId(format!("nba-20241022-nyk-bos/lead_change/4/{number}")),
        revision: 1,
        sequence: number,
        sport: SportKey::new("nba"),
        game: GameId("nba-20241022-nyk-bos".to_owned()),
        channel: ChannelName("wire".to_owned()),
        operation: Operation::Create,
        state: PostState::Armed,
        text: format!("The Celtics lead the Knicks 9{number}-90 in the fourth quarter."),
        title: Some(format!("Celtics 9{number}, Knicks 90")),
        author: "template:lead_change/1".to_owned(),
        significance: 0.625,
        happened_at: second(number),
        created_at: second(number + 2),
        changed_at: second(number + 2),
        send_before: second(number + 360),
        attempt: 1,
        failures: 0,
        in_doubt: false,
        not_before: None,
        reason: None,
        frozen: None,
        arm: None,
        remote: None,
        earlier: None,
    }
}

/// The next revision of that post's story, told after that post was.
pub(super) fn correction(of: &Post, remote: &str) -> Post {
    let remote = Some(Remote { id: remote.to_owned(), url: None });
    Post {
        story: of.story.clone(),
        revision: of.revision + 1,
        operation: Operation::Edit,
        text: "Correction: the Celtics lead the Knicks 88-87.".to_owned(),
        earlier: Some(Earlier { id: of.id, state: PostState::Sent, remote }),
        ..post(of.id.0 + 100)
    }
}
