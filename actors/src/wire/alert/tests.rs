use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::wire::post::Halt;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn routes() -> BTreeSet<String> {
    ["webhook".to_owned()].into()
}

fn needs_auth(channel: &str) -> Sight {
    let halted =
        Halted { halt: Halt::NeedsAuth, reason: "HTTP 401".to_owned(), since: at(0), retry_at: at(600) };
    Sight { halted: vec![(ChannelName(channel.to_owned()), halted)], ..Sight::default() }
}

fn rules() -> AlertRules {
    AlertRules::default()
}

/// A book that looks at sights, and what it said.
#[derive(Default)]
struct Watch {
    book: AlertBook,
    said: Vec<String>,
}

impl Watch {
    fn sees(&mut self, sight: &Sight, now: i64) {
        let conditions = conditions(sight, &self.book, &rules(), at(now));
        self.book.look(&conditions, &routes(), &rules(), at(now));
        while let Some(notice) = self.book.due(at(now)).remove("webhook") {
            self.said.push(format!("{now} {} {} {}", notice.notice.as_str(), notice.kind, notice.subject));
            self.book.told(notice.id, "webhook");
        }
    }
}

#[test]
fn a_condition_is_told_once_and_once_more_when_it_is_over() {
    let mut watch = Watch::default();
    for second in [0, 10, 20] {
        watch.sees(&needs_auth("x"), second);
    }
    watch.sees(&Sight::default(), 30);
    watch.sees(&Sight::default(), 40);
    assert_eq!(watch.said, ["0 raised channel_halted x", "30 resolved channel_halted x"]);
}

#[test]
fn a_breaker_that_opens_for_a_moment_is_not_told() {
    let open = Sight { breakers: [("espn".to_owned(), 5)].into(), ..Sight::default() };
    let mut watch = Watch::default();
    watch.sees(&open, 0);
    watch.sees(&Sight::default(), 20);
    watch.sees(&open, 40);
    watch.sees(&open, 60);
    assert_eq!(watch.said, [""; 0]);
    watch.sees(&open, 70);
    assert_eq!(watch.said, ["70 raised feed_breaker_open espn"]);
}

#[test]
fn one_that_flaps_is_told_less_and_less_often() {
    let open = Sight { breakers: [("espn".to_owned(), 5)].into(), ..Sight::default() };
    let mut watch = Watch::default();
    // Four minutes open, three minutes closed, for seven hours.
    for minute in 0..420 {
        let sight = if minute % 7 < 4 { open.clone() } else { Sight::default() };
        watch.sees(&sight, minute * 60);
    }
    assert_eq!(
        watch.said,
        [
            "60 raised feed_breaker_open espn",
            "360 resolved feed_breaker_open espn",
            "480 raised feed_breaker_open espn"
        ]
    );
}

#[test]
fn a_game_of_which_nothing_is_seen_is_silent_and_one_that_is_asked_seldom_is_not() {
    let watched = |live, next| Watched { live, answered_at: at(0), next_at: at(next) };
    let silent = |watched, now| {
        let sight = Sight { sports: [(SportKey::new("nba"), watched)].into(), ..Sight::default() };
        !conditions(&sight, &AlertBook::default(), &rules(), at(now)).is_empty()
    };
    assert!(!silent(watched(1, 10), 100));
    assert!(silent(watched(1, 10), 180));
    assert!(!silent(watched(1, 600), 180), "its budget has it asked every ten minutes");
    assert!(silent(watched(1, 600), 660));
    assert!(!silent(watched(0, 10), 7200), "nothing is played");
}

#[test]
fn posts_of_which_nobody_can_tell_are_told_one_by_one_and_not_all_at_once() {
    let unknown = |ids: std::ops::Range<i64>| Sight {
        unknown: ids.map(|id| (PostId(id), ChannelName("slack".to_owned()))).collect(),
        ..Sight::default()
    };
    let mut watch = Watch::default();
    watch.sees(&unknown(1..50), 0);
    assert_eq!(watch.said.len(), 3);
    watch.sees(&unknown(2..50), 10);
    assert_eq!(watch.said[3..], ["10 resolved unknown_post 1", "10 raised unknown_post 4"]);
}

#[test]
fn what_is_due_and_does_not_leave_is_told_after_three_minutes() {
    let due = |since| Sight {
        due: vec![Due { whose: "feed".to_owned(), count: 2, since: at(since) }],
        ..Sight::default()
    };
    let mut watch = Watch::default();
    watch.sees(&due(0), 179);
    watch.sees(&due(0), 180);
    watch.sees(&due(170), 190);
    watch.sees(&Sight::default(), 260);
    assert_eq!(watch.said, ["180 raised publishing_silent feed", "260 resolved publishing_silent feed"]);
}

#[test]
fn a_disk_at_the_limit_is_told_once() {
    let room = |megabytes: u64| Sight {
        room: Some(Room { bytes: megabytes << 20, files: None }),
        ..Sight::default()
    };
    let mut watch = Watch::default();
    for (second, megabytes) in [(0, 500), (60, 520), (120, 510), (600, 530), (900, 1000), (1000, 1000)] {
        watch.sees(&room(megabytes), second);
    }
    let disk = "disk_nearly_full state directory";
    assert_eq!(watch.said, [format!("0 raised {disk}"), format!("1000 resolved {disk}")]);
}

