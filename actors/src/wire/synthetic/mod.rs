//! Invented games that really happen: whole games, nights and seasons, drawn from a seed.
//!
//! What the wire does over a night (how many posts, how late, at what threshold) cannot be learned from a handful of
//! recordings. These games have the shape of real ones: how often a side scores and how much, how far margins spread
//! around what the odds said, how often a game is level at its end, and how long all of it takes by the clock on the
//! wall, with breaks, time-outs and delays. They have no players and no tactics, except where a score depends on them:
//! a side that trails late in basketball plays for the tie, in hockey it pulls its goalkeeper.
//!
//! | discipline | how it is drawn |
//! |---|---|
//! | basketball | possession by possession: pace and points of the league; the margin is pulled back to what was expected, as Gabel and Redner found (*Random Walk Picture of Basketball Scoring*, JQAS 8, 2012) |
//! | football | drive by drive: touchdown, field goal or nothing |
//! | baseball | batter by batter: outs and bases, with the league's usual share of each kind of hit |
//! | hockey, soccer | Poisson (Maher, *Modelling Association Football Scores*, Statistica Neerlandica 36, 1982), 3.05 and 2.79 goals in the NHL, 1.5 and 1.2 in a league match |
//!
//! What comes out is checked against published figures in this module's tests, each with its tolerance.
//!
//! A game is kept as its turns; [`SyntheticGame::at`] is the board that tells the truth at a time, and
//! [`SyntheticGame::truths`] every turn of it. A [`League`] has clubs of a season's strength, [`League::night`] lets some
//! of them play, [`season`] is one night after another.

mod baseball;
mod basketball;
mod draw;
mod football;
mod game;
mod hockey;
mod league;
mod script;
mod soccer;

pub use game::{Fixture, SyntheticGame};
pub use league::{League, Night, season};

#[cfg(test)]
mod tests;
