//! The whole wire against a model that lies: stories over every complete game and the samples are written by the tree's own
//! generator, with a model's server that answers with lies, with nothing, with garbage or not at all, and templates behind it.
//!
//! A post is false where its text or its headline is one of the lies of its story; what a model's text says truly may stand.
//! That a story is told at all, though the model never answers rightly, shows that its budget ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fastrand::Rng;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use tokio::sync::watch;
use wirereport::clock::SystemClock;
use wirereport::writers::openai::{Mode, OpenAiSettings, OpenAiWriter};
use wirereport::writers::template::TemplateWriter;
use wirereport_actors::memory::{MemoryChannel, MemoryLease, MemoryLedger};
use wirereport_actors::ports::channel::Channel;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, PollRecord, PostFilter};
use wirereport_actors::ports::writer::{Assignment, Terms, Writer, WriterError, Written};
use wirereport_actors::tree::{Policy, Restarts, Timing, Tree, TreeSpec, World};
use wirereport_actors::wire::detect::SportState;
use wirereport_actors::wire::expense::{Caps, Prices};
use wirereport_actors::wire::game::GameId;
use wirereport_actors::wire::moment::MomentKind;
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::{ChannelName, Epoch, Post};
use wirereport_actors::wire::slots;
use wirereport_actors::wire::story::{Story, StoryId};
use wirereport_actors::wire::writing::Waits;

use crate::grammar::Grammar;
use crate::lies::{Class, Liar};
use crate::moment::Moment;
use crate::paraphrases::seed;
use crate::stand_in::{Asked, Model, Reply};
use crate::stories;

/// Over how many stories it is lied; with fewer games there are more samples among them.
const STORIES: usize = 540;

/// What a server does instead of answering with texts.
const TROUBLES: [&str; 12] = [
    "HTTP 500",
    "HTTP 429",
    "quota spent",
    "HTTP 401",
    "HTTP 400",
    "reset",
    "hang",
    "too slow",
    "no JSON",
    "garbage",
    "huge body",
    "refused or cut off",
];

/// A model's server as one story's writer asks it. The story's key is the model's name, so that the server knows of what it
/// is to lie; each story has a writer of its own, so that no breaker spares the next one.
struct Pressed {
    base_url: String,
    mode: Mode,
    wait: Duration,
}

#[async_trait]
impl Writer for Pressed {
    fn name(&self) -> &str {
        "openai"
    }

    fn terms(&self, _kind: MomentKind) -> Terms {
        Terms { within: Some(self.wait), revises: true }
    }

    async fn write(&self, assignment: &Assignment) -> Result<Written, WriterError> {
        let settings = OpenAiSettings {
            base_url: self.base_url.clone(),
            key: None,
            allow_http: false,
            model: assignment.story.id.0.clone(),
            mode: self.mode,
            connect: Duration::from_secs(3),
            max_tokens: 400,
            reasoning_effort: None,
            waits: Waits::default(),
            prices: Prices { input: Money(0), output: Money(0) },
            caps: Caps::default(),
            zone: TimeZone::UTC,
        };
        let writer = OpenAiWriter::new(settings, Arc::new(MemoryLedger::new()), Arc::new(SystemClock));
        writer.expect("a writer").write(assignment).await
    }
}

/// What was answered about the stories of one round.
#[derive(Default)]
struct Told {
    /// Every lie of a story, as it would be printed, with its class and as it was answered.
    lies: BTreeMap<String, BTreeMap<String, String>>,
    /// What was answered truly.
    truths: BTreeMap<String, BTreeSet<String>>,
    /// Answers by class.
    answers: BTreeMap<String, usize>,
}

/// A round: one mode, stories under keys of their own.
struct Round {
    mode: Mode,
    stories: BTreeMap<String, Story>,
    grammar: Grammar,
    /// The random numbers of each story, which are its own: the stories are asked about in no fixed order.
    rngs: Mutex<BTreeMap<String, Rng>>,
    seed: u64,
    told: Mutex<Told>,
    troubles: bool,
}

impl Round {
    fn of(mode: Mode, stories: &[Story], seed: u64, troubles: bool) -> Self {
        let keyed = stories.iter().enumerate().map(|(at, story)| {
            let key = format!("{at:04}/{}", story.id);
            let id = StoryId(key.clone());
            (key, Story { id, game: GameId(format!("game-{at}")), revision: 1, ..story.clone() })
        });
        Self {
            mode,
            stories: keyed.collect(),
            grammar: Grammar::read(),
            rngs: Mutex::default(),
            seed,
            told: Mutex::default(),
            troubles,
        }
    }

