//! What might be said that is not true, and what might be refused though it is.
//!
//! Both are made here and not listed: true texts by a grammar of English that owes nothing to the house's templates
//! (`english.txt`), lies by telling a true sentence of a moment in which one thing is changed. Which is which is decided by
//! how a text was made, never by the gate.

#[path = "../support/line.rs"]
mod line;
#[path = "../support/model.rs"]
mod stand_in;

mod claims;
mod grammar;
mod lies;
mod moment;
mod names;
mod noise;
mod paraphrases;
mod served;
mod stories;
mod trial;

// Not every test binary takes all of the stand-in; the rest of it is not dead.
const _: () = {
    use stand_in::{Asked, Model, Reply};
    let _ = Reply::texts;
    let _ = |model: &Model, asked: Asked| {
        (model.script([Reply::Right]), model.asked(), asked.data(), asked.headers)
    };
    let _ = Model::asked_times;
};
