//! Channels that speak differently: each is told in its own tone and language, with what its voice puts around it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use wirereport_actors::memory::PlainWriter;
use wirereport_actors::ports::writer::{Assignment, Writer, WriterError, Written};
use wirereport_actors::tree::Policy;
use wirereport_actors::wire::gate::Vocabulary;
use wirereport_actors::wire::post::ChannelName;
use wirereport_actors::wire::rules::ChannelRules;
use wirereport_actors::wire::sport::SportKey;
use wirereport_actors::wire::voice::{Hashtag, Language, Manner, Tone, Voice};

use super::boards::{BoardFeed, harwick};
use super::house::{House, blind, pass, told};

const GOAL: &str = "Harwick United 1, Melford United 0.";

/// Writes German too, and keeps in which manners it was asked.
#[derive(Default)]
struct Bilingual {
    asked: Mutex<Vec<Manner>>,
}

#[async_trait]
impl Writer for Bilingual {
    fn name(&self) -> &str {
        "bilingual"
    }

    fn speaks(&self, language: &Language) -> bool {
        language.is_english() || language.as_str() == "de"
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let manner = &assignment.manner;
        self.asked.lock().unwrap().push(manner.clone());
        let mut written = PlainWriter.write(assignment).await?;
        for draft in &mut written.drafts {
            if manner.language.as_str() == "de" {
                draft.text = format!("Tor: {}", draft.text);
                draft.vocabulary = Vocabulary::Foreign;
            }
            if manner.tone == Tone::Lively {
                draft.text = draft.text.replace('.', "!");
            }
        }
        Ok(written)
    }
}

fn speaking(tone: Tone, language: &str) -> Voice {
    Voice { manner: Manner { tone, language: Language::new(language) }, ..Voice::default() }
}

#[tokio::test(start_paused = true)]
async fn each_channel_is_told_in_its_own_voice_and_channels_of_one_manner_share_their_texts() {
    let writer = Arc::new(Bilingual::default());
    let tagged = [(SportKey::new("eng.1"), vec![Hashtag::new("PremierLeague").unwrap()])].into();
    let voices = [
        ("plain", Voice::default()),
        ("tagged", Voice { hashtags: tagged, emoji: true, ..Voice::default() }),
        ("lively", speaking(Tone::Lively, "en")),
        ("german", speaking(Tone::Plain, "de")),
        ("french", speaking(Tone::Plain, "fr")),
    ];
    let wires = voices.each_ref().map(|_| blind());
    let feed = Arc::new(BoardFeed::showing([harwick(0, 0)]));
    let mut house = House::new().sport("eng.1", &feed);
    let mut channels = std::collections::BTreeMap::new();
    for ((name, voice), wire) in voices.into_iter().zip(&wires) {
        house = house.channel(name, wire);
        channels.insert(ChannelName(name.to_owned()), ChannelRules { voice, ..ChannelRules::default() });
    }
    let house = house.writers([writer.clone() as Arc<dyn Writer>]);
    house.policy.send_replace(Arc::new(Policy { channels, ..Policy::default() }));
    let _tree = house.open().await;
    pass(30).await;
    feed.show([harwick(1, 0)]);
    pass(60).await;

    let [plain, tagged, lively, german, french] = wires.each_ref().map(|wire| told(wire));
    assert_eq!(plain, [GOAL]);
    assert_eq!(tagged, [format!("⚽ {GOAL} #PremierLeague")]);
    assert_eq!(lively, ["Harwick United 1, Melford United 0!"]);
    assert_eq!(german, [format!("Tor: {GOAL}")]);
    assert_eq!(french, Vec::<String>::new(), "nobody writes French");
    assert_eq!(writer.asked.lock().unwrap().len(), 3, "once for each manner that anybody writes in");
}
