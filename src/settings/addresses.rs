//! Where something is: addresses on the web and of this machine, chats, accounts and channels on the platforms.

use std::net::SocketAddr;

use super::reader::Refusal;
use super::tree::{Node, Value};
use super::values::{Read, optional_text, refused, text};
use crate::channels::platform;

const CHAT: &str = "a chat as \"@name\" or as its id, such as \"-1001234567890\"";

pub(super) fn listen(node: &Node) -> Read<Option<SocketAddr>> {
    match &node.value {
        Value::Text(text) if text == "off" => Ok(None),
        Value::Text(text) => match text.parse() {
            Ok(address) => Ok(Some(address)),
            Err(_) => refused(node, "an address and port such as \"127.0.0.1:9999\", or \"off\""),
        },
        _ => refused(node, "an address and port such as \"127.0.0.1:9999\", or \"off\""),
    }
}

/// An address on the web. It is not shown in errors, since some hold secrets.
pub(super) fn url(node: &Node) -> Read<String> {
    let expected = "an address such as \"https://example.org/path\", without a user name or a password";
    let Value::Text(text) = &node.value else { return refused(node, expected) };
    match reqwest::Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none() =>
        {
            Ok(text.clone())
        }
        _ => Err(vec![Refusal::unseen(node, expected)]),
    }
}

pub(super) fn optional_url(node: &Node) -> Read<Option<String>> {
    match &node.value {
        Value::Text(text) if text.is_empty() => Ok(None),
        _ => url(node).map(Some),
    }
}

/// The address of an API that secrets are sent to: `https`, or on this machine.
pub(super) fn api_url(node: &Node) -> Read<String> {
    let text = url(node)?;
    match platform::check_address(&text) {
        true => Ok(text),
        false => Err(vec![Refusal::unseen(
            node,
            "an address that begins with \"https://\", since secrets are sent to it",
        )]),
    }
}

/// A chat: `@name`, or an id.
pub(super) fn chat(node: &Node) -> Read<String> {
    match optional_chat(node)? {
        Some(chat) => Ok(chat),
        None => refused(node, CHAT),
    }
}

/// A chat, or the empty text for none.
pub(super) fn optional_chat(node: &Node) -> Read<Option<String>> {
    let given = match &node.value {
        Value::Integer(id) => Some(id.to_string()),
        _ => optional_text(node)?,
    };
    let is_name =
        |name: &str| name.len() >= 4 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match given {
        None => Ok(None),
        Some(chat) if chat.parse::<i64>().is_ok() || chat.strip_prefix('@').is_some_and(is_name) => {
            Ok(Some(chat))
        }
        Some(_) => refused(node, CHAT),
    }
}

/// A handle or DID of atproto. An address of mail would do for signing in only.
pub(super) fn at_identifier(node: &Node) -> Read<String> {
    let expected = "a handle or DID without @, such as \"wire.bsky.social\"";
    let given = text(node)?;
    let labels = given.split(['.', ':']).collect::<Vec<_>>();
    let is_label =
        |label: &&str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if labels.len() > 1 && labels.iter().all(is_label) { Ok(given) } else { refused(node, expected) }
}

/// An id of Discord's, which is a number too large for some.
pub(super) fn snowflake(node: &Node) -> Read<String> {
    let given = match &node.value {
        Value::Integer(id) => id.to_string(),
        _ => text(node)?,
    };
    let is_id = given.len() >= 15 && given.bytes().all(|b| b.is_ascii_digit());
    if is_id { Ok(given) } else { refused(node, "an id such as \"1234567890123456789\"") }
}
