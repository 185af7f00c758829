//! The grammar of `english.txt`: sections of sentences, each under the condition on which they are true.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::moment::{Moment, Slot};

/// A section: its sentences are true of a moment for which every word of its head holds.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) head: &'static str,
    pub(crate) sentences: Vec<Sentence>,
}

/// A sentence, and whether it claims its section's condition, so that it is false where that does not hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sentence {
    pub(crate) text: &'static str,
    pub(crate) claims: bool,
}

#[derive(Debug)]
pub(crate) struct Grammar {
    pub(crate) sections: Vec<Section>,
    words: BTreeMap<&'static str, &'static str>,
}

impl Section {
    fn truths(&self) -> impl Iterator<Item = &'static str> {
        self.head.split('~').next().unwrap_or_default().split_whitespace()
    }

    /// Whether its sentences are true of the moment, and worth saying.
    pub(crate) fn is_apt(&self, moment: &Moment) -> bool {
        let apt = self.head.split_once('~').map_or("", |(_, apt)| apt);
        self.is_true(moment) && apt.split_whitespace().all(|truth| moment.truths.contains(truth))
    }

    /// Whether its sentences are true of the moment.
    pub(crate) fn is_true(&self, moment: &Moment) -> bool {
        self.truths().all(|truth| match truth.strip_prefix('!') {
            Some(not) => !moment.truths.contains(not),
            None => moment.truths.contains(truth),
        })
    }
}

impl Grammar {
    pub(crate) fn read() -> Self {
        let (mut sections, mut words) = (Vec::<Section>::new(), BTreeMap::new());
        let mut naming = None;
        for line in include_str!("english.txt").lines().map(str::trim) {
            match line.strip_prefix('[').and_then(|head| head.strip_suffix(']')) {
                _ if line.is_empty() || line.starts_with('#') => {}
                Some(head) if !head.contains('/') => {
                    naming = head.strip_prefix("= ");
                    if naming.is_none() {
                        sections.push(Section { head, sentences: Vec::new() });
                    }
                }
                _ => match (naming, sections.last_mut()) {
                    (Some(name), _) => drop(words.insert(name, line)),
                    (None, Some(section)) => {
                        let marked = line.strip_prefix("~ ");
                        let (text, claims) = (marked.unwrap_or(line), marked.is_none());
                        section.sentences.push(Sentence { text, claims });
                    }
                    (None, None) => panic!("a sentence without a head: {line}"),
                },
            }
        }
        Self { sections, words }
    }

    /// A sentence with its choices made and its slots filled in; `None` where the moment lacks a slot.
    pub(crate) fn tell(&self, sentence: &str, moment: &Moment, rng: &mut Rng) -> Option<String> {
        let chosen = self.chosen(sentence, rng);
        let filled = self.filled(&chosen, moment, rng)?;
        Some(capitalised(filled.trim()))
    }

    fn chosen(&self, text: &str, rng: &mut Rng) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['(', '@']) {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            if rest[at..].starts_with('@') {
                let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
                let word =
                    self.words.get(&after[..end]).unwrap_or_else(|| panic!("no word {}", &after[..end]));
                out.push_str(&self.one_of(word, rng));
                rest = &after[end..];
            } else {
                let end = closing(after);
                out.push_str(&self.one_of(&after[..end], rng));
                rest = &after[end + 1..];
            }
        }
        out.push_str(rest);
        out
    }

    fn one_of(&self, text: &str, rng: &mut Rng) -> String {
        let mut choices = vec![String::new()];
        let mut depth = 0;
        for c in text.chars() {
            depth += match c {
                '(' | '[' | '{' => 1,
                ')' | ']' | '}' => -1,
                _ => 0,
            };
            match choices.last_mut() {
                _ if c == '|' && depth == 0 => choices.push(String::new()),
                Some(last) => last.push(c),
                None => {}
            }
        }
        let choice = choices.swap_remove(rng.usize(..choices.len()));
        self.chosen(&choice, rng)
    }

    fn filled(&self, text: &str, moment: &Moment, rng: &mut Rng) -> Option<String> {
        let mut out = String::new();
        let (mut rest, mut plural) = (text, true);
        while let Some(at) = rest.find(['{', '[']) {
            out.push_str(&rest[..at]);
            let end = at + rest[at..].find(['}', ']'])?;
            let inner = &rest[at + 1..end];
            if rest[at..].starts_with('[') {
                let (many, one) = inner.split_once('/')?;
                out.push_str(if plural { many } else { one });
            } else {
                match moment.slots.get(inner)? {
                    Slot::Team(forms) => {
                        let (name, many) = forms.get(rng.usize(..forms.len()))?;
                        (plural, rest) = (*many, rest);
                        out.push_str(name);
                    }
                    Slot::Text(choices) => {
                        let choice = choices.get(rng.usize(..choices.len()))?;
                        out.push_str(&self.chosen(choice, rng));
                    }
                }
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        Some(out)
    }
}

fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    panic!("an open bracket in {text}")
}

/// The first letter of every sentence as a capital.
pub(crate) fn capitalised(text: &str) -> String {
    let (mut out, mut opens) = (String::new(), true);
    let mut before = ' ';
    for c in text.chars() {
        if opens && c.is_alphanumeric() {
            out.extend(c.to_uppercase());
            opens = false;
        } else {
            opens |= c == ' ' && matches!(before, '.' | '!' | '?');
            out.push(c);
        }
        before = c;
    }
    out
}
