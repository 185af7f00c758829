//! What a moment is worth, from 0 to 1, with the reasons kept.

use serde::{Deserialize, Serialize};

/// A moment's worth and where it comes from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Significance {
    /// 0 to 1: the sum of the parts, held to that range.
    pub total: f64,
    /// The parts.
    pub parts: Vec<Part>,
}

/// One ingredient of a significance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What was looked at: `swing`, `leverage`, `lateness`, `kind`.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// How much it added to the total.
    pub contribution: f64,
}
