//! One event, as it goes over the wire.

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::ledger::changes::Change;
use crate::telemetry::Redactor;

/// An event, written out once for all who hear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Its number, where it is durable.
    pub(super) seq: Option<i64>,
    /// Its type: `post.sent`.
    pub(super) kind: String,
    /// As it is sent, without secrets.
    pub(super) text: Bytes,
}

impl Event {
    /// A change as the ledger has it.
    pub(super) fn of(change: &Change) -> Self {
        let mut data = json!({ "seq": change.seq, "at": change.at });
        if let (Value::Object(data), Value::Object(subject)) = (&mut data, &change.subject) {
            data.extend(subject.clone());
        }
        Self::durable(change.seq, &change.kind, &data)
    }

    /// One that a reader can come back to.
    pub(super) fn durable(seq: i64, kind: &str, data: &Value) -> Self {
        let text = format!("id: {seq}\n{}", written(kind, data));
        Self { seq: Some(seq), kind: kind.to_owned(), text: text.into() }
    }

    /// One that shows how something is now.
    pub(super) fn live(kind: &str, data: &Value) -> Self {
        Self { seq: None, kind: kind.to_owned(), text: written(kind, data).into() }
    }

    /// A comment, which says that the stream is there.
    pub(super) fn heartbeat() -> Self {
        Self { seq: None, kind: String::new(), text: Bytes::from_static(b":\n\n") }
    }
}

/// JSON has no line breaks of its own, so it is one line of data.
fn written(kind: &str, data: &Value) -> String {
    let text = data.to_string();
    format!("event: {kind}\ndata: {}\n\n", Redactor::of_process().redact(&text))
}
