//! Keeping secrets out of lines.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::fmt::MakeWriter;

const STAND_IN: &str = "(secret)";
const UNRESERVED: &[u8] = b"-._~";

/// Replaces registered secrets by `(secret)`, in every form a line may hold them: as they are, escaped in a `Debug`
/// form, in JSON or in both, percent-encoded in a URL, and a webhook secret without its `whsec_`.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Vec<SecretString>>>);

impl Redactor {
    /// Registers a secret for all lines from now on.
    pub fn register(&self, secret: &SecretString) {
        let mut forms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for form in forms_of(secret.expose_secret()) {
            if !forms.iter().any(|known| known.expose_secret() == form) {
                forms.push(SecretString::from(form));
            }
        }
        // A form that contains another one goes first, so that nothing of it is left.
        forms.sort_by_key(|form| std::cmp::Reverse(form.expose_secret().len()));
    }

    /// The text without the secrets.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let forms = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut clean = Cow::Borrowed(text);
        for form in forms.iter().map(ExposeSecret::expose_secret) {
            if clean.contains(form) {
                clean = Cow::Owned(clean.replace(form, STAND_IN));
            }
        }
        clean
    }

    /// A writer whose lines are redacted before they reach `inner`.
    pub fn over<W>(&self, inner: W) -> Redacting<W> {
        Redacting { redactor: self.clone(), inner }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forms = self.0.read().unwrap_or_else(PoisonError::into_inner);
        write!(f, "Redactor({} forms)", forms.len())
    }
}

fn forms_of(secret: &str) -> Vec<String> {
    let bare = secret.strip_prefix("whsec_").unwrap_or(secret);
    let mut forms = Vec::new();
    for value in [secret, bare] {
        // Base64 is often written without its padding.
        for value in [value, value.trim_end_matches('=')] {
            let debug = value.escape_debug().to_string();
            let encoded = value.bytes().map(percent_encoded).collect();
            forms.extend([in_json(value), in_json(&debug), debug, encoded, value.to_owned()]);
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
