use super::*;
use crate::wire::post::PostId;

/// Clocks as in New York, without a database of zones.
fn new_york() -> TimeZone {
    TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn post(significance: f64) -> Post {
    let mut post: Post = serde_json::from_value(serde_json::json!({
        "id": 1, "story": "nba-1/final/4/1", "revision": 1, "sequence": 1, "sport": "nba", "game": "nba-1",
        "channel": "x", "operation": "create", "state": "pending", "text": "Hawks 117, Celtics 116.",
        "title": null, "author": "test", "significance": 0.5, "happened_at": "2026-01-01T00:00:00Z",
        "created_at": "2026-01-01T00:00:00Z", "changed_at": "2026-01-01T00:00:00Z",
        "send_before": "2027-01-01T00:00:00Z", "attempt": 0, "in_doubt": false, "not_before": null,
        "reason": null, "frozen": null, "arm": null, "remote": null, "earlier": null
    }))
    .unwrap();
    post.significance = significance;
    post
}

fn quiet(from: (i8, i8), to: (i8, i8)) -> Pace {
    let time = |(hour, minute)| Time::constant(hour, minute, 0, 0);
    let quiet = QuietHours { from: time(from), to: time(to), bypass: 0.8 };
    Pace { quiet: Some(quiet), zone: new_york(), ..Pace::default() }
}

fn until(pace: &Pace, now: &str) -> Option<String> {
    pace.quiet(&post(0.5), at(now)).map(|closed| closed.until.to_string())
}

#[test]
fn quiet_hours_run_over_midnight_by_the_channels_own_clock() {
    let pace = quiet((23, 0), (7, 0));
    assert_eq!(until(&pace, "2026-01-10T03:59:59Z"), None, "22:59 in New York");
    assert_eq!(until(&pace, "2026-01-10T04:00:00Z").as_deref(), Some("2026-01-10T12:00:00Z"));
    assert_eq!(until(&pace, "2026-01-10T11:59:59Z").as_deref(), Some("2026-01-10T12:00:00Z"));
    assert_eq!(until(&pace, "2026-01-10T12:00:00Z"), None);
    assert_eq!(until(&pace, "2026-07-10T03:30:00Z").as_deref(), Some("2026-07-10T11:00:00Z"), "in summer");
}

#[test]
fn quiet_hours_within_a_day_end_on_that_day() {
    let pace = quiet((12, 30), (14, 0));
    assert_eq!(until(&pace, "2026-01-10T17:29:00Z"), None);
    assert_eq!(until(&pace, "2026-01-10T18:00:00Z").as_deref(), Some("2026-01-10T19:00:00Z"));
    assert_eq!(until(&pace, "2026-01-10T19:00:00Z"), None);
}

#[test]
fn quiet_hours_end_though_the_clocks_change_in_them() {
    let spring = quiet((23, 0), (2, 30));
    assert_eq!(until(&spring, "2026-03-08T06:59:00Z").as_deref(), Some("2026-03-08T07:30:00Z"), "at 3:30");
    let autumn = quiet((23, 0), (1, 30));
    assert_eq!(until(&autumn, "2026-11-01T05:00:00Z").as_deref(), Some("2026-11-01T05:30:00Z"));
    assert_eq!(until(&autumn, "2026-11-01T06:10:00Z").as_deref(), Some("2026-11-01T06:30:00Z"), "1:10 again");
}

#[test]
fn what_matters_enough_a_correction_and_a_post_in_doubt_leave_in_quiet_hours() {
    let (pace, night) = (quiet((23, 0), (7, 0)), at("2026-01-10T08:00:00Z"));
    assert!(pace.quiet(&post(0.79), night).is_some());
    assert_eq!(pace.quiet(&post(0.8), night), None);
    assert_eq!(pace.quiet(&Post { revision: 2, ..post(0.1) }, night), None);
    assert_eq!(pace.quiet(&Post { in_doubt: true, ..post(0.1) }, night), None);
}

fn left(minutes_ago: &[i64], now: Timestamp) -> Usage {
    let ago = |minutes: &i64| now.checked_sub(SignedDuration::from_mins(*minutes)).unwrap();
    Usage { departures: minutes_ago.iter().map(ago).collect(), ..Usage::default() }
}

fn held(pace: &Pace, usage: &Usage, now: Timestamp) -> Option<(String, i64)> {
    let closed = Allowance::new(pace, usage, now).holds(&post(0.5))?;
    Some((closed.reason, closed.until.duration_since(now).as_mins()))
}

#[test]
fn a_cap_frees_a_place_when_the_oldest_of_its_window_has_left_it() {
    let now = at("2026-01-10T12:00:00Z");
    let pace = Pace { per_hour: Some(3), per_day: Some(5), ..Pace::default() };
    let hour = |minutes| Some(("3 posts in an hour are enough".to_owned(), minutes));
    assert_eq!(held(&pace, &left(&[50, 10], now), now), None);
    assert_eq!(held(&pace, &left(&[50, 20, 10], now), now), hour(10));
    assert_eq!(held(&pace, &left(&[61, 50, 20], now), now), None);
    let day = Some(("5 posts in 24 hours are enough".to_owned(), 440));
    assert_eq!(held(&pace, &left(&[1000, 300, 50, 20, 10], now), now), day, "the longer of the two");
}

#[test]
fn posts_keep_their_distance() {
    let now = at("2026-01-10T12:00:00Z");
    let pace = Pace { spacing: Duration::from_secs(600), ..Pace::default() };
    assert_eq!(held(&pace, &left(&[10], now), now), None);
    assert_eq!(held(&pace, &left(&[4], now), now), Some(("posts are at least 600s apart".to_owned(), 6)));
    let mut allowance = Allowance::new(&pace, &Usage::default(), now);
    allowance.take(&post(0.5));
    assert!(allowance.holds(&post(0.5)).is_some(), "of two at once the second waits");
}

#[test]
fn a_budget_counts_in_days_and_months_of_the_channels_zone() {
    let budget = Budget {
        post: Money(15_000),
        post_with_url: Money(200_000),
        per_day: Some(Money(100_000)),
        per_month: Some(Money(1_000_000)),
    };
    let pace = Pace { budget, zone: new_york(), ..Pace::default() };
    let now = at("2026-01-31T12:00:00Z");
    let since = pace.since(now);
    assert_eq!((since.today, since.this_month), (at("2026-01-31T05:00:00Z"), at("2026-01-01T05:00:00Z")));
    let spent =
        |today, this_month| Usage { today: Money(today), this_month: Money(this_month), ..Usage::default() };
    let holds = |usage: &Usage, text: &str| {
        let post = Post { text: text.to_owned(), ..post(0.5) };
        Allowance::new(&pace, usage, now).holds(&post).map(|closed| (closed.reason, closed.until.to_string()))
    };
    let plain = "Hawks 117, Celtics 116.";
    assert_eq!(holds(&spent(85_000, 85_000), plain), None, "to the last cent");
    let reason = "$0.09 of the day's $0.10 are spent".to_owned();
    assert_eq!(holds(&spent(90_000, 90_000), plain), Some((reason, "2026-02-01T05:00:00Z".to_owned())));
    let reason = "$0.99 of the month's $1.00 are spent".to_owned();
    assert_eq!(holds(&spent(0, 990_000), plain), Some((reason, "2026-02-01T05:00:00Z".to_owned())));
    assert!(holds(&spent(0, 0), "See https://example.org").is_some(), "a link is dearer than the day allows");
}

#[test]
fn a_link_is_seen_where_a_platform_may_see_one() {
    for text in
        ["Read https://example.org", "espn.com has it", "by the Mavericks.It was", "(see a.example.co.uk)"]
    {
        assert!(holds_url(text), "{text}");
    }
    let plain = [
        "Final: Hawks 117, Celtics 116. The Hawks had trailed by 15 points.",
        "with 6.1 seconds left",
        "St. Louis 2…",
    ];
    for text in plain {
        assert!(!holds_url(text), "{text}");
    }
}

#[test]
fn money_is_shown_in_dollars() {
    let shown = |micros| Money(micros).to_string();
    assert_eq!(
        [shown(0), shown(15_000), shown(200_000), shown(12_345_678)],
        ["$0.00", "$0.015", "$0.20", "$12.345678"]
    );
}

#[test]
fn what_is_not_counted_is_let_go_again() {
    let pace = Pace { per_hour: Some(1), ..Pace::default() };
    let now = at("2026-01-10T12:00:00Z");
    let usage = left(&[5], now);
    let allowance = Allowance::new(&pace, &usage, now);
    assert!(allowance.holds(&post(0.9)).is_some());
    assert_eq!(allowance.holds(&Post { in_doubt: true, ..post(0.5) }), None);
    assert_eq!(allowance.holds(&Post { revision: 2, id: PostId(2), ..post(0.5) }), None);
}
