//! News: what a publisher's feed says of injuries and transactions, told as a quotation and nothing else.
//!
//! Whether a headline is true cannot be checked here, so it is never said, only quoted, with who says it. A headline that
//! could steer a reader or a platform (a link, a handle, markup, a command, a hidden character) is *unfit*: it is kept with
//! the reason and not told.
//!
//! **Identity.** An item is the feed's own id of it, and its headline: a feed that turns its order round, gives an item
//! another date or another id, or drops it and brings it back, has said nothing new. The first sight of a feed, or of another
//! address under its name, is a baseline. Items published more than [`OLDEST`] ago are taken as known, and of the rest of one
//! poll at most [`MOST`], the newest, are told.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::detect::SportState;
use super::facts::{Course, Facts};
use super::game::{GameId, Phase, Score, Team};
use super::gate;
use super::moment::{Moment, MomentKind};
use super::rules::Rules;
use super::select::select;
use super::significance;
use super::sport::Sport;
use super::story::Story;

/// The age of publication from which an item is no news.
pub const OLDEST: SignedDuration = SignedDuration::from_hours(168);

/// The most items of one poll that may be told.
pub const MOST: usize = 5;

/// The longest headline that is quoted, in characters.
pub const LONGEST: usize = 140;

/// What an item is worth unless its feed's settings say otherwise: under every threshold that follows from a target of posts.
pub const USUAL_WORTH: f64 = 0.15;

/// How long an item is known after it was last seen.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The most keys that are kept, two an item; beyond it those last seen longest ago are forgotten.
const MOST_KNOWN: usize = 4_000;

/// A feed as one poll saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What it is called in the settings.
    pub feed: String,
    /// Its address, or what stands for it: another one is another feed.
    pub address: String,
    /// Whose feed it is, as readers know them: `ESPN`.
    pub source: String,
    /// What each item is worth, 0 to 1.
    pub worth: f64,
    /// Its items, in its order.
    pub items: Vec<Item>,
}

/// An item as its feed shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What the feed knows it by.
    pub id: String,
    /// Its headline, unescaped and otherwise untouched.
    pub title: String,
    /// When it was published, where the feed says so.
    pub published: Option<Timestamp>,
}

/// What may be said of an item: that somebody says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct News {
    /// Who says it.
    pub source: String,
    /// What they say; of an unfit one, with `?` for what may not be printed.
    pub headline: String,
    /// When they said it.
    pub published: Option<Timestamp>,
    /// Why it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfit: Option<Unfit>,
}

/// Why an item is not told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unfit {
    /// It is longer than [`LONGEST`].
    #[error("its headline is longer than {LONGEST} characters")]
    TooLong,
    /// Something in it has no place in a post.
    #[error("its headline is not fit to be quoted: {detail}")]
    Unclean {
        /// What.
        detail: String,
    },
    /// Newer ones filled the poll.
    #[error("more than {MOST} such items came at once")]
    Crowded,
}

/// What a headline is about, of what is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Somebody is hurt, or may not play.
    Injury,
    /// Somebody changes sides, or stays.
    Transaction,
}

const INJURIES: [&str; 24] = [
    "achilles",
    "acl",
    "concussed",
    "concussion",
    "doubtful",
    "fracture",
    "fractured",
    "fractures",
    "hamstring",
    "injured",
    "injures",
    "injuries",
    "injury",
    "inactive",
    "mcl",
    "meniscus",
    "questionable",
    "sidelined",
    "sprain",
    "sprained",
    "sprains",
    "surgery",
    "tendinitis",
    "unavailable",
];

const TRANSACTIONS: [&str; 35] = [
    "acquire",
    "acquired",
    "acquires",
    "buyout",
    "extension",
    "loan",
    "loaned",
    "loanee",
    "loans",
    "optioned",
    "options",
    "recalled",
    "recalls",
    "reinstate",
    "reinstated",
    "reinstates",
    "resign",
    "resigns",
    "sign",
    "signed",
    "signing",
    "signings",
    "signs",
    "trade",
    "traded",
    "trades",
    "trading",
    "transfer",
    "transferred",
    "transfers",
    "waive",
    "waived",
    "waiver",
    "waivers",
    "waives",
];

/// What comes after `out` where somebody is out of a game: `out with`, `out for`, `out indefinitely`.
const OUT: [&str; 10] =
    ["with", "for", "indefinitely", "until", "through", "vs", "against", "at", "tonight", "after"];

/// What a headline is about; `None` for what is not taken.
pub fn topic(headline: &str) -> Option<Topic> {
    let lower = headline.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let follows = |at: usize, word: &str| words.get(at + 1).is_some_and(|next| *next == word);
    let is_injury = |(at, word): (usize, &&str)| match *word {
        "out" => {
            let ruled = at > 0 && matches!(words[at - 1], "ruled" | "rules" | "remains" | "still");
            ruled || words.get(at + 1).is_some_and(|next| OUT.contains(next))
        }
        "day" => follows(at, "to") && follows(at + 1, "day"),
        word => INJURIES.contains(&word),
    };
    let is_transaction = |(at, word): (usize, &&str)| match *word {
        // Signs of life are no contract.
        "sign" | "signs" if follows(at, "of") || follows(at, "that") => false,
        word => TRANSACTIONS.contains(&word),
    };
    if words.iter().enumerate().any(is_injury) {
        return Some(Topic::Injury);
    }
    words.iter().enumerate().any(is_transaction).then_some(Topic::Transaction)
}

