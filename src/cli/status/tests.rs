use std::collections::BTreeMap;

use wirereport_actors::ports::ledger::Switches;
use wirereport_actors::ports::writer::Standing;
use wirereport_actors::supervision::LastExit;
use wirereport_actors::wire::expense::{Caps, Expenses, Spent, Tokens};
use wirereport_actors::wire::pace::Money;
use wirereport_actors::wire::post::Epoch;

use super::super::fixture::{child, plain, second};
use super::*;
use crate::api::types::{Alerts, Spending, WriterStatus};
use crate::api::views::Now;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn degraded(reason: &str) -> Health {
    Health::Degraded { reason: reason.to_owned() }
}

fn exit(ago: u64, kind: ExitKind, text: &str) -> Option<LastExit> {
    Some(LastExit { ago: seconds(ago), kind, text: text.to_owned() })
}

fn status(tree: Vec<ChildStatus>) -> Status {
    Status {
        version: "1.2.3".to_owned(),
        instance: "desk-4711".to_owned(),
        started_at: second(0),
        taken_at: second(7380),
        epoch: Some(Epoch(4)),
        switches: Switches::default(),
        backlog: Backlog::default(),
        last_reload: None,
        tree,
        now: Now::default(),
        writers: Vec::new(),
        alerts: Alerts::default(),
    }
}

fn leader() -> ChildStatus {
    let doing = Some("leading, epoch 4".to_owned());
    ChildStatus { doing, next: Some(seconds(7)), ..child("leader-election", Vec::new()) }
}

#[test]
fn a_wire_that_is_well_is_shown_as_a_tree() {
    let nba = ChildStatus { next: Some(Duration::from_millis(400)), ..child("nba", Vec::new()) };
    let nfl = ChildStatus {
        doing: Some("polling".to_owned()),
        next: Some(seconds(602)),
        ..child("nfl", Vec::new())
    };
    let tree = vec![
        leader(),
        child("publisher", vec![child("feed", Vec::new()), child("terminal", Vec::new())]),
        child("generator", Vec::new()),
        child("sports", vec![nba, nfl]),
        ChildStatus { next: Some(seconds(3)), ..child("self-healing", Vec::new()) },
    ];
    insta::assert_snapshot!(plain(&render(&status(tree), None)));
}

fn troubled() -> Status {
    let feed = ChildStatus {
        doing: Some("stopped by the operator, 2 open".to_owned()),
        ..child("feed", Vec::new())
    };
    let newsroom = ChildStatus {
        phase: Phase::BackingOff,
        since: seconds(3),
        restarts: 5,
        last_exit: exit(3, ExitKind::Failed, "panicked: the answer was longer than it said"),
        next: Some(seconds(28)),
        ..child("newsroom", Vec::new())
    };
    let terminal = ChildStatus {
        phase: Phase::Paused,
        since: seconds(640),
        last_exit: exit(640, ExitKind::Stopped, "stopped by its supervisor"),
        ..child("terminal", Vec::new())
    };
    let nba = ChildStatus {
        health: degraded("espn: answered HTTP 503"),
        restarts: 1,
        last_exit: exit(4000, ExitKind::Hung, "no pulse for 60s"),
        next: Some(seconds(41)),
        ..child("nba", Vec::new())
    };
    let nfl = ChildStatus { phase: Phase::Failed, since: seconds(90_000), ..child("nfl", Vec::new()) };
    let backlog = Backlog { unwritten: 1, awaiting_approval: 1, pending: 2, armed: 0, unknown: 3 };
    let publishing_stopped = Some(second(7000));
    let tree =
        vec![leader(), child("publisher", vec![feed, newsroom, terminal]), child("sports", vec![nba, nfl])];
    Status {
        epoch: None,
        backlog,
        switches: Switches { publishing_stopped, ..Switches::default() },
        ..status(tree)
    }
}

#[test]
fn whatever_is_wrong_is_shown_with_what_last_went_wrong_and_what_to_do() {
    let last_reload = Some(Reload {
        at: second(7200),
        error: Some(
            "wirereport.toml:2:1: the key `histroy` is not known; did you mean `history`?".to_owned(),
        ),
        changed: Vec::new(),
        needs_restart: Vec::new(),
    });
    insta::assert_snapshot!(plain(&render(&Status { last_reload, ..troubled() }, None)));
}

