//! What paid writers cost.

use jiff::tz::TimeZone;

use crate::ports::conformance::fixtures::*;
use crate::ports::ledger::Ledger;
use crate::wire::expense::{Account, Caps, Expenses, Periods, Reservation, Spent, Tokens};
use crate::wire::pace::Money;

fn reservation(second: i64, money: u64, caps: Caps) -> Reservation {
    Reservation {
        account: Account { payee: "model".to_owned(), caps, zone: TimeZone::UTC },
        model: "small".to_owned(),
        at: at(second),
        tokens: Tokens { input: 1_000, output: 400 },
        money: Money(money),
    }
}

fn spent(calls: u64, unanswered: u64, input: u64, output: u64, money: u64) -> Spent {
    Spent { calls, unanswered, tokens: Tokens { input, output }, money: Money(money) }
}

pub async fn what_a_call_can_cost_counts_until_it_is_put_right<L: Ledger>(ledger: &L) {
    let periods = Periods { today: at(20), this_month: at(0) };
    let expenses = async |payee| ledger.expenses(payee, &periods).await.expect("read");
    assert_eq!(expenses("model").await, Expenses::default());
    let earlier =
        ledger.reserve(&reservation(10, 70, Caps::default())).await.expect("asked").expect("granted");
    let today = ledger.reserve(&reservation(30, 70, Caps::default())).await.expect("asked").expect("granted");
    assert_ne!(earlier, today);
    let both = Expenses { today: spent(1, 1, 1_000, 400, 70), this_month: spent(2, 2, 2_000, 800, 140) };
    assert_eq!(expenses("model").await, both);
    assert_eq!(expenses("another").await, Expenses::default());

    let took = Tokens { input: 600, output: 50 };
    for _ in 0..2 {
        ledger.settle_expense(today, took, Money(30)).await.expect("settle");
    }
    ledger.settle_expense(today, Tokens::default(), Money(0)).await.expect("it is settled already");
    let right = Expenses { today: spent(1, 0, 600, 50, 30), this_month: spent(2, 1, 1_600, 450, 100) };
    assert_eq!(expenses("model").await, right);
}

pub async fn nothing_is_set_aside_beyond_a_cap<L: Ledger>(ledger: &L) {
    let caps = Caps { per_day: Some(Money(100)), per_month: Some(Money(150)) };
    let ask = async |second, money| ledger.reserve(&reservation(second, money, caps)).await.expect("asked");
    let first = ask(30, 90).await.expect("granted");
    let capped = ask(40, 11).await.expect_err("beyond the day's cap");
    assert_eq!((capped.spent, capped.cap, capped.period), (Money(90), Money(100), "day"));
    ledger.settle_expense(first, Tokens::default(), Money(40)).await.expect("settle");
    ask(50, 60).await.expect("there is room again");
    const DAY: i64 = 86_400;
    let capped = ask(DAY, 51).await.expect_err("beyond the month's cap");
    assert_eq!((capped.spent, capped.period), (Money(100), "month"));
    ask(DAY, 50).await.expect("granted");
}

pub async fn expenses_of_this_month_outlive_pruning<L: Ledger>(ledger: &L) {
    let periods = Periods { today: at(0), this_month: at(0) };
    ledger.reserve(&reservation(10, 70, Caps::default())).await.expect("asked").expect("granted");
    const DAY: i64 = 86_400;
    ledger.prune(at(20 * DAY)).await.expect("prune");
    assert_eq!(ledger.expenses("model", &periods).await.expect("read").this_month.calls, 1);
    ledger.prune(at(40 * DAY)).await.expect("prune");
    assert_eq!(ledger.expenses("model", &periods).await.expect("read").this_month.calls, 0);
}
