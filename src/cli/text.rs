//! How things are put on a terminal.

use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde::Serialize;

use super::exit::Failure;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();

/// Writes to standard output, without colours where it is no terminal or `NO_COLOR` is set. A reader that has gone away,
/// as `head` does, is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard output. That nobody reads it is no failure.
pub(crate) fn print_line(line: &str) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    json.push('\n');
    print(&json)
}

pub(super) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Rows under a header, each column as wide as its widest cell; colours take no width.
pub(super) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(super) fn new(header: [&str; N]) -> Self {
        Self { rows: vec![header.map(|title| paint(DIM, title))] }
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    pub(super) fn render(&self) -> String {
        let width = |column: usize| {
            self.rows.iter().map(|row| console::measure_text_width(&row[column])).max().unwrap_or_default()
        };
        let widths: [usize; N] = std::array::from_fn(width);
        let mut text = String::new();
        for row in &self.rows {
            let cells = row.iter().zip(widths);
            let line: String = cells
                .map(|(cell, width)| {
                    format!("{cell}{}", " ".repeat(width - console::measure_text_width(cell) + 2))
                })
                .collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// A span in its two largest units: `2 h 3 min`, `4 s`, `250 ms`.
pub(super) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{seconds} s"),
        60..3600 => two(seconds / 60, "min", seconds % 60, "s"),
        3600..86400 => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => two(seconds / 86400, "d", seconds % 86400 / 3600, "h"),
    }
}

fn two(large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    match small {
        0 => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    }
}

/// A time to the second, in UTC.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_their_two_largest_units() {
        let told: Vec<String> =
            [0, 59, 60, 61, 3600, 7380, 90_000].map(|s| span(Duration::from_secs(s))).into_iter().collect();
        assert_eq!(told, ["0 ms", "59 s", "1 min", "1 min 1 s", "1 h", "2 h 3 min", "1 d 1 h"]);
    }
}
