//! What somebody says to the bot. Everything in an update is somebody else's, so nothing of it is believed but the number of
//! the user, which is Telegram's own word.

use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use wirereport_actors::wire::post::PostId;

/// An update: a message, or a button that was pressed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Update {
    pub(super) update_id: i64,
    #[serde(default)]
    message: Option<Message>,
    #[serde(default)]
    callback_query: Option<CallbackQuery>,
}

impl Update {
    /// An update that can be numbered; what else cannot be read of it is left out.
    pub(super) fn of(value: Value) -> Option<Self> {
        let update_id = value["update_id"].as_i64()?;
        let unread = Self { update_id, message: None, callback_query: None };
        Some(serde_json::from_value(value).unwrap_or(unread))
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Message {
    #[serde(default)]
    from: Option<User>,
    chat: Chat,
    #[serde(default)]
    date: i64,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct CallbackQuery {
    id: String,
    from: User,
    #[serde(default)]
    message: Option<Pressed>,
    #[serde(default)]
    data: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Pressed {
    chat: Chat,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct User {
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Chat {
    id: i64,
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) user: i64,
    pub(super) chat: i64,
    pub(super) order: Order,
    /// When, where that is known.
    pub(super) at: Option<Timestamp>,
}

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    /// A button was pressed.
    Pressed { query: String, post: PostId, mark: String, approve: bool },
    /// A button was pressed that nobody here made.
    Unreadable { query: String },
    /// A command; `None` for one that is not known.
    Command(Option<Command>),
}

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Status,
    Pending,
    Stop,
    Resume,
}

const COMMANDS: [(&str, Command, &str); 4] = [
    ("status", Command::Status, "how the wire stands"),
    ("pending", Command::Pending, "the texts that wait for you"),
    ("stop", Command::Stop, "stop publishing on every channel"),
    ("resume", Command::Resume, "let publishing go on"),
];

/// The commands there are, one a line.
pub(super) fn orders() -> String {
    COMMANDS.map(|(name, _, what)| format!("/{name}: {what}")).join("\n")
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pressed { post, approve: true, .. } => write!(f, "Telegram: approve post {post}"),
            Self::Pressed { post, approve: false, .. } => write!(f, "Telegram: reject post {post}"),
            Self::Unreadable { .. } => f.write_str("Telegram: a button"),
            Self::Command(Some(command)) => {
                let name =
                    COMMANDS.iter().find(|(_, known, _)| known == command).map_or("", |(name, _, _)| name);
                write!(f, "Telegram: /{name}")
            }
            Self::Command(None) => f.write_str("Telegram: a message"),
        }
    }
}

/// What an update says; `None` where it says nothing that concerns us. In a group, what is no command is talk.
pub(super) fn said(update: &Update) -> Option<Said> {
    if let Some(CallbackQuery { id, from, message, data }) = &update.callback_query {
        let order = data.as_deref().and_then(|data| pressed(id, data));
        return Some(Said {
            user: from.id,
            chat: message.as_ref().map_or(from.id, |message| message.chat.id),
            order: order.unwrap_or_else(|| Order::Unreadable { query: id.clone() }),
            at: None,
        });
    }
    let Message { from: Some(from), chat, date, text: Some(text) } = update.message.as_ref()? else {
        return None;
    };
    let word = text.split_whitespace().next()?;
    let command = word.strip_prefix('/').map(|word| word.split('@').next().unwrap_or_default());
    let private = chat.id == from.id;
    if command.is_none() && !private {
        return None;
    }
    let known =
        command.and_then(|name| COMMANDS.iter().find(|(known, _, _)| known.eq_ignore_ascii_case(name)));
    let order = Order::Command(known.map(|(_, command, _)| *command));
    Some(Said { user: from.id, chat: chat.id, order, at: Timestamp::from_second(*date).ok() })
}

fn pressed(query: &str, data: &str) -> Option<Order> {
    let mut parts = data.split(':');
    let approve = match parts.next()? {
        "approve" => true,
        "reject" => false,
        _ => return None,
    };
    let post = PostId(parts.next()?.parse().ok()?);
    let mark = parts.next()?.to_owned();
    parts.next().is_none().then(|| Order::Pressed { query: query.to_owned(), post, mark, approve })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(update: Value) -> Option<Order> {
        said(&Update::of(update).unwrap()).map(|said| said.order)
    }

    fn message(text: &str, chat: i64) -> Value {
        json!({"update_id": 1, "message": {
            "message_id": 5, "date": 1_800_000_000, "text": text, "chat": {"id": chat, "type": "group"},
            "from": {"id": 7, "is_bot": false, "first_name": "O"},
        }})
    }

    #[test]
    fn commands_are_heard_with_and_without_the_bots_name_and_talk_is_not() {
        assert_eq!(order(message("/stop", -5)), Some(Order::Command(Some(Command::Stop))));
        assert_eq!(order(message("/Status@wire_bot now", -5)), Some(Order::Command(Some(Command::Status))));
        assert_eq!(order(message("/start", 7)), Some(Order::Command(None)));
        assert_eq!(
            order(message("what is this", 7)),
            Some(Order::Command(None)),
            "in private it is answered"
        );
        assert_eq!(order(message("stop shouting", -5)), None);
    }

    #[test]
    fn a_button_says_which_post_and_which_text() {
        let press = |data: &str| {
            order(json!({"update_id": 2, "callback_query": {"id": "q", "from": {"id": 7}, "data": data}}))
        };
        let post = PostId(12);
        let pressed = Order::Pressed { query: "q".to_owned(), post, mark: "ab".to_owned(), approve: true };
        assert_eq!(press("approve:12:ab"), Some(pressed));
        for odd in ["approve:12", "approve:x:ab", "delete:12:ab", "", "approve:12:ab:more"] {
            assert_eq!(press(odd), Some(Order::Unreadable { query: "q".to_owned() }), "{odd}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_passed_over_by_its_number() {
        let update = Update::of(json!({"update_id": 9, "message": {"chat": "?"}})).unwrap();
        assert_eq!((update.update_id, said(&update)), (9, None));
        assert_eq!(Update::of(json!({"message": {}})), None);
    }
}
