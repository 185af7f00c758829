use proptest::prelude::*;
use proptest::strategy::Strategy as Generate;
use tokio::time::Instant;

use super::super::policy::{Case, Decision, Standing, Step, Strategy, Window, judge, steps};
use super::super::*;
use super::stage::{millis, secs};

const EXITS: [fn() -> Exit; 7] = [
    || Exit::Normal(None),
    || Exit::Stopped,
    || Exit::Failed("boom".to_owned()),
    || Exit::Killed,
    || Exit::Hung(secs(9)),
    || Exit::StartFailed("no".to_owned()),
    || Exit::StartTimedOut(secs(9)),
];

fn backoffs() -> impl Generate<Value = Backoff> {
    (1..10_000_u64, 1..600_000_u64, 0.0..=1.0, 1..600_u64).prop_map(|(initial, max, jitter, reset)| Backoff {
        initial: millis(initial),
        max: millis(max),
        jitter,
        reset_after: secs(reset),
    })
}

fn standings() -> impl Generate<Value = Vec<Standing>> {
    use Standing::*;
    proptest::collection::vec(
        prop_oneof![Just(Settled), Just(Doomed), Just(Stopping), Just(BackingOff), Just(Due), Just(Starting)],
        0..8,
    )
}

proptest! {
    #[test]
    fn no_window_ever_holds_more_restarts_than_allowed(
        gaps in proptest::collection::vec(0..3_000_u64, 1..200),
        restarts in 0..6_u32,
        within in 1..10_u64,
    ) {
        let within = secs(within);
        let mut window = Window::new(Intensity { restarts, within });
        let mut now = Instant::now();
        let mut granted: Vec<Instant> = Vec::new();
        for gap in gaps {
            now += millis(gap);
            let recent = granted.iter().filter(|at| now.duration_since(**at) < within).count();
            let allowed = window.add_restart(now);
            prop_assert_eq!(allowed, recent < restarts as usize);
            granted.extend(allowed.then_some(now));
        }
    }

    #[test]
    fn the_wait_never_shrinks_with_more_failures(backoff in backoffs(), failures in 1..200_u32) {
        prop_assert!(backoff.base(failures) <= backoff.base(failures + 1));
    }

    #[test]
    fn the_wait_starts_at_the_initial_and_never_exceeds_the_maximum(backoff in backoffs(), failures in 1..200_u32) {
        prop_assert_eq!(backoff.base(1), backoff.initial.min(backoff.max));
        prop_assert!(backoff.base(failures) <= backoff.max);
    }

    #[test]
    fn chance_shortens_the_wait_by_no_more_than_the_jitter(
        backoff in backoffs(), failures in 1..200_u32, luck in 0.0..1.0_f64,
    ) {
        let (base, wait) = (backoff.base(failures), backoff.wait(failures, luck));
        prop_assert!(wait <= base);
        prop_assert!(wait + millis(1) >= base.mul_f64(1.0 - backoff.jitter));
    }

    #[test]
    fn a_child_that_ran_long_enough_has_a_clean_slate(
        backoff in backoffs(), failures in 1..50_u32, ran in 0..1_200_u64,
    ) {
        let mut window = Window::new(Intensity { restarts: 1, within: secs(1) });
        let (restart, exit, ran) = (Restart::Permanent, Exit::Killed, secs(ran));
        let case = Case { restart, backoff: &backoff, exit: &exit, ran, failures };
        let counted = if ran >= backoff.reset_after { 1 } else { failures + 1 };
        let expected = Decision::Restart { after: backoff.base(counted), failures: counted };
        prop_assert_eq!(judge(case, &mut window, Instant::now(), 0.0), expected);
    }

    #[test]
    fn a_group_does_one_thing_at_a_time_and_starts_nothing_beside_an_old_incarnation(standings in standings()) {
        for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
            let steps = steps(strategy, &standings);
            prop_assert!(steps.len() <= 1);
            let is_clear = !standings.iter().any(|s| matches!(s, Standing::Doomed | Standing::Stopping));
            match steps.first() {
                Some(Step::Start(child)) => {
                    prop_assert!(is_clear);
                    prop_assert!(standings[..*child].iter().all(|s| *s == Standing::Settled));
                }
                Some(Step::Stop(child)) => {
                    prop_assert!(!standings[child + 1..].contains(&Standing::Doomed));
                }
                None => {}
            }
        }
    }

    #[test]
    fn a_group_always_gets_on_unless_something_is_under_way(standings in standings()) {
        let is_waiting = |s: &Standing| matches!(s, Standing::Stopping | Standing::BackingOff | Standing::Starting);
        let is_work = |s: &Standing| matches!(s, Standing::Doomed | Standing::Due);
        for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
            if standings.iter().any(is_work) && !standings.iter().any(is_waiting) {
                prop_assert!(!steps(strategy, &standings).is_empty());
            }
        }
    }
}

#[test]
fn a_permanent_child_is_restarted_after_every_exit() {
    assert!(EXITS.iter().all(|exit| Restart::Permanent.applies_to(&exit())));
}

#[test]
fn a_transient_child_is_restarted_after_abnormal_exits_only() {
    let restarted: Vec<_> = EXITS.iter().map(|exit| Restart::Transient.applies_to(&exit())).collect();
    assert_eq!(restarted, [false, false, true, true, true, true, true]);
}

#[test]
fn a_temporary_child_is_never_restarted() {
    assert!(!EXITS.iter().any(|exit| Restart::Temporary.applies_to(&exit())));
}

#[test]
fn an_exit_that_calls_for_no_restart_costs_no_allowance() {
    let mut window = Window::new(Intensity { restarts: 1, within: secs(60) });
    let backoff = Backoff::NONE;
    let mut decide = |restart| {
        let case = Case { restart, backoff: &backoff, exit: &Exit::Killed, ran: secs(1), failures: 0 };
        judge(case, &mut window, Instant::now(), 0.0)
    };
    assert_eq!(decide(Restart::Temporary), Decision::Leave);
    assert_eq!(decide(Restart::Permanent), Decision::Restart { after: secs(0), failures: 1 });
    assert_eq!(decide(Restart::Permanent), Decision::Escalate);
}

#[test]
fn each_strategy_touches_its_own_share_of_the_children() {
    assert_eq!(Strategy::OneForOne.affected(1, 4), 1..2);
    assert_eq!(Strategy::OneForAll.affected(1, 4), 0..4);
    assert_eq!(Strategy::RestForOne.affected(1, 4), 1..4);
}

#[test]
fn under_one_for_one_every_child_is_served_at_once() {
    let standings =
        [Standing::Stopping, Standing::Due, Standing::BackingOff, Standing::Doomed, Standing::Due];
    assert_eq!(steps(Strategy::OneForOne, &standings), [Step::Start(1), Step::Stop(3), Step::Start(4)]);
}

#[test]
fn under_one_for_all_a_back_off_holds_everybody_up_and_under_rest_for_one_only_the_later() {
    let standings = [Standing::Due, Standing::BackingOff, Standing::Due];
    assert_eq!(steps(Strategy::OneForAll, &standings), []);
    assert_eq!(steps(Strategy::RestForOne, &standings), [Step::Start(0)]);
    assert_eq!(steps(Strategy::RestForOne, &standings[1..]), []);
}
