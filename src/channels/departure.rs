//! The last gate before a post's bytes leave.
//!
//! Between the moment at which an attempt begins and its first byte lie a look-up of a name, a connection, a handshake
//! and, before all of them, whatever the scheduler does; and a request that is given up on may still lie with its
//! connection. So the body is handed over by a gate, once and at the last moment: when the connection, ready to write,
//! asks for it. It is refused where the attempt's [`Fence`] has fallen, and where nobody waits for the answer any more. A
//! request without the whole of its body is none (RFC 9112 §8), so a body that was never handed over surely has not
//! arrived.
//!
//! What is handed over is encrypted and given to the kernel in the same breath, and nothing on this side can take it back
//! then. A process that stands still right there, for longer than others wait (the attempt's own time and the channel's
//! read-back lag), and then goes on, sends late all the same. What the kernel was given it gives up on after an attempt's
//! time, see [`crate::http::client`].

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use wirereport_actors::ports::channel::Fence;

use super::platform::Silence;

/// Where a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Here.
    Waiting,
    /// On its way.
    Left,
    /// Here for ever: the fence had fallen.
    Late,
    /// Here for ever: nobody waits for the answer any more.
    CalledOff,
}

/// One body's leave. When it is dropped the body leaves no more.
#[derive(Debug)]
pub(super) struct Departure(Arc<Gate>);

#[derive(Debug)]
struct Gate {
    stage: Mutex<Stage>,
    fence: Fence,
}

impl Departure {
    /// A body that leaves once or never, and its leave.
    pub(super) fn of(body: String, fence: &Fence) -> (Self, reqwest::Body) {
        // Nobody asks for a body without bytes.
        let stage = if body.is_empty() { Stage::Left } else { Stage::Waiting };
        let gate = Arc::new(Gate { stage: Mutex::new(stage), fence: fence.clone() });
        let body = Gated { gate: Arc::clone(&gate), bytes: Full::from(body) };
        (Self(gate), reqwest::Body::wrap(body))
    }

    /// What it means that no answer came. The body leaves no more.
    pub(super) fn judge(&self, silence: Silence) -> Silence {
        match (self.0.close(), silence) {
            (Stage::Left | Stage::Waiting, silence) => silence,
            (Stage::Late, _) => Silence::NothingLeft("it was too late to send it".to_owned()),
            (Stage::CalledOff, Silence::Open(reason)) => Silence::NothingLeft(reason),
            (Stage::CalledOff, nothing_left) => nothing_left,
        }
    }
}

impl Drop for Departure {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Gate {
    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the body pass, if it may.
    fn pass(&self) -> Result<(), NotLeaving> {
        let mut stage = self.stage();
        if *stage == Stage::Waiting {
            *stage = if self.fence.holds() { Stage::Left } else { Stage::Late };
        }
        match *stage {
            Stage::Left => Ok(()),
            Stage::Waiting | Stage::Late | Stage::CalledOff => Err(NotLeaving),
        }
    }

    /// Lets nothing pass any more; where the body is for good.
    fn close(&self) -> Stage {
        let mut stage = self.stage();
        if *stage == Stage::Waiting {
            *stage = Stage::CalledOff;
        }
        *stage
    }
}

/// The connection is told so in place of the body.
#[derive(Debug, thiserror::Error)]
#[error("the body does not leave any more")]
struct NotLeaving;

struct Gated {
    gate: Arc<Gate>,
    bytes: Full<Bytes>,
}

impl Body for Gated {
    type Data = Bytes;
    type Error = NotLeaving;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NotLeaving>>> {
        if let Err(error) = self.gate.pass() {
            return Poll::Ready(Some(Err(error)));
        }
        let whole = |error: Infallible| match error {};
        Pin::new(&mut self.bytes).poll_frame(context).map(|frame| frame.map(|frame| frame.map_err(whole)))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_end_stream()
    }

    /// Exact, so that the request says its length.
    fn size_hint(&self) -> SizeHint {
        self.bytes.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use http_body_util::BodyExt;

    use super::*;

    fn open(reason: &str) -> Silence {
        Silence::Open(reason.to_owned())
    }

    fn nothing_left(reason: &str) -> Silence {
        Silence::NothingLeft(reason.to_owned())
    }

    #[tokio::test]
    async fn a_body_is_asked_for_leave_when_it_is_taken_and_not_before() {
        let holds = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&holds);
        let fence = Fence::new(move || asked.load(Ordering::SeqCst));
        let (departure, body) = Departure::of("news".to_owned(), &fence);
        assert_eq!(body.size_hint().exact(), Some(4), "the request says its length");
        holds.store(false, Ordering::SeqCst);
        assert!(body.collect().await.is_err());
        assert_eq!(departure.judge(open("broken off")), nothing_left("it was too late to send it"));
    }

    #[tokio::test]
    async fn what_has_left_may_have_arrived_whatever_comes_after() {
        let holds = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&holds);
        let fence = Fence::new(move || asked.load(Ordering::SeqCst));
        let (departure, mut body) = Departure::of("news".to_owned(), &fence);
        let frame = body.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "news");
        holds.store(false, Ordering::SeqCst);
        assert!(body.frame().await.is_none(), "it ends well");
        assert_eq!(departure.judge(open("no answer")), open("no answer"));
    }

    #[tokio::test]
    async fn what_is_given_up_on_stays_here() {
        let fence = Fence::of_nobody_else();
        let (departure, body) = Departure::of("news".to_owned(), &fence);
        assert_eq!(departure.judge(open("no answer within 2 s")), nothing_left("no answer within 2 s"));
        assert!(body.collect().await.is_err());

        let (departure, body) = Departure::of("news".to_owned(), &fence);
        drop(departure);
        assert!(body.collect().await.is_err());
    }
}