#[test]
fn writers_are_shown_with_what_they_cost_and_what_was_refused_of_them() {
    let spent = |calls, unanswered, input, output, money| Spent {
        calls,
        unanswered,
        tokens: Tokens { input, output },
        money: Money(money),
    };
    let model = WriterStatus {
        name: "openai".to_owned(),
        standing: Standing::Ready,
        spending: Some(Spending {
            expenses: Expenses {
                today: spent(212, 1, 150_000, 17_400, 72_300),
                this_month: spent(4_100, 1, 2_900_000, 341_000, 1_407_000),
            },
            caps: Caps { per_day: Some(Money(500_000)), per_month: None },
        }),
        refused: [("relation".to_owned(), 7), ("slot_number".to_owned(), 31)].into(),
    };
    let template = WriterStatus {
        name: "template".to_owned(),
        standing: Standing::Ready,
        spending: None,
        refused: BTreeMap::new(),
    };
    let shut = Standing::LeftAlone {
        reason: "HTTP 429 insufficient_quota: You exceeded your current quota.".to_owned(),
        until: second(7500),
    };
    let shown = |standing| {
        let model = WriterStatus { standing, ..model.clone() };
        let status = Status { writers: vec![model, template.clone()], ..status(vec![leader()]) };
        plain(&render(&status, None))
    };
    let ready = shown(Standing::Ready);
    for part in [
        "WRITER",
        "$0.0723 of $0.50, 212 calls (1 without an answer), 150000 + 17400 tokens",
        "$1.407, 4100 calls (1 without an answer), 2900000 + 341000 tokens",
        "relation 7, slot_number 31",
        "template  ready",
    ] {
        assert!(ready.contains(part), "{part} is not in\n{ready}");
    }
    assert!(!ready.contains("TROUBLE"), "{ready}");
    let shut = shown(shut);
    let trouble =
        "generator: openai  HTTP 429 insufficient_quota: You exceeded your current quota., asked again 2024";
    assert!(shut.contains("left alone") && shut.contains(trouble), "{shut}");
}

#[test]
fn a_reload_is_shown_with_what_it_changed_and_what_still_waits_for_a_restart() {
    let reload = |changed: &[&str], needs_restart: &[&str]| {
        let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        let reload = Reload {
            at: second(0),
            error: None,
            changed: owned(changed),
            needs_restart: owned(needs_restart),
        };
        plain(&last_reload(&reload))
    };
    let at = "settings reloaded 2024-10-23 01:00:00Z: ";
    assert_eq!(reload(&[], &[]), format!("{at}nothing changed"));
    assert_eq!(
        reload(&["log.level", "sports.nba.threshold"], &["http.listen"]),
        format!("{at}changed log.level, sports.nba.threshold; needs a restart: http.listen")
    );
}

#[test]
fn on_a_narrow_terminal_the_tree_stays_a_tree() {
    let wide = plain(&render(&troubled(), None));
    let narrow = plain(&render(&troubled(), Some(80)));
    let tree = |text: &str| -> Vec<String> {
        let lines = text.lines().skip_while(|line| !line.starts_with("ACTOR"));
        lines.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    assert!(tree(&wide).iter().any(|line| line.chars().count() > 80), "{wide}");
    assert!(tree(&narrow).iter().all(|line| line.chars().count() <= 80), "{narrow}");
    assert_eq!(tree(&wide).len(), tree(&narrow).len());
}

#[test]
fn colours_say_how_well_a_phase_is() {
    let painted = |phase, health| {
        let text = super::phase(&ChildStatus { phase, health, ..child("nba", Vec::new()) });
        text.split('m').next().unwrap_or_default().to_owned()
    };
    let (good, warn, bad) = (GOOD.to_string(), WARN.to_string(), BAD.to_string());
    let start = |style: &str| style.trim_end_matches('m').to_owned();
    assert_eq!(painted(Phase::Running, Health::Ok), start(&good));
    assert_eq!(painted(Phase::Running, degraded("slow")), start(&warn));
    assert_eq!(painted(Phase::Paused, Health::Ok), start(&warn));
    assert_eq!(painted(Phase::BackingOff, Health::Ok), start(&bad));
}
