//! The writer that asks a language model, against a stand-in of its server: every answer, every way not to answer.

#[cfg(test)]
#[path = "support/line.rs"]
mod line;
#[cfg(test)]
#[path = "support/model.rs"]
mod stand_in;

#[cfg(test)]
mod model {
    mod answers;
    mod costs;
    mod recorded;
    mod setup;
    mod slots;
}
