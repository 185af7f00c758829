//! What every lease must do, case by case. See [`lease_conformance`](crate::lease_conformance).

use std::time::Duration;

use super::fixtures::at;
use crate::ports::lease::{Claim, Lease, LeaseError};
use crate::wire::post::Epoch;

const TTL: Duration = Duration::from_secs(10);

async fn granted<L: Lease>(lease: &L, second: i64) -> Epoch {
    match lease.acquire(at(second), TTL).await {
        Ok(Claim::Granted { epoch, .. }) => epoch,
        other => panic!("expected the lease, got {other:?}"),
    }
}

#[track_caller]
fn is_lost(result: &Result<(), LeaseError>) {
    assert!(matches!(result, Err(LeaseError::Lost { .. })), "expected it to be lost, got {result:?}");
}

pub async fn a_free_lease_is_granted_with_an_epoch<A: Lease, B: Lease>(a: &A, _b: &B) {
    assert!(granted(a, 0).await > Epoch(0));
}

pub async fn a_held_lease_is_refused_with_its_holders_name<A: Lease, B: Lease>(a: &A, b: &B) {
    granted(a, 0).await;
    assert_eq!(b.acquire(at(1), TTL).await, Ok(Claim::Held { by: "a".to_owned() }));
}

pub async fn a_held_lease_can_be_renewed<A: Lease, B: Lease>(a: &A, b: &B) {
    let epoch = granted(a, 0).await;
    for second in [5, 10, 15] {
        assert_eq!(a.renew(epoch, at(second), TTL).await, Ok(()));
    }
    assert!(matches!(b.acquire(at(20), TTL).await, Ok(Claim::Held { .. })));
}

pub async fn a_released_lease_is_free_for_another<A: Lease, B: Lease>(a: &A, b: &B) {
    let first = granted(a, 0).await;
    a.release(first).await.expect("release");
    assert!(granted(b, 1).await > first);
    assert_eq!(a.acquire(at(2), TTL).await, Ok(Claim::Held { by: "b".to_owned() }));
}

pub async fn a_lease_that_went_to_another_is_lost<A: Lease, B: Lease>(a: &A, b: &B) {
    let first = granted(a, 0).await;
    a.release(first).await.expect("release");
    let second = granted(b, 1).await;
    is_lost(&a.renew(first, at(2), TTL).await);
    is_lost(&a.renew(second, at(2), TTL).await);
    assert_eq!(b.renew(second, at(2), TTL).await, Ok(()));
}

pub async fn a_lease_that_was_never_granted_cannot_be_renewed<A: Lease, B: Lease>(a: &A, _b: &B) {
    is_lost(&a.renew(Epoch(1), at(0), TTL).await);
}

pub async fn releasing_an_old_term_takes_nothing_from_the_new_one<A: Lease, B: Lease>(a: &A, b: &B) {
    let first = granted(a, 0).await;
    a.release(first).await.expect("release");
    let second = granted(a, 1).await;
    is_lost(&a.release(first).await);
    is_lost(&b.release(second).await);
    assert_eq!(a.renew(second, at(2), TTL).await, Ok(()));
    assert!(matches!(b.acquire(at(2), TTL).await, Ok(Claim::Held { .. })));
}

pub async fn a_holder_that_asks_again_gets_a_new_term<A: Lease, B: Lease>(a: &A, b: &B) {
    let first = granted(a, 0).await;
    let second = granted(a, 1).await;
    assert!(second > first);
    is_lost(&a.renew(first, at(2), TTL).await);
    assert_eq!(a.renew(second, at(2), TTL).await, Ok(()));
    assert!(matches!(b.acquire(at(3), TTL).await, Ok(Claim::Held { .. })));
}

pub async fn two_who_ask_at_once_do_not_both_get_it<A: Lease, B: Lease>(a: &A, b: &B) {
    let (ours, theirs) = tokio::join!(a.acquire(at(0), TTL), b.acquire(at(0), TTL));
    let granted = |claim: &Result<Claim, LeaseError>| matches!(claim, Ok(Claim::Granted { .. }));
    assert!(granted(&ours) != granted(&theirs), "{ours:?}, {theirs:?}");
}
