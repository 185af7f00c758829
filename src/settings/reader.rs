//! Reading typed values out of layers: built-in defaults ← file ← environment.
//!
//! A [`Section`] is asked for each key it may hold. What it was asked for is what is known: the rest of the file and
//! of the environment is refused in the end, with the nearest known name. Nothing stops at the first error; a value
//! that cannot be used is reported and stood in for by its default.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::duration::Written;
use super::error::{Origin, Problem, SettingsError};
use super::nearest::nearest;
use super::sources::Env;
use super::tree::{self, Node, Table, Value};
use super::values;
use super::variables::{self, Variables, spelled};

/// Why a value cannot be used, as its parser says it.
#[derive(Debug)]
pub(super) struct Refusal {
    at: Origin,
    expected: String,
    found: String,
}

impl Refusal {
    /// Says what would be right and shows what is there.
    pub(super) fn of(node: &Node, expected: impl Into<String>) -> Self {
        let found = match &node.value {
            Value::Text(text) if text.chars().count() <= 60 => format!(", and \"{text}\" is not"),
            Value::Text(_) => ", and this text is not".to_owned(),
            Value::Integer(number) => format!(", and {number} is not"),
            Value::Float(number) => format!(", and {number} is not"),
            Value::Bool(value) => format!(", and {value} is not"),
            Value::List(_) => ", and a list is not".to_owned(),
            Value::Table(_) => ", and a table is not".to_owned(),
            Value::Other(what) => format!(", and {what} is not"),
            Value::Secret => String::new(),
        };
        Self { at: node.at.clone(), expected: expected.into(), found }
    }

    /// Says what would be right and keeps what is there to itself.
    pub(super) fn unseen(node: &Node, expected: impl Into<String>) -> Self {
        Self { at: node.at.clone(), expected: expected.into(), found: String::new() }
    }
}

/// One setting as it came out: its key, its value, and where that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The whole key.
    pub key: String,
    /// The value, written as JSON.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
}

/// What is read so far, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Reader {
    variables: Variables,
    known_variables: BTreeSet<String>,
    unusable: BTreeSet<String>,
    pub(super) errors: Vec<SettingsError>,
    pub(super) leaves: Vec<Leaf>,
}

impl Reader {
    pub(super) fn new(env: &Env, errors: Vec<SettingsError>) -> Self {
        Self {
            variables: variables::read(env),
            known_variables: BTreeSet::new(),
            unusable: BTreeSet::new(),
            errors,
            leaves: Vec::new(),
        }
    }

    /// Reads the whole file, which stands `at`, through `read`.
    pub(super) fn read<T>(
        &mut self,
        table: Table,
        at: Origin,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let mut section = Section {
            reader: self,
            path: Vec::new(),
            entries: table,
            known: Vec::new(),
            at,
            inherits: false,
        };
        let value = read(&mut section);
        section.finish();
        value
    }

    /// Refuses the variables that no setting has taken; `others` are known for another reason.
    pub(super) fn refuse_unknown_variables(&mut self, others: &BTreeSet<String>) {
        for (name, node) in std::mem::take(&mut self.variables).into_values() {
            if others.contains(&name) {
                continue;
            }
            let meant = nearest(&name, self.known_variables.iter().map(String::as_str));
            let advice = meant.map_or_else(
                || "unset it; `wirereport init` shows every setting".to_owned(),
                |meant| format!("did you mean {meant}?"),
            );
            self.errors.push(SettingsError { at: node.at, problem: Problem::UnknownVariable { advice } });
        }
    }
}

enum Look<T> {
    Absent,
    Unusable,
    Found(T),
}

/// One table of the file, with the variables that go over it.
pub(super) struct Section<'r> {
    reader: &'r mut Reader,
    path: Vec<String>,
    entries: Table,
    known: Vec<String>,
    at: Origin,
    /// Whether a key that is absent has its value from a table above, and so no place of its own.
    inherits: bool,
}