/// What is known of a feed, committed with every poll.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct NewsState {
    /// The address it was read from.
    address: String,
    /// When it was last seen.
    seen_at: Timestamp,
    /// How many items became stories: their ordinals.
    taken: u32,
    /// What was seen, by id and by headline, and when last.
    known: BTreeMap<String, Timestamp>,
}

/// Takes a page in, and gives each new item on an injury or a transaction its verdict. The state and the stories are to be
/// committed together.
pub fn step(state: &mut SportState, page: &Page, sport: &Sport, rules: &Rules, now: Timestamp) -> Vec<Story> {
    let known = state.news.take().filter(|known| known.address == page.address);
    let baseline = known.is_none();
    let mut news = known.unwrap_or_default();
    page.address.clone_into(&mut news.address);
    let after = if baseline { now } else { news.seen_at };
    news.seen_at = now;
    let fresh = news.note(&page.items, now);
    let taken = if baseline { Vec::new() } else { chosen(fresh, now) };
    let moments =
        taken.into_iter().map(|(item, crowded)| news.moment(item, crowded, page, sport, (after, now)));
    let stories = select(moments.collect(), &sport.key, rules);
    news.forget(now);
    state.news = Some(news);
    stories
}

/// Those that are news, the newest first, with whether there were too many before them.
fn chosen(items: Vec<&Item>, now: Timestamp) -> Vec<(&Item, bool)> {
    let published = |item: &Item| item.published.unwrap_or(now).min(now);
    let mut items: Vec<&Item> = items
        .into_iter()
        .filter(|item| now.duration_since(published(item)) <= OLDEST && topic(&item.title).is_some())
        .collect();
    items.sort_by_key(|item| std::cmp::Reverse(published(item)));
    items.into_iter().enumerate().map(|(at, item)| (item, at >= MOST)).collect()
}

impl NewsState {
    /// Keeps that these were seen; gives those that never were.
    fn note<'a>(&mut self, items: &'a [Item], now: Timestamp) -> Vec<&'a Item> {
        let mut fresh = Vec::new();
        for item in items {
            let keys = [format!("id {}", item.id), format!("headline {}", said(&item.title))];
            let seen = keys.map(|key| self.known.insert(key, now).is_some());
            if !seen.contains(&true) {
                fresh.push(item);
            }
        }
        fresh
    }

    fn forget(&mut self, now: Timestamp) {
        self.known.retain(|_, seen| now.duration_since(*seen) <= KNOWN_FOR);
        if self.known.len() > MOST_KNOWN {
            let mut seen: Vec<Timestamp> = self.known.values().copied().collect();
            seen.sort_unstable();
            // What the feed still shows was seen just now and stays.
            let oldest = seen[seen.len() - MOST_KNOWN];
            self.known.retain(|_, seen| *seen >= oldest);
        }
    }

    fn moment(
        &mut self,
        item: &Item,
        crowded: bool,
        page: &Page,
        sport: &Sport,
        (after, now): (Timestamp, Timestamp),
    ) -> Moment {
        self.taken = self.taken.saturating_add(1);
        let headline = quoted(&item.title);
        let unfit = unfit(&headline).or_else(|| crowded.then_some(Unfit::Crowded));
        let news = News {
            source: page.source.clone(),
            headline: if unfit.is_some() { shown(&headline) } else { headline },
            published: item.published,
            unfit,
        };
        Moment {
            game: GameId(format!("news-{}", page.feed)),
            kind: MomentKind::News,
            period: 0,
            ordinal: self.taken,
            corrects: None,
            after,
            seen_at: now,
            confirmed_at: now,
            facts: facts(sport, news),
            significance: significance::of_worth(page.worth.clamp(0.0, 1.0)),
        }
    }
}

/// The facts of an item. There is no game in them.
pub fn facts(sport: &Sport, news: News) -> Facts {
    let nobody = Team {
        id: String::new(),
        name: String::new(),
        short_name: String::new(),
        place: String::new(),
        code: String::new(),
    };
    Facts {
        sport: sport.key.clone(),
        league: sport.name.clone(),
        discipline: sport.discipline,
        kind: MomentKind::News,
        home: nobody.clone(),
        away: nobody,
        home_rank: None,
        away_rank: None,
        neutral: false,
        phase: Phase::Unknown,
        score: Score::default(),
        before: None,
        shootout: None,
        period: 0,
        regulation_periods: sport.regulation.periods,
        clock: None,
        scorer: None,
        play: None,
        lead_changes: 0,
        largest_deficit: Score::default(),
        retracted: None,
        milestone: None,
        contest: None,
        news: Some(news),
        seen_from_start: false,
        note: None,
        course: Course::default(),
    }
}

/// A headline as it is quoted: one space between words, and single marks for what it quotes itself.
pub fn quoted(title: &str) -> String {
    let single = |c: char| if matches!(c, '"' | '“' | '”' | '„' | '«' | '»') { '\'' } else { c };
    title
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .map(single)
        .collect()
}

/// Why a headline is not quoted.
pub fn unfit(headline: &str) -> Option<Unfit> {
    if headline.chars().count() > LONGEST {
        return Some(Unfit::TooLong);
    }
    let rejection = gate::quotable(headline).err()?;
    Some(Unfit::Unclean { detail: rejection.to_string() })
}

/// An unfit headline, safe to look at.
fn shown(headline: &str) -> String {
    let safe = |c: char| if gate::is_quotable(c) { c } else { '?' };
    headline.chars().take(LONGEST).map(safe).collect()
}

/// What a headline says, whatever its case and marks.
fn said(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    words.join(" ").chars().take(2 * LONGEST).collect()
}

#[cfg(test)]
mod tests;
