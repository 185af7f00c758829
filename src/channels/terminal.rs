//! The channel `terminal`: one line per story, for whoever looks on.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use wirereport_actors::ports::channel::{
    Capabilities, Channel, Corrections, Fence, Idempotency, LengthUnit, Limits, Reconciled, RenderError,
};
use wirereport_actors::wire::post::{Frozen, Outcome, Post, Remote};

const DIM: &str = "\x1b[2m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// Prints each told story as one line: when it happened, the league, the text.
pub struct TerminalChannel {
    out: Arc<Mutex<Box<dyn Write + Send>>>,
    colours: bool,
    zone: TimeZone,
}

impl TerminalChannel {
    /// Prints to that, with times of that zone.
    pub fn new(out: Box<dyn Write + Send>, colours: bool, zone: TimeZone) -> Self {
        Self { out: Arc::new(Mutex::new(out)), colours, zone }
    }

    /// Prints to standard output with local times, in colours if it is a terminal and `NO_COLOR` is not set.
    pub fn stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colours = wanted && io::stdout().is_terminal();
        Self::new(Box::new(io::stdout()), colours, TimeZone::system())
    }

    /// The same channel, printing to another stream.
    pub fn through(self, out: Box<dyn Write + Send>) -> Self {
        Self { out: Arc::new(Mutex::new(out)), ..self }
    }

    fn paint(&self, line: &str) -> String {
        let mut parts = line.splitn(3, SEPARATOR);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(time), Some(sport), Some(text)) if self.colours => {
                format!("{DIM}{time}{PLAIN}{SEPARATOR}{BOLD}{sport}{PLAIN}{SEPARATOR}{text}\n")
            }
            _ => format!("{line}\n"),
        }
    }
}

const SEPARATOR: &str = "  ";

#[async_trait]
impl Channel for TerminalChannel {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            limits: Limits { max: 2000, unit: LengthUnit::Graphemes },
            idempotency: Idempotency::Forever,
            reads_back: false,
            read_back_lag: Duration::ZERO,
            in_flight: 1,
            corrections: Corrections::Create,
            attempt_within: Duration::from_secs(10),
        }
    }

    fn render(&self, post: &Post) -> Result<Frozen, RenderError> {
        let time = post.happened_at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string();
        let body = [time, printable(post.sport.as_str()), printable(&post.text)].join(SEPARATOR);
        Ok(Frozen { body, key: format!("{}/{}", post.story, post.revision) })
    }

    async fn send(&self, _post: &Post, frozen: &Frozen, now: Timestamp, fence: &Fence) -> Outcome {
        if !fence.holds() {
            return Fence::fell(now);
        }
        let line = self.paint(&frozen.body);
        let out = Arc::clone(&self.out);
        let printed = tokio::task::spawn_blocking(move || {
            let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
            out.write_all(line.as_bytes()).and_then(|()| out.flush())
        });
        match printed.await {
            Ok(Err(e)) if e.kind() != io::ErrorKind::BrokenPipe => {
                Outcome::NotSent { reason: format!("print: {e}"), retry_at: now }
            }
            // Where nobody looks on any more, nothing is owed.
            Ok(_) => Outcome::Sent { remote: Remote { id: frozen.key.clone(), url: None } },
            Err(e) => Outcome::Unknown { reason: format!("printing broke off: {e}") },
        }
    }

    async fn reconcile(&self, _post: &Post, _frozen: &Frozen, _now: Timestamp) -> Reconciled {
        Reconciled::CannotTell { reason: "a terminal cannot be read".to_owned() }
    }
}

/// One line without control characters: a text from outside must not command the terminal.
fn printable(text: &str) -> String {
    let safe: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    safe.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{post, second};
    use super::*;

    /// What was printed, or the error every write meets.
    #[derive(Clone, Default)]
    struct Screen {
        seen: Arc<Mutex<Vec<u8>>>,
        broken: Option<io::ErrorKind>,
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.broken {
                Some(kind) => Err(kind.into()),
                None => self.seen.lock().unwrap().write(bytes),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn printed(screen: &Screen, colours: bool, post: &Post) -> Outcome {
        let channel = TerminalChannel::new(Box::new(screen.clone()), colours, TimeZone::UTC);
        let frozen = channel.render(post).unwrap();
        channel.send(post, &frozen, second(0), &Fence::of_nobody_else()).await
    }

    fn text(screen: &Screen) -> String {
        String::from_utf8(screen.seen.lock().unwrap().clone()).unwrap()
    }

    #[tokio::test]
    async fn a_story_is_one_line_with_its_time_and_league() {
        let screen = Screen::default();
        printed(&screen, false, &post(1)).await;
        assert_eq!(
            text(&screen),
            "01:00:01  nba  The Celtics lead the Knicks 91-90 in the fourth quarter.\n"
        );
    }

    #[tokio::test]
    async fn colours_mark_the_time_and_the_league() {
        let screen = Screen::default();
        printed(&screen, true, &Post { text: "So  be it.".to_owned(), ..post(1) }).await;
        assert_eq!(text(&screen), "\x1b[2m01:00:01\x1b[0m  \x1b[1mnba\x1b[0m  So be it.\n");
    }

    #[tokio::test]
    async fn a_text_from_outside_does_not_command_the_terminal() {
        let screen = Screen::default();
        let hostile = Post { text: "one\r\ntwo\x1b]0;title\x07\u{9b}31m".to_owned(), ..post(1) };
        printed(&screen, false, &hostile).await;
        assert_eq!(text(&screen), "01:00:01  nba  one two ]0;title 31m\n");
    }

    #[tokio::test]
    async fn a_closed_pipe_is_no_trouble_and_any_other_error_is_tried_again() {
        let closed = Screen { broken: Some(io::ErrorKind::BrokenPipe), ..Screen::default() };
        assert!(matches!(printed(&closed, false, &post(1)).await, Outcome::Sent { .. }));
        let full = Screen { broken: Some(io::ErrorKind::StorageFull), ..Screen::default() };
        assert!(matches!(printed(&full, false, &post(1)).await, Outcome::NotSent { .. }));
    }
}