#[test]
fn a_storm_of_restarts_is_told_and_a_single_one_is_not() {
    let restarts = |count| Sight { restarts: vec![("sports/nba".to_owned(), count)], ..Sight::default() };
    assert!(conditions(&restarts(2), &AlertBook::default(), &rules(), at(0)).is_empty());
    assert_eq!(conditions(&restarts(3), &AlertBook::default(), &rules(), at(0)).len(), 1);
}

/// What an attempt came to at that second.
fn away(second: i64) -> Failure<'static> {
    Failure { why: "away", wait: None, at: at(second) }
}

#[test]
fn a_notice_that_fails_is_tried_again_in_order_for_a_day_and_then_shown_as_lost() {
    let mut book = AlertBook::default();
    let sight = needs_auth("x");
    book.look(&conditions(&sight, &book, &rules(), at(0)), &routes(), &rules(), at(0));
    book.look(&[], &routes(), &rules(), at(1));
    let (mut now, mut tried) = (1, 0);
    let lost = loop {
        let notice = book.due(at(now)).remove("webhook").expect("the wait is over");
        assert_eq!(notice.notice, NoticeKind::Raised, "nothing overtakes it");
        tried += 1;
        match book.failed(notice.id, "webhook", &away(now), &rules()) {
            Some(lost) => break lost,
            None => assert!(book.due(at(now)).is_empty()),
        }
        now = book.next_due().unwrap().as_second() - at(0).as_second();
    };
    assert!((86_400..87_600).contains(&now), "{now}");
    assert!((140..170).contains(&tried), "{tried}");
    assert_eq!(
        (lost.notice, lost.why.as_str(), lost.route.as_str()),
        (NoticeKind::Raised, "away", "webhook")
    );
    assert_eq!(book.lost, [lost]);
    let next = book.due(at(now)).remove("webhook").unwrap();
    assert_eq!(next.notice, NoticeKind::Resolved);
    book.look(&[], &routes(), &rules(), at(now + 7 * 86_400));
    assert_eq!(book.lost, []);

    let mut book = AlertBook::default();
    book.look(&conditions(&sight, &book, &rules(), at(0)), &routes(), &rules(), at(0));
    let asked = Failure { wait: Some(Duration::from_secs(90)), ..away(5) };
    assert_eq!(book.failed(1, "webhook", &asked, &rules()), None);
    assert_eq!(book.next_due(), Some(at(95)), "the other side asked for it");
    assert_eq!(book.notices[0].left["webhook"].why.as_deref(), Some("away"));
}

#[test]
fn what_gives_way_to_newer_notices_is_shown_as_lost() {
    let mut book = AlertBook::default();
    for number in 0..130_i64 {
        let sight =
            Sight { unknown: vec![(PostId(number), ChannelName("slack".to_owned()))], ..Sight::default() };
        book.look(&conditions(&sight, &book, &rules(), at(number)), &routes(), &rules(), at(number));
    }
    assert_eq!((book.notices.len(), book.lost.len()), (100, 20));
    assert_eq!(book.lost[19].why, "more than 100 notices waited");
}

#[test]
fn a_book_that_is_read_again_tells_nothing_twice_and_forgets_routes_that_are_no_more() {
    let mut watch = Watch::default();
    watch.sees(&needs_auth("x"), 0);
    let text = serde_json::to_string(&watch.book).unwrap();
    let mut again = Watch { book: serde_json::from_str(&text).unwrap(), said: Vec::new() };
    again.sees(&needs_auth("x"), 10);
    assert_eq!(again.said, [""; 0]);
    again.book.look(&[], &routes(), &rules(), at(20));
    assert!(again.book.next_due().is_some());
    again.book.look(&[], &BTreeSet::new(), &rules(), at(30));
    assert_eq!(again.book.next_due(), None, "a route that was taken away is waited for no more");
}

proptest! {
    #[test]
    fn whatever_comes_and_goes_each_end_follows_its_beginning_and_the_book_stays_small(
        steps in prop::collection::vec((any::<u8>(), 1i64..900), 0..200),
    ) {
        let mut watch = Watch::default();
        let mut now = 0;
        for (mask, wait) in steps {
            now += wait;
            let mut sight = if mask & 1 == 1 { needs_auth("x") } else { Sight::default() };
            if mask & 2 == 2 {
                sight.breakers.insert("espn".to_owned(), 9);
            }
            if mask & 4 == 4 {
                sight.restarts.push(("generator".to_owned(), 7));
            }
            watch.sees(&sight, now);
            prop_assert!(watch.book.alerts.len() <= 3 && watch.book.notices.is_empty());
        }
        for subject in ["x", "espn", "generator"] {
            let said: Vec<bool> = (watch.said.iter())
                .filter(|said| said.ends_with(subject))
                .map(|said| said.contains(" raised "))
                .collect();
            prop_assert!(said.iter().enumerate().all(|(n, raised)| *raised == (n % 2 == 0)), "{said:?}");
        }
    }
}
