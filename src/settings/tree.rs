//! A settings file as a tree in which every key and value knows its place.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Origin, Problem, SettingsError};

/// How the secrets of Standard Webhooks begin.
const SECRET_PREFIX: &str = "whsec_";

pub(super) type Table = BTreeMap<String, Entry>;

/// A key, where it stands, and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) at: Origin,
    pub(super) node: Node,
}

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) at: Origin,
    /// The text of a variable, before it was read as TOML.
    pub(super) raw: Option<String>,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Bool(bool),
    List(Vec<Node>),
    Table(Table),
    /// A date, or a number no setting can hold.
    Other(&'static str),
    /// A secret that should not be here. It is dropped when it is read, so that no message can show it.
    Secret,
}

/// Reads a file. All syntax errors are reported, and with any of them there is no tree.
pub(super) fn parse(path: &Path, text: &str, errors: &mut Vec<SettingsError>) -> Option<Table> {
    let source = Lines::of(path, text);
    let (table, syntax) = DeTable::parse_recoverable(text);
    if syntax.is_empty() {
        return Some(source.table(table.into_inner(), "", errors));
    }
    errors.extend(syntax.into_iter().map(|error| SettingsError {
        at: source.at(error.span().map_or(text.len(), |span| span.start)),
        problem: Problem::Syntax { detail: error.message().to_owned() },
    }));
    None
}

/// Reads the text of a variable: a TOML value, or else plain text. A secret is no error yet, since the variable may be
/// one that holds it.
pub(super) fn parse_variable(text: &str, at: &Origin) -> Node {
    let value = match DeValue::parse(text) {
        _ if text.contains(SECRET_PREFIX) => Value::Secret,
        Ok(value) => place(value.into_inner(), "", &|_| at.clone(), &mut Vec::new()),
        Err(_) => Value::Text(text.to_owned()),
    };
    Node { value, at: at.clone(), raw: Some(text.to_owned()) }
}

fn secret(key: &str, at: &Origin, errors: &mut Vec<SettingsError>) -> Value {
    errors.push(SettingsError { at: at.clone(), problem: Problem::LiteralSecret { key: key.to_owned() } });
    Value::Secret
}

/// Joins a key to the path before it, in quotes where TOML wants them.
pub(super) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let key = if bare { key.to_owned() } else { format!("\"{key}\"") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

type Places<'a> = &'a dyn Fn(usize) -> Origin;

fn place(value: DeValue<'_>, path: &str, places: Places<'_>, errors: &mut Vec<SettingsError>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number that is too large"), Value::Integer),
        DeValue::Float(number) => number.as_str().parse().map_or(Value::Other("no number"), Value::Float),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(items) => {
            Value::List(items.into_iter().map(|item| node(item, path, places, errors)).collect())
        }
        DeValue::Table(table) => Value::Table(entries(table, path, places, errors)),
    }
}

fn node(
    value: Spanned<DeValue<'_>>,
    path: &str,
    places: Places<'_>,
    errors: &mut Vec<SettingsError>,
) -> Node {
    let at = places(value.span().start);
    let value = match value.into_inner() {
        DeValue::String(text) if text.contains(SECRET_PREFIX) => secret(path, &at, errors),
        value => place(value, path, places, errors),
    };
    Node { value, at, raw: None }
}

fn entries(table: DeTable<'_>, path: &str, places: Places<'_>, errors: &mut Vec<SettingsError>) -> Table {
    table
        .into_iter()
        .map(|(key, value)| {
            let at = places(key.span().start);
            let key = key.into_inner().into_owned();
            let node = node(value, &join(path, &key), places, errors);
            (key, Entry { at, node })
        })
        .collect()
}

/// A file's text by lines, to name the place of a byte.
struct Lines<'a> {
    path: Arc<Path>,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(path: &Path, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path: Arc::from(path), text, starts }
    }

    fn at(&self, byte: usize) -> Origin {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = self.text.get(start..byte).map_or(0, |before| before.chars().count()) + 1;
        Origin::File { path: Arc::clone(&self.path), line, column }
    }

    fn table(&self, table: DeTable<'_>, path: &str, errors: &mut Vec<SettingsError>) -> Table {
        entries(table, path, &|byte| self.at(byte), errors)
    }
}
