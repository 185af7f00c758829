//! Records of Bluesky: `app.bsky.feed.post`, its facets, its key.

use std::fmt;
use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use wirereport_actors::wire::post::Post;

pub(super) const COLLECTION: &str = "app.bsky.feed.post";

/// The digits of a record key, in the order of their values.
const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// A record by place and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StrongRef {
    pub(super) uri: String,
    pub(super) cid: String,
}

impl StrongRef {
    /// The record's key, the last part of its URI.
    pub(super) fn key(&self) -> &str {
        self.uri.rsplit('/').next().unwrap_or_default()
    }

    /// The account whose record it is.
    pub(super) fn did(&self) -> &str {
        self.uri.trim_start_matches("at://").split('/').next().unwrap_or_default()
    }
}

/// A post and the beginning of its thread, where it does not begin one itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) post: StrongRef,
    pub(super) root: Option<StrongRef>,
}

impl Thread {
    /// Reads what a remote id says.
    pub(super) fn of_remote(id: &str) -> Option<Self> {
        let mut parts = id.split(' ').map(str::to_owned);
        let mut next = || Some(StrongRef { uri: parts.next()?, cid: parts.next()? });
        let post = next().filter(|post| post.uri.starts_with("at://"))?;
        Some(Self { post, root: next() })
    }
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.post.uri, self.post.cid)?;
        match &self.root {
            Some(root) => write!(f, " {} {}", root.uri, root.cid),
            None => Ok(()),
        }
    }
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(rename = "$type")]
    r#type: &'a str,
    text: &'a str,
    #[serde(rename = "createdAt")]
    created_at: String,
    langs: [&'a str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facets: Vec<Facet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Reply>,
}

#[derive(Serialize, Deserialize)]
struct Reply {
    root: StrongRef,
    parent: StrongRef,
}

/// A part of a text that means something, by its bytes of UTF-8.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Facet {
    index: Slice,
    features: [Feature; 1],
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Slice {
    byte_start: usize,
    byte_end: usize,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "$type")]
enum Feature {
    #[serde(rename = "app.bsky.richtext.facet#link")]
    Link { uri: String },
    #[serde(rename = "app.bsky.richtext.facet#tag")]
    Tag { tag: String },
}

/// The record of a post, the same bytes each time; it answers `answers`, where there is such.
pub(super) fn render(post: &Post, answers: Option<&Thread>, language: &str) -> serde_json::Result<String> {
    let reply = answers.map(|told| Reply {
        root: told.root.clone().unwrap_or_else(|| told.post.clone()),
        parent: told.post.clone(),
    });
    serde_json::to_string(&Record {
        r#type: COLLECTION,
        text: &post.text,
        created_at: format!("{:.3}", post.created_at),
        langs: [language],
        facets: facets(&post.text),
        reply,
    })
}

/// The beginning of the thread that a frozen record continues.
pub(super) fn root(frozen: &str) -> Option<StrongRef> {
    #[derive(Deserialize)]
    struct Continues {
        reply: Option<Reply>,
    }
    Some(serde_json::from_str::<Continues>(frozen).ok()?.reply?.root)
}

/// The key of a post's record: a TID, microseconds since 1970 in 53 bits and ten bits more. The microseconds are the
/// time of writing to the millisecond and the post's number, the ten bits a digest of what it is: so posts that were
/// written in the same instant have different keys, and so has a post of a restored ledger.
pub(super) fn key(post: &Post) -> String {
    let millisecond = u64::try_from(post.created_at.as_millisecond()).unwrap_or_default();
    let microsecond = millisecond * 1000 + post.id.0.unsigned_abs() % 1000;
    let mut digest = Fnv::default();
    digest.write(format!("{}/{}/{}", post.channel, post.story, post.revision).as_bytes());
    tid(microsecond, digest.finish() % 1024)
}

/// A TID by the specification of record keys.
fn tid(microsecond: u64, clock: u64) -> String {
    let number = (microsecond & ((1 << 53) - 1)) << 10 | clock;
    let digit = |place: u32| char::from(DIGITS[(number >> (5 * place) & 31) as usize]);
    (0..13).rev().map(digit).collect()
}

/// FNV-1a in 64 bits (Fowler, Noll, Vo): the same for ever, which the standard library's hasher does not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// The links and hashtags of a text, which are plain words without a facet.
pub(super) fn facets(text: &str) -> Vec<Facet> {
    let words = text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    words.filter_map(|(at, word)| facet(at, word)).collect()
}

fn facet(at: usize, word: &str) -> Option<Facet> {
    let bare = word.trim_start_matches(['(', '[', '"', '“', '‘', '\'']);
    let start = at + word.len() - bare.len();
    let bare = bare.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '_');
    let feature = if bare.starts_with("https://") || bare.starts_with("http://") {
        Feature::Link { uri: bare.to_owned() }
    } else {
        let tag = bare.strip_prefix('#')?;
        let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_') && tag.chars().count() <= 64;
        if !is_tag || tag.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        Feature::Tag { tag: tag.to_owned() }
    };
    Some(Facet { index: Slice { byte_start: start, byte_end: start + bare.len() }, features: [feature] })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::channels::fixture;

    fn covered(text: &str) -> Vec<&str> {
        facets(text).iter().map(|facet| &text[facet.index.byte_start..facet.index.byte_end]).collect()
    }

    #[test]
    fn links_and_hashtags_are_found_by_their_bytes() {
        let text = "Bodø/Glimt 2-1 up 👏🏽 (#UCL). More: https://example.org/ø?a=1, #1 #Bodø_Glimt!";
        assert_eq!(covered(text), ["#UCL", "https://example.org/ø?a=1", "#Bodø_Glimt"]);
        assert_eq!(covered("No. #1 and #, 3-2 # and a#b"), [""; 0]);
        insta::assert_json_snapshot!(facets("é #UCL https://example.org."));
    }

    #[test]
    fn a_post_has_one_key_for_ever_and_no_two_posts_have_the_same() {
        assert_eq!(key(&fixture::post(1)), "3l75dnyn4q3it");
        let at_once = |number| wirereport_actors::wire::post::Post {
            created_at: fixture::second(0),
            ..fixture::post(number)
        };
        let keys: BTreeSet<String> = (0..1000).map(|number| key(&at_once(number))).collect();
        assert_eq!(keys.len(), 1000);
    }

    #[test]
    fn a_tid_is_of_the_published_form() {
        assert_eq!(tid(0, 0), "2222222222222");
        assert_eq!(tid((1 << 53) - 1, 1023), "bzzzzzzzzzzzz");
    }

    #[test]
    fn a_remote_id_says_what_is_answered() {
        let told = Thread::of_remote("at://did:plc:a/app.bsky.feed.post/k bafy1").unwrap();
        assert_eq!((told.post.key(), told.post.did(), &told.root), ("k", "did:plc:a", &None));
        let long = "at://did:plc:a/c/k bafy1 at://did:plc:a/c/r bafy2";
        assert_eq!(Thread::of_remote(long).unwrap().to_string(), long);
        assert_eq!(Thread::of_remote("resolved by hand"), None);
    }

    proptest! {
        #[test]
        fn facets_never_cut_a_character(text in "(#|https://|é|👏|[a-z]|[ .,!]){0,40}") {
            for part in covered(&text) {
                prop_assert!(part.starts_with('#') || part.starts_with("http"));
            }
        }

        #[test]
        fn keys_sort_by_time(a in 0_u64..1 << 53, b in 0_u64..1 << 53, clock in 0_u64..1024) {
            prop_assert_eq!(a.cmp(&b), tid(a, clock).cmp(&tid(b, clock)));
        }
    }
}
