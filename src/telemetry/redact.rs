//! Keeping secrets out of whatever leaves: lines of the log, answers, what commands print.
//!
//! What is known to be a secret goes first, by its value, in every form it may have been given on the way; what looks like
//! one goes second. A value of fewer than eight characters is refused where secrets are read, since it would be no
//! secret; should one be registered all the same, it is replaced where it stands by itself and not inside other words.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::fmt::MakeWriter;

pub mod patterns;

const STAND_IN: &str = "(secret)";
const UNRESERVED: &[u8] = b"-._~";
/// Anything shorter is replaced only where it stands by itself.
const SHORT: usize = 8;

/// Replaces registered secrets by `(secret)`, in every form a line may hold them: as they are, escaped in a `Debug`
/// form, in JSON or in both, percent-encoded in a URL or a form, in base64 with whatever stands around it, and a webhook
/// secret without its `whsec_`. Then everything that [looks like](patterns) a secret.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Known>>);

/// What is known to be secret.
#[derive(Default)]
struct Known {
    forms: Vec<SecretString>,
    /// Finds every form that is not short in one pass: each line and each answer comes by here.
    finder: Option<AhoCorasick>,
}

impl Known {
    fn add(&mut self, forms: Vec<String>) {
        let before = self.forms.len();
        for form in forms {
            if !self.forms.iter().any(|known| known.expose_secret() == form) {
                self.forms.push(SecretString::from(form));
            }
        }
        if self.forms.len() > before {
            let long = self.forms.iter().map(ExposeSecret::expose_secret).filter(|form| form.len() >= SHORT);
            // Of forms that begin at one place the longest goes, so that nothing of it is left.
            let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(long);
            self.finder = finder.ok();
        }
    }

    fn short(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().map(ExposeSecret::expose_secret).filter(|form| form.len() < SHORT)
    }
}

static OF_PROCESS: LazyLock<Redactor> = LazyLock::new(Redactor::default);

impl Redactor {
    /// The one that this process registers its secrets in, and that all it prints passes.
    pub fn of_process() -> Self {
        OF_PROCESS.clone()
    }

    /// Registers a secret for all lines from now on.
    pub fn register(&self, secret: &SecretString) {
        let is_known = |known: &SecretString| known.expose_secret() == secret.expose_secret();
        if self.0.read().unwrap_or_else(PoisonError::into_inner).forms.iter().any(is_known) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.add(forms_of(secret.expose_secret()));
    }

    /// The text without the secrets.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut clean = Cow::Borrowed(text);
        if let Some(finder) = known.finder.as_ref().filter(|finder| finder.is_match(text)) {
            let mut without = String::with_capacity(text.len());
            finder.replace_all_with(text, &mut without, |_, _, to| {
                to.push_str(STAND_IN);
                true
            });
            clean = Cow::Owned(without);
        }
        let clean = known.short().fold(clean, by_itself);
        patterns::redact(clean, STAND_IN)
    }

    /// A writer whose lines are redacted before they reach `inner`.
    pub fn over<W>(&self, inner: W) -> Redacting<W> {
        Redacting { redactor: self.clone(), inner }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Redactor({} forms)", known.forms.len())
    }
}

/// Replaces a short form where no letter or digit is beside it.
fn by_itself<'t>(text: Cow<'t, str>, form: &str) -> Cow<'t, str> {
    let alone = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + form.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let places: Vec<usize> = text.match_indices(form).map(|(at, _)| at).filter(|at| alone(*at)).collect();
    if places.is_empty() {
        return text;
    }
    let mut clean = text.clone().into_owned();
    for at in places.into_iter().rev() {
        clean.replace_range(at..at + form.len(), STAND_IN);
    }
    Cow::Owned(clean)
}

fn forms_of(secret: &str) -> Vec<String> {
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    let mut forms = Vec::new();
    for value in [secret, bare] {
        // Base64 is often written without its padding.
        for value in [value, value.trim_end_matches('=')] {
            let debug = value.escape_debug().to_string();
            let encoded: String = value.bytes().map(percent_encoded).collect();
            let form = encoded.replace("%20", "+");
            forms.extend([in_json(value), in_json(&debug), debug]);
            forms.extend([lower_escapes(&encoded), lower_escapes(&form), encoded, form]);
            if value.len() >= SHORT {
                forms.extend(in_base64(value.as_bytes()));
            }
            forms.push(value.to_owned());
        }
    }
    forms.retain(|form| !form.is_empty());
    forms
}

fn in_json(value: &str) -> String {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || UNRESERVED.contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// `%2f` for `%2F`.
fn lower_escapes(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (escape, rest) = part.split_at(2.min(part.len()));
        text.push('%');
        text.push_str(&escape.to_ascii_lowercase());
        text.push_str(rest);
    }
    text
}

/// What base64 makes of the value wherever it stands in what is encoded, as after the name in `name:password`: the signs
/// that depend on nothing but the value, for each of the three places it can have in a group of three bytes.
fn in_base64(value: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(value.iter().copied()).collect();
        let first = (before * 8).div_ceil(6);
        let last = padded.len() * 8 / 6;
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&padded);
            forms.extend(encoded.get(first..last).map(str::to_owned));
        }
    }
    forms
}

/// Makes writers that redact whole lines.
#[derive(Debug)]
pub struct Redacting<W> {
    redactor: Redactor,
    inner: W,
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redacting<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { redactor: self.redactor.clone(), inner: self.inner.make_writer(), held: Vec::new() }
    }

    fn make_writer_for(&'a self, meta: &tracing::Metadata<'_>) -> Self::Writer {
        Line { redactor: self.redactor.clone(), inner: self.inner.make_writer_for(meta), held: Vec::new() }
    }
}

/// Holds a line back until it is whole, since a secret could be cut in two between writes.
pub struct Line<W: Write> {
    redactor: Redactor,
    inner: W,
    held: Vec<u8>,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for Line<W> {
    fn drop(&mut self) {
        let line = String::from_utf8_lossy(&self.held);
        // There is nowhere to tell that the log itself cannot be written.
        let _ = self.inner.write_all(self.redactor.redact(&line).as_bytes());
        let _ = self.inner.flush();
    }
}