    /// The answer to a request: by turns lies of every class, and nothing that is an answer.
    fn answer(&self, asked: &Asked) -> Reply {
        let key = asked.body["model"].as_str().unwrap_or_default().to_owned();
        let mut rngs = self.rngs.lock().unwrap_or_else(PoisonError::into_inner);
        let mixed = |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte));
        let fresh = || Rng::with_seed(key.bytes().fold(self.seed, mixed));
        let rng = rngs.entry(key.clone()).or_insert_with(fresh);
        if self.troubles {
            return self.trouble(rng);
        }
        let Some(story) = self.stories.get(&key) else { return Reply::Content(String::new()) };
        let mut liar = Liar::about(&story.facts, &self.grammar);
        let places = slots::places(&story.facts);
        // In slot mode half of the lies are written around the places, and half ignore them.
        if self.mode == Mode::Slot && rng.bool() {
            liar.moment = slotted(&liar.moment, &places);
        }
        let class = (0..60).find_map(|_| {
            let class = *rng.choice(Class::ALL.as_slice())?;
            Some((class, liar.tell(class, rng)?))
        });
        let Some((class, lie)) = class else { return Reply::Content(String::new()) };
        let truth = liar.truth(rng).unwrap_or_default();
        let [title, long, short] = match rng.u8(..5) {
            0 => [&lie, &truth, &truth],
            1 => [&truth, &lie, &truth],
            2 => [&truth, &truth, &lie],
            _ => [&lie, &lie, &lie],
        };
        let printed = |text: &str| match self.mode {
            Mode::Slot => slots::fill(text.trim(), &places).unwrap_or_else(|_| text.trim().to_owned()),
            Mode::Free => text.trim().to_owned(),
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let bare = |text: &str| printed(text.trim_end_matches('.'));
        let answered = format!("{class}: {lie:?}");
        let lies = [(printed(&lie), answered.clone()), (bare(&lie), answered)];
        told.lies.entry(key.clone()).or_default().extend(lies);
        told.truths.entry(key).or_default().extend([printed(&truth), bare(&truth)]);
        *told.answers.entry(class.to_string()).or_default() += 1;
        let content = json!({ "title": title.trim_end_matches('.'), "long": long, "short": short });
        Reply::Content(content.to_string())
    }

    fn trouble(&self, rng: &mut Rng) -> Reply {
        let trouble = TROUBLES[rng.usize(..TROUBLES.len())];
        *self
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .answers
            .entry(trouble.to_owned())
            .or_default() += 1;
        match trouble {
            "HTTP 500" => Reply::Error(500 + rng.u16(0..5), "server_error", "the server had an error"),
            "HTTP 429" => Reply::Error(429, "rate_limit_exceeded", "too many requests"),
            "quota spent" => Reply::Error(429, "insufficient_quota", "you exceeded your quota"),
            "HTTP 401" => Reply::Error(401, "invalid_api_key", "wrong key"),
            "HTTP 400" => Reply::Error(400, "unsupported_parameter", "unsupported parameter: max_tokens"),
            "reset" => Reply::Reset,
            "hang" => Reply::Hang,
            "too slow" => Reply::Slow(Duration::from_secs(30)),
            "no JSON" => Reply::Content("Sure! The home side won, I think.".to_owned()),
            "garbage" => Reply::Raw(200, "<html><body>502</body></html>".to_owned(), Vec::new()),
            "huge body" => Reply::Raw(200, "x".repeat(1 << 19), Vec::new()),
            _ if rng.bool() => Reply::Refusal("I can't help with that.".to_owned()),
            _ => Reply::Finished("length".to_owned()),
        }
    }

    /// Has the tree write and publish every story, and returns the posts.
    async fn published(self: &Arc<Self>, wait: Duration) -> Vec<Post> {
        let model = Model::start().await;
        let round = Arc::clone(self);
        model.rule(move |asked| round.answer(asked));
        let ledger = Arc::new(MemoryLedger::new());
        let lease = Arc::new(MemoryLease::new(Arc::clone(&ledger), "a"));
        let channel: Arc<dyn Channel> = Arc::new(MemoryChannel::default());
        let policy = watch::Sender::new(Arc::<Policy>::default());
        let templates = TemplateWriter::builtin().expect("the built-in templates");
        let writer = Pressed { base_url: model.base_url(), mode: self.mode, wait };
        let spec = TreeSpec {
            world: World {
                clock: Arc::new(SystemClock),
                ledger: Arc::clone(&ledger) as _,
                lease,
                sports: Vec::new(),
                news: Vec::new(),
                writers: vec![Arc::new(writer), Arc::new(templates)],
                channels: BTreeMap::from([(ChannelName("wire".to_owned()), channel)]),
                operator: None,
            },
            policy: policy.subscribe(),
            timing: Timing::default(),
            restarts: Restarts::default(),
            instance: None,
            seed: 7,
        };
        let tree = Tree::start(spec).await.expect("a tree");
        let epoch = loop {
            if let Some((epoch, _)) = ledger.current_epoch().await.expect("an epoch") {
                break epoch;
            }
            tokio::task::yield_now().await;
        };
        self.record(&ledger, epoch).await;
        tree.nudge();
        while ledger.backlog().await.expect("the backlog").unwritten > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tree.root().stop(Duration::from_secs(5)).await;
        ledger.posts(&PostFilter { limit: 9999, ..PostFilter::default() }).await.expect("the posts")
    }

    async fn record(&self, ledger: &MemoryLedger, epoch: Epoch) {
        let now = SystemClock.now();
        for story in self.stories.values() {
            let stale_at = Timestamp::MAX;
            let story = Story { after: now, seen_at: now, confirmed_at: now, stale_at, ..story.clone() };
            let poll = PollRecord {
                sport: story.sport.clone(),
                feed: "adversary".to_owned(),
                seen_at: now,
                epoch,
                state: SportState::default(),
                observed: Vec::new(),
                stories: vec![story],
            };
            ledger.record_poll(&poll).await.expect("a poll");
        }
    }
}

