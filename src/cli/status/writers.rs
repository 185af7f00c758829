//! The writers in the status: whether each is asked, what it costs, what was refused of it.

use wirereport_actors::ports::writer::Standing;
use wirereport_actors::wire::expense::Spent;
use wirereport_actors::wire::pace::Money;

use crate::api::types::WriterStatus;
use crate::cli::text::{BAD, GOOD, Table, WARN, paint, time};

/// The writers as a table below the tree's; nothing where none are known.
pub(super) fn render(writers: &[WriterStatus], width: Option<usize>) -> String {
    if writers.is_empty() {
        return String::new();
    }
    let mut rows = Table::new(["WRITER", "STANDING", "TODAY", "THIS MONTH", "REFUSED"]);
    for writer in writers {
        let standing = match writer.standing {
            Standing::Ready => paint(GOOD, "ready"),
            Standing::LeftAlone { .. } => paint(BAD, "left alone"),
        };
        let (today, month) = match &writer.spending {
            None => (String::new(), String::new()),
            Some(spending) => (
                spent(&spending.expenses.today, spending.caps.per_day),
                spent(&spending.expenses.this_month, spending.caps.per_month),
            ),
        };
        let refused: Vec<String> =
            writer.refused.iter().map(|(code, texts)| format!("{code} {texts}")).collect();
        rows.row([writer.name.clone(), standing, today, month, refused.join(", ")]);
    }
    format!("\n{}", rows.render(width))
}

/// `$0.0723 of $0.50, 212 calls, 150000 + 17400 tokens`.
fn spent(spent: &Spent, cap: Option<Money>) -> String {
    let of = cap.map(|cap| format!(" of {cap}")).unwrap_or_default();
    let money = format!("{}{of}", spent.money);
    let money = if cap.is_some_and(|cap| spent.money >= cap) { paint(WARN, money) } else { money };
    let unanswered = match spent.unanswered {
        0 => String::new(),
        some => format!(" ({some} without an answer)"),
    };
    let tokens = spent.tokens;
    let calls = if spent.calls == 1 { "1 call".to_owned() } else { format!("{} calls", spent.calls) };
    format!("{money}, {calls}{unanswered}, {} + {} tokens", tokens.input, tokens.output)
}

/// Why a writer is not asked, and until when.
pub(super) fn trouble(writer: &WriterStatus) -> Option<[String; 2]> {
    match &writer.standing {
        Standing::Ready => None,
        Standing::LeftAlone { reason, until } => {
            let reason = format!("{}, asked again {}", paint(WARN, reason), time(*until));
            Some([format!("generator: {}", writer.name), reason])
        }
    }
}
