//! The rule of publishing: by example, by property, and driven against a channel with a crash at every step.

// Lets the helpers unwrap: clippy takes only `cfg(test)` modules for tests.
#[cfg(test)]
mod attempts;
#[cfg(test)]
mod book;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod order;
#[cfg(test)]
mod press;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reconcile;
#[cfg(test)]
mod traffic;
