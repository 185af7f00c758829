//! The supervisor's specification, in paused time: only waiting for something makes the clock move.

mod backoff;
mod chaos;
mod crashes;
mod escalation;
mod nesting;
mod operator;
mod policy;
mod pulse;
mod stage;
mod starts;
mod status;
mod stops;
mod strategies;
mod traps;
