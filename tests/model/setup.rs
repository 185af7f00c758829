//! What the tests of the model's writer have in common.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use wirereport::clock::SystemClock;
use wirereport::writers::openai::{Mode, OpenAiSettings, OpenAiWriter};
use wirereport_actors::memory::MemoryLedger;
use wirereport_actors::ports::writer::{Assignment, Writer, WriterError, Written};
use wirereport_actors::wire::expense::{Caps, Prices};
use wirereport_actors::wire::facts::Facts;
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::samples;
use wirereport_actors::wire::significance::Significance;
use wirereport_actors::wire::sport::Discipline;
use wirereport_actors::wire::story::{Story, StoryId, Verdict};
use wirereport_actors::wire::writing::Waits;

use crate::stand_in::Model;

/// A key as it must never be seen anywhere.
pub(super) const KEY: &str = "sk-stand-in-0123456789";

pub(super) fn settings(model: &Model) -> OpenAiSettings {
    OpenAiSettings {
        base_url: model.base_url(),
        key: Some(SecretString::from(KEY.to_owned())),
        allow_http: false,
        model: "small".to_owned(),
        mode: Mode::Slot,
        connect: Duration::from_secs(3),
        max_tokens: 400,
        reasoning_effort: None,
        waits: Waits::default(),
        prices: Prices { input: Money(250_000), output: Money(2_000_000) },
        caps: Caps::default(),
        zone: TimeZone::UTC,
    }
}

pub(super) fn writer(model: &Model) -> OpenAiWriter {
    writer_of(settings(model))
}

pub(super) fn writer_of(settings: OpenAiSettings) -> OpenAiWriter {
    OpenAiWriter::new(settings, Arc::new(MemoryLedger::new()), Arc::new(SystemClock)).expect("a writer")
}

/// The story of a final, 117-116.
pub(super) fn story() -> Story {
    story_of(samples::plain(Discipline::Basketball, MomentKind::Final))
}

pub(super) fn story_of(facts: Facts) -> Story {
    let at = Timestamp::UNIX_EPOCH;
    Story {
        id: StoryId(format!("nba-20241022-atl-bos/{}/4/1", facts.kind)),
        revision: 1,
        sport: facts.sport.clone(),
        game: GameId("nba-20241022-atl-bos".to_owned()),
        kind: facts.kind,
        after: at,
        seen_at: at,
        confirmed_at: at,
        stale_at: Timestamp::MAX,
        facts,
        significance: Significance::default(),
        verdict: Verdict::Told,
        turn: 0,
    }
}

pub(super) async fn written(writer: &OpenAiWriter) -> Result<Written, WriterError> {
    writer.write(&Assignment::new(story(), Duration::from_secs(8))).await
}

/// The long text, the short one and the title.
pub(super) fn texts(written: &Written) -> Vec<&str> {
    let title = written.drafts.first().map(|draft| draft.title.as_str());
    written.drafts.iter().map(|draft| draft.text.as_str()).chain(title).collect()
}