impl Section<'_> {
    /// The value of `key`, or its default.
    pub(super) fn take<T: Serialize>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Node) -> Result<T, Vec<Refusal>>,
        default: T,
    ) -> T {
        match self.look(key, read) {
            Look::Found(value) => value,
            Look::Absent | Look::Unusable => {
                if !self.inherits {
                    self.leaf(key, &default, Origin::BuiltIn);
                }
                default
            }
        }
    }

    /// The duration of `key` between `limits`, or its default.
    pub(super) fn duration(
        &mut self,
        key: &str,
        limits: (Duration, Duration),
        default: Duration,
    ) -> Duration {
        self.take(key, |node| values::duration(node, limits).map(Written), Written(default)).0
    }

    /// The value of a key that must be there.
    pub(super) fn require<T: Serialize>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&Node) -> Result<T, Vec<Refusal>>,
    ) -> Option<T> {
        match self.look(key, read) {
            Look::Found(value) => Some(value),
            Look::Unusable => None,
            Look::Absent => {
                self.missing(key, expected);
                None
            }
        }
    }

    /// Reports that a key has to be there.
    pub(super) fn missing(&mut self, key: &str, expected: &str) {
        let problem = Problem::Missing { key: self.key(key), expected: expected.to_owned() };
        self.reader.errors.push(SettingsError { at: self.at.clone(), problem });
    }

    /// From here on a key that is absent has the value of a table above.
    pub(super) fn inherit(&mut self) {
        self.inherits = true;
    }

    /// Leaves the rest of this table unread, since nothing is known about it.
    pub(super) fn skip(&mut self) {
        self.entries.clear();
        let path = self.spelled_path();
        self.reader.variables.retain(|variable, _| !variable.starts_with(&path));
    }

    /// Whether anything was wrong so far.
    pub(super) fn failed(&self) -> bool {
        !self.reader.errors.is_empty()
    }

    /// Reads the table under `key`, which may be absent.
    pub(super) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        self.known.push(key.to_owned());
        let (entries, at) = match self.entries.remove(key) {
            Some(entry) => match entry.node.value {
                Value::Table(table) => (table, entry.at),
                _ => {
                    let refusal = Refusal::of(&entry.node, "a table");
                    self.refuse(key, vec![refusal]);
                    (Table::new(), entry.at)
                }
            },
            None => (Table::new(), self.variable_under(key).unwrap_or_else(|| self.at.clone())),
        };
        let mut path = self.path.clone();
        path.push(key.to_owned());
        let mut section =
            Section { reader: &mut *self.reader, path, entries, known: Vec::new(), at, inherits: false };
        let value = read(&mut section);
        section.finish();
        value
    }

    /// The tables under this one that were not asked for yet, by the file and by the environment. A variable's
    /// spelling is matched with `candidates` and the file's names; one that fits none is passed through `name`.
    pub(super) fn tables(
        &self,
        candidates: impl IntoIterator<Item = String>,
        name: impl Fn(&str) -> Option<String>,
    ) -> BTreeSet<String> {
        let tables = self.entries.iter().filter(|(_, entry)| matches!(entry.node.value, Value::Table(_)));
        let mut names: BTreeSet<String> = tables.map(|(name, _)| name.clone()).collect();
        let candidates: Vec<String> = names.iter().cloned().chain(candidates).collect();
        let depth = self.path.len();
        for path in self.reader.variables.keys() {
            if path.len() < depth + 2 || path[..depth] != self.spelled_path()[..] {
                continue;
            }
            let known = candidates.iter().find(|candidate| spelled(candidate) == path[depth]);
            names.extend(known.cloned().or_else(|| name(&path[depth])));
        }
        names
    }

    /// Whether `name` is a table that holds the table `inner`.
    pub(super) fn holds_table(&self, name: &str, inner: impl Fn(&str) -> bool) -> Option<String> {
        let Value::Table(table) = &self.entries.get(name)?.node.value else { return None };
        table
            .iter()
            .find(|(key, entry)| inner(key) && matches!(entry.node.value, Value::Table(_)))
            .map(|(key, _)| key.clone())
    }

    /// Refuses the table `name`, with what to do instead.
    pub(super) fn refuse_table(&mut self, name: &str, advice: String) {
        let at = self.entries.remove(name).map_or_else(|| self.at.clone(), |entry| entry.at);
        let problem = Problem::UnknownKey { key: self.key(name), advice };
        self.reader.errors.push(SettingsError { at, problem });
    }

    /// Reports that the first of these keys does not go with the others, at the first of them that is set. Says
    /// nothing where one of them could not be read: that was said already.
    pub(super) fn conflict(&mut self, keys: &[&str], detail: impl Into<String>) {
        let full = |key: &&str| key.split('.').fold(self.table(), |path, part| tree::join(&path, part));
        let keys: Vec<String> = keys.iter().map(full).collect();
        if keys.iter().any(|key| self.reader.unusable.contains(key)) {
            return;
        }
        let places = keys.iter().filter_map(|key| {
            let set = |leaf: &&Leaf| leaf.origin != Origin::BuiltIn && is_within(&leaf.key, key);
            self.reader.leaves.iter().rev().find(set).map(|leaf| leaf.origin.clone())
        });
        let at = places.into_iter().next().unwrap_or_else(|| self.at.clone());
        let problem =
            Problem::Conflict { key: keys.into_iter().next().unwrap_or_default(), detail: detail.into() };
        self.reader.errors.push(SettingsError { at, problem });
    }

    fn look<T: Serialize>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Node) -> Result<T, Vec<Refusal>>,
    ) -> Look<T> {
        self.known.push(key.to_owned());
        let mut path = self.spelled_path();
        path.push(spelled(key));
        self.reader.known_variables.insert(variables::name(&path));
        let in_file = self.entries.remove(key).map(|entry| entry.node);
        let Some(node) = self.reader.variables.remove(&path).map(|(_, node)| node).or(in_file) else {
            return Look::Absent;
        };
        if matches!(node.value, Value::Secret) {
            let key = self.key(key);
            if matches!(node.at, Origin::Variable { .. }) {
                let problem = Problem::LiteralSecret { key: key.clone() };
                self.reader.errors.push(SettingsError { at: node.at, problem });
            }
            self.reader.unusable.insert(key);
            return Look::Unusable;
        }
        match read(&node) {
            Ok(value) => {
                self.leaf(key, &value, node.at);
                Look::Found(value)
            }
            Err(refusals) => {
                self.refuse(key, refusals);
                Look::Unusable
            }
        }
    }

    fn refuse(&mut self, key: &str, refusals: Vec<Refusal>) {
        let key = self.key(key);
        self.reader.unusable.insert(key.clone());
        self.reader.errors.extend(refusals.into_iter().map(|refusal| SettingsError {
            at: refusal.at,
            problem: Problem::Invalid { key: key.clone(), expected: refusal.expected, found: refusal.found },
        }));
    }

    fn leaf<T: Serialize>(&mut self, key: &str, value: &T, origin: Origin) {
        let key = self.key(key);
        let value = serde_json::to_string(value).unwrap_or_default();
        self.reader.leaves.push(Leaf { key, value, origin });
    }

    fn key(&self, key: &str) -> String {
        tree::join(&self.table(), key)
    }

    fn table(&self) -> String {
        self.path.iter().fold(String::new(), |path, part| tree::join(&path, part))
    }

    /// Where the first variable for a key of the table `key` is set.
    fn variable_under(&self, key: &str) -> Option<Origin> {
        let mut path = self.spelled_path();
        path.push(spelled(key));
        let mut variables = self.reader.variables.iter();
        variables.find(|(variable, _)| variable.starts_with(&path)).map(|(_, (_, node))| node.at.clone())
    }

    fn spelled_path(&self) -> Vec<String> {
        self.path.iter().map(|part| spelled(part)).collect()
    }

    fn finish(mut self) {
        for (key, entry) in std::mem::take(&mut self.entries) {
            if matches!(entry.node.value, Value::Secret) {
                continue;
            }
            let advice = self.advice(&key);
            let problem = Problem::UnknownKey { key: self.key(&key), advice };
            self.reader.errors.push(SettingsError { at: entry.at, problem });
        }
    }

    fn advice(&self, key: &str) -> String {
        let names_secret = self.known.iter().find(|known| known.ends_with("_env") && looks_secret(known));
        if let Some(named) = names_secret.filter(|_| looks_secret(key)) {
            let named = self.known.iter().find(|known| **known == format!("{key}_env")).unwrap_or(named);
            return format!(
                "a secret does not stand in this file: name the environment variable that holds it in `{named}`"
            );
        }
        if let Some(meant) = nearest(key, self.known.iter().map(String::as_str)) {
            return format!("did you mean `{meant}`?");
        }
        format!("the keys here are {}", self.known.join(", "))
    }
}

fn is_within(key: &str, table: &str) -> bool {
    key.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn looks_secret(key: &str) -> bool {
    ["secret", "token", "password", "key"].iter().any(|word| key.contains(word))
}