/// The moment with the model's places in its slots; a slot without one is gone.
fn slotted(moment: &Moment, places: &BTreeMap<String, String>) -> Moment {
    const TEAMS: [(&str, &str, &[&str]); 9] = [
        ("W", "w", &["winner", "leader"]),
        ("L", "l", &["loser", "trailer"]),
        ("A", "a", &["away"]),
        ("B", "b", &["home"]),
        ("S", "s", &["scorer"]),
        ("O", "o", &["conceder"]),
        ("R", "r", &["subject"]),
        ("Q", "q", &["opponent"]),
        ("V", "v", &["player_side"]),
    ];
    const TEXTS: [(&str, &str); 8] = [
        ("score", "score"),
        ("margin", "margin"),
        ("a_margin", "margin_lead"),
        ("deficit", "deficit"),
        ("made_good", "deficit"),
        ("before", "before_score"),
        ("points", "points"),
        ("When", "clock"),
    ];
    let mut slotted = Moment { truths: moment.truths.clone(), ..Moment::default() };
    for (upper, lower, names) in TEAMS {
        let Some(name) = names.iter().find(|name| places.contains_key(**name)) else { continue };
        slotted.team(upper, format!("{{{name}}}"), moment);
        if places.contains_key(&format!("{name}_bare")) {
            slotted.text(lower, vec![format!("{{{name}_bare}}")]);
        }
    }
    for (slot, name) in TEXTS {
        if places.contains_key(name) {
            slotted.text(slot, vec![format!("{{{name}}}")]);
        }
    }
    let when = if places.contains_key("clock") { " {clock}" } else { "" };
    slotted.text("when", vec![when.to_owned()]);
    for slot in ["when_now", "play_when", "ot", "ot_comma", "ot_paren"] {
        slotted.text(slot, vec![String::new()]);
    }
    slotted
}

fn assert_true(round: &Round, posts: &[Post]) -> usize {
    let told = round.told.lock().unwrap_or_else(PoisonError::into_inner);
    let (no_lies, no_truths, mut published) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    for key in round.stories.keys() {
        let post = posts.iter().find(|post| post.story.0 == *key);
        let post = post.unwrap_or_else(|| panic!("{key} was not told"));
        let lies = told.lies.get(key).unwrap_or(&no_lies);
        let truths = told.truths.get(key).unwrap_or(&no_truths);
        for text in [Some(&post.text), post.title.as_ref()].into_iter().flatten() {
            let lie = lies.get(text).filter(|_| !truths.contains(text));
            published.extend(lie.map(|lie| format!("{key}: {text:?}, answered as {lie}")));
        }
        if post.author.starts_with("openai") && !truths.contains(&post.text) {
            published.push(format!("{key}, neither a lie nor true: {:?}", post.text));
        }
    }
    assert!(published.is_empty(), "{} lies were published:\n{}", published.len(), published.join("\n"));
    posts.iter().filter(|post| post.author.starts_with("openai")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lie_of_a_model_is_published_and_every_story_is_told() {
    let (games, mut told) = stories::of_games().await;
    let more = STORIES.saturating_sub(told.len());
    told.extend(stories::of_samples().into_iter().step_by(2).take(more));
    let (mut answers, mut by_model) = (BTreeMap::<String, usize>::new(), 0);
    let patience = Duration::from_secs(120);
    let rounds = [
        (Mode::Free, false, patience),
        (Mode::Slot, false, patience),
        (Mode::Free, true, Duration::from_millis(700)),
        (Mode::Slot, true, Duration::from_millis(700)),
    ];
    for (at, (mode, troubles, wait)) in rounds.into_iter().enumerate() {
        let stories = if troubles { &told[..told.len().min(120)] } else { &told[..] };
        let round = Arc::new(Round::of(mode, stories, seed() + at as u64, troubles));
        let posts = round.published(wait).await;
        by_model += assert_true(&round, &posts);
        for (class, count) in &round.told.lock().unwrap_or_else(PoisonError::into_inner).answers {
            *answers.entry(class.clone()).or_default() += count;
        }
    }
    let total: usize = answers.values().sum();
    println!(
        "seed {}: {} stories of {games} games and samples, in slot and in free mode",
        seed(),
        told.len()
    );
    for (class, count) in &answers {
        println!("{class:<30} {count:>5} of {count:>5} kept from readers");
    }
    println!(
        "{total} answers that lie or are none; {by_model} posts told by the model's true texts, the rest by template"
    );
    assert!(total >= 2000, "only {total} answers");
}
