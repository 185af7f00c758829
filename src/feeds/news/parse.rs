//! RSS 2.0 and Atom, as far as items go: id, headline, date. Everything else is passed over.
//!
//! A document that declares a type is refused, since only there can entities be defined that grow without end; so is one
//! that is nested deeper than feeds are. Elements with a prefix (`media:title`) are somebody else's.

use std::time::Duration;

use jiff::Timestamp;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use uuid::Uuid;
use wirereport_actors::ports::feed::FeedError;
use wirereport_actors::wire::news::Item;

use crate::feeds::text::{NOTE, clean};

/// The most items that are read.
const ITEMS: usize = 500;
/// The deepest that elements may be nested.
const DEPTH: usize = 64;
/// The most characters of a text that are kept: more than any headline that is quoted has.
const TEXT: usize = 1_000;
/// The longest id that is kept as it is.
const ID: usize = 120;
/// The longest wait that a feed may ask for.
const LONGEST_TTL: Duration = Duration::from_secs(86_400);

/// A document's items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The items that can be known again, in the document's order.
    pub items: Vec<Item>,
    /// How long the document says it need not be asked for again.
    pub ttl: Option<Duration>,
}

/// Reads a document.
///
/// # Errors
/// Where it is cut short, no RSS or Atom, or not safe to read.
pub fn document(body: &[u8]) -> Result<Document, FeedError> {
    let text = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
        .map_err(|error| malformed(&format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    let mut reader = Reader::from_str(text.trim_start());
    let mut reading = Reading::default();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(quick_xml::Error::Syntax(_)) => return Err(FeedError::Truncated { at: body.len() }),
            Err(error) => {
                return Err(malformed(&format!("{error} at byte {}", reader.error_position())));
            }
        };
        match event {
            Event::DocType(_) => return Err(malformed("it declares a document type")),
            Event::Start(tag) => reading.open(&tag)?,
            Event::Empty(tag) => {
                reading.open(&tag)?;
                reading.close();
            }
            Event::End(_) => reading.close(),
            Event::Text(text) => reading.push(&text.xml10_content()),
            Event::CData(text) => reading.push(&text.xml10_content()),
            Event::GeneralRef(name) => reading.push(&resolved(&name)),
            Event::Eof => return reading.end(body.len()),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
}

fn malformed(detail: &str) -> FeedError {
    FeedError::Malformed { detail: clean(detail, NOTE) }
}

/// What a reference stands for; of an unknown one a sign that no headline may have.
fn resolved(name: &BytesRef<'_>) -> String {
    match name.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        Ok(None) => resolve_predefined_entity(name).unwrap_or("\u{fffd}").to_owned(),
        Err(_) => "\u{fffd}".to_owned(),
    }
}

/// An item as it comes together.
#[derive(Debug, Default)]
struct Draft {
    id: String,
    link: String,
    title: String,
    published: String,
    updated: String,
}

/// Where in a document the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ttl,
    Item,
    Id,
    Link,
    Title,
    Published,
    Updated,
    Elsewhere,
}

#[derive(Debug, Default)]
struct Reading {
    /// The names of the elements that are open.
    path: Vec<String>,
    root: Option<String>,
    draft: Draft,
    ttl: String,
    document: Document,
}

impl Reading {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), FeedError> {
        let name = tag.name().as_ref().to_owned();
        if self.path.len() >= DEPTH {
            return Err(malformed(&format!("nested deeper than {DEPTH} elements")));
        }
        if self.path.is_empty() {
            if self.root.is_some() || !matches!(name.as_str(), "rss" | "feed") {
                return Err(malformed(&format!("<{name}> is neither RSS nor Atom")));
            }
            self.root = Some(name.clone());
        }
        self.path.push(name);
        match self.place() {
            Place::Item => self.draft = Draft::default(),
            Place::Link if self.draft.link.is_empty() => {
                self.draft.link = address(tag).unwrap_or_default();
            }
            _ => {}
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let mut path = ["", "", "", ""];
        if self.path.len() > path.len() {
            return Place::Elsewhere;
        }
        for (at, name) in self.path.iter().enumerate() {
            path[at] = name;
        }
        match path {
            ["rss", "channel", "ttl", ""] => Place::Ttl,
            ["rss", "channel", "item", ""] | ["feed", "entry", "", ""] => Place::Item,
            ["rss", "channel", "item", "guid"] | ["feed", "entry", "id", ""] => Place::Id,
            ["rss", "channel", "item", "link"] | ["feed", "entry", "link", ""] => Place::Link,
            ["rss", "channel", "item", "title"] | ["feed", "entry", "title", ""] => Place::Title,
            ["rss", "channel", "item", "pubDate"] | ["feed", "entry", "published", ""] => Place::Published,
            ["feed", "entry", "updated", ""] => Place::Updated,
            _ => Place::Elsewhere,
        }
    }

    fn push(&mut self, text: &str) {
        let (place, draft) = (self.place(), &mut self.draft);
        let kept = match place {
            Place::Ttl => &mut self.ttl,
            Place::Id => &mut draft.id,
            Place::Link => &mut draft.link,
            Place::Title => &mut draft.title,
            Place::Published => &mut draft.published,
            Place::Updated => &mut draft.updated,
            Place::Item | Place::Elsewhere => return,
        };
        let room = TEXT.saturating_sub(kept.chars().count());
        kept.extend(text.chars().take(room));
    }

    fn close(&mut self) {
        if self.place() == Place::Item && self.document.items.len() < ITEMS {
            self.document.items.extend(std::mem::take(&mut self.draft).item());
        }
        self.path.pop();
    }

    fn end(mut self, length: usize) -> Result<Document, FeedError> {
        if !self.path.is_empty() {
            return Err(FeedError::Truncated { at: length });
        }
        if self.root.is_none() {
            return Err(malformed("there is no document"));
        }
        let minutes: Option<u64> = self.ttl.trim().parse().ok();
        let ttl = minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60)).min(LONGEST_TTL));
        self.document.ttl = ttl.filter(|ttl| !ttl.is_zero());
        Ok(self.document)
    }
}

impl Draft {
    /// The item; `None` where it has no headline, or nothing to know it again by.
    fn item(self) -> Option<Item> {
        let (id, link) = (self.id.trim(), self.link.trim());
        let id = if id.is_empty() { link } else { id };
        let title = self.title.trim();
        if id.is_empty() || title.is_empty() {
            return None;
        }
        let published = when(&self.published).or_else(|| when(&self.updated));
        Some(Item { id: short(id), title: title.to_owned(), published })
    }
}

/// An id, or what stands for a long one.
pub(super) fn short(id: &str) -> String {
    if id.len() <= ID { id.to_owned() } else { Uuid::new_v5(&Uuid::NAMESPACE_URL, id.as_bytes()).to_string() }
}

/// A date of RSS (RFC 2822) or Atom (RFC 3339).
fn when(date: &str) -> Option<Timestamp> {
    let date = date.trim();
    date.parse().ok().or_else(|| Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp()))
}

/// Where a link of Atom leads, if it is the entry's own page.
fn address(tag: &BytesStart<'_>) -> Option<String> {
    let value = |name: &str| {
        let attribute = tag.try_get_attribute(name).ok().flatten()?;
        Some(attribute.value.chars().take(TEXT).collect::<String>())
    };
    match value("rel") {
        Some(rel) if rel != "alternate" => None,
        _ => value("href"),
    }
}
