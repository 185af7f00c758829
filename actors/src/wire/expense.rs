//! What a paid writer may spend, and what it has spent.
//!
//! Money is set aside before a call, at the most it can come to, and put right after it. A call whose answer never came
//! stays counted with what was set aside for it: it may have been billed. So neither a crash nor a cut line carries
//! spending beyond a cap, and what is counted is never less than what was spent.

use std::fmt;
use std::iter::Sum;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use super::pace::{Money, Pace};

/// For how much longer than other history expenses are kept, since months are counted from them.
pub const KEPT: Duration = Duration::from_secs(32 * 24 * 3600);

/// The oldest expenses that are kept where other history is dropped that ended before that time.
pub fn kept_since(before: Timestamp) -> Timestamp {
    before.checked_sub(KEPT).unwrap_or(Timestamp::MIN)
}

/// Tokens, as a language model's server counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tokens {
    /// That were sent.
    pub input: u64,
    /// That were written.
    pub output: u64,
}

/// What tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    /// A million that are sent.
    pub input: Money,
    /// A million that are written.
    pub output: Money,
}

impl Prices {
    /// What so many cost, rounded up to a millionth of a dollar.
    pub fn of(&self, tokens: Tokens) -> Money {
        let cost = |tokens: u64, price: Money| u128::from(tokens) * u128::from(price.0);
        let millionths = cost(tokens.input, self.input) + cost(tokens.output, self.output);
        Money(u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX))
    }
}

/// What may be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Caps {
    /// In a day; `None` for no limit.
    pub per_day: Option<Money>,
    /// In a month; `None` for no limit.
    pub per_month: Option<Money>,
}

/// Who is paid, what may be spent on it, and whose days and months count.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Who is paid: the writer's name.
    pub payee: String,
    /// What may be spent.
    pub caps: Caps,
    /// The zone of the days and months.
    pub zone: TimeZone,
}

/// When the day and the month began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// The day.
    pub today: Timestamp,
    /// The month.
    pub this_month: Timestamp,
}

/// One call, or several together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Spent {
    /// How many.
    pub calls: u64,
    /// How many of them were never answered and are counted at the most they can have come to.
    pub unanswered: u64,
    /// The tokens.
    pub tokens: Tokens,
    /// The money.
    pub money: Money,
}

impl Sum for Spent {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            calls: sum.calls + one.calls,
            unanswered: sum.unanswered + one.unanswered,
            tokens: Tokens {
                input: sum.tokens.input.saturating_add(one.tokens.input),
                output: sum.tokens.output.saturating_add(one.tokens.output),
            },
            money: [sum.money, one.money].into_iter().sum(),
        })
    }
}

/// What was spent, with what is set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expenses {
    /// Today.
    pub today: Spent,
    /// This month.
    pub this_month: Spent,
}

/// What is to be set aside for a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservation {
    /// Who is paid, and what may be spent on it.
    pub account: Account,
    /// What is called: the model.
    pub model: String,
    /// When.
    pub at: Timestamp,
    /// The most tokens it can come to.
    pub tokens: Tokens,
    /// The most money it can come to.
    pub money: Money,
}

/// The number of what was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReservationId(pub i64);

/// A cap that a call could exceed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capped {
    /// What was spent.
    pub spent: Money,
    /// The cap.
    pub cap: Money,
    /// `day` or `month`.
    pub period: &'static str,
    /// When the next one begins.
    pub until: Timestamp,
}

impl fmt::Display for Capped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of the {}'s {} are spent", self.spent, self.period, self.cap)
    }
}

impl Account {
    /// When the day and the month of that moment began.
    pub fn periods(&self, now: Timestamp) -> Periods {
        let since = Pace { zone: self.zone.clone(), ..Pace::default() }.since(now);
        Periods { today: since.today, this_month: since.this_month }
    }

