//! How things are put on a terminal.

use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde::Serialize;

use super::exit::Failure;
use crate::telemetry::Redactor;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();

/// Writes to standard output, without secrets, and without colours where it is no terminal or `NO_COLOR` is set. A reader
/// that has gone away, as `head` does, is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_verbatim(&Redactor::of_process().redact(text))
}

/// Writes to standard output what was asked for with all its secrets, such as a new token.
pub(super) fn print_verbatim(text: &str) -> Result<(), Failure> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a line to standard output. That nobody reads it is no failure.
pub(crate) fn print_line(line: &str) {
    let _ = writeln!(anstream::stdout(), "{}", Redactor::of_process().redact(line));
}

/// Writes a line to standard error, as whatever goes wrong is told. That nobody reads it is no failure.
pub(crate) fn print_trouble(trouble: &dyn std::fmt::Display) {
    let line = format!("wirereport: {trouble}");
    let _ = writeln!(anstream::stderr(), "{}", Redactor::of_process().redact(&line));
}

/// Says on standard error what stands beside a result.
pub(super) fn eprint(line: &str) {
    // That nobody reads it is no failure.
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    json.push('\n');
    print(&json)
}

/// Prints a value as JSON with all its secrets, where they were asked for.
pub(super) fn print_json_verbatim(value: &impl Serialize) -> Result<(), Failure> {
    let mut json = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    json.push('\n');
    print_verbatim(&json)
}

pub(super) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    match text.to_string() {
        text if text.is_empty() => text,
        text => format!("{style}{text}{style:#}"),
    }
}

/// How many columns standard output shows; `None` where it is no terminal, and nothing need fit.
pub(super) fn width() -> Option<usize> {
    let terminal = console::Term::stdout();
    terminal.is_term().then(|| usize::from(terminal.size().1))
}

/// Rows under a header, each column as wide as its widest cell; colours take no width.
pub(super) struct Table<const N: usize> {
    rows: Vec<Row<N>>,
}

struct Row<const N: usize> {
    cells: [String; N],
    below: Option<String>,
}

/// What is between two columns.
const GAP: usize = 2;
/// A last column that would have less than this is not cut: on so narrow a terminal lines may as well wrap.
const LEAST: usize = 12;

impl<const N: usize> Table<N> {
    pub(super) fn new(header: [&str; N]) -> Self {
        Self { rows: vec![Row { cells: header.map(|title| paint(DIM, title)), below: None }] }
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        self.rows.push(Row { cells, below: None });
    }

    /// Adds a line under the last row, where its second column begins; it is never cut.
    pub(super) fn below(&mut self, line: impl Into<String>) {
        if let Some(row) = self.rows.last_mut() {
            row.below = Some(line.into());
        }
    }

    /// The table as text. Where it is to fit into a width, the last column is cut short for it.
    pub(super) fn render(&self, width: Option<usize>) -> String {
        let widest =
            |column: usize| self.rows.iter().map(|row| console::measure_text_width(&row.cells[column])).max();
        let widths: [usize; N] = std::array::from_fn(|column| widest(column).unwrap_or_default());
        let before: usize = widths[..N - 1].iter().map(|width| width + GAP).sum();
        let room = width.map(|width| width.saturating_sub(before)).filter(|room| *room >= LEAST);
        let cut = |cell: &str| match room {
            Some(room) => console::truncate_str(cell, room, "…").into_owned(),
            None => cell.to_owned(),
        };
        let mut text = String::new();
        for row in &self.rows {
            let (last, cells) = row.cells.split_last().map_or(("", &[][..]), |(last, cells)| (last, cells));
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(width - console::measure_text_width(cell) + GAP));
            }
            line.push_str(&cut(last));
            text.push_str(line.trim_end());
            text.push('\n');
            if let Some(below) = &row.below {
                text.push_str(&format!("{}{below}\n", " ".repeat(widths[0] + GAP)));
            }
        }
        text
    }
}

/// Prints a table, fitted to the terminal.
pub(super) fn print_table<const N: usize>(table: &Table<N>) -> Result<(), Failure> {
    print(&table.render(width()))
}

/// A span in its two largest units: `2 h 3 min`, `4 s`.
pub(crate) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
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

/// A significance, cut to three digits: one that is below a threshold must not look as if it reached it.
pub(super) fn significance(value: f64) -> String {
    // What is stored as 0.79999… for 0.8 is 0.8.
    format!("{:.3}", ((value + 1e-9) * 1000.0).floor() / 1000.0)
}

/// A time beside another: its date is left out where that is the same.
pub(super) fn time_beside(other: Timestamp, at: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%F").to_string();
    if day(other) == day(at) { at.strftime("%H:%M:%SZ").to_string() } else { time(at) }
}

/// A time to the second, in UTC.
pub(crate) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_their_two_largest_units() {
        let told: Vec<String> =
            [0, 59, 60, 61, 3600, 7380, 90_000].map(|s| span(Duration::from_secs(s))).into_iter().collect();
        assert_eq!(told, ["0 s", "59 s", "1 min", "1 min 1 s", "1 h", "2 h 3 min", "1 d 1 h"]);
    }

    #[test]
    fn a_table_is_cut_to_a_terminal_in_its_last_column_alone_and_not_where_that_would_leave_nothing() {
        let mut table = Table::new(["NAME", "TEXT"]);
        table.row([paint(GOOD, "a"), "a text that goes on and on over the edge of the terminal".to_owned()]);
        table.below(paint(DIM, "a line below that goes on and on over the edge of the terminal"));
        table.row(["longer".to_owned(), "short".to_owned()]);
        let plain = |width| anstream::adapter::strip_str(&table.render(width)).to_string();
        let below = "        a line below that goes on and on over the edge of the terminal";
        let cut = format!("NAME    TEXT\na       a text that…\n{below}\nlonger  short\n");
        assert_eq!(plain(Some(20)), cut);
        let (whole, narrow) = (plain(None), plain(Some(19)));
        assert!(whole.contains("the edge of the terminal\n"), "{whole}");
        assert_eq!(narrow, whole);
    }

    #[test]
    fn a_significance_below_a_threshold_never_looks_as_if_it_reached_it() {
        assert_eq!([0.29999, 0.3, 0.8, 0.7691].map(significance), ["0.299", "0.300", "0.800", "0.769"]);
    }
}
