//! The webhook against a real receiver: every answer, every way not to answer, and a death at every step.

#[cfg(test)]
#[path = "../actors/tests/outbox/book.rs"]
mod book;
#[cfg(test)]
#[path = "support/line.rs"]
mod line;
#[cfg(test)]
#[path = "../actors/tests/outbox/press.rs"]
mod press;
#[cfg(test)]
mod support;

#[cfg(test)]
mod webhook {
    mod answers;
    mod crash;
    mod dates;
    mod setup;
    mod signature;
}
