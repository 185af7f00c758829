//! The feed as Atom (RFC 4287) has it.

use std::io;

use jiff::Timestamp;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;
use unicode_segmentation::UnicodeSegmentation;

use super::document::{Document, Item};
use super::{FeedSettings, urn};

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// The headline of an item without one is the beginning of its text.
const HEADLINE: usize = 80;

pub(super) fn render(document: &Document, settings: &FeedSettings) -> io::Result<Vec<u8>> {
    let self_url = settings.base_url.as_ref().map(|base| format!("{base}/feed.atom"));
    let id = self_url.clone().unwrap_or_else(|| urn(&document.title));
    let updated = document.items.iter().map(Item::updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.create_element("feed").with_attribute(("xmlns", ATOM)).write_inner_content(|xml| {
        text(xml, "id", &id)?;
        text(xml, "title", &document.title)?;
        text(xml, "updated", &updated.to_string())?;
        xml.create_element("author").write_inner_content(|xml| text(xml, "name", &document.title))?;
        text(xml, "generator", "wirereport")?;
        for (rel, href) in [("self", &self_url), ("alternate", &document.home_page_url)] {
            if let Some(href) = href {
                let attributes = [("rel", rel), ("href", href.as_str())];
                xml.create_element("link").with_attributes(attributes).write_empty()?;
            }
        }
        document.items.iter().try_for_each(|item| entry(xml, item))
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn entry(xml: &mut Writer<Vec<u8>>, item: &Item) -> io::Result<()> {
    xml.create_element("entry").write_inner_content(|xml| {
        text(xml, "id", &item.id)?;
        text(xml, "title", &headline(item))?;
        text(xml, "published", &item.date_published.to_string())?;
        text(xml, "updated", &item.updated().to_string())?;
        for tag in &item.tags {
            let term = sayable(tag);
            xml.create_element("category").with_attribute(("term", term.as_str())).write_empty()?;
        }
        let content = sayable(&item.content_text);
        let element = xml.create_element("content").with_attribute(("type", "text"));
        element.write_text_content(BytesText::new(&content)).map(drop)
    })?;
    Ok(())
}

fn text(xml: &mut Writer<Vec<u8>>, name: &str, value: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&sayable(value))).map(drop)
}

fn headline(item: &Item) -> String {
    if let Some(title) = &item.title {
        return title.clone();
    }
    let mut graphemes = item.content_text.graphemes(true);
    let mut headline: String = graphemes.by_ref().take(HEADLINE).collect();
    if graphemes.next().is_some() {
        headline.push('…');
    }
    headline
}

/// Without the characters that XML 1.0 cannot hold, escaped or not.
fn sayable(value: &str) -> String {
    let holds = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    value.chars().filter(holds).collect()
}