    /// Whether a call may be made that can cost so much.
    ///
    /// # Errors
    /// The cap it could exceed, of two the one that lasts longer.
    pub fn admit(&self, spent: &Expenses, most: Money, now: Timestamp) -> Result<(), Capped> {
        let exceeded =
            |cap: Option<Money>, spent: Spent, period, next: fn(Zoned) -> Result<Zoned, jiff::Error>| {
                let cap = cap.filter(|cap| [spent.money, most].into_iter().sum::<Money>() > *cap)?;
                let begins = next(now.to_zoned(self.zone.clone()));
                let until = begins.map_or(now, |begins| begins.timestamp());
                Some(Capped { spent: spent.money, cap, period, until })
            };
        let month = exceeded(self.caps.per_month, spent.this_month, "month", |now| {
            now.first_of_month()?.checked_add(1.month())?.start_of_day()
        });
        let day = exceeded(self.caps.per_day, spent.today, "day", |now| now.tomorrow()?.start_of_day());
        month.or(day).map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn account(per_day: Option<u64>, per_month: Option<u64>) -> Account {
        let caps = Caps { per_day: per_day.map(Money), per_month: per_month.map(Money) };
        Account { payee: "model".to_owned(), caps, zone: TimeZone::UTC }
    }

    fn spent(money: u64) -> Spent {
        Spent { money: Money(money), ..Spent::default() }
    }

    #[test]
    fn a_price_is_rounded_up() {
        let prices = Prices { input: Money(250_000), output: Money(2_000_000) };
        assert_eq!(prices.of(Tokens { input: 1_000_000, output: 0 }), Money(250_000));
        assert_eq!(prices.of(Tokens { input: 1, output: 0 }), Money(1));
        assert_eq!(prices.of(Tokens { input: 600, output: 100 }), Money(350));
        assert_eq!(prices.of(Tokens { input: u64::MAX, output: u64::MAX }), Money(u64::MAX));
    }

    #[test]
    fn a_call_is_made_only_where_all_it_can_cost_is_within_every_cap() {
        let now = "2026-03-31T20:00:00Z".parse().expect("a time");
        let expenses = Expenses { today: spent(90), this_month: spent(900) };
        let admit =
            |account: Account, most| account.admit(&expenses, Money(most), now).map_err(|c| c.to_string());
        assert_eq!(admit(account(Some(100), Some(1_000)), 10), Ok(()));
        assert_eq!(admit(account(None, None), u64::MAX), Ok(()));
        assert_eq!(
            admit(account(Some(100), None), 11),
            Err("$0.00009 of the day's $0.0001 are spent".to_owned())
        );
        let both = account(Some(100), Some(900)).admit(&expenses, Money(11), now).expect_err("capped");
        assert_eq!((both.period, both.until.to_string().as_str()), ("month", "2026-04-01T00:00:00Z"));
    }

    #[test]
    fn a_day_is_that_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(-5));
        let account = Account { zone, ..account(Some(1), None) };
        let now = "2026-03-01T03:00:00Z".parse().expect("a time");
        let periods = account.periods(now);
        assert_eq!(periods.today.to_string(), "2026-02-28T05:00:00Z");
        assert_eq!(periods.this_month.to_string(), "2026-02-01T05:00:00Z");
        let capped = account.admit(&Expenses::default(), Money(2), now).expect_err("capped");
        assert_eq!(capped.until.to_string(), "2026-03-01T05:00:00Z");
    }

    proptest! {
        #[test]
        fn what_is_admitted_never_exceeds_a_cap(
            cap in 0u64..1_000, calls in prop::collection::vec((0u64..300, any::<bool>(), 0u64..300), 0..30),
        ) {
            let account = account(Some(cap), None);
            let mut expenses = Expenses::default();
            for (most, answered, took) in calls {
                if account.admit(&expenses, Money(most), Timestamp::UNIX_EPOCH).is_ok() {
                    // It takes no more than was set aside; one that was never answered is counted in full.
                    let counted = if answered { took.min(most) } else { most };
                    expenses.today.money.0 += counted;
                }
                prop_assert!(expenses.today.money.0 <= cap);
            }
        }
    }
}
