//! What might be said that is not true, and what might be refused though it is.

mod names;
