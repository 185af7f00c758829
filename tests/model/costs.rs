//! What calls cost: counted as the server says, at the most they can have come to where nobody can tell, and never beyond a
//! cap.

use std::sync::Arc;
use std::time::Duration;

use wirereport::clock::SystemClock;
use wirereport::writers::openai::{OpenAiSettings, OpenAiWriter};
use wirereport_actors::memory::MemoryLedger;
use wirereport_actors::ports::clock::Clock;
use wirereport_actors::ports::ledger::{Ledger, LedgerError};
use wirereport_actors::ports::writer::{Assignment, Standing, Writer};
use wirereport_actors::wire::expense::{Caps, Spent};
use wirereport_actors::wire::pace::Money;

use super::setup::{settings, story};
use crate::stand_in::{Model, Reply};

struct Books {
    model: Model,
    ledger: Arc<MemoryLedger>,
    writer: OpenAiWriter,
}

impl Books {
    async fn new(caps: Caps) -> Self {
        let model = Model::start().await;
        let ledger = Arc::new(MemoryLedger::new());
        let settings = OpenAiSettings { caps, ..settings(&model) };
        let writer = OpenAiWriter::new(settings, Arc::clone(&ledger) as _, Arc::new(SystemClock)).unwrap();
        Self { model, ledger, writer }
    }

    async fn write(&self, replies: impl IntoIterator<Item = Reply>) -> Result<(), String> {
        self.model.script(replies);
        let assignment = Assignment::new(story(), Duration::from_secs(2));
        self.writer.write(&assignment).await.map(drop).map_err(|error| error.to_string())
    }

    async fn spent(&self) -> Spent {
        let account = self.writer.account().unwrap();
        let periods = account.periods(SystemClock.now());
        self.ledger.expenses(&account.payee, &periods).await.unwrap().today
    }
}

#[tokio::test]
async fn a_call_costs_what_the_server_counted() {
    let books = Books::new(Caps::default()).await;
    books.write([]).await.unwrap();
    let spent = books.spent().await;
    assert_eq!((spent.calls, spent.unanswered), (1, 0));
    // A quarter of a dollar and two dollars a million.
    let millionths = (spent.tokens.input * 250_000 + spent.tokens.output * 2_000_000).div_ceil(1_000_000);
    assert_eq!(spent.money, Money(millionths));
    assert!(spent.tokens.input > 500 && spent.tokens.output > 10, "{spent:?}");
}

#[tokio::test]
async fn a_call_that_was_never_answered_is_counted_at_the_most_it_can_have_come_to() {
    for reply in [Reply::Hang, Reply::Raw(200, "{\"choices\": []}".to_owned(), Vec::new())] {
        let books = Books::new(Caps::default()).await;
        books.write([reply.clone()]).await.unwrap_err();
        let spent = books.spent().await;
        let asked = books.model.asked()[0].body.to_string().len() as u64;
        assert_eq!((spent.calls, spent.unanswered, spent.tokens.output), (1, 1, 400), "{reply:?}");
        assert!(spent.tokens.input >= asked, "{spent:?}: {asked} bytes");
    }
}

#[tokio::test]
async fn a_call_that_was_refused_costs_nothing() {
    for (status, code) in [(401, "invalid_api_key"), (429, "insufficient_quota"), (400, "x"), (500, "x")] {
        let books = Books::new(Caps::default()).await;
        books.write(std::iter::repeat_n(Reply::Error(status, code, "No."), 2)).await.unwrap_err();
        let spent = books.spent().await;
        assert_eq!((spent.unanswered, spent.money), (0, Money(0)), "{status}");
    }
}

#[tokio::test]
async fn nothing_is_asked_beyond_a_cap_and_it_is_said_until_when() {
    let caps = Caps { per_day: Some(Money(6_000)), per_month: None };
    let books = Books::new(caps).await;
    let mut asked = 0;
    let refused = loop {
        match books.write([]).await {
            Ok(()) => asked += 1,
            Err(refused) => break refused,
        }
    };
    assert!(asked > 1, "{refused}");
    assert_eq!(books.model.asked().len(), asked);
    let spent = books.spent().await.money;
    assert!(spent <= Money(6_000), "{spent}");
    assert_eq!(refused, format!("{spent} of the day's $0.006 are spent"));
    let Standing::LeftAlone { reason, until } = books.writer.standing() else { panic!("it is left alone") };
    assert_eq!(reason, refused);
    assert_eq!(until.as_second() % 86_400, 0, "until the next day: {until}");
}

#[tokio::test]
async fn where_the_books_cannot_be_kept_nothing_is_asked() {
    let books = Books::new(Caps::default()).await;
    books.ledger.fail_next(1, &LedgerError::Full { path: "ledger.db".to_owned() });
    let refused = books.write([]).await.unwrap_err();
    assert!(refused.starts_with("no room for the ledger"), "{refused}");
    assert_eq!(books.model.asked().len(), 0);
}
