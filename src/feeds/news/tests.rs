use std::time::Duration;

use proptest::prelude::*;
use wirereport_actors::wire::news::Item;

use super::parse::{Document, document};

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- A feed as newspapers have them. -->
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title>Invented Wire - Basketball</title>
    <link>https://wire.example.org/</link>
    <ttl>45</ttl>
    <item>
      <title><![CDATA[Hawks' Young out with "ankle" injury]]></title>
      <media:title>Not a headline</media:title>
      <link>https://wire.example.org/1</link>
      <guid isPermaLink="false">wire-1</guid>
      <pubDate>Tue, 24 Nov 2026 18:30:00 EST</pubDate>
      <description>With &nbsp; <![CDATA[<p>markup</p>]]></description>
    </item>
    <item>
      <title>Nets &amp; Jazz trade guards &#8212; at last</title>
      <link>https://wire.example.org/2</link>
      <pubDate>Tue, 24 Nov 2026 23:30:00 GMT</pubDate>
    </item>
    <item><title>Nothing to know it by</title></item>
    <item><guid>without-a-headline</guid><title/></item>
    <item><guid>wire-3</guid><title>Undated &middot; item</title><pubDate>yesterday</pubDate></item>
  </channel>
</rss>"#;

const ATOM: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom">
  <title>Invented Wire</title>
  <id>urn:feed</id>
  <updated>2026-11-24T23:00:00Z</updated>
  <entry>
    <title type="text">Chelsea sign Silva on loan</title>
    <id>urn:entry:1</id>
    <link rel="enclosure" href="https://wire.example.org/1.mp3"/>
    <link href="https://wire.example.org/1"/>
    <published>2026-11-24T22:00:00+01:00</published>
    <updated>2026-11-25T09:00:00Z</updated>
    <author><name>Somebody</name></author>
  </entry>
  <entry>
    <title>Without an id</title>
    <link rel="alternate" href="https://wire.example.org/2"/>
    <updated>2026-11-24T22:30:00Z</updated>
  </entry>
</feed>"#;

fn item(id: &str, title: &str, published: Option<&str>) -> Item {
    Item {
        id: id.to_owned(),
        title: title.to_owned(),
        published: published.map(|at| at.parse().expect("a time")),
    }
}

fn read(text: &str) -> Document {
    document(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: impl AsRef<[u8]>) -> String {
    document(text.as_ref()).expect_err("it is refused").to_string()
}

#[test]
fn rss_is_read_by_its_guid_else_its_link_and_what_cannot_be_known_again_is_left_out() {
    let feed = read(RSS);
    assert_eq!(
        feed.items,
        [
            item("wire-1", "Hawks' Young out with \"ankle\" injury", Some("2026-11-24T23:30:00Z")),
            item(
                "https://wire.example.org/2",
                "Nets & Jazz trade guards — at last",
                Some("2026-11-24T23:30:00Z")
            ),
            item("wire-3", "Undated \u{fffd} item", None),
        ]
    );
    assert_eq!(feed.ttl, Some(Duration::from_secs(45 * 60)));
}

#[test]
fn atom_is_read_by_its_id_else_its_own_link() {
    let feed = read(ATOM);
    assert_eq!(
        feed.items,
        [
            item("urn:entry:1", "Chelsea sign Silva on loan", Some("2026-11-24T21:00:00Z")),
            item("https://wire.example.org/2", "Without an id", Some("2026-11-24T22:30:00Z")),
        ]
    );
    assert_eq!(feed.ttl, None);
}

#[test]
fn what_is_no_feed_or_broken_is_refused_in_a_sentence() {
    assert_eq!(refused("<html><body/></html>"), "answer not understood: <html> is neither RSS nor Atom");
    assert_eq!(refused(""), "answer not understood: there is no document");
    assert_eq!(refused(b"<rss>\xff</rss>"), "answer not understood: not UTF-8 at byte 5");
    assert_eq!(refused(&RSS[..400]), "answer cut short at byte 400");
    assert!(refused("<rss><channel></rss>").starts_with("answer not understood: "));
    assert!(refused("<rss/><rss/>").starts_with("answer not understood: <rss> is neither"));
}

#[test]
fn entities_that_a_document_defines_are_never_unfolded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
                <rss><channel><item><guid>1</guid><title>&b;</title></item></channel></rss>";
    assert_eq!(refused(bomb), "answer not understood: it declares a document type");
    let unknown = "<rss><channel><item><guid>1</guid><title>out with &b;</title></item></channel></rss>";
    assert_eq!(read(unknown).items[0].title, "out with \u{fffd}");
}

#[test]
fn a_document_without_measure_is_refused_or_cut_to_measure() {
    let deep = format!("<rss>{}", "<a>".repeat(100_000));
    assert_eq!(refused(&deep), "answer not understood: nested deeper than 64 elements");
    let one = |at: usize| format!("<item><guid>{at}</guid><title>{}</title></item>", "x".repeat(5_000));
    let long: String = (0..600).map(one).collect();
    let feed = read(&format!("<rss><channel><ttl>999999999999</ttl>{long}</channel></rss>"));
    assert_eq!((feed.items.len(), feed.items[0].title.len()), (500, 1_000));
    assert_eq!(feed.ttl, Some(Duration::from_secs(86_400)));
    let id = format!(
        "<rss><channel><item><guid>{}</guid><title>x</title></item></channel></rss>",
        "g".repeat(999)
    );
    assert_eq!(read(&id).items[0].id.len(), 36);
}

proptest! {
    #[test]
    fn whatever_arrives_is_read_or_refused(cut in 0..RSS.len(), at in 0..RSS.len(), byte: u8) {
        let mut body = RSS.as_bytes().to_vec();
        body[at] = byte;
        // Neither panics; a part of a document is never taken for a whole one.
        let _ = document(&body);
        prop_assert!(document(&RSS.as_bytes()[..cut.min(RSS.trim_end().len() - 1)]).is_err());
    }
}
