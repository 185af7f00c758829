//! The ledger's posts and what readers see, held against each other.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use serde_json::Value;

/// What became of a channel's stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Books {
    /// Stories that readers do not see and should.
    pub(crate) lost: usize,
    /// Times that readers see a story again.
    pub(crate) double: usize,
    /// Posts of which the ledger says that nobody can tell.
    pub(crate) unknown: usize,
}

impl AddAssign for Books {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.double += other.double;
        self.unknown += other.unknown;
    }
}

impl fmt::Display for Books {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {} / {}", self.lost, self.double, self.unknown)
    }
}

impl Books {
    /// Holds the posts of one channel against the texts its readers see. `expected` are the posts of a run that nobody
    /// disturbed; all texts differ from each other.
    ///
    /// # Panics
    /// Where readers see what was never told, or a game in another order, or where a post is still open.
    pub(crate) fn audit(posts: &[Value], seen: &[String], expected: &[Value]) -> Self {
        let mut books = Self::default();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        seen.iter().for_each(|text| *times.entry(text).or_default() += 1);
        let is_seen = |post: &Value| times.contains_key(text(post));
        for post in posts {
            match (state(post), edit_of(post, posts)) {
                ("unknown", _) => books.unknown += 1,
                ("sent", Some(edit)) if state(edit) == "sent" => {}
                ("sent", Some(edit)) => books.lost += usize::from(!is_seen(post) && !is_seen(edit)),
                ("sent", None) => books.lost += usize::from(!is_seen(post)),
                (state, _) => panic!("still {state}: {post:#}"),
            }
        }
        let recorded = |post: &&Value| posts.iter().any(|ours| names(ours) == names(post));
        books.lost += expected.iter().filter(|post| !recorded(post)).count();
        books.double = times.values().map(|times| times - 1).sum();
        let mut games: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for text in seen {
            let (game, place) = place(text, posts).expect("what is seen was told");
            games.entry(game).or_default().push(place);
        }
        assert!(
            games.values().all(|places| places.is_sorted()),
            "another order than the stories': {seen:#?}"
        );
        books
    }
}

fn text(post: &Value) -> &str {
    post["text"].as_str().unwrap()
}

fn state(post: &Value) -> &str {
    post["state"].as_str().unwrap()
}

fn names(post: &Value) -> (&Value, &Value) {
    (&post["story"], &post["revision"])
}

/// The later post that changes this one where it stands.
fn edit_of<'p>(post: &Value, posts: &'p [Value]) -> Option<&'p Value> {
    let edits = |other: &&Value| {
        other["operation"] == "edit"
            && other["story"] == post["story"]
            && other["revision"] != post["revision"]
    };
    posts.iter().filter(|_| post["operation"] != "edit").find(edits)
}

/// A text's game, and its place in the order of the stories: an edit stands in the place of what it changes.
fn place(seen: &str, posts: &[Value]) -> Option<(String, u64)> {
    let post = posts.iter().find(|post| text(post) == seen)?;
    let id = |post: &Value| post["id"].as_u64().unwrap();
    let of_story = posts.iter().filter(|other| other["story"] == post["story"]).map(id);
    let place = if post["operation"] == "edit" { of_story.min()? } else { id(post) };
    Some((post["game"].to_string(), place))
}

#[test]
fn what_is_lost_or_seen_twice_is_counted() {
    let post = |id: u64, state: &str| {
        let text = format!("text {id}");
        serde_json::json!({"id": id, "story": id, "revision": 1, "operation": "create", "state": state, "text": text})
    };
    let posts = [post(1, "sent"), post(2, "sent"), post(3, "unknown")];
    let seen = ["text 1", "text 1", "text 3"].map(str::to_owned);
    let books = Books::audit(&posts, &seen, &[post(1, "sent"), post(4, "sent")]);
    assert_eq!(books, Books { lost: 2, double: 1, unknown: 1 });
    assert!(std::panic::catch_unwind(|| Books::audit(&posts, &["text 5".to_owned()], &[])).is_err());
}
