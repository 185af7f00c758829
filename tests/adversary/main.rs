//! What might be said that is not true, and what might be refused though it is.
//!
//! Both are made here and not listed: true texts by a grammar of English that owes nothing to the house's templates
//! (`english.txt`), lies by telling a true sentence of a moment in which one thing is changed. Which is which is decided by
//! how a text was made, never by the gate.

mod claims;
mod grammar;
mod lies;
mod moment;
mod names;
mod noise;
mod paraphrases;
mod stories;
mod trial;
